/** The demo shop in Chromium, as a visitor uses it: at a desk and on a phone, by light and dark, with and without a network. */
import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { launch, openPage } from "./support/browser.js";
import { SCREENSHOTS, SHIPPED } from "./support/paths.js";
import { serveSite } from "./support/server.js";

const DESK = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };
const OPENED = "#everything:not([hidden]) .card";
const KEPT = "html[data-kept]";

const bundle = await readFile(SHIPPED);
let browser;
let site;
let context;
let page;

before(async () => { browser = await launch(); });
after(() => browser.close());

/** A fresh visitor on the start page. */
async function visit(options = {}) {
  context = await browser.newContext({ viewport: DESK, reducedMotion: "reduce", ...options });
  page = await openPage(context);
  await page.goto(site.url);
  await page.waitForSelector(OPENED);
}

const texts = (selector) => page.locator(selector).allTextContents();
const items = async (shelf) => {
  const links = await page.locator(`${shelf} .card a`).evaluateAll((links) => links.map((link) => link.hash));
  return links.map((hash) => decodeURIComponent(hash.slice("#/item/".length)));
};
/** Follows a card's link and waits for its item. */
async function open(card) {
  const hash = await card.locator("a").evaluate((link) => link.hash);
  await card.locator("a").click();
  await page.waitForFunction((hash) => location.hash === hash && !document.getElementById("item").hidden, hash);
  return decodeURIComponent(hash.slice("#/item/".length));
}

beforeEach(async () => { site = await serveSite(bundle); });
afterEach(async (t) => {
  const faults = page?.faults ?? [];
  await context?.close();
  await site.close();
  context = page = undefined;
  assert.deepEqual(faults, [], t.name);
});

describe("a visit", () => {
  beforeEach(() => visit());

  test("starts with what is popular, and no history", async () => {
    assert.equal((await items("#shelf-popular")).length, 12);
    assert.ok(await page.locator("#shelf-home").isHidden());
    assert.ok(await page.locator("#history-clear").isHidden());
    assert.equal(await page.locator("#basket-count").textContent(), "0");
    const titles = await texts("#shelf-popular .title");
    assert.ok(titles.every((title) => title !== title.toUpperCase()), titles.join());
    const prices = await texts("#shelf-popular .price");
    assert.ok(prices.every((price) => /\d/.test(price)), prices.join());
  });

  test("to an item shows similar items and what is bought with it", async () => {
    const item = await open(page.locator("#shelf-popular .card").first());
    for (const shelf of ["#shelf-item", "#shelf-together"]) {
      const shown = await items(shelf);
      assert.ok(shown.length > 0, shelf);
      assert.equal(new Set(shown).size, shown.length, shelf);
      assert.ok(!shown.includes(item), shelf);
    }
    assert.notDeepEqual(await items("#shelf-item"), await items("#shelf-together"));
    assert.match(await page.locator("#status").textContent(), /similar gifts/);
    assert.equal(await page.evaluate(() => document.activeElement.id), "item-title");
    assert.ok((await page.title()).startsWith(await page.locator("#item-title").textContent()));
  });

  test("fills the shelf for this visitor, with reasons, until the history is cleared", async () => {
    const first = await open(page.locator("#shelf-popular .card").nth(0));
    const second = await open(page.locator("#shelf-item .card").nth(3));
    await page.locator(".back").click();
    const forMe = await items("#shelf-home");
    assert.ok(forMe.length > 0);
    assert.ok(!forMe.includes(first) && !forMe.includes(second), "what was seen is not recommended");
    const reasons = await texts("#shelf-home .why");
    assert.match(reasons[0], /^because you viewed \S/);
    assert.equal(await page.locator("#history-list a").count(), 2);
    assert.equal(await page.evaluate(() => JSON.parse(localStorage.getItem("edgewise.history")).length), 2);

    await page.locator("#history-clear").click();
    assert.ok(await page.locator("#shelf-home").isHidden());
    assert.equal(await page.locator("#history-list a").count(), 0);
    assert.equal(await page.evaluate(() => localStorage.getItem("edgewise.history")), null);
    assert.match(await page.locator("#status").textContent(), /History cleared/);
  });

  test("puts items into the basket and shows what goes with them", async () => {
    assert.ok(await page.locator("#shelf-cart").isHidden());
    const [item] = await items("#shelf-popular");
    await page.locator("#shelf-popular .card button").first().click();
    assert.equal(await page.locator("#basket-count").textContent(), "1");
    assert.equal(await page.locator("#basket-lines .line").count(), 1);
    const companions = await items("#shelf-cart");
    assert.ok(companions.length > 0 && !companions.includes(item));
    assert.match((await texts("#shelf-cart .why"))[0], /^goes with \S/);
    assert.ok(await page.locator("#shelf-popular .card button").first().isDisabled());
    const price = await page.locator("#basket-lines .price").textContent();
    assert.equal(await page.locator("#basket-total b").textContent(), price);

    await page.locator("#basket-lines button").click();
    assert.equal(await page.locator("#basket-count").textContent(), "0");
    assert.ok(await page.locator("#shelf-cart").isHidden());
    assert.ok(await page.locator("#shelf-popular .card button").first().isEnabled());
  });

  test("counts bytes, answers and microseconds, and asks no server for any of them", async () => {
    await page.waitForSelector(KEPT);
    const asked = site.requests.length;
    const before = Number(await page.locator("#figure-answers").textContent());
    await open(page.locator("#shelf-popular .card").nth(1));
    await open(page.locator("#shelf-item .card").nth(1));
    await page.locator("#item-add").click();
    assert.ok(Number(await page.locator("#figure-answers").textContent()) >= before + 5);
    assert.match(await page.locator("#figure-last").textContent(), /^[\d.,]+ µs$/);
    assert.match(await page.locator("#figure-median").textContent(), /^[\d.,]+ µs$/);
    assert.match(await page.locator("#figure-bundle").textContent(), /^[\d.]+ [kM]B$/);
    assert.match(await page.locator("#figure-module").textContent(), /^[\d.]+ kB$/);
    assert.match(await page.locator("#figure-transferred").textContent(), /^[\d.]+ [kM]B$/);
    assert.match(await page.locator("#figure-digest").textContent(), /^[0-9a-f]{64}$/);
    assert.equal(await page.locator("#figure-requests").textContent(), "0");
    const since = site.requests.slice(asked).filter((path) => path !== "/icon.svg");
    assert.deepEqual(since, []);
    assert.equal(site.requests.filter((path) => path === "/shop.bundle").length, 1);
  });

  test("answers for the chosen region", async () => {
    const regions = await texts("#region option");
    assert.ok(regions.length > 2, "the demo's log names countries");
    const everywhere = await items("#shelf-popular");
    const region = regions.find((name) => name === "France") ?? regions[1];
    await page.locator("#region").selectOption(region);
    assert.equal(await page.locator("#shelf-popular-title").textContent(), `Popular in ${region}`);
    assert.notDeepEqual(await items("#shelf-popular"), everywhere);
  });

  test("finds items by their names, and says when there are none", async () => {
    await page.locator("#search").fill("cake stand");
    const found = await texts("#everything-list .title");
    assert.ok(found.length > 0);
    assert.ok(found.every((title) => /cake/i.test(title) && /stand/i.test(title)), found.join());
    await page.locator("#search").fill("zzzz");
    assert.equal(await page.locator("#everything-list .card").count(), 0);
    assert.match(await page.locator("#everything-note").textContent(), /Nothing/);
  });

  test("shows more of the shop, each item once", async () => {
    const first = await items("#everything-list");
    await page.locator("#more").click();
    const more = await items("#everything-list");
    assert.deepEqual(more.slice(0, first.length), first);
    assert.ok(more.length > first.length);
    assert.equal(new Set(more).size, more.length);
  });

  test("survives addresses of items that do not exist", async () => {
    for (const hash of ["#/item/NO-SUCH", "#/item/%E0%A4%A", "#/item/", "#nothing"]) {
      await page.evaluate((hash) => { location.hash = hash; }, hash);
      await page.waitForFunction(() => document.getElementById("item").hidden);
    }
    assert.ok((await items("#shelf-popular")).length > 0);
  });

  test("works by keyboard alone", async () => {
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
    await page.locator("#shelf-popular .card a").first().focus();
    await page.keyboard.press("Enter");
    await page.waitForSelector("#item:not([hidden])");
    assert.equal(await page.evaluate(() => document.activeElement.id), "item-title");
    await page.locator("#shelf-together .card button").first().focus();
    await page.keyboard.press("Enter");
    assert.equal(await page.locator("#basket-count").textContent(), "1");
    await page.locator("#basket-lines button").focus();
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "basket-title");
  });
});

test("two tabs share one history", async () => {
  await visit();
  const other = await openPage(context);
  await other.goto(site.url);
  await other.waitForSelector(OPENED);
  await open(page.locator("#shelf-popular .card").first());
  await other.waitForFunction(() => document.querySelectorAll("#history-list a").length === 1);
  assert.deepEqual(other.faults, []);
});

test("after the first visit the shop opens without a network, history and all", async () => {
  await visit();
  await page.waitForSelector(KEPT);
  await open(page.locator("#shelf-popular .card").first());
  const similar = await items("#shelf-item");
  const digest = await page.locator("#figure-digest").textContent();
  const keys = await page.evaluate(async () => (await (await caches.open("edgewise-bundle")).keys()).map(({ url }) => url));
  assert.equal(keys.length, 1);
  assert.ok(keys[0].endsWith(`shop.bundle?digest=${digest}`), keys[0]);

  await site.close();
  await context.setOffline(true);
  await page.reload();
  await page.waitForSelector("#item:not([hidden])");
  assert.deepEqual(await items("#shelf-item"), similar);
  assert.equal(await page.locator("#figure-digest").textContent(), digest);
  assert.equal(await page.locator("#history-list a").count(), 1);
  assert.match(await page.locator("#figure-network").textContent(), /^off/);
  await open(page.locator("#shelf-item .card").first());
  assert.ok((await items("#shelf-item")).length > 0);
  // What the browser prints of the failed tries is the point here, not a fault.
  page.faults = page.faults.filter((fault) => !/ERR_|Failed to (load|fetch)|network/i.test(fault));
});

describe("a damaged bundle", () => {
  test("is refused with its reason and the cure, and a good one opens after it", async () => {
    const damaged = Uint8Array.from(bundle);
    damaged[damaged.length >> 1] ^= 1;
    site.bundle = damaged;
    context = await browser.newContext({ viewport: DESK });
    page = await openPage(context);
    await page.goto(site.url);
    await page.waitForSelector("#problem:not([hidden])");
    assert.match(await page.locator("#problem-text").textContent(), /digest/);
    assert.ok((await page.locator("#problem-hint").textContent()).length > 0);
    assert.equal(await page.locator("#problem-code").textContent(), "Code: bundle-refused");
    assert.equal(await page.locator("#problem").getAttribute("role"), "alert");
    assert.ok(await page.locator("#side").isHidden(), "a shop that is closed shows no empty basket");
    assert.deepEqual(await page.evaluate(() => caches.keys()), [], "what was refused is not kept");
    page.faults = [];

    site.bundle = bundle;
    await page.locator("#retry").click();
    await page.waitForSelector(OPENED);
    assert.ok(await page.locator("#problem").isHidden());
  });

  test("and a missing one are told apart", async () => {
    site.bundle = null;
    context = await browser.newContext({ viewport: DESK });
    page = await openPage(context);
    await page.goto(site.url);
    await page.waitForSelector("#problem:not([hidden])");
    assert.match(await page.locator("#problem-text").textContent(), /shop\.bundle.*404/);
    assert.equal(await page.locator("#problem-code").textContent(), "Code: bundle-unreachable");
    page.faults = [];
  });

  test("that comes later leaves the one kept for offline in place", async () => {
    await visit();
    await page.waitForSelector(KEPT);
    const kept = () => page.evaluate(async () => (await (await caches.open("edgewise-bundle")).keys()).map(({ url }) => url));
    const before = await kept();
    site.bundle = bundle.subarray(0, 1000);
    await page.reload();
    await page.waitForSelector("#problem:not([hidden])");
    assert.deepEqual(await kept(), before);
    page.faults = [];
  });
});

describe("looks", () => {
  for (const [device, viewport] of Object.entries({ desk: DESK, phone: PHONE })) {
    for (const colorScheme of ["light", "dark"]) {
      test(`fits a ${device} by ${colorScheme}`, async () => {
        await visit({ viewport, colorScheme });
        await fits(`${device}-${colorScheme}-start`);
        await open(page.locator("#shelf-popular .card").first());
        await page.locator("#item-add").click();
        await fits(`${device}-${colorScheme}-item`);
        const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        const [red] = background.match(/\d+/g).map(Number);
        assert.equal(red < 128, colorScheme === "dark", background);
      });
    }
  }

  /** Nothing sticks out sideways, and what can be pressed is large enough for a finger. */
  async function fits(name) {
    const { overflow, small } = await page.evaluate(() => ({
      overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      small: [...document.querySelectorAll("button, select, input, .card a")]
        .map((element) => ({ name: element.id || element.className || element.textContent, box: element.getBoundingClientRect() }))
        .filter(({ box }) => box.width > 0 && (box.height < 32 || box.width < 32))
        .map(({ name }) => name),
    }));
    assert.equal(overflow, 0, name);
    assert.deepEqual(small, [], name);
    if (SCREENSHOTS === null) return;
    await mkdir(SCREENSHOTS, { recursive: true });
    await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
  }
});
