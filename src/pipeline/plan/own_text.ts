/** What an author wrote, where a history defines an object in one statement. */

import type { Engine } from "../../engines/engine.ts";
import type { Migration } from "../../formats/format.ts";
import { statementsOf } from "../scratch/run_script.ts";

/** Kinds of objects that are worth the author's own words; all others are written from the catalog. */
const KINDS = new Set([
  "table",
  "view",
  "materialized view",
  "function",
  "procedure",
  "trigger",
]);

/** Finds the statement that defines what another one defines. */
export interface OwnTexts {
  /** The last statement of the history that defines the object of `sql`; null where none does, or several objects have its name. */
  find(sql: string, kind: string): string | null;
}

/** The definitions in a history's UP scripts, for the planned statements that are to be found again. */
export function ownTexts(
  engine: Engine,
  migrations: readonly Migration[],
  planned: readonly string[],
): OwnTexts {
  const written = new Map<string, string>();
  for (const { up } of migrations) {
    for (const { sql, transactional, copyData } of statementsOf(up, { engine, folder: "" })) {
      const name = nameIn(engine, sql);
      if (name !== null && transactional && copyData === undefined) written.set(name, sql);
    }
  }
  if (written.size === 0) return { find: () => null };
  const counts = new Map<string | null, number>();
  for (const sql of planned) {
    const name = nameIn(engine, sql);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return {
    find(sql, kind) {
      const name = KINDS.has(kind) ? nameIn(engine, sql) : null;
      if (name === null || (counts.get(name) ?? 0) > 1) return null;
      return written.get(name) ?? null;
    },
  };
}

/** What a statement defines, by its bare name; the proof tells apart what shares one. */
function nameIn(engine: Engine, sql: string): string | null {
  const name = engine.definitionAt(sql, 0)?.name;
  return name === undefined || name === "" ? null : engine.nameKey(name);
}
