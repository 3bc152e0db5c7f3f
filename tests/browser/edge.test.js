/** The page and the edge: one bundle, one answer, whichever of them computes it. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { launch, openPage } from "./support/browser.js";
import { serveBundle } from "./support/edgewise.js";
import { SITE, SHIPPED } from "./support/paths.js";
import { drawnQueries } from "./support/queries.js";

const { Edgewise } = await import(pathToFileURL(join(SITE, "edgewise.js")));

const REFUSED = ['{"k":0}', '{"k":"many"}', '{"placement":"checkout"}', '{"basket":[]}', "[", '{"item":""}'];

/** An answer takes less than a millisecond; a server that says nothing for this long hangs. */
const PATIENCE_MS = 30_000;

let server;
let shop;
before(async () => {
  server = await serveBundle(SHIPPED, SITE);
  const signal = AbortSignal.timeout(PATIENCE_MS);
  shop = await Edgewise.load(new URL("shop.bundle", server.url), { signal });
});
after(async () => { assert.equal(await server?.stop(), 0, "it stops when asked"); });

const post = async (body) => {
  const headers = { "content-type": "application/json", accept: "application/json" };
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const response = await fetch(new URL("recs", server.url), { method: "POST", headers, body, signal });
  return { status: response.status, text: await response.text() };
};

test("POST /recs and the page's module answer drawn queries with the same bytes", async () => {
  for (const query of drawnQueries(shop, 200)) {
    const text = JSON.stringify(query);
    const { status, text: answer } = await post(text);
    assert.equal(status, 200, text);
    assert.equal(shop.recommendJson(text), answer, text);
  }
});

test("they refuse the same queries for the same reason", async () => {
  for (const text of REFUSED) {
    const { status, text: problem } = await post(text);
    assert.equal(status, 400, text);
    assert.throws(() => shop.recommendJson(text), (error) => {
      assert.deepEqual(error.problem, JSON.parse(problem), text);
      return error.code === "query-refused";
    });
  }
});

test("the demo shop that `edgewise serve` serves opens in Chromium without a fault", async () => {
  const browser = await launch();
  try {
    const page = await openPage(await browser.newContext());
    await page.goto(server.url);
    await page.waitForSelector("html[data-kept]");
    assert.equal(await page.locator("#figure-digest").textContent(), shop.digest);
    await page.locator("#shelf-popular .card a").first().click();
    await page.waitForSelector("#shelf-item .card");
    assert.ok(await page.evaluate(() => crossOriginIsolated), "the page's clock has its full resolution");
    assert.deepEqual(page.faults, []);
  } finally {
    await browser.close();
  }
});
