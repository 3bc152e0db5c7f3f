/**
 * The drawings on the tiles: what a word in a title looks like.
 *
 * A shape is one line of text: a paint, then an SVG path or `o cx cy r` for a circle, on a square of 120.
 * Paints: `a` accent, `i` ink, `l` light, `s` a line of ink, `t` a thin line of light.
 * Objects are things a shop sells; figures are what is printed on them. "PINK HEART MUG" is a mug before hearts.
 */

/** Things, drawn large. Of several in a title the last one counts: English puts the thing last. */
export const OBJECTS = [
  {
    words: "bag bags shopper tote lunch handbag purse purses wallet satchel rucksack washbag",
    shapes: [
      "s M46 54V42a14 14 0 0 1 28 0v12",
      "a M34 52h52l6 44a5 5 0 0 1-5 6H33a5 5 0 0 1-5-6z",
      "l M46 70h28v20a4 4 0 0 1-4 4H50a4 4 0 0 1-4-4z",
      "i o 47 57 2.5",
      "i o 73 57 2.5",
    ],
  },
  {
    words: "mug mugs tankard beaker",
    shapes: [
      "s M50 38c-6-6 5-9 0-16M63 38c-6-6 5-9 0-16",
      "s M77 54h7a12 12 0 0 1 0 24h-7",
      "a M36 46h42v42a10 10 0 0 1-10 10H46a10 10 0 0 1-10-10z",
      "l M36 60h42v12H36z",
    ],
  },
  {
    words: "teacup cup cups saucer saucers egg-cup",
    shapes: [
      "s M82 60h4a9 9 0 0 1 0 18h-7",
      "a M34 54h48c0 24-8 36-24 36S34 78 34 54z",
      "l M34 54h48l-1 8H35z",
      "i M26 94h64c-4 7-12 8-20 8H46c-8 0-16-1-20-8z",
    ],
  },
  {
    words: "teapot kettle cosy",
    shapes: [
      "s M84 62c14-2 14 26-4 24",
      "i M37 76c-12 0-12-18-20-18l6-6c12 2 12 14 18 14z",
      "a M60 46c18 0 27 12 27 26S77 98 60 98 33 86 33 72s9-26 27-26z",
      "i M48 48c2-8 22-8 24 0z",
      "i o 60 39 4",
      "t M46 66c2-6 6-9 12-10",
    ],
  },
  {
    words: "jug jugs milk pitcher",
    shapes: [
      "s M77 52c16-4 18 28 2 28",
      "a M42 34h34l-4 16c10 8 10 34 2 48H44c-8-14-8-40 2-48z",
      "l M42 34h34l-3 9H45z",
    ],
  },
  {
    words: "bottle bottles flask",
    shapes: [
      "i M53 22h14v12H53z",
      "a M54 34h12v12c12 6 14 12 14 22v28a6 6 0 0 1-6 6H46a6 6 0 0 1-6-6V68c0-10 2-16 14-22z",
      "l M46 66h28v20H46z",
    ],
  },
  {
    words: "jar jars jam preserving terrarium",
    shapes: [
      "i M40 28h40v12H40z",
      "a M42 40h36c6 4 8 8 8 14v38a8 8 0 0 1-8 8H42a8 8 0 0 1-8-8V54c0-6 2-10 8-14z",
      "l M42 62h36v22H42z",
      "i M60 79c-10-7-8-13-4-13 2 0 4 2 4 4 0-2 2-4 4-4 4 0 6 6-4 13z",
    ],
  },
  {
    words: "tin tins canister storage",
    shapes: [
      "a M32 46h56v46c0 12-56 12-56 0z",
      "l M32 62h56v18H32z",
      "i M28 40c0-14 64-14 64 0v8c0 8-64 8-64 0z",
      "i o 60 26 5",
    ],
  },
  {
    words: "box boxes chest trinket",
    shapes: [
      "a M28 58h64v36a6 6 0 0 1-6 6H34a6 6 0 0 1-6-6z",
      "i M24 42h72v18H24z",
      "l M54 42h12v58H54z",
    ],
  },
  {
    words: "drawer drawers cabinet cupboard wardrobe dresser",
    shapes: [
      "i M36 98h8v8h-8zM76 98h8v8h-8z",
      "a M28 28h64v70H28z",
      "l M35 35h50v16H35zM35 57h50v14H35zM35 77h50v14H35z",
      "i o 60 43 3",
      "i o 60 64 3",
      "i o 60 84 3",
    ],
  },
  {
    words: "basket baskets hamper picnic crate",
    shapes: [
      "s M34 58c0-40 52-40 52 0",
      "a M28 58h64l-8 40H36z",
      "t M31 70h58M33 84h54M46 58l4 40M60 58v40M74 58l-4 40",
    ],
  },
  {
    words: "holder t-light tealight votive candleholder tlight",
    shapes: [
      "i M58.5 50h3v12h-3z",
      "l M60 28c6 9 8 12 8 16a8 8 0 0 1-16 0c0-4 2-7 8-16z",
      "a M34 62h52l-6 30a8 8 0 0 1-8 6H48a8 8 0 0 1-8-6z",
      "t M40 74h40",
    ],
  },
  {
    words: "candle candles candlestick incense wick",
    shapes: [
      "l M60 18c8 10 9 13 9 17a9 9 0 0 1-18 0c0-4 1-7 9-17z",
      "s M60 38v12",
      "a M46 50h28v46H46z",
      "i M34 94h52c0 8-8 10-14 10H48c-6 0-14-2-14-10z",
    ],
  },
  {
    words: "lantern lanterns lamp",
    shapes: [
      "s M48 32a12 12 0 0 1 24 0",
      "i M38 44l10-12h24l10 12zM34 96h52v8H34z",
      "a M40 44h40v52H40z",
      "l M48 52h24v38H48z",
      "i M56 76h8v14h-8z",
      "a M60 58c6 7 7 9 7 12a7 7 0 0 1-14 0c0-3 1-5 7-12z",
    ],
  },
  {
    words: "lights light chandelier string",
    shapes: [
      "s M14 38c20 22 32 22 46 0s30-18 46 6",
      "a o 30 66 10",
      "l o 60 56 10",
      "a o 88 58 10",
      "i M26 50h8v8h-8zM56 40h8v8h-8zM84 42h8v8h-8z",
      "l M24 92h4v4h-4zM60 84h4v4h-4zM92 90h4v4h-4z",
    ],
  },
  {
    words: "clock clocks alarm watch timer",
    shapes: [
      "s M40 94l-6 10M80 94l6 10",
      "i M30 42a14 14 0 0 1 22-14zM90 42a14 14 0 0 0-22-14z",
      "a o 60 66 34",
      "l o 60 66 26",
      "s M60 50v16l12 8",
      "i o 60 66 3",
    ],
  },
  {
    words: "frame frames photo picture",
    shapes: [
      "s M60 18l-18 16M60 18l18 16",
      "a M26 34h68v68H26z",
      "l M36 44h48v48H36z",
      "i M36 92l16-24 12 14 8-10 12 20z",
      "a o 70 58 6",
    ],
  },
  {
    words: "mirror mirrors",
    shapes: [
      "a M60 20c22 0 34 16 34 38S82 98 60 98 26 80 26 58s12-38 34-38z",
      "l M60 30c16 0 24 12 24 28S76 88 60 88 36 74 36 58s8-28 24-28z",
      "t M48 66l18-22M58 72l12-15",
      "i M52 98h16v8H52z",
    ],
  },
  {
    words: "sign signs plaque blackboard chalkboard slate memoboard noticeboard board",
    shapes: [
      "s M60 22L36 44M60 22l24 22",
      "i o 60 22 4",
      "a M22 44h76v48H22z",
      "l M30 52h60v32H30z",
      "s M40 64h40M46 74h28",
    ],
  },
  {
    words: "hook hooks hanger hangers rack knob peg",
    shapes: [
      "i M34 28h52v16H34z",
      "l o 44 36 3",
      "l o 76 36 3",
      "s M60 44v30c0 20 26 20 26 2",
      "a o 86 72 7",
      "a o 60 52 7",
    ],
  },
  {
    words: "doormat mat rug tile tiles coaster coasters placemat",
    shapes: [
      "a M18 50h84v44H18z",
      "l M26 58h68v28H26z",
      "s M36 66h48M36 78h48",
      "i M18 94h84v5H18z",
    ],
  },
  {
    words: "cushion cushions pillow throw blanket",
    shapes: [
      "a M28 38c20 6 44 6 64 0-6 20-6 36 0 60-20-6-44-6-64 0 6-24 6-40 0-60z",
      "l o 60 68 14",
      "i o 60 68 4",
      "i o 29 39 4",
      "i o 91 39 4",
      "i o 29 97 4",
      "i o 91 97 4",
    ],
  },
  {
    words: "apron towel towels glove gloves mitt",
    shapes: [
      "s M48 38c0-22 24-22 24 0M36 66H20M84 66h16",
      "a M46 38h28c0 12 6 18 12 22l4 42H30l4-42c6-4 12-10 12-22z",
      "l M44 72h32v16c0 6-32 6-32 0z",
    ],
  },
  {
    words: "umbrella umbrellas parasol",
    shapes: [
      "s M60 60v34c0 12-16 12-16 0",
      "a M18 62c2-52 82-52 84 0-6-8-16-8-21 0-5-8-16-8-21 0-5-8-16-8-21 0-5-8-15-8-21 0z",
      "l M39 62c0-20 8-36 21-40 13 4 21 20 21 40-5-8-16-8-21 0-5-8-16-8-21 0z",
      "s M60 16v8",
    ],
  },
  {
    words: "bunting garland flags flag",
    shapes: [
      "s M10 38c32 22 68 22 100 0",
      "a M22 45l24 7-16 24zM74 52l24-7-8 31z",
      "l M48 53l24 0-12 28z",
      "i M36 88l14 4-10 14zM70 92l14-4-4 18z",
    ],
  },
  {
    words: "cake cakes cupcake muffin bun doily doilies baking cases",
    shapes: [
      "l M36 60c-6-18 10-16 14-26 10-12 26 0 22 8 14 2 16 10 12 18z",
      "a o 60 28 6",
      "i M34 60h52l-10 40H44z",
      "t M46 64l5 32M60 64v32M74 64l-5 32",
    ],
  },
  {
    words: "stand cakestand tier platter tray trays",
    shapes: [
      "i M56 28h8v68h-8z",
      "i o 60 24 5",
      "a M36 52h48c0 8-48 8-48 0zM22 82h76c0 10-76 10-76 0z",
      "l M44 52c0-16 14-16 14 0zM64 52c0-12 12-12 12 0zM30 82c0-18 16-18 16 0zM70 82c0-20 20-20 20 0z",
      "i M42 98h36v6H42z",
    ],
  },
  {
    words: "plate plates dish bowl bowls ashtray",
    shapes: [
      "a M22 56h76c0 26-16 40-38 40S22 82 22 56z",
      "l M22 56h76l-1 9H23z",
      "i M46 94h28v8H46z",
      "t M40 78c4 6 8 9 14 10",
    ],
  },
  {
    words: "spoon spoons cutlery fork knife whisk spatula ladle utensil",
    shapes: [
      "i M44 56h6v46h-6zM72 60h6v42h-6z",
      "a M47 22c8 0 11 10 11 19s-5 17-11 17-11-8-11-17 3-19 11-19z",
      "l M47 30c4 0 6 6 6 11",
      "a M64 22h4v22h5V22h4v22h5V22h4v28c0 8-4 12-11 12s-11-4-11-12z",
    ],
  },
  {
    words: "glass glasses tumbler goblet vase vases wine",
    shapes: [
      "a M38 26h44c2 26-6 40-18 42v24h16v8H40v-8h16V68C44 66 36 52 38 26z",
      "l M40 42h40c-2 12-8 19-16 20h-8c-8-1-14-8-16-20z",
    ],
  },
  {
    words: "pot pots planter herb plant cress grow",
    shapes: [
      "s M60 66V38",
      "a M60 52C44 52 38 42 38 30c14 0 22 8 22 22zM60 44c0-12 8-20 22-20 0 12-8 20-22 20z",
      "i M36 64h48v10H36z",
      "l M40 74h40l-6 28H46z",
    ],
  },
  {
    words: "watering spade trowel gardeners bucket pail",
    shapes: [
      "s M46 52c0-26 32-26 32 2M80 66c14-2 14 24 0 22",
      "a M40 52h42v46H40z",
      "i M40 78L20 52l-8 4 2-8 12-6 2 6 14 20z",
      "t M48 64h26",
    ],
  },
  {
    words: "card cards postcard envelope greeting letter letters",
    shapes: [
      "l M20 40h80v56H20z",
      "a M20 40l40 32 40-32z",
      "s M20 96l30-30M100 96L70 66",
      "i o 60 70 7",
    ],
  },
  {
    words: "wrap paper gift ribbon ribbons present",
    shapes: [
      "a M28 52h64v48H28z",
      "i M24 42h72v14H24z",
      "l M54 42h12v58H54z",
      "l M60 42C36 42 38 18 50 22c6 2 9 12 10 20 1-8 4-18 10-20 12-4 14 20-10 20z",
    ],
  },
  {
    words: "napkins napkin tissue tissues handkerchief",
    shapes: [
      "l M24 40l52-14 18 58-54 16z",
      "a M24 40l52-14-20 38z",
      "s M40 100l16-36 38 20",
    ],
  },
  {
    words: "notebook book books journal diary album passport",
    shapes: [
      "i M32 24h58a4 4 0 0 1 4 4v72H36a6 6 0 0 1-6-6V26z",
      "a M38 24h56v64H38z",
      "l M50 38h32v18H50z",
      "s M36 95h56",
    ],
  },
  {
    words: "pencil pencils pen pens crayons chalk sketchbook",
    shapes: [
      "a M30 96l6-20 42-42 14 14-42 42z",
      "l M30 96l6-20 14 14z",
      "i M30 96l2-8 6 6z",
      "i M78 34l6-6c6-4 16 6 12 12l-4 8z",
      "t M44 80l36-36",
    ],
  },
  {
    words: "sticker stickers tape stencil stamp stamps magnet magnets craft",
    shapes: [
      "a M60 24l10 8 13-2 4 12 11 6-4 12 4 12-11 6-4 12-13-2-10 8-10-8-13 2-4-12-11-6 4-12-4-12 11-6 4-12 13 2z",
      "l o 60 60 20",
      "i M60 48l4 8 9 1-7 6 2 9-8-4-8 4 2-9-7-6 9-1z",
    ],
  },
  {
    words: "soap sponge bath bathroom washcloth brush",
    shapes: [
      "l o 36 38 9",
      "l o 56 28 6",
      "l o 84 42 7",
      "a M24 62a14 14 0 0 1 14-14h44a14 14 0 0 1 14 14v20a14 14 0 0 1-14 14H38a14 14 0 0 1-14-14z",
      "t M38 62h30",
    ],
  },
  {
    words: "necklace pendant beads bead choker",
    shapes: [
      "s M30 22c-8 50 12 60 30 60s38-10 30-60",
      "l o 31 44 5",
      "l o 38 62 5",
      "l o 89 44 5",
      "l o 82 62 5",
      "a M60 76l14 12-14 18-14-18z",
      "t M46 88h28",
    ],
  },
  {
    words: "bracelet bangle ring rings charm anklet hoop",
    shapes: [
      "s M60 48a26 26 0 1 1 0 52 26 26 0 0 1 0-52z",
      "a M44 28h32l10 12-26 24-26-24z",
      "l M52 40h16l-8 18z",
      "t M44 28l8 12M76 28l-8 12",
    ],
  },
  {
    words: "earrings earring hairclip hair diamante jewel",
    shapes: [
      "s M38 40a8 8 0 1 1 8-8M74 40a8 8 0 1 1 8-8",
      "l o 42 48 5",
      "l o 78 48 5",
      "a M42 54c10 16 14 22 14 30a14 14 0 0 1-28 0c0-8 4-14 14-30zM78 54c10 16 14 22 14 30a14 14 0 0 1-28 0c0-8 4-14 14-30z",
      "t M36 84c0 5 3 7 6 8M72 84c0 5 3 7 6 8",
    ],
  },
  {
    words: "keyring key keys keychain luggage tag",
    shapes: [
      "s M60 36a14 14 0 1 1 0.1 0",
      "a M60 38a20 20 0 1 1-0.1 0z",
      "l o 60 54 8",
      "i M55 74h10v8h10v8H65v4h8v8h-8v4H55z",
    ],
  },
  {
    words: "jigsaw puzzle game games playing dominoes toy toys blocks block building",
    shapes: [
      "a M26 58h32v-6a9 9 0 1 1 12 0v6h24v42H26V86h6a9 9 0 1 0 0-14h-6z",
      "l M40 24h26v26H40z",
      "i M49 31h8v12h-8z",
    ],
  },
  {
    words: "doll dolls dolly babushka girl soldier ballerina",
    shapes: [
      "a M60 18c16 0 22 12 20 24 12 10 16 22 16 34 0 18-12 28-36 28S24 94 24 76c0-12 4-24 16-34-2-12 4-24 20-24z",
      "l o 60 40 13",
      "i M48 36c4-10 20-10 24 0-8-4-16-4-24 0z",
      "l M60 60c14 0 20 10 20 20S74 98 60 98 40 90 40 80s6-20 20-20z",
      "a M60 90c-12-8-10-16-5-16 3 0 5 2 5 5 0-3 2-5 5-5 5 0 7 8-5 16z",
    ],
  },
  {
    words: "radio phone telephone record piano",
    shapes: [
      "s M82 48l10-28",
      "a M24 48h72v48a5 5 0 0 1-5 5H29a5 5 0 0 1-5-5z",
      "l o 48 74 16",
      "i o 48 74 6",
      "l M72 60h16v10H72z",
      "i o 76 84 4",
      "i o 88 84 4",
    ],
  },
  {
    words: "doorstop warmer hand bottle-cover cover",
    shapes: [
      "i M54 24h12v14H54z",
      "a M44 38h32l8 14v44a8 8 0 0 1-8 8H44a8 8 0 0 1-8-8V52z",
      "t M46 58v36M55 58v36M65 58v36M74 58v36",
      "l M48 38h24v10H48z",
    ],
  },
  {
    words: "wreath christmas-tree",
    shapes: [
      "a M60 22a40 40 0 1 1-0.1 0zM60 44a18 18 0 1 0 0.1 0z",
      "l o 34 48 5",
      "l o 84 46 5",
      "l o 88 76 5",
      "l o 34 78 5",
      "i M60 92c-8-9-20-8-20 0s12 9 20 0zM60 92c8-9 20-8 20 0s-12 9-20 0zM56 94l-10 18h7l6-14zM64 94l10 18h-7l-6-14z",
      "i o 60 93 4",
    ],
  },
  {
    words: "birdcage cage birdhouse birdtable house cottage",
    shapes: [
      "s M60 96v12",
      "i M60 18l42 36H18z",
      "a M30 52h60v44H30z",
      "l o 60 70 11",
      "i M54 86h12v5H54z",
    ],
  },
  {
    words: "scales weighing oven pan cookie mould cutter rolling",
    shapes: [
      "a M30 60h60l10 42H20z",
      "l o 60 82 15",
      "s M60 82l6-9",
      "i M56 48h8v12h-8z",
      "i M26 38h68c-4 12-14 14-24 14H50c-10 0-20-2-24-14z",
    ],
  },
];

/** What is printed, drawn small behind the thing, or large when the title names no thing. */
export const FIGURES = [
  {
    words: "heart hearts love sweetheart sweethearts valentine",
    shapes: ["a M60 100C6 66 20 26 42 26c10 0 16 8 18 14 2-6 8-14 18-14 22 0 36 40-18 74z"],
  },
  {
    words: "star stars",
    shapes: ["a M60 18l13 27 30 4-22 21 5 30-26-14-26 14 5-30-22-21 30-4z"],
  },
  {
    words: "bird birds robin hen chick chicken owl owls duck swallow parrot feather cockerel",
    shapes: [
      "i M52 92l-4 14M66 92l4 14M98 46l12 6-12 4z",
      "a M14 62c22 4 34-6 44-20 12-18 40-14 42 10 2 28-18 42-40 42-22 0-42-10-46-32z",
      "l M36 66c14 4 28 2 38-8 0 18-24 26-38 8z",
      "i o 84 46 3.5",
    ],
  },
  {
    words: "flower flowers floral daisy rose roses poppy blossom tulip sunflower lavender botanical hydrangea",
    shapes: [
      "a o 60 34 17",
      "a o 84 52 17",
      "a o 75 81 17",
      "a o 45 81 17",
      "a o 36 52 17",
      "l o 60 61 15",
      "i o 60 61 6",
    ],
  },
  {
    words: "butterfly butterflies fairy",
    shapes: [
      "a M58 58C46 22 14 22 16 46c1 14 16 20 28 18-16 4-18 18-10 26 10 8 22-8 24-24zM62 58c12-36 44-36 42-12-1 14-16 20-28 18 16 4 18 18 10 26-10 8-22-8-24-24z",
      "l o 34 46 6",
      "l o 86 46 6",
      "i M57 44h6v46h-6z",
      "s M58 44c-2-10-8-14-12-16M62 44c2-10 8-14 12-16",
    ],
  },
  {
    words: "tree trees christmas pine woodland forest",
    shapes: [
      "i M54 92h12v14H54z",
      "a M60 14l22 28H70l20 26H76l20 26H24l20-26H30l20-26H38z",
      "l o 60 40 3.5",
      "l o 50 62 3.5",
      "l o 70 64 3.5",
      "l o 60 84 3.5",
    ],
  },
  {
    words: "leaf leaves ivy fern",
    shapes: ["a M24 96C16 44 46 20 98 22c2 52-24 80-66 68z", "t M24 104c10-28 28-46 52-60"],
  },
  {
    words: "cat cats dog dogs rabbit rabbits bunny bunnies mouse fox bear teddy hedgehog dinosaur",
    shapes: [
      "a M40 56C30 26 38 12 44 14c8 2 10 20 12 32h8c2-12 4-30 12-32 6-2 14 12 4 42 8 8 12 16 12 24 0 18-14 26-32 26S28 98 28 80c0-8 4-16 12-24z",
      "i o 49 72 3.5",
      "i o 71 72 3.5",
      "i M55 82h10l-5 6z",
      "t M44 24c2 6 3 14 4 22M76 24c-2 6-3 14-4 22",
    ],
  },
  {
    words: "strawberry strawberries cherry cherries fruit apple apples pear berry",
    shapes: [
      "a M60 106C30 92 22 64 30 50c8-14 22-10 30-4 8-6 22-10 30 4 8 14 0 42-30 56z",
      "i M60 46c-18 6-26-2-28-10 12-2 20 0 24 4l-2-16 8-2 2 18c4-4 12-6 24-4-2 8-10 16-28 10z",
      "l o 44 62 3",
      "l o 60 68 3",
      "l o 76 62 3",
      "l o 52 82 3",
      "l o 68 82 3",
    ],
  },
  {
    words: "egg eggs easter",
    shapes: [
      "a M60 18c22 0 34 32 34 52S80 104 60 104 26 90 26 70s12-52 34-52z",
      "l M28 58l8-8 8 8 8-8 8 8 8-8 8 8 8-8 8 8 2 14H26z",
    ],
  },
  {
    words: "skull skulls pirate",
    shapes: [
      "a M60 20c26 0 38 16 38 36 0 14-8 22-14 26v14H36V82c-6-4-14-12-14-26 0-20 12-36 38-36z",
      "l o 44 58 10",
      "l o 76 58 10",
      "i M55 72h10l-5 8z",
    ],
  },
  {
    words: "spaceboy rocket space airline",
    shapes: [
      "i M40 66L24 92l20-6zM80 66l16 26-20-6z",
      "a M60 12c18 16 24 38 16 78H44c-8-40-2-62 16-78z",
      "l o 60 48 11",
      "l M50 94h20l-10 16z",
    ],
  },
  {
    words: "london union paris eiffel",
    shapes: [
      "a M18 32h84v58H18z",
      "l M18 32l84 58M54 32h12v58H54zM18 54h84v14H18z",
      "i M57 32h6v58h-6zM18 58h84v6H18z",
    ],
  },
  {
    words: "bell bells angel",
    shapes: [
      "s M60 14v12",
      "a M60 24c22 0 26 20 26 36 0 18 6 24 12 30H22c6-6 12-12 12-30 0-16 4-36 26-36z",
      "i o 60 98 9",
      "t M46 44c2-6 6-9 10-10",
    ],
  },
];

/** Words that say little more than that it decorates: they count when nothing else does. */
export const ORNAMENTS = [
  {
    words: "bauble baubles ornament ornaments decoration decorations hanging",
    shapes: [
      "s M60 16v14",
      "i M52 28h16v12H52z",
      "a o 60 70 32",
      "l M30 62c20 8 40 8 60 0 2 6 2 10 1 15-20 8-42 8-62 0-1-5-1-9 1-15z",
    ],
  },
];

/** When a title says nothing that can be drawn: a parcel. */
export const PARCEL = [
  "a M26 46h68v54H26z",
  "i M20 32h80v18H20z",
  "l M54 32h12v68H54z",
  "t M34 60h12M34 70h12",
];
