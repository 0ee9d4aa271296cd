/** Work on a database in which no trigger fires and no foreign key is looked at; afterwards all is as it was. */

import type { ScratchDatabase } from "../../../runtimes/runtime.ts";
import { literal } from "../quote.ts";

interface Trigger {
  readonly number: number;
  readonly name: string;
  readonly owner: string;
  readonly sql: string;
}

/** Settings that would let through, or refuse, what the schema does not. */
const SETTINGS = ["foreign_keys", "ignore_check_constraints", "writable_schema"] as const;

/**
 * Does the work in one transaction. SQLite has no switch for triggers: their rows of sqlite_schema are taken out and put back at their
 * very places, which no DROP and CREATE would do. Gives what the work gives, and how many triggers were off.
 */
export async function withoutTriggers<Result>(
  database: ScratchDatabase,
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly triggers: number }> {
  const triggers = await database.query<Trigger>(
    "SELECT rowid AS number, name, tbl_name AS owner, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY rowid",
  );
  const restore = await restoring(database);
  await database.exec("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = OFF; BEGIN");
  try {
    if (triggers.length > 0) await database.exec(editing(REMOVE));
    const result = await work();
    if (triggers.length > 0) await database.exec(editing(triggers.map(insertion).join("; ")));
    await database.exec(`COMMIT; ${restore}`);
    return { result, triggers: triggers.length };
  } catch (error) {
    await database.exec(`ROLLBACK; PRAGMA writable_schema = RESET; ${restore}`).catch(() => {});
    throw error;
  }
}

async function restoring(database: ScratchDatabase): Promise<string> {
  const settings: string[] = [];
  for (const name of SETTINGS) {
    const [row] = await database.query<Record<string, unknown>>(`PRAGMA ${name}`);
    settings.push(`PRAGMA ${name} = ${Number(Object.values(row ?? {})[0] ?? 0)}`);
  }
  return settings.join("; ");
}

const REMOVE = "DELETE FROM sqlite_schema WHERE type = 'trigger'";

/** RESET makes the connection read the schema anew. */
function editing(sql: string): string {
  return `PRAGMA writable_schema = ON; ${sql}; PRAGMA writable_schema = RESET`;
}

function insertion({ number, name, owner, sql }: Trigger): string {
  return `INSERT INTO sqlite_schema (rowid, type, name, tbl_name, rootpage, sql)
    VALUES (${number}, 'trigger', ${literal(name)}, ${literal(owner)}, 0, ${literal(sql)})`;
}
