/** Queries drawn over a shop, always the same ones. */

const PLACEMENTS = ["item", "together", "cart", "home", "popular"];

/** `n` queries that use every parameter, drawn from the items and regions of `shop`. */
export function drawnQueries(shop, n) {
  const items = shop.cards(0, shop.size).map(({ item }) => item);
  const draw = drawer(0x5eed);
  const some = (list, most) => Array.from({ length: draw(most + 1) }, () => list[draw(list.length)]);
  return Array.from({ length: n }, () => ({
    placement: PLACEMENTS[draw(PLACEMENTS.length)],
    item: items[draw(items.length)],
    history: some(items, 30),
    cart: some(items, 6),
    exclude: some(items, 3),
    seen: draw(2) === 0 ? "hide" : "show",
    k: 1 + draw(40),
    explain: draw(2) === 0,
    cards: draw(2) === 0,
    ...(shop.regions.length > 0 && draw(3) === 0 && { region: shop.regions[draw(shop.regions.length)] }),
  }));
}

/** Whole numbers below a bound, by a linear congruence (Knuth's MMIX): small, and the same everywhere. */
function drawer(seed) {
  let state = BigInt(seed);
  return (bound) => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    return Number((state >> 33n) % BigInt(bound));
  };
}
