/** The store of a visitor's history: order, limits, forgetting, and what it does with storage it cannot trust. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { SITE } from "./support/paths.js";

const { HistoryStore, MAX_LIMIT } = await import(pathToFileURL(join(SITE, "history.js")));

const DAY_MS = 86_400_000;

/** `localStorage` as far as the store uses it. */
function storage(entries = {}) {
  const map = new Map(Object.entries(entries));
  return {
    map,
    getItem: (key) => map.get(key) ?? null,
    setItem: (key, value) => map.set(key, value),
    removeItem: (key) => map.delete(key),
  };
}

test("items come back oldest first, and one that is seen again moves to the end", () => {
  const history = new HistoryStore({ storage: storage() });
  for (const item of ["cup", "pot", "tin", "cup"]) history.add(item);
  assert.deepEqual(history.items(), ["pot", "tin", "cup"]);
});

test("the oldest go when the list is full", () => {
  const history = new HistoryStore({ storage: storage(), limit: 2 });
  for (const item of ["cup", "pot", "tin"]) history.add(item);
  assert.deepEqual(history.items(), ["pot", "tin"]);
});

test("items are forgotten after their days", () => {
  let now = 0;
  const history = new HistoryStore({ storage: storage(), maxAgeDays: 2, now: () => now });
  history.add("cup");
  now = DAY_MS;
  history.add("pot");
  now = 2 * DAY_MS + 1;
  assert.deepEqual(history.items(), ["pot"]);
});

test("the next visit finds what the last one left", () => {
  const kept = storage();
  new HistoryStore({ storage: kept }).add("cup");
  assert.deepEqual(new HistoryStore({ storage: kept }).items(), ["cup"]);
});

test("clearing leaves nothing in storage", () => {
  const kept = storage();
  const history = new HistoryStore({ storage: kept });
  history.add("cup");
  assert.equal(kept.map.size, 1);
  history.clear();
  assert.equal(kept.map.size, 0);
  assert.deepEqual(history.items(), []);
});

test("removing takes one item and keeps the order of the others", () => {
  const history = new HistoryStore({ storage: storage() });
  for (const item of ["cup", "pot", "tin"]) history.add(item);
  history.remove("pot");
  assert.deepEqual(history.items(), ["cup", "tin"]);
});

test("whatever stands in storage, only entries of the right shape are believed", () => {
  const at = Date.now();
  const stored = [{ item: "cup", at }, { item: 7, at }, { item: "pot" }, null, "tin", { item: "", at }, [], { item: "x".repeat(300), at }];
  const good = new HistoryStore({ storage: storage({ "edgewise.history": JSON.stringify(stored) }) });
  assert.deepEqual(good.items(), ["cup"]);
  for (const text of ["", "{", "7", "null", '{"item":"cup"}', '"cup"']) {
    assert.deepEqual(new HistoryStore({ storage: storage({ "edgewise.history": text }) }).items(), [], text);
  }
});

test("without storage, or with a full one, the list lives as long as the page", () => {
  const full = { ...storage(), setItem: () => { throw new Error("quota exceeded"); } };
  for (const kept of [null, full]) {
    const history = new HistoryStore({ storage: kept });
    history.add("cup");
    assert.deepEqual(history.items(), ["cup"]);
  }
});

test("listeners hear every change until they stop", () => {
  const history = new HistoryStore({ storage: storage() });
  let heard = 0;
  const stop = history.onChange(() => (heard += 1));
  history.add("cup");
  history.clear();
  stop();
  history.add("pot");
  assert.equal(heard, 2);
});

test("limits and ids out of range are refused", () => {
  for (const limit of [0, -1, 1.5, MAX_LIMIT + 1, Number.NaN, "7"]) {
    assert.throws(() => new HistoryStore({ limit, storage: null }), RangeError, String(limit));
  }
  for (const maxAgeDays of [0, -1, Number.NaN]) {
    assert.throws(() => new HistoryStore({ maxAgeDays, storage: null }), RangeError, String(maxAgeDays));
  }
  const history = new HistoryStore({ storage: null });
  for (const item of ["", 7, null, undefined, "x".repeat(257)]) assert.throws(() => history.add(item), TypeError);
  assert.deepEqual(history.items(), []);
});
