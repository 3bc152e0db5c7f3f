/**
 * The page's module gives the golden answers byte for byte, in Node and in Chromium; and for queries drawn over a real
 * shop, the same bytes in both.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { launch, openPage } from "./support/browser.js";
import { GOLDEN, SHIPPED, SITE } from "./support/paths.js";
import { drawnQueries } from "./support/queries.js";
import { serveSite } from "./support/server.js";

const { Edgewise } = await import(pathToFileURL(join(SITE, "edgewise.js")));

const SHOPS = [
  ["queries.json", join(GOLDEN, "toy.bundle")],
  ["ruled.json", join(GOLDEN, "ruled.bundle")],
  ["online-retail.json", SHIPPED],
];

for (const [name, bundlePath] of SHOPS) {
  describe(`golden queries of ${name}`, () => {
    let cases;
    let bundle;
    before(async () => {
      cases = JSON.parse(await readFile(join(GOLDEN, name), "utf8"));
      bundle = new Uint8Array(await readFile(bundlePath));
      assert.ok(cases.length > 0);
    });

    test("in Node", async () => {
      const shop = await Edgewise.load(bundle);
      for (const { path, query, answer } of cases) {
        assert.equal(answerOf(shop, textOf(query), path), answer, textOf(query));
      }
    });

    test("in Chromium", async () => {
      const answers = await answersInChromium(bundle, cases.map(({ path, query }) => ({ path, query: textOf(query) })));
      cases.forEach(({ query, answer }, i) => assert.equal(answers[i], answer, textOf(query)));
    });
  });
}

describe("a real shop", () => {
  test("Node and Chromium answer drawn queries with the same bytes", async () => {
    const bundle = new Uint8Array(await readFile(SHIPPED));
    const shop = await Edgewise.load(bundle);
    const queries = drawnQueries(shop, 300).map((query) => ({ query: JSON.stringify(query) }));
    const answers = await answersInChromium(bundle, queries);
    queries.forEach(({ query }, i) => assert.equal(answers[i], answerOf(shop, query), query));
    const found = answers.map((answer) => JSON.parse(answer).items.length);
    assert.ok(found.every((n) => n > 0), "a query over a real shop is always answered");
  });
});

let browser;
after(() => browser?.close());

/** Answers of the module in a page, each a text. */
async function answersInChromium(bundle, queries) {
  browser ??= await launch();
  const site = await serveSite(bundle);
  try {
    const page = await openPage(await browser.newContext());
    await page.goto(new URL("icon.svg", site.url).href);
    return await page.evaluate(async (queries) => {
      const { Edgewise } = await import("/edgewise.js");
      const shop = await Edgewise.load("/shop.bundle");
      return queries.map(({ query, path }) => {
        try {
          return shop.recommendJson(query, path);
        } catch (error) {
          return JSON.stringify(error.problem);
        }
      });
    }, queries);
  } finally {
    await site.close();
  }
}

/** An answer, or the problem where the golden answer is one. */
function answerOf(shop, query, path) {
  try {
    return shop.recommendJson(query, path);
  } catch (error) {
    return JSON.stringify(error.problem);
  }
}

function textOf(query) {
  return typeof query === "string" ? query : JSON.stringify(query);
}
