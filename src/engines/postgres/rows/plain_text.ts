/** Values as the same text in every session. */

import { DatabaseError } from "../../../core/error.ts";
import type { ScratchDatabase } from "../../../runtimes/runtime.ts";

/** Settings that say how values are written. */
const SETTINGS = `
  SET LOCAL "DateStyle" = 'ISO'; SET LOCAL "IntervalStyle" = 'postgres'; SET LOCAL "TimeZone" = 'UTC';
  SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'; SET LOCAL lc_monetary = 'C';
  SET LOCAL quote_all_identifiers = off`;

const ARE_PLAIN = `
  SELECT pg_catalog.current_setting('DateStyle') LIKE 'ISO%'
    AND pg_catalog.current_setting('IntervalStyle') = 'postgres'
    AND pg_catalog.current_setting('TimeZone') = 'UTC'
    AND pg_catalog.current_setting('extra_float_digits')::int4 > 0
    AND pg_catalog.current_setting('bytea_output') = 'hex'
    AND pg_catalog.current_setting('lc_monetary') = 'C'
    AND pg_catalog.current_setting('quote_all_identifiers') = 'off' AS plain`;

/**
 * Does something while the session writes values in the one way, and leaves the session as it was; in a transaction or not. `read` is
 * told whether the session was in that way already.
 */
export async function withPlainText<T>(
  database: ScratchDatabase,
  read: (wasPlain: boolean) => Promise<T>,
): Promise<T> {
  const [row] = await database.query<{ readonly plain: boolean }>(ARE_PLAIN);
  if (row?.plain === true) return await read(true);
  const isInTransaction = await begin(database);
  await database.exec(SETTINGS);
  try {
    return await read(false);
  } finally {
    await database.exec(
      isInTransaction
        ? "ROLLBACK TO SAVEPOINT aim_plain_text; RELEASE SAVEPOINT aim_plain_text"
        : "ROLLBACK",
    );
  }
}

/** A savepoint where there is a transaction, a transaction where there is none. */
async function begin(database: ScratchDatabase): Promise<boolean> {
  try {
    await database.exec("SAVEPOINT aim_plain_text");
    return true;
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== NO_TRANSACTION) throw error;
    await database.exec("BEGIN");
    return false;
  }
}

const NO_TRANSACTION = "25P01";
