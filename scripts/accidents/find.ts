/** What lint says of an accident, on its own schema and rows. */

import type { Finding } from "../../src/core/finding.ts";
import type { CaseLinter } from "../lintcases/case_linter.ts";
import type { Accident } from "./accidents.ts";

/** The findings about the migration, the gravest first. */
export async function findingsOf(
  linter: CaseLinter,
  { engine, setup, sql, outside }: Accident,
): Promise<readonly Finding[]> {
  const how = outside === true ? { run_outside_tx: true } : {};
  return await linter.findingsOf({ engine, setup, sql, ...how }, false);
}
