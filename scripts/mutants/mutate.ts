/** A schema, and the same after a few random statements. */

import { BOOKKEEPING_TABLES } from "../../src/formats/mod.ts";
import { DatabaseError } from "../../src/core/error.ts";
import type { ScratchDatabase } from "../../src/runtimes/runtime.ts";
import type { Random } from "../../tests/property/random.ts";
import { type Bench, load, sourcesOf } from "../corpus/bench.ts";
import { type Row, scriptOf } from "../corpus/rows.ts";

/** A schema to change. */
export interface Base {
  readonly name: string;
  readonly sql: string;
}

/** Makes one statement that may change the database, or null where the kind that was picked has nothing to change. */
export type Edit = (
  database: ScratchDatabase,
  random: Random,
  newName: (word: string) => string,
) => Promise<string | null>;

/** Both sides of all rows, but for those with next to nothing in them and those that hold what only the author knows. */
export function basesOf(rows: readonly Row[]): readonly Base[] {
  return rows.flatMap((row) =>
    (["current", "desired"] as const).flatMap((side) => {
      const sql = scriptOf(row, side);
      const isPlain = (row[side] ?? "").length >= SHORTEST && !/renamed(_from|\s+from)/.test(sql);
      return isPlain ? [{ name: `${row.source} ${row.name} ${side}`, sql }] : [];
    })
  );
}

const SHORTEST = 80;

/** How many statements a mutant has at most; most have one or two. */
const MOST_EDITS = 8;
/** Statements that the server refuses are left out, so more are tried. */
const TRIES = 4;

/** A pair of a schema and its mutant, in either direction; null when the schema does not load or nothing could be changed. */
export async function mutate(
  bench: Bench,
  base: Base,
  { edit, random }: { readonly edit: Edit; readonly random: Random },
): Promise<Row | null> {
  const project = await bench.project();
  const wanted = 1 + Math.floor(random.next() * random.next() * MOST_EDITS);
  const isBack = random.chance(0.5);
  const done: string[] = [];
  let names = 0;
  try {
    const server = await bench.server(project, sourcesOf("", base.sql));
    await using database = await server.create();
    await load(project, database, base.sql);
    for (let tries = 0; tries < wanted * TRIES && done.length < wanted; tries++) {
      const sql = await edit(database, random, (word) => `${word}_${++names}`);
      if (sql === null || BOOKS.test(sql)) continue;
      if (await succeeds(database, sql)) done.push(sql);
    }
  } catch {
    await bench.drop();
    return null;
  }
  if (done.length === 0) return null;
  // The statements were run in a session that the schema's own settings are no longer of.
  const reset = /^\s*SET\b/im.test(base.sql) ? `${bench.engine.reset};\n` : "";
  const mutant = `${base.sql}\n;\n${reset}${done.map((sql) => `${sql};\n`).join("")}`;
  const [current, desired] = isBack ? [mutant, base.sql] : [base.sql, mutant];
  const name = `${base.name}${isBack ? " back" : ""}: ${done.join("; ")}`;
  return { source: "mutants", name, current, desired };
}

/** aim leaves these tables out, the observer does not. */
const BOOKS = new RegExp(`\\b(${BOOKKEEPING_TABLES.join("|")})\\b`, "i");

async function succeeds(database: ScratchDatabase, sql: string): Promise<boolean> {
  await database.exec("BEGIN");
  try {
    await database.exec(sql);
    await database.exec("COMMIT");
    return true;
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    await database.exec("ROLLBACK").catch(() => {});
    return false;
  }
}
