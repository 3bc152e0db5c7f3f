/**
 * What a visitor looked at, kept in their own browser and sent nowhere.
 *
 * A `HistoryStore` is a short list of item ids, newest last, without repeats, in `localStorage`. It forgets by
 * count and by age, can be cleared by the visitor, follows the same list in other tabs, and where storage is
 * switched off it lives in memory until the page closes.
 *
 *     const history = new HistoryStore();
 *     history.add("85123A");
 *     shop.recommend({ placement: "home", history: history.items() });
 */

/** Longest list that is kept whatever `limit` says: as many as a query may carry. */
export const MAX_LIMIT = 100;

const DAY_MS = 86_400_000;
const MAX_ID_CHARS = 256;

export class HistoryStore {
  #key;
  #limit;
  #maxAgeMs;
  #storage;
  #now;
  #entries;
  #listeners = new Set();

  /**
   * `limit` items at most (1 to 100: more is a longer memory, fewer follows the visit at hand), none older than
   * `maxAgeDays` (above 0; `Infinity` never forgets). `storage` and `now` are for tests.
   */
  constructor({
    key = "edgewise.history",
    limit = 50,
    maxAgeDays = 90,
    storage = browserStorage(),
    now = Date.now,
  } = {}) {
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
      throw new RangeError(`limit is \`${limit}\`, expected a whole number from 1 to ${MAX_LIMIT}`);
    }
    if (!(maxAgeDays > 0)) {
      throw new RangeError(`maxAgeDays is \`${maxAgeDays}\`, expected a number above 0`);
    }
    this.#key = key;
    this.#limit = limit;
    this.#maxAgeMs = maxAgeDays * DAY_MS;
    this.#storage = storage;
    this.#now = now;
    this.#entries = this.#read();
    globalThis.addEventListener?.("storage", (event) => this.#onOtherTab(event));
  }

  /** The ids, oldest first: the order that a query wants. */
  items() {
    return this.#fresh().map((entry) => entry.item);
  }

  /** Puts an item at the end; one that is there already moves. */
  add(item) {
    if (typeof item !== "string" || item === "" || item.length > MAX_ID_CHARS) {
      throw new TypeError(`an item id is a text of 1 to ${MAX_ID_CHARS} characters, found \`${item}\``);
    }
    const others = this.#fresh().filter((entry) => entry.item !== item);
    this.#write([...others, { item, at: this.#now() }].slice(-this.#limit));
  }

  /** Forgets one item. */
  remove(item) {
    this.#write(this.#fresh().filter((entry) => entry.item !== item));
  }

  /** Forgets everything, in storage too. */
  clear() {
    this.#write([]);
  }

  /** Calls `listener` after every change, in this tab or another; returns a function that stops it. */
  onChange(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #fresh() {
    const oldest = this.#now() - this.#maxAgeMs;
    return this.#entries.filter((entry) => entry.at >= oldest);
  }

  #write(entries) {
    this.#entries = entries;
    try {
      if (entries.length === 0) this.#storage?.removeItem(this.#key);
      else this.#storage?.setItem(this.#key, JSON.stringify(entries));
    } catch {
      // Storage is full or was switched off meanwhile: this tab still has its list.
    }
    this.#tell();
  }

  /** Anything may stand in storage: only what has the right shape is believed. */
  #read() {
    try {
      const stored = JSON.parse(this.#storage?.getItem(this.#key) ?? "[]");
      return stored.filter(isEntry).slice(-this.#limit);
    } catch {
      return [];
    }
  }

  #onOtherTab(event) {
    // A null key is `localStorage.clear()`.
    if (event.storageArea !== this.#storage || (event.key !== this.#key && event.key !== null)) return;
    this.#entries = this.#read();
    this.#tell();
  }

  #tell() {
    for (const listener of this.#listeners) listener();
  }
}

function isEntry(entry) {
  return typeof entry?.item === "string" && entry.item !== "" && entry.item.length <= MAX_ID_CHARS
    && Number.isFinite(entry.at);
}

function browserStorage() {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null; // Blocked by the visitor's settings.
  }
}
