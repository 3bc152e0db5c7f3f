/** The rest of the shop as a grid, most popular first, or whatever a search finds. */
import { itemOf } from "./shelf.js";
import { count } from "./wording.js";

const PAGE = 24;
/** As many as the module lists in one call; a larger shop would search on its server. */
const MAX_CARDS = 10_000;

const $ = (id) => document.getElementById(id);

export class Catalogue {
  #edgewise;
  #shelves;
  #found = [];
  #shown = 0;
  /** Every item with its text in lower case. */
  #all = null;

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
    this.#found = words.length === 0 ? this.#rest() : this.#matching(words);
    this.#shown = 0;
    $("everything-list").replaceChildren();
    this.#showMore({ focus: false });
  }

  /** Everything that the shelf of popular items does not show already. */
  #rest() {
    const links = document.querySelectorAll("#shelf-popular:not([hidden]) .card a");
    const above = new Set([...links].map((link) => itemOf(link.hash)));
    return this.#cards().filter(({ item }) => !above.has(item));
  }

  #matching(words) {
    return this.#cards().filter(({ text }) => words.every((word) => text.includes(word)));
  }

  #cards() {
    this.#all ??= this.#edgewise.cards(0, MAX_CARDS).map(({ item, title }) => ({
      item,
      text: `${item} ${title ?? ""}`.toLowerCase(),
    }));
    return this.#all;
  }

  #showMore({ focus }) {
    const page = this.#found.slice(this.#shown, this.#shown + PAGE);
    const cards = page.map(({ item }) => this.#shelves.card(item));
    $("everything-list").append(...cards);
    this.#shown += cards.length;
    const total = this.#found.length;
    $("more").hidden = this.#shown >= total;
    $("everything-note").textContent = total === 0
      ? "Nothing has these words in its name. Try fewer."
      : `${this.#shown.toLocaleString("en-GB")} of ${count(total, "gift")}`;
    if (focus) cards[0]?.querySelector("a").focus();
  }
}
