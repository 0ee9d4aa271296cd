/** The formats: one line each. */

import { UsageError } from "../core/error.ts";
import { didYouMean } from "../text/nearest.ts";
import { alembic } from "./alembic/mod.ts";
import { atlas } from "./atlas/mod.ts";
import { dbmate } from "./dbmate/mod.ts";
import { diesel } from "./diesel/mod.ts";
import { django } from "./django/mod.ts";
import { drizzle } from "./drizzle/mod.ts";
import { flyway } from "./flyway/mod.ts";
import type { MigrationFormat, SourceFile } from "./format.ts";
import { goose } from "./goose/mod.ts";
import { knex } from "./knex/mod.ts";
import { liquibase } from "./liquibase/mod.ts";
import { migrate } from "./migrate/mod.ts";
import { mikroorm } from "./mikroorm/mod.ts";
import { plain } from "./plain/mod.ts";
import { prisma } from "./prisma/mod.ts";
import { rails } from "./rails/mod.ts";
import { refinery } from "./refinery/mod.ts";
import { sequelize } from "./sequelize/mod.ts";
import { sqitch } from "./sqitch/mod.ts";
import { sqlx } from "./sqlx/mod.ts";
import { typeorm } from "./typeorm/mod.ts";

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

/** All formats; where two recognise a folder equally, the earlier one is meant. */
export const FORMATS: readonly MigrationFormat[] = [
  migrate,
  goose,
  flyway,
  sqitch,
  sqlx,
  dbmate,
  refinery,
  diesel,
  drizzle,
  atlas,
  liquibase,
  prisma,
  alembic,
  knex,
  sequelize,
  typeorm,
  mikroorm,
  django,
  rails,
  plain,
];

/** The format of that name. Throws UsageError, with the nearest name, when there is none. */
export function formatNamed(name: string): MigrationFormat {
  const found = FORMATS.find((format) => format.name === name);
  if (found !== undefined) return found;
  const known = FORMATS.map((format) => format.name);
  throw new UsageError(`Unknown format "${name}"`, {
    code: "unknown-format",
    hint: didYouMean(name, known) ?? `Formats: ${known.join(", ")}`,
  });
}

/** How sure each format is of a folder, surest first; those that see nothing of theirs are left out. */
export function rankFormats(
  files: readonly SourceFile[],
): readonly { readonly format: MigrationFormat; readonly confidence: number }[] {
  return FORMATS.map((format) => ({ format, confidence: format.recognises(files) }))
    .filter(({ confidence }) => confidence > 0)
    .sort((a, b) => b.confidence - a.confidence);
}

/** The format that a folder's files most likely are in, or null. */
export function detectFormat(files: readonly SourceFile[]): MigrationFormat | null {
  return rankFormats(files)[0]?.format ?? null;
}
