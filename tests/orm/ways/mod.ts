/** Projects whose models become migrations in the tool's own format. */

import { DJANGO } from "./django.ts";
import { DRIZZLE } from "./drizzle.ts";
import { GO } from "./go.ts";
import { HIBERNATE } from "./java.ts";
import { OF_SHOPS } from "./shops.ts";
import type { Way } from "./way.ts";

/** Each of them is run with the tool as it is. */
export const WAYS: readonly Way[] = [...DRIZZLE, ...DJANGO, ...OF_SHOPS, ...GO, HIBERNATE];
