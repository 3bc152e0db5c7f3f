/** Cards, rows and lines: how items are put on the page. */
import { tile } from "./tiles.js";
import { price, readable, reason } from "./wording.js";

/** What the shelves need of the shop; one for the page. */
export class Shelves {
  #shop;
  #basket;
  #titles = new Map();

  constructor(shop, basket) {
    this.#shop = shop;
    this.#basket = basket;
  }

  /** The readable title of an item; its id when the catalogue has no title. */
  titleOf = (item) => {
    if (!this.#titles.has(item)) this.#titles.set(item, readable(this.#shop.card(item)?.title ?? item));
    return this.#titles.get(item);
  };

  /** The price of an item with the shop's currency; empty when the catalogue has none. */
  priceOf(item) {
    return price(this.#shop.card(item)?.price, this.#shop.currency);
  }

  /** A picture of the item. */
  pictureOf(item) {
    return tile(item, this.titleOf(item));
  }

  /** Shows the answer to a query in a `section.shelf`, or hides the section when there is nothing to show. */
  fill(section, query, answer) {
    section.hidden = answer.items.length === 0;
    const row = section.querySelector(".row");
    row.replaceChildren(
      ...answer.items.map((found) => this.card(found.item, reason(query, found, this.titleOf))),
    );
    row.scrollLeft = 0;
  }

  /** One card; `why` may be empty. */
  card(item, why = "") {
    const card = copyOf("card");
    this.#describe(card, item);
    card.querySelector(".why").textContent = why;
    const add = card.querySelector("button");
    add.dataset.add = item;
    this.mark(add);
    return card;
  }

  /** One line of the basket. */
  line(item) {
    const line = copyOf("line");
    this.#describe(line, item);
    const remove = line.querySelector("button");
    remove.dataset.remove = item;
    remove.setAttribute("aria-label", `Remove ${this.titleOf(item)} from the basket`);
    return line;
  }

  /** A small picture that opens the item. */
  thumb(item) {
    const entry = document.createElement("li");
    const link = document.createElement("a");
    link.href = hrefOf(item);
    link.title = this.titleOf(item);
    link.setAttribute("aria-label", this.titleOf(item));
    link.append(this.pictureOf(item));
    entry.append(link);
    return entry;
  }

  /** Makes an "Add" button say whether its item is in the basket. */
  mark(button, label = "Add") {
    const item = button.dataset.add;
    const inBasket = this.#basket.items().includes(item);
    button.disabled = inBasket;
    button.textContent = inBasket ? "In basket" : label;
    button.setAttribute("aria-label", `${inBasket ? "In basket" : "Add to basket"}: ${this.titleOf(item)}`);
  }

  #describe(element, item) {
    element.querySelector("a").href = hrefOf(item);
    element.querySelector(".picture").append(this.pictureOf(item));
    element.querySelector(".title").textContent = this.titleOf(item);
    element.querySelector(".price").textContent = this.priceOf(item);
  }
}

/** The address of an item within the page. */
export function hrefOf(item) {
  return `#/item/${encodeURIComponent(item)}`;
}

/** The item that an address names, or `null`. */
export function itemOf(hash) {
  const match = /^#\/item\/(.+)$/.exec(hash);
  try {
    return match === null ? null : decodeURIComponent(match[1]);
  } catch {
    return null; // A broken escape: no such item.
  }
}

function copyOf(template) {
  return document.getElementById(template).content.firstElementChild.cloneNode(true);
}
