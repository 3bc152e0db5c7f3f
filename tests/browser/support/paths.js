/** Where the things under test lie; each can be said by an environment variable. */
import { fileURLToPath } from "node:url";

const repository = new URL("../../../", import.meta.url);
const inRepository = (path) => fileURLToPath(new URL(path, repository));

/** The assembled page and module: what `cargo xtask edge` makes. */
export const SITE = process.env.EDGEWISE_SITE ?? inRepository("target/edge/browser");
/** The `edgewise` program. */
export const EDGEWISE = process.env.EDGEWISE_BIN ?? inRepository("target/release/edgewise");
/** Golden bundles and queries. */
export const GOLDEN = inRepository("tests/golden/v1");
/** Budgets in bytes, with their reasons. */
export const BUDGETS = inRepository("tests/budgets.json");
/** A folder for screenshots; none are taken without it. */
export const SCREENSHOTS = process.env.SCREENSHOTS ?? null;

/** The bundle of the demo shop that the repository ships; another one by an environment variable. */
export const SHIPPED = process.env.EDGEWISE_BUNDLE ?? inRepository("model-artifacts/online-retail/shop.bundle");
