/** A way with statements that move rows: first room is made, then the rows move, then the rest changes. */

import type { Choice } from "../../core/choice.ts";
import { UsageError } from "../../core/error.ts";
import { goesBy, lastName, splitName } from "../../core/name.ts";
import type { Hints } from "../../core/plan.ts";
import type { SchemaObject, Snapshot } from "../../core/snapshot.ts";
import type { PlannedStatement } from "../../core/statement.ts";
import type { ScratchDatabase } from "../../runtimes/runtime.ts";
import { deletedTable } from "../../sql/row_statement.ts";
import { tokensOf } from "../../sql/scanner.ts";
import type { Project } from "../project.ts";
import { inspect } from "../scratch/snapshot.ts";
import { inBatches } from "./batched_moves.ts";
import { planWay, runPlanned, type Way } from "./way.ts";

/** From where to where, and what moves rows between. */
export interface DataWay {
  readonly from: Snapshot;
  readonly to: Snapshot;
  readonly hints: Hints;
  /** Statements that move rows; none for an ordinary way. */
  readonly sql: readonly string[];
  /** What is kept elsewhere, so that dropping it loses nothing: what the statements name, or all of it. */
  readonly keeps: "nothing" | "named" | "all";
  /** Statements over large tables are not cut into batches. */
  readonly inOneGo: boolean;
  /** The schema in which the rows are to move; absent: the one before, with room for what is new. */
  readonly through?: Snapshot;
}

/** Plans. The database must hold `from`, without rows. */
export async function planDataWay(
  project: Project,
  database: ScratchDatabase,
  { from, to, hints, sql, keeps, inOneGo, through }: DataWay,
): Promise<Way> {
  if (sql.length === 0) return await planWay(project, database, from, to, hints);
  const room = through ?? withRoom(from, to, hints);
  const first = await planWay(project, database, from, room, { ...hints, strictOrder: false });
  if (first.choices.some(({ answer }) => answer === null)) return first;
  const made = await runPlanned(project, database, first.statements.slice(first.renaming));
  if (made !== null) {
    throw new UsageError(`Cannot make room for the data: ${made.message}`, {
      code: "data",
      hint: "write the migration by hand, or without aim:data blocks",
    });
  }
  const middle = await inspect(project, database);
  const names = wordsOf(sql, project);
  const plain = { ...hints, renames: [] };
  const asked = await planWay(project, database, middle, to, plain);
  const settled = asked.choices.filter((choice) => isSettled(choice, names, project));
  const answers = new Map(hints.answers);
  for (const { id, ifEmpty } of settled) {
    if (ifEmpty !== undefined) answers.set(id, { option: ifEmpty, by: "policy" });
  }
  const rest = settled.length === 0
    ? asked
    : await planWay(project, database, middle, to, { ...plain, answers });
  const ids = new Set(settled.map(({ id }) => id));
  const whole = sql.map((text): PlannedStatement => {
    const serves = servedBy(text, middle, project);
    return {
      sql: text,
      serves,
      reason: { action: "describe", text: "moves rows" },
      transactional: true,
      ...hints.isDown !== true && deletedTable(text) !== null && keeps === "nothing"
        ? { destroys: `rows of table ${deletedTable(text)}` }
        : {},
    };
  });
  const moves = inOneGo ? whole : await inBatches(project, middle, whole);
  return {
    ...first,
    ...moves.some(({ transactional }) => !transactional) ? { middle } : {},
    statements: [
      ...first.statements,
      ...moves,
      ...rest.statements.map((one) => withoutLoss(one, { names, middle, to, keeps }, project)),
    ],
    choices: [...first.choices, ...rest.choices.filter(({ id }) => !ids.has(id))],
    states: [...first.states],
  };
}

/** Kinds that nothing is put into, so that they can wait: what reads rows, or runs when they change, and what they must fit. */
const LATER =
  /^(?:constraint|index|view|materialized view|trigger|event trigger|rule|policy|function|procedure|aggregate|statistics)$/;

/** The schema before with all that is new and can hold rows; new columns take rows without a value. */
function withRoom(from: Snapshot, to: Snapshot, { renames }: Hints): Snapshot {
  const objects = new Map(from.objects);
  const isRenamed = (object: SchemaObject) => renames.some((one) => goesBy(object.name, one.from));
  for (const [id, object] of from.objects) {
    if (!to.objects.has(id) && chainOf(object, from.objects).some(isRenamed)) objects.delete(id);
  }
  const add = (object: SchemaObject): void => {
    if (objects.has(object.id)) return;
    const isNewHome = object.parent !== null && !from.objects.has(object.parent);
    objects.set(object.id, object.kind === "column" && !isNewHome ? loosened(object) : object);
    for (const id of object.dependsOn) {
      const needed = to.objects.get(id);
      if (needed !== undefined) add(needed);
    }
  };
  for (const object of to.objects.values()) {
    const isNewHome = object.parent !== null && !from.objects.has(object.parent) &&
      to.objects.get(object.parent)?.kind !== "schema";
    if (!LATER.test(object.kind) || isNewHome && object.kind !== "trigger") add(object);
  }
  return { ...to, objects };
}

function chainOf(
  object: SchemaObject,
  objects: Snapshot["objects"],
): readonly SchemaObject[] {
  const parent = object.parent === null ? undefined : objects.get(object.parent);
  return parent === undefined ? [object] : [object, ...chainOf(parent, objects)];
}

/** A column that rows need no value for. */
function loosened(column: SchemaObject): SchemaObject {
  const facts = Object.fromEntries(
    Object.entries(column.facts).filter(([key]) => !key.startsWith("not_null")),
  );
  const { style: _, ...plain } = column;
  return { ...plain, facts };
}

/** The names in statements, as the catalog compares them. */
function wordsOf(sql: readonly string[], { engine }: Project): ReadonlySet<string> {
  return new Set(sql.flatMap((text) =>
    tokensOf(text, engine.lexicon)
      .filter(({ kind }) => kind === "word" || kind === "name")
      .map(({ start, end }) => engine.nameKey(bare(text.slice(start, end), engine)))
  ));
}

function bare(text: string, { foldName }: Project["engine"]): string {
  return /^["`[]/.test(text) ? text.slice(1, -1).replaceAll('""', '"') : foldName(text);
}

/** A question about rows of a table that the statements speak of: they put these rows right, which the proof shows. */
function isSettled(
  { answer, ifEmpty, id }: Choice,
  names: ReadonlySet<string>,
  { engine }: Project,
): boolean {
  if (answer !== null || ifEmpty === undefined) return false;
  return splitName(id.slice(id.indexOf(":") + 1)).some((part) => names.has(engine.nameKey(part)));
}

/** The tables that a statement speaks of. */
function servedBy(sql: string, { objects }: Snapshot, project: Project): readonly string[] {
  const names = wordsOf([sql], project);
  return [...objects.values()].filter(({ kind, name }) =>
    kind === "table" && names.has(project.engine.nameKey(lastName(name)))
  ).map(({ id }) => id);
}

/** Without the word that data is destroyed, where all that it drops was moved before. */
function withoutLoss(
  statement: PlannedStatement,
  { names, middle, to, keeps }: Pick<DataWay, "to" | "keeps"> & {
    readonly names: ReadonlySet<string>;
    readonly middle: Snapshot;
  },
  { engine }: Project,
): PlannedStatement {
  if (statement.destroys === undefined || keeps === "nothing") return statement;
  const gone = statement.serves.filter((id) => middle.objects.has(id) && !to.objects.has(id));
  const whole = gone.filter((id) => !gone.includes(middle.objects.get(id)?.parent ?? ""));
  const own = (whole.length > 0 ? whole : statement.serves.slice(0, 1))
    .map((id) => lastName(id.slice(id.indexOf(":") + 1)));
  if (keeps === "named" && !own.every((name) => names.has(engine.nameKey(name)))) return statement;
  const { destroys: _, reversible: __, ...kept } = statement;
  return kept;
}
