/**
 * Edgewise in a page: load a shop's bundle once, then ask it for recommendations, without a server.
 *
 * `Edgewise.load` fetches the bundle and the module; every answer after that is computed here, synchronously,
 * in microseconds, and sends nothing anywhere. Works in browsers and in Node 20.
 *
 *     const shop = await Edgewise.load("/shop.bundle");
 *     shop.recommend({ placement: "item", item: "85123A", k: 6 }).items;
 */
import startModule, { Scorer } from "./edgewise_browser.js";

/** The texts of a card, in the module's order. */
const CARD_FIELDS = ["item", "title", "price", "currency", "url", "image", "category"];

const MODULE_URL = new URL("./edgewise_browser_bg.wasm", import.meta.url);

/** What went wrong, with a stable `code`, a sentence for people and, where there is one, the cure. */
export class EdgewiseError extends Error {
  constructor(code, message, { hint, problem, cause } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "EdgewiseError";
    this.code = code;
    this.hint = hint ?? null;
    this.problem = problem ?? null;
  }
}

/** The one module of this page or process, and how many bytes it was; every bundle shares it. */
let started = null;

/** An open bundle. Made by {@link Edgewise.load}. */
export class Edgewise {
  #scorer;

  /** Use {@link Edgewise.load}; a scorer without its module cannot exist. */
  constructor(scorer, bytes) {
    this.#scorer = scorer;
    this.bytes = Object.freeze(bytes);
    const [found, size, currency, regions, categories] = scorer.facts();
    this.digest = found;
    this.size = size;
    this.currency = currency ?? null;
    this.regions = Object.freeze(regions);
    this.categories = Object.freeze(categories);
    Object.freeze(this);
  }

  /** Fetches, verifies and opens a bundle. */
  static async load(source, { module = MODULE_URL, digest = null, signal } = {}) {
    const [bundle, moduleBytes] = await Promise.all([
      readBytes(source, "bundle", signal),
      startOnce(module, signal),
    ]);
    const scorer = guard(() => new Scorer(bundle));
    const [found] = scorer.facts();
    if (digest !== null && found !== digest) {
      scorer.free();
      throw new EdgewiseError("bundle-other", `expected bundle \`${digest}\`, found \`${found}\``, {
        hint: "the page and the bundle were published at different times: load the page again",
      });
    }
    return new Edgewise(scorer, { bundle: bundle.byteLength, module: moduleBytes });
  }

  /** The answer to one query. */
  recommend(query = {}) {
    return JSON.parse(this.recommendJson(JSON.stringify(query)));
  }

  /** The same with JSON text on both sides: byte for byte what a `POST` to the path answers. */
  recommendJson(text, path = "/v1/recs") {
    return guard(() => this.#open().answer(path, text, Math.floor(Date.now() / 1000)));
  }

  /** The answers to several queries of one page. */
  batch(batch) {
    return JSON.parse(this.recommendJson(JSON.stringify(batch), "/v1/batch")).answers;
  }

  /** Why `target` is among the answers to a query, or is not. */
  explain(target, query = {}) {
    return JSON.parse(this.recommendJson(JSON.stringify({ ...query, target }), "/v1/explain"));
  }

  /** Cards of `n` items from `offset`, most popular first. */
  cards(offset = 0, n = 24) {
    return cardsOf(guard(() => this.#open().cards(offset, n)));
  }

  /** The card of one item, or `null` when the model does not know it. */
  card(item) {
    return cardsOf(guard(() => this.#open().card(item)))[0] ?? null;
  }

  /** Gives the bundle's memory back. Later calls throw `closed`. */
  free() {
    this.#scorer?.free();
    this.#scorer = null;
  }

  #open() {
    if (this.#scorer) return this.#scorer;
    throw new EdgewiseError("closed", "this bundle was freed", { hint: "call `Edgewise.load` again" });
  }
}

/** Starts the module unless it runs already; a failed start may be tried again. */
function startOnce(source, signal) {
  started ??= startFrom(source, signal).catch((error) => {
    started = null;
    throw error;
  });
  return started;
}

async function startFrom(source, signal) {
  if (source instanceof WebAssembly.Module) {
    await startModule({ module_or_path: source });
    return null;
  }
  const bytes = await readBytes(source, "module", signal);
  try {
    await startModule({ module_or_path: await WebAssembly.compile(bytes) });
  } catch (cause) {
    throw new EdgewiseError("module-refused", `cannot start the module: ${cause.message}`, {
      hint: "`edgewise_browser.js` and `edgewise_browser_bg.wasm` must come from the same build, and the page's "
        + "Content-Security-Policy must allow 'wasm-unsafe-eval'",
      cause,
    });
  }
  return bytes.byteLength;
}

/** The bytes behind a URL, a file path, a `Response`, a buffer or a view of one. */
async function readBytes(source, what, signal) {
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (ArrayBuffer.isView(source)) {
    return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  }
  try {
    if (isFile(source)) {
      const { readFile } = await import("node:fs/promises");
      return new Uint8Array(await readFile(source, { signal }));
    }
    const response = source instanceof Response ? source : await fetch(source, { signal });
    if (response.ok) return new Uint8Array(await response.arrayBuffer());
    throw new Error(`the server answered ${response.status} ${response.statusText}`.trimEnd());
  } catch (cause) {
    if (signal?.aborted) throw signal.reason;
    const name = source instanceof Response ? source.url : String(source);
    throw new EdgewiseError(`${what}-unreachable`, `cannot read the ${what} \`${name}\`: ${cause.message}`, {
      hint: `check that the ${what} is published at this address`,
      cause,
    });
  }
}

/** In Node, whatever is not http(s) is a file; a page has no files. */
function isFile(source) {
  if (source instanceof Response || globalThis.process?.versions?.node === undefined) return false;
  if (typeof document !== "undefined") return false;
  return !/^https?:/i.test(String(source));
}

/** Runs a call into the module and makes whatever it throws an {@link EdgewiseError}. */
function guard(call) {
  try {
    return call();
  } catch (thrown) {
    if (thrown instanceof EdgewiseError) throw thrown;
    if (Array.isArray(thrown)) throw errorOf(thrown);
    throw new EdgewiseError("module-failed", `the module stopped: ${thrown.message}`, {
      hint: "this is a fault of Edgewise: load the page again and report it with the bundle's digest",
      cause: thrown,
    });
  }
}

/** What the module throws: code, message, and a hint or a problem. */
function errorOf([code, message, hint, problem]) {
  if (problem === undefined) return new EdgewiseError(code, message, { hint });
  const document = JSON.parse(problem);
  return new EdgewiseError(code, `${message}: ${document.detail}`, { hint, problem: document });
}

/** The module gives cards as one list of texts, where an empty one is absent. */
function cardsOf(texts) {
  const cards = [];
  for (let at = 0; at < texts.length; at += CARD_FIELDS.length) {
    const given = CARD_FIELDS.map((name, i) => [name, texts[at + i]]).filter(([, text]) => text !== "");
    cards.push(Object.fromEntries(given));
  }
  return cards;
}
