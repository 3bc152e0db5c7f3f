/** How the shop speaks: titles, prices, reasons, sizes and times, as a visitor reads them. */

const SMALL_WORDS = new Set("a an and as at by for from in of on or the to with".split(" "));

/** Stock lists shout: `SET OF 3 CAKE TINS` becomes `Set of 3 Cake Tins`. Titles with small letters stay. */
export function readable(title) {
  if (title !== title.toUpperCase()) return title;
  return title
    .toLowerCase()
    .replace(/\s+/g, " ")
    .trim()
    .split(" ")
    .map((word, i) => (i > 0 && SMALL_WORDS.has(word) ? word : capitalised(word)))
    .join(" ");
}

function capitalised(word) {
  return word.replace(/(^|[^\p{L}\p{N}'’])(\p{L})/gu, (_, before, letter) => before + letter.toUpperCase());
}

/** `2.95` with the shop's currency; without one, the plain number. */
export function price(amount, currency) {
  if (amount === null || amount === undefined || amount === "") return "";
  const number = Number(amount);
  if (currency === null || !Number.isFinite(number)) return amount;
  try {
    return new Intl.NumberFormat("en-GB", { style: "currency", currency }).format(number);
  } catch {
    return `${amount} ${currency}`; // Not a code that this browser knows.
  }
}

const POPULAR = {
  popular: "popular in the shop",
  "popular-in-category": "popular of its kind",
  "popular-in-region": "popular in your region",
};

/**
 * Why an item is on a shelf: the visitor's item that counted most, and how much of the score it explains. Says
 * nothing that the shelf's own heading says.
 */
export function reason(query, recommendation, titleOf) {
  const [strongest, ...others] = recommendation.because ?? [];
  if (strongest === undefined) return query.placement === "popular" ? "" : POPULAR[recommendation.from];
  if (strongest.item === query.item) return "";
  const title = titleOf(strongest.item);
  if (query.placement === "cart") {
    return others.length > 0 ? `goes with ${title} and ${count(others.length, "other")}` : `goes with ${title}`;
  }
  const percent = Math.round((100 * strongest.score) / recommendation.score);
  return percent < 100 ? `because you viewed ${title} (${percent} %)` : `because you viewed ${title}`;
}

/** Bytes as people say them. */
export function bytes(n) {
  if (n < 1000) return `${n} B`;
  if (n < 1_000_000) return `${(n / 1000).toFixed(n < 100_000 ? 1 : 0)} kB`;
  return `${(n / 1_000_000).toFixed(2)} MB`;
}

/** Microseconds, without digits that mean nothing. */
export function micros(us) {
  return us < 10 ? `${us.toFixed(1)} µs` : `${Math.round(us).toLocaleString("en-GB")} µs`;
}

/** `1 item`, `2 items`. */
export function count(n, noun) {
  return `${n.toLocaleString("en-GB")} ${noun}${n === 1 ? "" : "s"}`;
}
