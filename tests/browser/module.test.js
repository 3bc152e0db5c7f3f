/** The module in Node: sources it loads from, what it refuses and how, its lists, and its size. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { BUDGETS, GOLDEN, SITE } from "./support/paths.js";
import { serveSite } from "./support/server.js";

const MODULE = join(SITE, "edgewise_browser_bg.wasm");
const TOY = join(GOLDEN, "toy.bundle");
/** A budget may be this many percent above the size, as `tests/e2e/sizes.rs` has it. */
const MAX_SLACK_PERCENT = 10;

const { Edgewise, EdgewiseError } = await import(pathToFileURL(join(SITE, "edgewise.js")));
const bytes = new Uint8Array(await readFile(TOY));

describe("loading", () => {
  let site;
  before(async () => { site = await serveSite(bytes); });
  after(() => site.close());

  test("a path, a file address, bytes, a buffer, a web address and a response open the same bundle", async () => {
    const address = new URL("shop.bundle", site.url);
    const sources = [TOY, pathToFileURL(TOY), bytes, bytes.slice().buffer, address, String(address), await fetch(address)];
    const digests = new Set();
    for (const source of sources) {
      const shop = await Edgewise.load(source);
      assert.equal(shop.bytes.bundle, bytes.length);
      assert.equal(shop.bytes.module, (await readFile(MODULE)).length);
      digests.add(shop.digest);
      shop.free();
    }
    assert.equal(digests.size, 1);
    assert.match([...digests][0], /^[0-9a-f]{64}$/);
  });

  test("an answer names the bundle that the page asked for", async () => {
    const { digest } = await Edgewise.load(bytes);
    assert.equal((await Edgewise.load(bytes, { digest })).recommend().bundle, digest);
    const other = `${digest[0] === "0" ? "1" : "0"}${digest.slice(1)}`;
    await refused(Edgewise.load(bytes, { digest: other }), "bundle-other");
  });

  test("what cannot be read says what and where", async () => {
    const path = join(SITE, "no-such.bundle");
    const error = await refused(Edgewise.load(path), "bundle-unreachable");
    assert.ok(error.message.includes(path), error.message);
    const missing = await refused(Edgewise.load(new URL("nothing.bundle", site.url)), "bundle-unreachable");
    assert.ok(missing.message.includes("404"), missing.message);
  });

  test("a load that is called off rejects with the signal's reason", async () => {
    const signal = AbortSignal.abort(new Error("left the page"));
    await assert.rejects(Edgewise.load(new URL("shop.bundle", site.url), { signal }), /left the page/);
  });
});

describe("damage", () => {
  test("every truncation is refused", async () => {
    for (let length = 0; length < bytes.length; length += 1) {
      await refused(Edgewise.load(bytes.slice(0, length)), "bundle-refused");
    }
  });

  test("every flipped byte is refused", async () => {
    for (let at = 0; at < bytes.length; at += 1) {
      const damaged = bytes.slice();
      damaged[at] ^= 0x10;
      const error = await refused(Edgewise.load(damaged), "bundle-refused");
      assert.ok(error.message.length > 0 && error.hint.length > 0);
    }
  });

  test("after refusals a good bundle still opens", async () => {
    await refused(Edgewise.load(new Uint8Array(100)), "bundle-refused");
    assert.ok((await Edgewise.load(bytes)).recommend().items.length > 0);
  });
});

describe("asking", () => {
  let shop;
  before(async () => { shop = await Edgewise.load(bytes); });

  test("refused queries carry the problem that the edge answers", () => {
    for (const [text, code, parameter] of [
      ['{"k":0}', "bad-parameter", "k"],
      ['{"placement":"checkout"}', "bad-parameter", "placement"],
      ['{"basket":[]}', "unknown-parameter", undefined],
      ["not json", "bad-body", undefined],
    ]) {
      const error = thrown(() => shop.recommendJson(text));
      assert.equal(error.code, "query-refused", text);
      assert.equal(error.problem.code, code, text);
      assert.equal(error.problem.parameter, parameter, text);
      assert.ok(error.message.includes(error.problem.detail), error.message);
    }
  });

  test("typed answers and text answers are the same", () => {
    const query = { k: 3, explain: true };
    assert.deepEqual(shop.recommend(query), JSON.parse(shop.recommendJson(JSON.stringify(query))));
  });

  test("cards list every item once, in pages, and each is found by its id", () => {
    const all = shop.cards(0, shop.size);
    assert.equal(all.length, shop.size);
    assert.equal(new Set(all.map(({ item }) => item)).size, shop.size);
    const pages = [...shop.cards(0, 2), ...shop.cards(2, shop.size)];
    assert.deepEqual(pages, all);
    assert.deepEqual(shop.cards(shop.size, 9), []);
    for (const card of all) assert.deepEqual(shop.card(card.item), card);
    assert.equal(shop.card("no such item"), null);
  });

  test("answers show the same cards", () => {
    for (const { item, card } of shop.recommend({ placement: "popular" }).items) {
      const { item: _, ...listed } = shop.card(item);
      assert.deepEqual(card ?? {}, listed);
    }
  });

  test("two bundles are open at once and do not mix", async () => {
    const other = await Edgewise.load(bytes);
    other.free();
    assert.equal(thrown(() => other.recommend()).code, "closed");
    assert.equal(shop.recommend().bundle, shop.digest);
  });
});

test("the module and the scripts stay within their budgets, and the budgets are tight", async () => {
  const budgets = JSON.parse(await readFile(BUDGETS, "utf8"));
  const scripts = await Promise.all(["edgewise.js", "edgewise_browser.js"].map((name) => readFile(join(SITE, name))));
  const sizes = {
    "browser module": compressed(await readFile(MODULE)),
    "browser scripts": scripts.reduce((bytes, script) => bytes + compressed(script), 0),
  };
  assert.deepEqual(Object.keys(budgets).filter((name) => name.startsWith("browser ")), Object.keys(sizes));
  for (const [name, size] of Object.entries(sizes)) {
    const budget = budgets[name].bytes;
    assert.ok(size <= budget, `${name}: ${size} bytes, ${size - budget} above its budget of ${budget}`);
    const slack = `${name}: ${size} bytes, more than ${MAX_SLACK_PERCENT} % below its budget of ${budget}: lower it`;
    assert.ok(budget * 100 <= size * (100 + MAX_SLACK_PERCENT), slack);
  }
});

function compressed(file) {
  return brotliCompressSync(file, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
}

async function refused(loading, code) {
  const error = await loading.then(() => assert.fail(`expected ${code}, but it opened`), (error) => error);
  assert.ok(error instanceof EdgewiseError, String(error));
  assert.equal(error.code, code, error.message);
  return error;
}

function thrown(call) {
  try {
    call();
  } catch (error) {
    assert.ok(error instanceof EdgewiseError, String(error));
    return error;
  }
  return assert.fail("expected an error");
}
