/** Views that cannot be read and triggers that cannot be run. SQLite takes both whatever they name, and keeps them when that is gone. */

import type { DatabaseError } from "../../core/error.ts";
import type { Connection } from "../../runtimes/runtime.ts";
import type { SchemaObject, Snapshot } from "../../core/snapshot.ts";
import type { BrokenObject } from "../engine.ts";
import { factsOf } from "./facts.ts";
import { queryCheck } from "./prepare.ts";
import { literal } from "./quote.ts";
import { always } from "./rows/names.ts";

/**
 * The views of a snapshot, then its triggers, that SQLite cannot compile. Nothing is run; where a trigger is suspected, triggers are
 * dropped in a transaction that is taken back.
 */
export async function brokenObjects(
  connection: Connection,
  snapshot: Snapshot,
): Promise<readonly BrokenObject[]> {
  const views: BrokenObject[] = [];
  const triggers: Suspect[] = [];
  for (const object of snapshot.objects.values()) {
    const query = queryCheck.readAll(object);
    const refusal = query === null ? null : await queryCheck.refusal(connection, query);
    if (refusal !== null) {
      views.push({ kind: "view", name: object.name, reason: refusal.message });
    }
    if (object.kind === "trigger") {
      const firing = await firingOf(connection, object);
      if (firing !== null) triggers.push({ object, firing });
    }
  }
  const said = await refusals(connection, triggers.map(({ firing }) => firing));
  const suspects = triggers.filter(({ firing }) => isMissing(said.get(firing) ?? null));
  if (suspects.length === 0) return views;
  return [...views, ...await brokenTriggers(connection, suspects)];
}

interface Suspect {
  readonly object: SchemaObject;
  /** A statement at which it fires. */
  readonly firing: string;
}

/** Compiling a statement compiles all triggers that fire at it, and those that fire at theirs: each is looked at without the others. */
async function brokenTriggers(
  connection: Connection,
  suspects: readonly Suspect[],
): Promise<readonly BrokenObject[]> {
  const broken: BrokenObject[] = [];
  await connection.exec("SAVEPOINT aim_triggers");
  try {
    const all = await connection.query<{ readonly name: string; readonly sql: string }>(
      "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'",
    );
    const drop = (name: string) => connection.exec(`DROP TRIGGER ${always(name)}`);
    for (const { name } of all) await drop(name);
    const alone = await refusals(connection, suspects.map(({ firing }) => firing));
    for (const { object, firing } of suspects) {
      const trigger = all.find(({ name }) => name === object.name);
      const isView = factsOf(object, "trigger").timing === "instead of";
      // What is wrong without it is not its fault; a view takes no row without one, and says so in its own words.
      if (trigger === undefined || !isView && alone.get(firing) !== null) continue;
      if (isView && isMissing(alone.get(firing) ?? null)) continue;
      await connection.exec(trigger.sql);
      const refusal = await queryCheck.refusal(connection, firing);
      await drop(object.name);
      if (refusal === null || !isMissing(refusal)) continue;
      broken.push({ kind: "trigger", name: object.name, reason: refusal.message });
    }
  } finally {
    await connection.exec("ROLLBACK TO aim_triggers");
    await connection.exec("RELEASE aim_triggers");
  }
  return broken;
}

/** A statement at which a trigger fires; null where there is none. */
async function firingOf(connection: Connection, object: SchemaObject): Promise<string | null> {
  const { on, event, columns } = factsOf(object, "trigger");
  const target = always(on);
  if (event === "insert") return `INSERT INTO ${target} DEFAULT VALUES`;
  if (event === "delete") return `DELETE FROM ${target}`;
  // Of those that can be written: the list leaves generated ones out.
  const there = await connection.query<{ readonly name: string }>(
    `SELECT lower(name) AS name FROM pragma_table_info(${literal(on)})`,
  );
  const column = there.map(({ name }) => name)
    .find((name) => columns === undefined || columns.includes(name));
  return column === undefined ? null : `UPDATE ${target} SET ${always(column)} = NULL`;
}

async function refusals(
  connection: Connection,
  statements: readonly string[],
): Promise<ReadonlyMap<string, DatabaseError | null>> {
  const said = new Map<string, DatabaseError | null>();
  for (const sql of new Set(statements)) said.set(sql, await queryCheck.refusal(connection, sql));
  return said;
}

/** True where a table or column is not there; a function or a module may be there in another program. */
function isMissing(refusal: DatabaseError | null): boolean {
  return refusal !== null && MISSING.test(refusal.message);
}

const MISSING =
  /no such (?:table|column|index)|has no column named|values were supplied|\d values for \d+ columns/;
