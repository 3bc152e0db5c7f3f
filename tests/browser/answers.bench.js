/**
 * What an answer costs in Chromium: the module's first one, opening included, and those of an open bundle.
 *
 * `node answers.bench.js shop.bundle questions [chromium|node]`, with the questions that
 * `cargo bench -p edgewise-bundle --bench answers` writes. Prints one CSV line a figure.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { launch, openPage } from "./support/browser.js";
import { SITE } from "./support/paths.js";
import { serveSite } from "./support/server.js";

/** Questions of each kind, and how often each is asked between two looks at the clock, which ticks every 5 µs. */
const N_QUESTIONS = 256;
const N_REPEATS = 8;
const N_COLD = 16;

const [bundlePath, questionsPath, where = "chromium"] = process.argv.slice(2);
const bundle = new Uint8Array(await readFile(bundlePath));
const kinds = new Map();
for (const line of (await readFile(questionsPath, "utf8")).trim().split("\n")) {
  const [, nHistory, k, question] = /^(\d+) (\d+) (.*)$/.exec(line);
  const config = `history ${nHistory} k ${k}`;
  kinds.set(config, [...(kinds.get(config) ?? []), question].slice(0, N_QUESTIONS));
}

/** Runs where the module is; takes and gives what JSON can say. */
async function measure({ module, source, questions, nRepeats, nCold }) {
  const { Edgewise } = await import(module);
  const bytes = typeof source === "string" ? new Uint8Array(await (await fetch(source)).arrayBuffer()) : source;
  const k = JSON.parse(questions[0]).k;
  const cold = [];
  for (let i = 0; i < nCold; i++) {
    const started = performance.now();
    const answer = (await Edgewise.load(bytes)).recommendJson(questions[i % questions.length]);
    cold.push(performance.now() - started);
    if (JSON.parse(answer).items.length !== k) throw new Error(`not ${k} results: ${answer}`);
  }
  const shop = await Edgewise.load(bytes);
  const ask = (question, n) => {
    for (let i = 0; i < n; i++) shop.recommendJson(question);
  };
  questions.forEach((question) => ask(question, nRepeats));
  const warm = questions.map((question) => {
    const started = performance.now();
    ask(question, nRepeats);
    return (performance.now() - started) / nRepeats;
  });
  return { cold, warm };
}

const asked = { nRepeats: N_REPEATS, nCold: N_COLD };
const site = where === "node" ? null : await serveSite(bundle);
const browser = where === "node" ? null : await launch();
console.log("what,config,metric,value,unit");
try {
  for (const [config, questions] of kinds) {
    for (const [what, took] of Object.entries(await ask(questions))) {
      took.sort((a, b) => a - b);
      for (const percent of [50, 99]) {
        const value = Math.round(took[Math.floor((took.length * percent) / 100)] * 1e6);
        console.log(`"answer in ${where}, ${what}","${config}",p${percent},${value},ns`);
      }
    }
  }
} finally {
  await browser?.close();
  await site?.close();
}

async function ask(questions) {
  if (browser === null) {
    const module = pathToFileURL(join(SITE, "edgewise.js")).href;
    return measure({ ...asked, module, source: bundle, questions });
  }
  const page = await openPage(await browser.newContext());
  await page.goto(new URL("icon.svg", site.url).href);
  return page.evaluate(measure, { ...asked, module: "/edgewise.js", source: "/shop.bundle", questions });
}
