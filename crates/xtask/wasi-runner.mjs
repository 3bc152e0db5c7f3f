// Runs a wasm32-wasip1 program, such as the tests that `cargo test --target wasm32-wasip1` builds, under Node.js.
// Usage: node --no-warnings wasi-runner.mjs PROGRAM.wasm [ARGUMENT...]
// The program sees the environment and, at their own paths, the files of this repository.

import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { WASI } from "node:wasi";

const [program, ...rest] = process.argv.slice(2);
const root = resolve(import.meta.dirname, "../..");
const wasi = new WASI({
  version: "preview1",
  args: [program, ...rest],
  env: process.env,
  preopens: { [root]: root, ".": "." },
});
const module = await WebAssembly.compile(await readFile(program));
const instance = await WebAssembly.instantiate(module, wasi.getImportObject());
// A trap, such as a failed test's abort, is an exception and ends the process with code 1.
process.exitCode = wasi.start(instance);
