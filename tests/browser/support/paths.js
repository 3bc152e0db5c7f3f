/** Where the things under test lie; each can be said by an environment variable. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const repository = new URL("../../../", import.meta.url);
const inRepository = (path) => fileURLToPath(new URL(path, repository));

/** The assembled page and module: what `cargo xtask edge` makes. */
export const SITE = process.env.EDGEWISE_SITE ?? inRepository("target/edge/browser");
/** The `edgewise` program. */
export const EDGEWISE = process.env.EDGEWISE_BIN ?? inRepository("target/release/edgewise");
/** Golden bundles and queries. */
export const GOLDEN = inRepository("tests/golden/v1");
/** A folder for screenshots; none are taken without it. */
export const SCREENSHOTS = process.env.SCREENSHOTS ?? null;

/** The bundle of the demo shop, wherever it was built last. */
export function shopBundle() {
  const places = [
    process.env.EDGEWISE_BUNDLE,
    inRepository("model-artifacts/online-retail/shop.bundle"),
    inRepository("target/demo/shop.bundle"),
  ];
  const found = places.find((path) => path !== undefined && existsSync(path));
  if (found === undefined) {
    throw new Error(`no shop.bundle in ${places.slice(1).join(" or ")}: run \`cargo xtask demo --once\` first`);
  }
  return found;
}
