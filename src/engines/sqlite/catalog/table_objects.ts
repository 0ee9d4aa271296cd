/** A table, its columns and its constraints as objects. */

import { objectId, type SchemaObject } from "../../../schema.ts";
import { canonicalName } from "../expression.ts";
import { fold, type Token } from "../tokens.ts";
import { joined, written } from "./written.ts";
import { type Catalog, makeObject, namesOf, tableExpression } from "./scope.ts";
import type { ColumnText, ConstraintText, Fragment, KeyPart, TableText } from "./table_text.ts";

/** The objects of one table: the table first, then its columns, then its constraints. */
export function tableObjects(table: TableText, catalog: Catalog): readonly SchemaObject[] {
  const id = objectId("table", fold(table.name));
  const required = implicitlyRequired(table);
  const known = namesOf(table);
  return [
    makeObject({
      id,
      kind: "table",
      name: table.name,
      parent: null,
      facts: { strict: table.strict, withoutRowid: table.withoutRowid },
      style: { options: table.options.length === 0 ? null : written(table.options, known) },
      needs: [],
      goesWith: [],
    }),
    ...table.columns.map((column, position) =>
      columnObject(column, position, { id, table, required: required.has(fold(column.name)) })
    ),
    ...constraintObjects(table, id, catalog),
  ];
}

/** Columns that are NOT NULL without saying so: those of the primary key where there is no rowid. */
function implicitlyRequired(table: TableText): ReadonlySet<string> {
  if (!table.withoutRowid) return new Set();
  return new Set(
    table.constraints.flatMap((constraint) =>
      constraint.type === "primary key" ? constraint.columns.map((part) => fold(part.column)) : []
    ),
  );
}

function columnObject(
  column: ColumnText,
  position: number,
  { id, table, required }: { id: string; table: TableText; required: boolean },
): SchemaObject {
  const known = namesOf(table);
  const collate = column.collate === null ? null : fold(column.collate);
  return makeObject({
    id: objectId("column", `${fold(table.name)}.${fold(column.name)}`),
    kind: "column",
    name: `${table.name}.${column.name}`,
    parent: id,
    facts: {
      type: typeText(column.type.tokens),
      notNull: column.notNull !== null || required,
      notNullOnConflict: column.notNull?.onConflict ?? null,
      notNullName: column.notNull?.name === null || column.notNull === null
        ? null
        : fold(column.notNull.name),
      default: column.default === null ? null : defaultText(column.default, table),
      collate: collate === "binary" ? null : collate,
      generated: column.generated === null
        ? null
        : tableExpression(column.generated.expression, table),
      stored: column.generated?.stored ?? null,
    },
    style: {
      type: column.type.tokens.length === 0 ? null : joined(column.type.tokens),
      clauses: column.clauses.map((clause) => written(clause, known)),
    },
    needs: [id],
    goesWith: [id],
    position,
  });
}

/** A declared type in capitals: its case tells nothing to SQLite, while its words are what drivers map by. */
function typeText(tokens: readonly Token[]): string | null {
  if (tokens.length === 0) return null;
  let text = "";
  for (const [at, token] of tokens.entries()) {
    const plain = token.kind === "quoted" && /^[A-Za-z]\w*$/.test(token.value);
    const glued = at === 0 || /^[(),[]/.test(token.text) || /[(+-]$/.test(text);
    text += `${glued ? "" : " "}${(plain ? token.value : token.text).toUpperCase()}`;
  }
  return text.replaceAll(",", ", ");
}

/** A constant without parentheses, anything else in them. */
function defaultText(fragment: Fragment, table: TableText): string {
  const inside = fragment.tokens[0]?.text === "(" ? fragment.tokens.slice(1, -1) : fragment.tokens;
  const [first, second] = inside;
  const signed = first?.text === "-" || first?.text === "+";
  const constant = inside.length === (signed ? 2 : 1) ? (signed ? second : first) : undefined;
  if (constant === undefined) {
    return `(${tableExpression({ ...fragment, tokens: inside }, noColumns(table))})`;
  }
  const sign = first?.text === "-" ? "-" : "";
  switch (constant.kind) {
    case "quoted":
      return `'${constant.value.replaceAll("'", "''")}'`;
    case "name": {
      const word = fold(constant.text);
      if (LITERALS.has(word)) return word.toUpperCase();
      return `'${constant.text}'`;
    }
    case "number":
      return `${sign}${constant.text.toLowerCase()}`;
    case "blob":
      return `x${constant.text.slice(1).toLowerCase()}`;
    default:
      return constant.text;
  }
}

const LITERALS = new Set([
  "null",
  "true",
  "false",
  "current_date",
  "current_time",
  "current_timestamp",
]);

/** A default sees no columns. */
function noColumns(table: TableText): TableText {
  return { ...table, name: "", columns: [] };
}

function constraintObjects(
  table: TableText,
  parent: string,
  catalog: Catalog,
): readonly SchemaObject[] {
  const taken = new Set<string>();
  return table.constraints.map((constraint, place) => {
    const facts = constraintFacts(constraint, table);
    const key = constraint.name === null ? stableKey(constraint, facts) : fold(constraint.name);
    let unique = key;
    for (let count = 2; taken.has(unique); count++) unique = `${key} #${count}`;
    taken.add(unique);
    const label = constraint.name === null
      ? unique
      : `${constraint.name}${unique.slice(key.length)}`;
    const needs = [parent];
    for (const column of columnsOf(constraint)) {
      needs.push(objectId("column", `${fold(table.name)}.${fold(column)}`));
    }
    if (constraint.type === "foreign key") {
      const referenced = catalog.relations.get(fold(constraint.table));
      if (referenced !== undefined && referenced !== parent) needs.push(referenced);
    }
    return makeObject({
      id: objectId("constraint", `${fold(table.name)}.${unique}`),
      kind: "constraint",
      name: `${table.name}.${label}`,
      parent,
      facts,
      style: { place, ...constraintStyle(constraint, table) },
      needs,
      goesWith: [parent],
    });
  });
}

function columnsOf(constraint: ConstraintText): readonly string[] {
  switch (constraint.type) {
    case "primary key":
    case "unique":
      return constraint.columns.map((part) => part.column);
    case "foreign key":
      return constraint.columns;
    case "check":
      return constraint.column === null ? [] : [constraint.column];
  }
}

function constraintFacts(
  constraint: ConstraintText,
  table: TableText,
): Readonly<Record<string, SchemaObject["facts"][string] | null>> {
  const name = constraint.name === null ? null : fold(constraint.name);
  switch (constraint.type) {
    case "primary key":
    case "unique":
      return {
        type: constraint.type,
        name,
        columns: constraint.columns.map((part) => keyPartText(part, table)),
        onConflict: constraint.onConflict,
        autoincrement: constraint.autoincrement,
        notRowid: isInlineDescendingInteger(constraint, table),
      };
    case "check":
      return { type: "check", name, expression: tableExpression(constraint.expression, table) };
    case "foreign key":
      return {
        type: "foreign key",
        name,
        columns: constraint.columns.map(fold),
        table: fold(constraint.table),
        references: constraint.references?.map(fold) ?? null,
        onDelete: constraint.onDelete,
        onUpdate: constraint.onUpdate,
        match: constraint.match === "simple" ? null : constraint.match,
        deferred: constraint.deferred,
      };
  }
}

/** `INTEGER PRIMARY KEY DESC` in a column is not the rowid, unlike all other spellings (manual, "ROWIDs and the INTEGER PRIMARY KEY"). */
function isInlineDescendingInteger(constraint: ConstraintText, table: TableText): boolean {
  if (constraint.type !== "primary key" || !constraint.inline || table.withoutRowid) return false;
  const part = constraint.columns[0];
  const column = table.columns.find((one) => one.name === part?.column);
  return part?.descending === true && typeText(column?.type.tokens ?? []) === "INTEGER";
}

function keyPartText(part: KeyPart, table: TableText): string {
  const own = table.columns.find((column) => fold(column.name) === fold(part.column))?.collate;
  const collate = part.collate === null ? null : fold(part.collate);
  const differs = collate !== null && collate !== fold(own ?? "binary");
  return canonicalName(part.column) + (differs ? ` COLLATE ${canonicalName(collate)}` : "") +
    (part.descending ? " DESC" : "");
}

/** What names a constraint that has no name: what it is about. */
function stableKey(
  constraint: ConstraintText,
  facts: Readonly<Record<string, SchemaObject["facts"][string] | null>>,
): string {
  switch (constraint.type) {
    case "primary key":
      return "primary key";
    case "check":
      return `check (${facts.expression})`;
    case "unique":
    case "foreign key":
      return `${constraint.type} (${columnsOf(constraint).map(fold).join(", ")})`;
  }
}

function constraintStyle(
  constraint: ConstraintText,
  table: TableText,
): Readonly<Record<string, SchemaObject["facts"][string] | null>> {
  const text = written(constraint.tokens, namesOf(table));
  return {
    text,
    inline: constraint.inline,
    column: constraint.type === "check" ? constraint.column : null,
    name: constraint.name,
  };
}
