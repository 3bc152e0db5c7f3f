/** The rest of the shop as a grid, most popular first, or whatever a search finds. */
import { itemOf } from "./shelf.js";
import { count } from "./wording.js";

const PAGE = 24;
/** As many as the module lists in one call; a larger shop would search on its server. */
const MAX_SEARCHED = 10_000;

const $ = (id) => document.getElementById(id);

export class Catalogue {
  #edgewise;
  #shelves;
  /** Items of the newest search; `null` while there is none. */
  #found = null;
  /** Items that the shelf of popular items shows already. */
  #above = new Set();
  #nPassed = 0;
  #nShown = 0;
  /** Every item with its text in lower case; made when somebody searches. */
  #texts = null;

  constructor(edgewise, shelves) {
    this.#edgewise = edgewise;
    this.#shelves = shelves;
    $("everything").hidden = edgewise.size === 0;
    $("search").addEventListener("input", () => this.#search());
    $("more").addEventListener("click", () => this.#showMore({ focus: true }));
    this.#search();
  }

  #search() {
    const words = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const above = document.querySelectorAll("#shelf-popular:not([hidden]) .card a");
    this.#above = new Set([...above].map((link) => itemOf(link.hash)));
    this.#found = words.length === 0 ? null : this.#matching(words);
    this.#nPassed = 0;
    this.#nShown = 0;
    $("everything-list").replaceChildren();
    this.#showMore({ focus: false });
  }

  #matching(words) {
    this.#texts ??= this.#edgewise.cards(0, MAX_SEARCHED).map(({ item, title }) => ({
      item,
      text: `${item} ${title ?? ""}`.toLowerCase(),
    }));
    return this.#texts.filter(({ text }) => words.every((word) => text.includes(word)));
  }

  /** The next items: of the search, else of the shop without those above. */
  #next() {
    if (this.#found !== null) return this.#found.slice(this.#nShown, this.#nShown + PAGE);
    const items = [];
    while (items.length < PAGE && this.#nPassed < this.#edgewise.size) {
      const cards = this.#edgewise.cards(this.#nPassed, PAGE - items.length);
      this.#nPassed += cards.length;
      items.push(...cards.filter(({ item }) => !this.#above.has(item)));
    }
    return items;
  }

  #showMore({ focus }) {
    const cards = this.#next().map(({ item }) => this.#shelves.card(item));
    $("everything-list").append(...cards);
    this.#nShown += cards.length;
    const total = this.#found?.length ?? this.#edgewise.size - this.#above.size;
    $("more").hidden = this.#nShown >= total;
    $("everything-note").textContent = total === 0
      ? "Nothing has these words in its name. Try fewer."
      : `${this.#nShown.toLocaleString("en-GB")} of ${count(total, "gift")}`;
    if (focus) cards[0]?.querySelector("a").focus();
  }
}
