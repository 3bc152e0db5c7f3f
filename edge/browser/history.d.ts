/** What a visitor looked at, kept in their own browser. See `history.js`. */

/** Longest list that is kept whatever `limit` says. */
export const MAX_LIMIT: number;

/** Options of {@link HistoryStore}. */
export interface HistoryOptions {
  /** Key in storage, by default `edgewise.history`. */
  key?: string;
  /** Items at most, 1 to {@link MAX_LIMIT}, by default 50. More: a longer memory. Fewer: the visit at hand. */
  limit?: number;
  /** Days after which an item is forgotten, above 0, by default 90; `Infinity` never forgets. */
  maxAgeDays?: number;
  /** By default `localStorage`; `null` keeps the list in memory. */
  storage?: Pick<Storage, "getItem" | "setItem" | "removeItem"> | null;
  /** Milliseconds since 1970; by default `Date.now`. */
  now?: () => number;
}

/** A short list of item ids, newest last, without repeats. */
export class HistoryStore {
  constructor(options?: HistoryOptions);
  /** The ids, oldest first: the order that a query wants. */
  items(): string[];
  /** Puts an item at the end; one that is there already moves. */
  add(item: string): void;
  /** Forgets one item. */
  remove(item: string): void;
  /** Forgets everything, in storage too. */
  clear(): void;
  /** Calls `listener` after every change, in this tab or another; returns a function that stops it. */
  onChange(listener: () => void): () => void;
}
