/**
 * A picture for an item that has none: a drawing chosen by the words of its title, in colours that the title
 * names or its id decides. The same item always gets the same tile.
 */
import { FIGURES, OBJECTS, ORNAMENTS, PARCEL } from "./motifs.js";

const SVG = "http://www.w3.org/2000/svg";
const SIDE = 120;

/** Colours by name; the number is a palette of `shop.css`. */
const PALETTE_OF_COLOUR = wordTable([
  ["red scarlet ruby", 0],
  ["pink fuchsia", 1],
  ["blue navy turquoise aqua sapphire", 2],
  ["green emerald lime", 3],
  ["white ivory cream pearl", 4],
  ["yellow gold amber lemon", 5],
  ["purple lilac amethyst", 6],
  ["orange brown", 7],
  ["black", 8],
  ["silver grey", 9],
]);

/** Words that only suggest a colour. */
const PALETTE_OF_WORD = wordTable([
  ["retrospot christmas strawberry poppy", 0],
  ["rose cherry dolly sweetheart blossom", 1],
  ["spaceboy sea bathroom", 2],
  ["woodland leaf garden herb botanical", 3],
  ["lace antique", 4],
  ["easter honeycomb", 5],
  ["lavender paisley fairy", 6],
  ["vintage wood wooden wicker chocolate", 7],
  ["slate skull skulls baroque", 8],
  ["zinc metal glass crystal enamel", 9],
]);
const N_PALETTES = 10;

const GROUND_OF_WORD = wordTable([
  ["retrospot polkadot spot spots dotty", "dots"],
  ["gingham check checked tartan", "check"],
  ["stripe stripes striped stripey circus", "stripes"],
]);
const PLAIN_GROUNDS = ["arch", "sun", "hill", "plain"];

const OBJECT_OF_WORD = motifTable(OBJECTS);
const FIGURE_OF_WORD = motifTable(FIGURES);
const ORNAMENT_OF_WORD = motifTable(ORNAMENTS);

/** Where small figures stand behind a thing: x, y and size. */
const SCATTER = [
  [4, 4, 0.2],
  [92, 8, 0.2],
  [2, 56, 0.16],
  [99, 60, 0.16],
  [14, 94, 0.15],
  [88, 96, 0.15],
  [50, 1, 0.13],
];

/** The tile of an item as an `<svg>` that assistive technology skips: the title stands beside it. */
export function tile(item, title) {
  const words = title.toLowerCase().match(/[a-z]+(?:-[a-z]+)*/g) ?? [];
  const seed = hash(item);
  const object = lastKnown(words, OBJECT_OF_WORD);
  const figure = lastKnown(words, FIGURE_OF_WORD);
  const palette = firstKnown(words, PALETTE_OF_COLOUR)
    ?? firstKnown(words, PALETTE_OF_WORD)
    ?? seed % N_PALETTES;

  const svg = node("svg", { viewBox: `0 0 ${SIDE} ${SIDE}`, class: `tile p${palette}`, "aria-hidden": "true" });
  svg.append(node("rect", { width: SIDE, height: SIDE, class: "g" }));
  svg.append(...ground(firstKnown(words, GROUND_OF_WORD) ?? PLAIN_GROUNDS[(seed >>> 8) % PLAIN_GROUNDS.length]));
  if (object && figure) svg.append(...scatter(figure));
  svg.append(drawing(object ?? figure ?? lastKnown(words, ORNAMENT_OF_WORD) ?? PARCEL));
  return svg;
}

/** What lies behind the drawing. */
function ground(kind) {
  if (kind === "dots") return grid(5, (x, y) => node("circle", { cx: x, cy: y, r: 5, class: "w" }));
  if (kind === "check") {
    return [0, 24, 48, 72, 96].flatMap((at) => [
      node("rect", { x: at, y: 0, width: 12, height: SIDE, class: "w" }),
      node("rect", { x: 0, y: at, width: SIDE, height: 12, class: "w" }),
    ]);
  }
  if (kind === "stripes") {
    return [6, 30, 54, 78, 102].map((x) => node("rect", { x, y: 0, width: 12, height: SIDE, class: "w" }));
  }
  if (kind === "arch") return [node("path", { d: "M14 120V60a46 46 0 0 1 92 0v60z", class: "w" })];
  if (kind === "sun") return [node("circle", { cx: 60, cy: 62, r: 50, class: "w" })];
  if (kind === "hill") return [node("path", { d: "M0 92c36-16 84-16 120 0v28H0z", class: "w" })];
  return [];
}

function grid(n, at) {
  const step = SIDE / n;
  return Array.from({ length: n * n }, (_, i) => {
    const row = Math.floor(i / n);
    const shift = row % 2 === 0 ? step / 4 : step * 0.75;
    return at((i % n) * step + shift, row * step + step / 2);
  });
}

function scatter(figure) {
  return SCATTER.map(([x, y, size]) => {
    const small = drawing(figure);
    small.setAttribute("transform", `translate(${x} ${y}) scale(${size})`);
    small.setAttribute("class", "small");
    return small;
  });
}

function drawing(shapes) {
  const group = node("g", {});
  for (const shape of shapes) {
    const [paint, first, ...rest] = shape.split(" ");
    const [cx, cy, r] = rest;
    group.append(
      first === "o"
        ? node("circle", { cx, cy, r, class: paint })
        : node("path", { d: [first, ...rest].join(" "), class: paint }),
    );
  }
  return group;
}

function node(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function wordTable(rows) {
  return new Map(rows.flatMap(([words, value]) => words.split(" ").map((word) => [word, value])));
}

function motifTable(motifs) {
  return wordTable(motifs.map(({ words, shapes }) => [words, shapes]));
}

/** A compound word that the table lacks, such as `wall-clock`, counts by its last part. */
function known(word, table) {
  return table.get(word) ?? table.get(word.slice(word.lastIndexOf("-") + 1));
}

function lastKnown(words, table) {
  return known(words.findLast((word) => known(word, table) !== undefined) ?? "", table);
}

function firstKnown(words, table) {
  return known(words.find((word) => known(word, table) !== undefined) ?? "", table);
}

/** FNV-1a over the characters: stable, and near ids fall far apart. */
function hash(text) {
  let value = 0x811c9dc5;
  for (const char of text) value = Math.imul(value ^ char.codePointAt(0), 0x01000193);
  return value >>> 0;
}
