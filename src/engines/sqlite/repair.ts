/** What a scratch SQLite lacks that an application has. */

import type { Repair } from "../engine.ts";

/** Nothing: functions, collations and modules that an application registers cannot be made up. The runtimes' errors say so. */
export function repair(): Promise<Repair | null> {
  return Promise.resolve(null);
}
