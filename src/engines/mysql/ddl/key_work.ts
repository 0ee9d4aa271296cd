/** What ALTER TABLE does to the keys, indexes and checks of a table. */

import { lastName } from "../../../core/name.ts";
import type { Reason } from "../../../core/reason.ts";
import type { SchemaObject } from "../../../core/snapshot.ts";
import type { PlannedStatement } from "../../../core/statement.ts";
import { becomes, ceases, created, dropped, replaced } from "../../common/statement.ts";
import type { TableChange } from "../../common/table_change.ts";
import type { PlanContext } from "../../object_kind.ts";
import { factsOf } from "../facts.ts";
import { isMariadb } from "../family.ts";
import type { ColumnWork } from "./column_work.ts";
import { constraintText } from "./constraint_text.ts";
import { deduplicate } from "./deduplicate.ts";
import { dropIndex, indexText } from "./index_text.ts";
import { checkFacts, indexColumns, nameOf } from "./member.ts";
import { mentions } from "./mentioned_names.ts";

/** What is to be done. */
export interface KeyWork {
  /** Rows that go first. */
  readonly before: readonly PlannedStatement[];
  /** Dropped by a statement of their own, before the others. */
  readonly first: readonly string[];
  readonly drops: readonly string[];
  readonly adds: readonly string[];
  /** Added once the columns have their values. */
  readonly late: readonly string[];
  /** Added by a statement each: InnoDB builds one FULLTEXT index at a time. */
  readonly alone: readonly string[];
  readonly reasons: readonly Reason[];
  readonly served: readonly SchemaObject[];
}

/** Settles it, given what is done to the columns. */
export function keyWork(
  { before, after, columns, constraints }: TableChange,
  work: ColumnWork,
  context: PlanContext,
): KeyWork {
  const mariadb = isMariadb(context.to);
  const gone = new Set(columns.dropped.map(({ name }) => lastName(name)));
  const switched = constraints.changed.flatMap((one) => switchOf(one, mariadb) ?? []);
  const changed = constraints.changed.filter((one) => switchOf(one, mariadb) === null);
  const differing = new Set(constraints.changed.map(({ after }) => after.id));
  const surfaces = new Set([
    ...work.untyped,
    ...columns.changed.filter(({ before, after }) =>
      factsOf(before, "column").srid !== factsOf(after, "column").srid
    ).map(({ after }) => lastName(after.name)),
  ]);
  const losesBlockSize = blockSizeOf(before) !== undefined &&
    blockSizeOf(before) !== blockSizeOf(after);
  const touched = constraints.to.filter((one) =>
    !differing.has(one.id) && constraints.from.some(({ id }) => id === one.id) &&
    (touches(one, work.recreated) || isSpatial(one) && touches(one, surfaces) ||
      losesBlockSize && one.kind === "index" && blockSizeOf(one) === undefined)
  );
  const leaving = [...constraints.dropped, ...changed.map(({ before }) => before), ...touched];
  const coming = inOrder(
    [...constraints.added, ...changed.map(({ after }) => after), ...touched],
    constraints.to,
  );
  const late = coming.filter((one) => one.kind === "index" && touches(one, work.late));
  const alone = [late, coming.filter((one) => !late.includes(one))]
    .flatMap((list) => list.filter(isFulltext).slice(1));
  const isFirst = (one: SchemaObject) =>
    isSpatial(one) && touches(one, surfaces) || touches(one, work.firstDropped) ||
    changed.some(({ before, after }) => before.id === one.id && isOtherParser(before, after));
  const drops = leaving.filter((one) => !goesWithColumns(one, gone));
  const text = (one: SchemaObject) =>
    `ADD ${one.kind === "index" ? indexText(one, mariadb) : constraintText(one)}`;
  return {
    before: coming.filter((one) => !touched.includes(one))
      .flatMap((one) => deduplicate(one, context))
      .concat(otherCharacters(columns.changed, constraints, context)),
    first: drops.filter(isFirst).map((one) => dropText(one, mariadb)),
    drops: drops.filter((one) => !isFirst(one)).map((one) => dropText(one, mariadb)),
    adds: [
      ...switched.map(({ clause }) => clause),
      ...coming.filter((one) => !late.includes(one) && !alone.includes(one)).map(text),
    ],
    late: late.filter((one) => !alone.includes(one)).map(text),
    alone: alone.map(text),
    reasons: [
      ...constraints.dropped.map(dropped),
      ...constraints.added.map(created),
      ...changed.map(({ after }) => replaced(after)),
      ...switched.map(({ reason }) => reason),
    ],
    served: [
      ...constraints.dropped,
      ...constraints.added,
      ...constraints.changed.map(({ after }) => after),
    ],
  };
}

function isFulltext(object: SchemaObject): boolean {
  return object.kind === "index" && factsOf(object, "index").type === "fulltext";
}

/** A key has that of its table from when it was made, and keeps it as its own when the table gets another. */
function blockSizeOf({ facts }: SchemaObject): string | undefined {
  return (facts.options as Readonly<Record<string, string>> | undefined)?.key_block_size;
}

function isSpatial(object: SchemaObject): boolean {
  return object.kind === "index" && factsOf(object, "index").type === "spatial";
}

/** True for an index of texts that gets another parser: the server takes it for the one that the same statement drops. */
function isOtherParser(before: SchemaObject, after: SchemaObject): boolean {
  return before.kind === "index" &&
    factsOf(before, "index").parser !== factsOf(after, "index").parser;
}

function inOrder(
  list: readonly SchemaObject[],
  order: readonly SchemaObject[],
): readonly SchemaObject[] {
  return order.filter((one) => list.includes(one));
}

/** The clause for one that is only made visible or invisible, enforced or not; null for any other change. */
function switchOf(
  { before, after }: { readonly before: SchemaObject; readonly after: SchemaObject },
  mariadb: boolean,
): { readonly clause: string; readonly reason: Reason } | null {
  const fact = before.kind === "index" ? "invisible" : "not_enforced";
  const { [fact]: _, ...had } = before.facts;
  const { [fact]: isSet, ...has } = after.facts;
  if (JSON.stringify(had) !== JSON.stringify(has)) return null;
  const isOff = isSet === true;
  if (before.kind === "index") {
    const word = mariadb ? (isOff ? "IGNORED" : "NOT IGNORED") : (isOff ? "INVISIBLE" : "VISIBLE");
    return {
      clause: `ALTER INDEX ${nameOf(after)} ${word}`,
      reason: (isOff ? becomes : ceases)(after, mariadb ? "ignored" : "invisible"),
    };
  }
  return {
    clause: `ALTER CHECK ${nameOf(after)} ${isOff ? "NOT ENFORCED" : "ENFORCED"}`,
    reason: (isOff ? ceases : becomes)(after, "enforced"),
  };
}

/** True for an index or a check over some of the columns. */
function touches(object: SchemaObject, columns: ReadonlySet<string>): boolean {
  if (columns.size === 0) return false;
  const check = checkFacts(object);
  const expressions = check !== null ? [check.expression] : factsOf(object, "index").columns
    .flatMap(({ expression }) => expression ?? []);
  return check === null && indexColumns(object).some((column) => columns.has(column)) ||
    expressions.some((expression) => [...columns].some((column) => mentions(expression, column)));
}

/** True for an index that the server drops with its last column. */
function goesWithColumns(object: SchemaObject, gone: ReadonlySet<string>): boolean {
  if (object.kind !== "index" || gone.size === 0) return false;
  const parts = factsOf(object, "index").columns;
  return parts.every(({ column }) => column !== undefined && gone.has(column));
}

function dropText(object: SchemaObject, mariadb: boolean): string {
  if (object.kind === "index") return dropIndex(object);
  return `DROP ${mariadb ? "CONSTRAINT" : "CHECK"} ${nameOf(object)}`;
}

/** Keys that stay over columns in which values become equal by another collation. */
function otherCharacters(
  changed: TableChange["columns"]["changed"],
  constraints: TableChange["constraints"],
  context: PlanContext,
): readonly PlannedStatement[] {
  const names = new Set(
    changed.filter(({ before, after }) => {
      const [had, has] = [factsOf(before, "column"), factsOf(after, "column")];
      return had.collation !== undefined && has.collation !== undefined &&
        had.collation !== has.collation && !has.collation.endsWith("_bin");
    }).map(({ after }) => lastName(after.name)),
  );
  if (names.size === 0) return [];
  const kept = constraints.to.filter((one) =>
    one.kind === "index" && constraints.from.some(({ id }) => id === one.id) && touches(one, names)
  );
  return kept.flatMap((one) => deduplicate(one, context));
}
