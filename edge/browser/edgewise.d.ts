/** Recommendations computed in the page. See `edgewise.js`. */

/** Where on the site the answer is shown; it chooses how the retrievers are blended. */
export type Placement = "item" | "together" | "cart" | "home" | "popular" | "trending";

/** What the visitor is doing. Every field is optional: an empty query answers what is popular. */
export interface Query {
  placement?: Placement;
  /** The item on show. */
  item?: string;
  /** Items the visitor looked at or bought, oldest first. */
  history?: readonly string[];
  /** For each item of `history` how many days ago, with commas, such as `12,3,0`; by default all are of today. */
  ages?: string;
  /** For each item of `history` a `view`, `cart` or `purchase`, with commas; by default all are views. */
  kinds?: string;
  /** Items in the visitor's cart. */
  cart?: readonly string[];
  /** One of {@link Edgewise.regions}. */
  region?: string;
  /** One of {@link Edgewise.categories}. */
  category?: string;
  /** The visitor's segment, where the model knows some. */
  segment?: string;
  /** What every item must be, such as `category = "Tea" or not has category`. */
  filter?: string;
  /** Items that must not come back. */
  exclude?: readonly string[];
  /** Whether items of `history` may come back. */
  seen?: "hide" | "show";
  /** How many items at most. */
  k?: number;
  /** When the query is asked: seconds since 1970, or a time such as `2026-12-01T08:00:00Z`; by default now. */
  at?: number | string;
  /** What a rotation turns on. */
  seed?: number | string;
  /** A token of the visitor, of up to 64 bytes: what a rotation turns on without a seed. Not kept, and in no answer. */
  visitor?: string;
  /** Asks for every reason in `because`, the rules that acted, and ranks; otherwise the three strongest reasons come. */
  explain?: boolean;
  /** Whether the answer carries cards; by default it does. */
  cards?: boolean;
}

/** What a shelf needs to show an item; a bundle carries what the shop's catalogue had. */
export interface Card {
  title?: string;
  /** A plain decimal such as `2.95`. */
  price?: string;
  /** ISO 4217 code of the price, when the shop stated one. */
  currency?: string;
  url?: string;
  image?: string;
  category?: string;
}

/** A card with the id of its item. */
export interface ItemCard extends Card {
  item: string;
}

/** How a recommended item is related to one of the visitor's; with `again` and `popular` it is that item itself. */
export type Relation = "similar" | "together" | "next" | "content" | "again" | "rules" | "popular";

/** A ranking that an item came from. */
export type Ranking = `${"popular" | "trending"}${"" | "-in-category" | "-in-region" | "-in-segment"}`;

/** One item of the visitor's that an answer rests on. */
export interface Reason {
  item: string;
  /** How it is related to the recommended item. */
  relation: Relation;
  /** Its share of the recommended item's score; the same unit as {@link Recommendation.score}. */
  score: number;
}

/** One recommended item. */
export interface Recommendation {
  item: string;
  /** An integer; comparable only within one answer. */
  score: number;
  /** What found it: a relation to the visitor's items, or a ranking. */
  from: Relation | "popular" | "popular-in-category" | "popular-in-region" | "popular-in-segment";
  /** What it rests on, strongest first; absent when it comes from a ranking. */
  because?: Reason[];
  /** Absent when the bundle carries no cards, or none were asked for. */
  card?: Card;
}

/** The answer to a query. */
export interface Answer {
  /** Digest of the bundle that answered, 64 hexadecimal digits. */
  bundle: string;
  placement: Placement;
  /** Best first; never more than `k`. */
  items: Recommendation[];
  /** With `explain`: names of the rules that acted on the query. */
  rules?: string[];
  /** Names in the query that the model does not know; absent when it knows all. */
  unknown?: string[];
}

/** Up to 8 queries of one page, with what they share beside them. */
export interface Batch extends Query {
  questions: readonly Query[];
  /** Whether an item that an answer shows is left out of those behind it. */
  distinct?: boolean;
}

/** Why an item is among the answers to a query, or is not. */
export interface Explanation {
  /** Digest of the bundle that answered, 64 hexadecimal digits. */
  bundle: string;
  placement: Placement;
  target: string;
  state:
    | "shown"
    | "behind"
    | "far-behind"
    | "is-the-page"
    | "in-the-cart"
    | "excluded"
    | "seen"
    | "other-category"
    | "not-in-region"
    | "filtered-out"
    | "ruled-out";
  /** The rule that keeps it out. */
  ruled_out_by?: string;
  /** The item as the answer has it, or would have it with a larger `k`. */
  result?: Recommendation;
  /** Names of the rules that acted on the query. */
  rules: string[];
  unknown?: string[];
}

/** A refused query as RFC 9457 describes it. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  /** The stable name of the kind of problem. */
  code: string;
  /** The parameter at fault. */
  parameter?: string;
  found: string;
  allowed: string;
}

/** Why something failed; stable. */
export type ErrorCode =
  | "bundle-unreachable"
  | "bundle-refused"
  | "bundle-other"
  | "module-unreachable"
  | "module-refused"
  | "module-failed"
  | "query-refused"
  | "closed";

/** What every function here throws. */
export class EdgewiseError extends Error {
  private constructor();
  readonly name: "EdgewiseError";
  readonly code: ErrorCode;
  /** The cure, when there is one. */
  readonly hint: string | null;
  /** With `query-refused`, the problem that the HTTP API answers. */
  readonly problem: Problem | null;
}

/** Options of {@link Edgewise.load}. */
export interface LoadOptions {
  /** The module, by default `edgewise_browser_bg.wasm` beside this file. Only the first load of a page uses it. */
  module?: Source | WebAssembly.Module;
  /** Refuses every bundle but the one with this digest. */
  digest?: string | null;
  signal?: AbortSignal;
}

/** A URL (in Node also a file path), a response, or bytes. */
export type Source = string | URL | Response | ArrayBuffer | ArrayBufferView;

/** An open bundle. */
export class Edgewise {
  private constructor();
  /** Fetches, verifies and opens a bundle. Throws {@link EdgewiseError}. */
  static load(source: Source, options?: LoadOptions): Promise<Edgewise>;
  /** Digest of the bundle, 64 hexadecimal digits: its name. */
  readonly digest: string;
  /** Number of items in the model. */
  readonly size: number;
  /** ISO 4217 code of every price, when the shop stated one. */
  readonly currency: string | null;
  /** Region names that a query may use, ascending. */
  readonly regions: readonly string[];
  /** Category names that a query may use, ascending. */
  readonly categories: readonly string[];
  /** Bytes of the bundle and of the module, uncompressed; `module` is `null` when a compiled one was passed. */
  readonly bytes: { readonly bundle: number; readonly module: number | null };
  /** The answer to a query. Synchronous; throws {@link EdgewiseError}. */
  recommend(query?: Query): Answer;
  /** The answers to several queries of one page, in order; a query that is refused has its problem in place of one. */
  batch(batch: Batch): (Answer | Problem)[];
  /** Why an item is among the answers to a query, or is not. */
  explain(target: string, query?: Query): Explanation;
  /** The same with JSON text on both sides: byte for byte what a `POST` to the path answers, by default `/v1/recs`. */
  recommendJson(text: string, path?: string): string;
  /** Cards of up to `n` items (at most 10,000 a call) from `offset`, most popular first; by default the first 24. */
  cards(offset?: number, n?: number): ItemCard[];
  /** The card of one item, or `null` when the model does not know it. */
  card(item: string): ItemCard | null;
  /** Gives the bundle's memory back. Later calls throw `closed`. */
  free(): void;
}
