/** The demo shop: opens the bundle, follows the visitor, and asks the module for every shelf. */
import { Edgewise, EdgewiseError } from "./edgewise.js";
import { HistoryStore } from "./history.js";
import { Catalogue } from "./catalogue.js";
import { Figures } from "./figures.js";
import { isKept, keepBundle, keepShell } from "./keep.js";
import { Meter } from "./meter.js";
import { Shelves, itemOf } from "./shelf.js";
import { count, price } from "./wording.js";

const BUNDLE_URL = new URL("./shop.bundle", import.meta.url);
const K = 12;
const MAX_THUMBS = 12;

const $ = (id) => document.getElementById(id);

class Shop {
  #edgewise;
  #history = new HistoryStore();
  #basket = new HistoryStore({ key: "edgewise.basket", limit: 100, maxAgeDays: 30 });
  #meter = new Meter();
  #figures = new Figures();
  #shelves;

  constructor(edgewise, origin) {
    this.#edgewise = edgewise;
    this.#shelves = new Shelves(edgewise, this.#basket);
    this.#offerRegions();
    this.#listen();
    this.#figures.open(edgewise, origin);
    $("side").hidden = false;
    this.#showPage({ moved: false });
    this.#showBasket();
    new Catalogue(edgewise, this.#shelves);
  }

  #offerRegions() {
    const { regions } = this.#edgewise;
    $("region-label").hidden = regions.length === 0;
    $("region").replaceChildren(new Option("anywhere", ""), ...regions.map((name) => new Option(name)));
  }

  #listen() {
    addEventListener("hashchange", () => this.#showPage({ moved: true }));
    addEventListener("click", (event) => this.#onClick(event));
    $("region").addEventListener("change", () => {
      this.#showPage({ moved: false });
      this.#showBasket();
    });
    this.#history.onChange(() => this.#showHistory());
    this.#basket.onChange(() => this.#showBasket());
  }

  #onClick(event) {
    const button = event.target.closest("button");
    if (button?.id === "history-clear") this.#clearHistory();
    if (button?.dataset.add !== undefined) this.#addToBasket(button.dataset.add);
    if (button?.dataset.remove !== undefined) this.#takeOut(button.dataset.remove);
  }

  #clearHistory() {
    this.#history.clear();
    $("history-title").focus();
    say("History cleared. Nothing of it is left in this browser.");
  }

  #addToBasket(item) {
    this.#basket.add(item);
    say(`${this.#shelves.titleOf(item)} is in the basket.`);
    // The pressed button may have gone with its shelf: the keyboard goes on where that shelf is.
    if (document.activeElement === document.body) $("shelf-cart-title").focus({ preventScroll: true });
  }

  #takeOut(item) {
    this.#basket.remove(item);
    say(`${this.#shelves.titleOf(item)} was taken out of the basket.`);
    $("basket-title").focus({ preventScroll: true });
  }

  /** Everything that the address decides: an item with its shelves, or the start page. */
  #showPage({ moved }) {
    const item = itemOf(location.hash);
    const card = item === null ? null : this.#edgewise.card(item);
    if (item !== null && card === null) {
      location.replace("#/");
      say(`This shop has no item ${item}.`);
      return;
    }
    $("item").hidden = item === null;
    $("welcome").hidden = item !== null;
    if (item === null) {
      $("shelf-item").hidden = true;
      $("shelf-together").hidden = true;
      document.title = "Edgewise gift shop";
      this.#showHistory();
    } else {
      this.#showItem(item, card);
      this.#history.add(item);
    }
    if (moved) arrive(item === null ? $("main") : $("item-title"));
  }

  #showItem(item, card) {
    const title = this.#shelves.titleOf(item);
    document.title = `${title} · Edgewise gift shop`;
    $("item-picture").replaceChildren(this.#shelves.pictureOf(item));
    $("item-title").textContent = title;
    $("item-price").textContent = this.#shelves.priceOf(item);
    $("item-note").textContent = card.category ? `${card.category} · No. ${item}` : `No. ${item}`;
    $("item-add").dataset.add = item;
    this.#shelves.mark($("item-add"), "Add to basket");
    const similar = this.#fill($("shelf-item"), { placement: "item", item });
    // What sells together is often alike, too; the second shelf goes on where the first one ends.
    const exclude = similar.items.map((result) => result.item);
    const together = this.#fill($("shelf-together"), { placement: "together", item, exclude });
    say(`${title}. ${count(similar.items.length, "similar gift")}, ${together.items.length} often bought with it.`);
  }

  /** What follows from the history: the shelf for this visitor, and the list that can be cleared. */
  #showHistory() {
    const history = this.#history.items();
    const onStart = itemOf(location.hash) === null;
    if (history.length > 0) {
      this.#fill($("shelf-home"), { placement: "home", history, cart: this.#basket.items() });
    } else {
      $("shelf-home").hidden = true;
    }
    if (onStart) this.#fill($("shelf-popular"), { placement: "popular" });
    else $("shelf-popular").hidden = true;
    const region = $("region").value;
    $("shelf-popular-title").textContent = region === "" ? "Popular" : `Popular in ${region}`;
    $("shelf-home-note").textContent = `from ${count(history.length, "gift")} you looked at`;

    $("history-list").replaceChildren(
      ...history.slice(-MAX_THUMBS).reverse().map((item) => this.#shelves.thumb(item)),
    );
    $("history-clear").hidden = history.length === 0;
    $("history-note").textContent = history.length === 0
      ? "Empty. Look at a gift and it is noted here, and only here."
      : `${count(history.length, "gift")}, kept in this browser and sent nowhere.`;
  }

  #showBasket() {
    const cart = this.#basket.items();
    $("basket-count").textContent = String(cart.length);
    $("basket-lines").replaceChildren(...cart.map((item) => this.#shelves.line(item)));
    $("basket-empty").hidden = cart.length > 0;
    this.#showTotal(cart);
    if (cart.length > 0) this.#fill($("shelf-cart"), { placement: "cart", cart });
    else $("shelf-cart").hidden = true;
    for (const button of document.querySelectorAll(".card button[data-add]")) this.#shelves.mark(button);
    if ($("item-add").dataset.add !== undefined) this.#shelves.mark($("item-add"), "Add to basket");
  }

  /** The sum of the basket, with as many decimals as its prices have; nothing when one has no price. */
  #showTotal(cart) {
    const amounts = cart.map((item) => this.#edgewise.card(item)?.price ?? "");
    const isComplete = amounts.every((amount) => amount !== "" && Number.isFinite(Number(amount)));
    const decimals = Math.max(0, ...amounts.map((amount) => amount.split(".")[1]?.length ?? 0));
    const total = amounts.reduce((sum, amount) => sum + Number(amount), 0).toFixed(decimals);
    $("basket-total").hidden = cart.length === 0 || !isComplete;
    $("basket-total").querySelector("b").textContent = price(total, this.#edgewise.currency);
  }

  /** Asks the module, timed, shows the answer on a shelf and returns it. */
  #fill(shelf, query) {
    const region = $("region").value;
    const whole = { ...query, k: K, explain: true, cards: false, ...(region !== "" && { region }) };
    const answer = this.#meter.measure(() => this.#edgewise.recommend(whole));
    this.#figures.time(this.#meter);
    this.#shelves.fill(shelf, whole, answer);
    return answer;
  }
}

/** Moves eye and keyboard to the start of what is new. */
function arrive(target) {
  scrollTo({ top: 0, behavior: "instant" });
  target.focus({ preventScroll: true });
}

/** Says something to those who do not see the page change. */
function say(text) {
  $("status").textContent = text;
}

async function open() {
  $("problem").hidden = true;
  $("opening").hidden = false;
  try {
    // When the server does not answer, the loader asks once more and says what is wrong.
    const source = await fetch(BUNDLE_URL).catch(() => BUNDLE_URL);
    const response = source instanceof Response && source.ok ? source : null;
    const copy = response?.clone();
    const edgewise = await Edgewise.load(source);
    new Shop(edgewise, response !== null && isKept(response) ? "kept" : "server");
    $("opening").hidden = true;
    await keep(edgewise.digest, copy);
  } catch (error) {
    $("opening").hidden = true;
    showProblem(error);
  }
}

/** Keeps shell and bundle for a visit without a network; only bytes that the module has verified are kept. */
async function keep(digest, copy) {
  try {
    if (copy !== undefined) await keepBundle(digest, copy);
    await keepShell();
    document.documentElement.dataset.kept = "yes";
  } catch (error) {
    console.info("not kept for visits without a network:", error.message); // The shop works all the same.
  }
}

function showProblem(error) {
  console.warn(error);
  $("problem").hidden = false;
  $("problem-text").textContent = error.message;
  $("problem-hint").textContent = error.hint ?? "";
  $("problem-code").textContent = error instanceof EdgewiseError ? `Code: ${error.code}` : "";
}

$("retry").addEventListener("click", open);
await open();
