/** Rows in a SQLite database: put in, and looked at. */

import { stretchWith } from "../../common/stretch.ts";
import type { Rows } from "../../engine.ts";
import { converted } from "./converted.ts";
import { quote } from "../quote.ts";
import { observe } from "./observe.ts";
import { seed } from "./seed.ts";
import { seedAfter } from "./seed_after.ts";

/** All that the engine does about rows. */
export const rows: Rows = {
  seed,
  seedAfter,
  observe,
  converted,
  stretch: stretchWith(quote, quote),
};
