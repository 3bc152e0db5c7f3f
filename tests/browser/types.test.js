/** The package's types say what its scripts do, and refuse what they do not. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "node:test";

test("a shop's script compiles against the package's types", async () => {
  const { code, output } = await compile("types/tsconfig.json");
  assert.equal(code, 0, output);
});

function compile(project) {
  const compiler = fileURLToPath(new URL("node_modules/typescript/bin/tsc", import.meta.url));
  const cwd = fileURLToPath(new URL(".", import.meta.url));
  return new Promise((resolve) => {
    execFile(process.execPath, [compiler, "--project", project], { cwd }, (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, output: stdout + stderr });
    });
  });
}
