/** Rows in a MySQL or MariaDB database: put in, and looked at. */

import { later } from "../../../core/later.ts";
import { stretchWith } from "../../common/stretch.ts";
import type { Rows } from "../../engine.ts";
import { quote, quotePath } from "../quote.ts";

/** All that the engines do about rows. */
export const rows: Rows = {
  seed: later(async () => (await import("./seed.ts")).seed),
  seedAfter: later(async () => (await import("./seed_after.ts")).seedAfter),
  observe: later(async () => (await import("./observe.ts")).observe),
  stretch: stretchWith(quotePath, quote),
};
