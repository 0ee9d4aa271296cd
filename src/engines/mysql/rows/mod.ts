/** Rows in a MySQL or MariaDB database: put in, and looked at. */

import { stretchWith } from "../../common/stretch.ts";
import type { Rows } from "../../engine.ts";
import { quote, quotePath } from "../quote.ts";
import { observe } from "./observe.ts";
import { seed } from "./seed.ts";
import { seedAfter } from "./seed_after.ts";

/** All that the engines do about rows. */
export const rows: Rows = { seed, seedAfter, observe, stretch: stretchWith(quotePath, quote) };
