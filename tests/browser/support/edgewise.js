/** `edgewise serve` as a child process. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { EDGEWISE } from "./paths.js";

/** It lets requests in flight finish for 10 seconds; after three times that it hangs. */
const STOP_PATIENCE_MS = 30_000;

/** Serves a bundle with a page on a free port of this machine; `stop()` ends it. */
export async function serveBundle(bundle, site) {
  if (!existsSync(EDGEWISE)) {
    throw new Error(`no program at ${EDGEWISE}: run \`cargo build --release -p edgewise\`, or set EDGEWISE_BIN`);
  }
  const server = spawn(EDGEWISE, ["serve", bundle, "--site", site, "--listen", "127.0.0.1:0"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const exited = new Promise((resolve) => server.once("exit", resolve));
  const said = [];
  const url = await new Promise((resolve, reject) => {
    const lines = createInterface({ input: server.stderr });
    lines.on("line", (line) => {
      said.push(line);
      const address = /listening on (http:\/\/[\d.:]+)/.exec(line);
      if (address !== null) resolve(`${address[1]}/`);
    });
    exited.then((code) => reject(new Error(`it ended with ${code}: ${said.join("\n")}`)));
  });
  return {
    url,
    /** Asks it to end, and resolves to its exit code; one that does not listen to that is killed and gives `null`. */
    async stop() {
      server.kill("SIGTERM");
      const patience = setTimeout(() => server.kill("SIGKILL"), STOP_PATIENCE_MS);
      const code = await exited;
      clearTimeout(patience);
      return code;
    },
  };
}
