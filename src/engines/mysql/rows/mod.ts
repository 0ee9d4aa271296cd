/** Rows in a MySQL or MariaDB database: put in, and looked at. */

import type { Rows } from "../../engine.ts";
import { observe } from "./observe.ts";
import { seed } from "./seed.ts";

/** All that the engines do about rows. */
export const rows: Rows = { seed, observe };
