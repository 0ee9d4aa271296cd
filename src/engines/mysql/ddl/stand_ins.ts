/** A view whose tables, or columns of them, are gone stays where it is, but is only created where they are: others stand in for them meanwhile. */

import { joinName, lastName } from "../../../core/name.ts";
import { objectId, type SchemaObject, type Snapshot } from "../../../core/snapshot.ts";
import type { PlannedStatement } from "../../../core/statement.ts";
import { subjectOf } from "../../common/statement.ts";
import { columnsRead } from "../catalog/columns_read.ts";
import { fold } from "../catalog/scope.ts";
import { factsOf, styleOf } from "../facts.ts";
import { quote } from "../quote.ts";
import { alterText, definition } from "./statement.ts";

/** A view as it was, and all that there was with it. */
interface Former {
  readonly before: SchemaObject;
  readonly from: Snapshot;
}

/** The statements with others around them, by which there is for a while what the view reads and the schema has no more. */
export function withStandIns(
  view: SchemaObject,
  to: Snapshot,
  statements: readonly PlannedStatement[],
  former?: Former,
): readonly PlannedStatement[] {
  const missing = [...missingOf(view, to, new Map(), new Set())].filter(([name, columns]) =>
    former === undefined || to.objects.has(objectId("table", joinName(name))) ||
    !isStillThere(name, columns, former)
  );
  if (missing.length === 0) return statements;
  const lists = missing.map(([name, columns]) => around(view, name, { columns, to }));
  return [
    ...lists.map(([first]) => first),
    ...statements,
    ...lists.map(([, last]) => last).toReversed(),
  ];
}

/** True for a table that goes behind the view, which has read it so far, and holds all that it reads now. */
function isStillThere(
  name: string,
  columns: ReadonlySet<string>,
  { before, from }: Former,
): boolean {
  return before.dependsOn.includes(objectId("table", joinName(name))) &&
    [...columns].every((column) =>
      from.objects.has(objectId("column", joinName(name, fold(column))))
    );
}

/** Names of tables that stand in while a view is created, and so must be free. */
export function standInsOf(view: SchemaObject): readonly string[] {
  return styleOf(view, "view").is_broken === true
    ? [...columnsRead(factsOf(view, "view").query).keys()]
    : [];
}

/** Columns by table: of one that is there those that it lacks, of another all that are read. Views that it reads may be broken as well. */
function missingOf(
  view: SchemaObject,
  to: Snapshot,
  found: Map<string, Set<string>>,
  seen: Set<string>,
): ReadonlyMap<string, ReadonlySet<string>> {
  if (styleOf(view, "view").is_broken !== true || seen.has(view.id)) return found;
  seen.add(view.id);
  for (const [name, columns] of columnsRead(factsOf(view, "view").query)) {
    const below = to.objects.get(objectId("view", joinName(name)));
    if (below !== undefined) {
      missingOf(below, to, found, seen);
      continue;
    }
    const isThere = to.objects.has(objectId("table", joinName(name)));
    const lacking = [...columns].filter((column) =>
      !isThere || !to.objects.has(objectId("column", joinName(name, fold(column))))
    );
    if (isThere && lacking.length === 0) continue;
    found.set(name, new Set([...found.get(name) ?? [], ...lacking]));
  }
  return found;
}

/** What comes before the view, and what after it. */
function around(
  view: SchemaObject,
  name: string,
  { columns, to }: { readonly columns: ReadonlySet<string>; readonly to: Snapshot },
): readonly [PlannedStatement, PlannedStatement] {
  const table = { kind: "table", name: joinName(name) };
  const because = { cause: "change", object: subjectOf(view), action: "create" } as const;
  const names = columns.size === 0 ? ["stand_in"] : [...columns];
  if (!to.objects.has(objectId("table", table.name))) {
    const list = names.map((column) => `${quote(column)} int`).join(", ");
    return [
      definition(`CREATE TABLE ${quote(name)} (${list})`, view, {
        action: "create",
        object: table,
        because,
      }),
      definition(`DROP TABLE ${quote(name)}`, view, { action: "drop", object: table, because }),
    ];
  }
  const clauses = (word: string, type: string) =>
    names.map((column) => `${word} COLUMN ${quote(column)}${type}`);
  const object = { kind: "column", name: joinName(lastName(table.name), names[0] ?? "") };
  return [
    definition(alterText(name, clauses("ADD", " int")), view, {
      action: "create",
      object,
      because,
    }),
    definition(alterText(name, clauses("DROP", "")), view, { action: "drop", object, because }),
  ];
}
