/** The formats: one line each; one is loaded when a project is of it. */

import { UsageError } from "../core/error.ts";
import { didYouMean } from "../text/nearest.ts";
import type { MigrationFormat } from "./format.ts";

export {
  BOOKKEEPING_SCHEMAS,
  BOOKKEEPING_TABLES,
  bookkeepingTables,
  runnerTables,
} from "./runner_tables.ts";
export { flywaySettings, readFlywaySettings } from "./flyway/settings.ts";
export { placeIn, replaceRanges } from "./script.ts";
export { inOwnTransactions } from "./rendering.ts";
export { runnerSession, sendsWithoutTransaction } from "./transaction_mode.ts";

/** How each format is loaded, by its name; where two recognise a folder equally, the earlier one is meant. */
export const LOADERS: ReadonlyMap<string, () => Promise<MigrationFormat>> = new Map([
  ["migrate", async () => (await import("./migrate/mod.ts")).migrate],
  ["goose", async () => (await import("./goose/mod.ts")).goose],
  ["flyway", async () => (await import("./flyway/mod.ts")).flyway],
  ["sqitch", async () => (await import("./sqitch/mod.ts")).sqitch],
  ["sqlx", async () => (await import("./sqlx/mod.ts")).sqlx],
  ["dbmate", async () => (await import("./dbmate/mod.ts")).dbmate],
  ["refinery", async () => (await import("./refinery/mod.ts")).refinery],
  ["diesel", async () => (await import("./diesel/mod.ts")).diesel],
  ["drizzle", async () => (await import("./drizzle/mod.ts")).drizzle],
  ["atlas", async () => (await import("./atlas/mod.ts")).atlas],
  ["liquibase", async () => (await import("./liquibase/mod.ts")).liquibase],
  ["prisma", async () => (await import("./prisma/mod.ts")).prisma],
  ["alembic", async () => (await import("./alembic/mod.ts")).alembic],
  ["knex", async () => (await import("./knex/mod.ts")).knex],
  ["sequelize", async () => (await import("./sequelize/mod.ts")).sequelize],
  ["typeorm", async () => (await import("./typeorm/mod.ts")).typeorm],
  ["mikroorm", async () => (await import("./mikroorm/mod.ts")).mikroorm],
  ["django", async () => (await import("./django/mod.ts")).django],
  ["rails", async () => (await import("./rails/mod.ts")).rails],
  ["plain", async () => (await import("./plain/mod.ts")).plain],
]);

/** The format of that name. Throws UsageError, with the nearest name, when there is none. */
export async function formatNamed(name: string): Promise<MigrationFormat> {
  const load = LOADERS.get(name);
  if (load !== undefined) return await load();
  const known = [...LOADERS.keys()];
  throw new UsageError(`Unknown format "${name}"`, {
    code: "unknown-format",
    hint: didYouMean(name, known) ?? `Formats: ${known.join(", ")}`,
  });
}
