/** Every public name of the package, used as a shop would; compiled by `types.test.js`, never run. */
import { Edgewise, EdgewiseError } from "../../../edge/browser/edgewise.js";
import type { Answer, Card, ErrorCode, Explanation, ItemCard, Problem, Query, Reason } from "../../../edge/browser/edgewise.js";
import { HistoryStore, MAX_LIMIT } from "../../../edge/browser/history.js";

const history = new HistoryStore({ limit: MAX_LIMIT, maxAgeDays: Infinity, now: () => 0, storage: null });
const stop: () => void = history.onChange(() => {});
history.add("85123A");
history.remove("85123A");
history.clear();
stop();

export async function shelf(): Promise<string[]> {
  const shop = await Edgewise.load("/shop.bundle", { digest: "00", signal: AbortSignal.timeout(1_000) });
  const query: Query = {
    placement: "item",
    item: "85123A",
    history: history.items(),
    cart: [],
    region: shop.regions[0],
    category: shop.categories[0],
    exclude: ["22386"],
    segment: "regulars",
    filter: 'not category = "Tea"',
    seen: "hide",
    at: "2026-12-01T08:00:00Z",
    seed: 7,
    visitor: "0123456789abcdef",
    k: 6,
    explain: true,
    cards: true,
  };
  const answer: Answer = shop.recommend(query);
  const reasons: Reason[] = answer.items.flatMap((found) => found.because ?? []);
  const card: Card | undefined = answer.items[0]?.card;
  const known: ItemCard | null = shop.card("85123A");
  const more: ItemCard[] = shop.cards(24, 24);
  const [bundle, module]: [number, number | null] = [shop.bytes.bundle, shop.bytes.module];
  const several: (Answer | Problem)[] = shop.batch({ ...query, questions: [{}, { k: 3 }], distinct: true });
  const why: Explanation = shop.explain("22386", query);
  const text: string = shop.recommendJson('{"k":1}');
  shop.free();
  return [text, why.state, String(several.length), card?.title ?? "", known?.item ?? "", String(bundle + (module ?? 0)), shop.currency ?? "",
    ...more.map(({ item }) => item), ...reasons.map(({ item }) => item), ...(answer.unknown ?? [])];
}

export async function sources(bytes: Uint8Array, module: WebAssembly.Module): Promise<void> {
  await Edgewise.load(bytes, { module });
  await Edgewise.load(new ArrayBuffer(8));
  await Edgewise.load(new URL("https://shop.example/shop.bundle"));
  await Edgewise.load(await fetch("/shop.bundle"));
}

export function explain(error: unknown): string {
  if (!(error instanceof EdgewiseError)) return "";
  const code: ErrorCode = error.code;
  return `${code}: ${error.message} ${error.hint ?? ""} ${error.problem?.parameter ?? ""}`;
}

// What must not compile.
export async function wrong(): Promise<void> {
  const shop = await Edgewise.load("/shop.bundle");
  // @ts-expect-error no such placement
  shop.recommend({ placement: "checkout" });
  // @ts-expect-error no such parameter
  shop.recommend({ items: ["85123A"] });
  // @ts-expect-error an answer may lack a card
  shop.recommend().items[0].card.title;
  // @ts-expect-error the digest cannot be set
  shop.digest = "";
  // @ts-expect-error only `load` makes one
  new Edgewise();
  // @ts-expect-error a number is not a bundle
  await Edgewise.load(7);
}
