/** A SQLite schema as one of no dialect. */

import { lastName } from "../../../core/name.ts";
import type { SchemaObject, Snapshot } from "../../../core/snapshot.ts";
import type {
  Adapted,
  LogicalType,
  NeutralCheck,
  NeutralColumn,
  NeutralForeignKey,
  NeutralIndex,
  NeutralKey,
  NeutralPart,
  NeutralTable,
  NeutralTrigger,
  NeutralView,
  ReferenceAction,
} from "../../convert/neutral.ts";
import { Notes } from "../../convert/notes.ts";
import { parseBody, parseExpression, parseQuery, withCursor } from "../../convert/parse.ts";
import { expressionAt } from "../../convert/parse_expression.ts";
import type { Reading } from "../../convert/reading.ts";
import { respelled } from "../../convert/respell.ts";
import { call, type Expression, Untranslatable } from "../../convert/tree.ts";
import { factsOf, styleOf } from "../facts.ts";
import { fold } from "../tokens.ts";
import { readingOf } from "./speech.ts";
import { typeOf } from "./types.ts";

interface Scope {
  readonly objects: readonly SchemaObject[];
  readonly reading: Reading;
  readonly notes: Notes;
}

/** Reads all that can be said elsewhere; notes name the rest. */
export function readSchema({ objects, unmodelled }: Snapshot): Adapted {
  const notes = new Notes();
  const all = [...objects.values()];
  const names = all.filter(({ kind }) => ["table", "column", "view"].includes(kind))
    .map(({ name }) => fold(lastName(name)));
  const scope = { objects: all, reading: readingOf(new Set(names)), notes };
  for (const { kind, name } of unmodelled) {
    notes.dropped(`${kind} ${name}`, "aim does not model it");
  }
  for (const object of all) {
    if (object.kind !== "virtual table") continue;
    notes.dropped(
      `virtual table ${object.name}`,
      `the module ${factsOf(object, "virtual table").module} has no equal`,
    );
  }
  const of = (kind: string) => all.filter((one) => one.kind === kind);
  const schema = {
    tables: of("table").map((table) => readTable(table, scope)),
    views: of("view").flatMap((view) => readView(view, scope)),
    triggers: of("trigger").flatMap((trigger) => readTrigger(trigger, scope)),
    sequences: [],
  };
  return { schema: withReferences(respelled(schema)), notes: notes.all };
}

/** A foreign key that names no columns means the primary key. */
function withReferences<S extends { readonly tables: readonly NeutralTable[] }>(schema: S): S {
  const keys = new Map(schema.tables.map(({ name, primaryKey }) => [
    name,
    (primaryKey?.parts ?? []).flatMap(({ expression }) =>
      expression.node === "column" ? expression.path : []
    ),
  ]));
  const tables = schema.tables.map((table) => ({
    ...table,
    foreignKeys: table.foreignKeys.map((key) =>
      key.references.length > 0 ? key : { ...key, references: keys.get(key.table) ?? [] }
    ),
  }));
  return { ...schema, tables };
}

function readTable(table: SchemaObject, { objects, reading, notes }: Scope): NeutralTable {
  const { name } = table;
  const members = objects.filter(({ parent }) => parent === table.id);
  const constraints = members.filter(({ kind }) => kind === "constraint")
    .sort((a, b) => (styleOf(a, "constraint").place ?? 0) - (styleOf(b, "constraint").place ?? 0))
    .map((one) => factsOf(one, "constraint"));
  const keys = (type: "primary key" | "unique") =>
    constraints.flatMap((facts): readonly NeutralKey[] => {
      if (facts.type !== type) return [];
      const parts = facts.columns.map((text) => partOf(text, reading));
      return [{ name: facts.name ?? null, parts }];
    });
  const primaryKey = keys("primary key")[0] ?? null;
  const rowid = rowidColumn(table, members, primaryKey);
  const columns = members.filter(({ kind }) => kind === "column")
    .sort((a, b) => (a.position ?? 0) - (b.position ?? 0))
    .map((column) => readColumn(column, { table: name, reading, notes, rowid }));
  return {
    name,
    path: [name],
    columns,
    primaryKey,
    uniques: keys("unique"),
    foreignKeys: constraints.flatMap((facts): readonly NeutralForeignKey[] =>
      facts.type !== "foreign key" ? [] : [{
        name: facts.name ?? null,
        columns: facts.columns,
        table: facts.table,
        references: facts.references ?? [],
        onDelete: actionOf(facts.on_delete),
        onUpdate: actionOf(facts.on_update),
        isDeferred: facts.deferred === true,
      }]
    ),
    checks: constraints.flatMap((facts): readonly NeutralCheck[] => {
      if (facts.type !== "check") return [];
      const label = `check ${name}.${facts.name ?? facts.expression.slice(0, LONGEST_LABEL)}`;
      const condition = notes.attempt(label, () => parseExpression(facts.expression, reading));
      return condition === null ? [] : [{ name: facts.name ?? null, condition }];
    }),
    indexes: objects.flatMap((one) =>
      one.kind === "index" && fold(factsOf(one, "index").table) === fold(name)
        ? readIndex(one, name, { objects, reading, notes })
        : []
    ),
    comment: null,
  };
}

/** Of an expression that stands for a name, in characters. */
const LONGEST_LABEL = 60;

function actionOf(text: string | undefined): ReferenceAction {
  return (text?.toLowerCase() ?? "no action") as ReferenceAction;
}

/** The column that is the rowid, in small letters: its numbers come by themselves. */
function rowidColumn(
  table: SchemaObject,
  members: readonly SchemaObject[],
  key: NeutralKey | null,
): string | null {
  if (factsOf(table, "table").without_rowid === true || key?.parts.length !== 1) return null;
  const [only] = key.parts;
  if (only?.expression.node !== "column") return null;
  const name = fold(only.expression.path[0] ?? "");
  const isOther = members.some((one) => {
    if (one.kind !== "constraint") return false;
    const facts = factsOf(one, "constraint");
    return facts.type === "primary key" && facts.not_rowid === true;
  });
  const column = members.find((one) => one.kind === "column" && fold(lastName(one.name)) === name);
  const isInteger = column !== undefined && factsOf(column, "column").type === "INTEGER";
  return isInteger && !isOther ? name : null;
}

function readColumn(
  column: SchemaObject,
  { table, reading, notes, rowid }: {
    readonly table: string;
    readonly reading: Reading;
    readonly notes: Notes;
    readonly rowid: string | null;
  },
): NeutralColumn {
  const facts = factsOf(column, "column");
  const name = lastName(column.name);
  const label = `column ${table}.${name}`;
  const type = typeOf(facts.type ?? "");
  const { default: text, generated } = facts;
  const isRowid = fold(name) === rowid;
  const fallback = text === undefined || /^\(?NULL\)?$/i.test(text)
    ? null
    : notes.attempt(`default of ${label}`, () =>
      isUuid(text) ? call("uuid") : typed(parseExpression(text, reading), type));
  const made = generated === undefined
    ? null
    : notes.attempt(`expression of ${label}`, () => parseExpression(generated, reading));
  return {
    name,
    type,
    isRequired: facts.not_null === true || isRowid,
    fallback,
    generated: made === null ? null : { expression: made, isStored: facts.stored === true },
    counter: isRowid ? "by default" : null,
    touched: false,
    isCaseless: facts.collate === "nocase",
    comment: null,
  };
}

/** True for the usual way to make a random UUID. */
function isUuid(text: string): boolean {
  return /hex\(randomblob\(4\)\) *\|\| *'-'.*'-4'.*randomblob\(6\)/is.test(text);
}

/** A constant of another type than the column's is stored as one of it. */
function typed(value: Expression, type: LogicalType): Expression {
  const isNumeric = ["int", "decimal", "float", "bool"].includes(type.kind);
  if (value.node === "string" && isNumeric && /^-?\d+(?:\.\d+)?$/.test(value.value)) {
    return { node: "number", text: value.value };
  }
  if (value.node === "string" && isNumeric) {
    if (type.kind === "bool" && /^(?:true|false)$/i.test(value.value)) {
      return { node: "bool", value: value.value.toLowerCase() === "true" };
    }
    throw new Untranslatable(`'${value.value}' is no number`);
  }
  if (value.node === "number" && (type.kind === "text" || type.kind === "json")) {
    return { node: "string", value: value.text };
  }
  return value;
}

/** `email COLLATE nocase DESC` */
function partOf(text: string, reading: Reading): NeutralPart {
  return withCursor(text, reading, (cursor) => {
    const expression = expressionAt(cursor);
    const isDescending = cursor.takes("DESC");
    if (!isDescending) cursor.takes("ASC");
    cursor.takes("AUTOINCREMENT");
    return { expression, length: null, isDescending };
  });
}

function readIndex(
  index: SchemaObject,
  table: string,
  { reading, notes }: Scope,
): readonly NeutralIndex[] {
  const { columns, where, unique } = factsOf(index, "index");
  const read = notes.attempt(`index ${table}.${index.name}`, () => ({
    parts: columns.map((text) => partOf(text, reading)),
    where: where === undefined ? null : parseExpression(where, reading),
  }));
  if (read === null) return [];
  return [{ name: index.name, isUnique: unique === true, ...read, kind: "plain" }];
}

function readView(view: SchemaObject, { reading, notes }: Scope): readonly NeutralView[] {
  const facts = factsOf(view, "view");
  const style = styleOf(view, "view");
  const query = notes.attempt(`view ${view.name}`, () => parseQuery(facts.query, reading));
  return query === null
    ? []
    : [{ name: view.name, columns: style.columns ?? facts.columns ?? null, query }];
}

function readTrigger(
  trigger: SchemaObject,
  { objects, reading, notes }: Scope,
): readonly NeutralTrigger[] {
  const facts = factsOf(trigger, "trigger");
  const table = objects.find(({ kind, name }) => kind === "table" && fold(name) === fold(facts.on));
  const label = `trigger ${table?.name ?? facts.on}.${trigger.name}`;
  const read = notes.attempt(label, () => {
    const { timing, event } = facts;
    if (table === undefined || (timing !== "before" && timing !== "after")) {
      throw new Untranslatable("a trigger of a view has no equal");
    }
    if (event !== "insert" && event !== "update" && event !== "delete") {
      throw new Untranslatable(`a trigger on ${event} has no equal`);
    }
    const when = facts.when === undefined ? null : parseExpression(facts.when, reading);
    return {
      name: trigger.name,
      table: table.name,
      timing: timing as "before" | "after",
      events: [event as "insert" | "update" | "delete"],
      columns: facts.columns ?? [],
      when,
      steps: facts.body.flatMap((statement) => parseBody(statement, reading).steps),
    };
  });
  return read === null ? [] : [read];
}
