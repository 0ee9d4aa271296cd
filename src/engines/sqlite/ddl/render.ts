/** Tables, columns and constraints as SQL text. */

import type { SchemaObject } from "../../../schema.ts";
import { canonicalName } from "../expression.ts";
import { quote, quoteList } from "../quote.ts";
import { fold, isMark, isWord, tokenize } from "../tokens.ts";
import { withoutQualifier } from "../catalog/scope.ts";
import { has, listOf, localName, parentName, textOf } from "./read.ts";

/** A whole CREATE TABLE, one member a line, without the semicolon. `name` may differ from the table's own. */
export function tableText(
  table: SchemaObject,
  members: readonly SchemaObject[],
  name = table.name,
): string {
  const columns = columnsOf(members);
  const constraints = constraintsOf(members);
  const inline = (column: SchemaObject) =>
    constraints.filter((constraint) => inlineColumn(constraint) === fold(localName(column)));
  const lines = [
    ...columns.map((column) => columnText(column, inline(column))),
    ...constraints.filter((constraint) => inlineColumn(constraint) === null).map(constraintText),
  ];
  const options = [
    ...has(table.facts, "strict") ? ["STRICT"] : [],
    ...has(table.facts, "withoutRowid") ? ["WITHOUT ROWID"] : [],
  ];
  const tail = options.length === 0 ? "" : ` ${options.join(", ")}`;
  return `CREATE TABLE ${quote(name)} (\n${lines.map((line) => `  ${line}`).join(",\n")}\n)${tail}`;
}

/** The columns among the members of a table, in order. */
export function columnsOf(members: readonly SchemaObject[]): readonly SchemaObject[] {
  return members.filter((member) => member.kind === "column")
    .sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
}

/** The constraints among the members of a table, in the order of the text. */
export function constraintsOf(members: readonly SchemaObject[]): readonly SchemaObject[] {
  return members.filter((member) => member.kind === "constraint").sort((a, b) => {
    const [left, right] = [place(a), place(b)];
    return left === right ? (a.id < b.id ? -1 : 1) : left - right;
  });
}

/** Folded name of the column in whose definition a constraint stands; null when it stands by itself. */
export function inlineColumn(constraint: SchemaObject): string | null {
  const { facts, style } = constraint;
  const type = textOf(facts, "type");
  const columns = listOf(facts, "columns") ?? [];
  const only = columns.length === 1 ? columns[0] ?? "" : null;
  if (type === "primary key" || type === "unique") {
    if (has(facts, "notRowid")) return nameIn(only ?? "");
    if (only === null || / COLLATE /.test(only) || / DESC$/.test(only)) return null;
    return style === undefined || has(style, "inline") ? nameIn(only) : null;
  }
  if (type === "foreign key") {
    return only !== null && (style === undefined || has(style, "inline")) ? fold(only) : null;
  }
  return has(style, "inline") ? fold(textOf(style, "column") ?? "") : null;
}

/** A column definition with the constraints that stand in it. */
export function columnText(column: SchemaObject, inline: readonly SchemaObject[] = []): string {
  const { facts, style } = column;
  const type = textOf(style, "type") ?? textOf(facts, "type");
  const parts = [quote(localName(column)), ...type === null ? [] : [type]];
  const rest = [...constraintsOf(inline)];
  const done = new Set<string>();
  for (const clause of listOf(style, "order") ?? CLAUSES) {
    if (clause === "constraint") {
      const next = rest.shift();
      if (next !== undefined) parts.push(inlineText(next));
      continue;
    }
    const text = done.has(clause) ? null : clauseText(column, clause);
    done.add(clause);
    if (text !== null) parts.push(text);
  }
  return [...parts, ...rest.map(inlineText)].join(" ");
}

const CLAUSES = ["constraint", "notNull", "default", "collate", "generated"];

function clauseText(column: SchemaObject, clause: string): string | null {
  const { facts, style } = column;
  switch (clause) {
    case "notNull": {
      if (!has(facts, "notNull")) return null;
      const name = textOf(style, "notNullName") ?? textOf(facts, "notNullName");
      const conflict = textOf(facts, "notNullOnConflict");
      return label(name) + "NOT NULL" + onConflict(conflict);
    }
    case "null":
      return "NULL";
    case "default": {
      const value = textOf(style, "default") ?? textOf(facts, "default");
      return value === null ? null : `DEFAULT ${value}`;
    }
    case "collate": {
      const collate = textOf(style, "collate") ?? textOf(facts, "collate");
      return collate === null ? null : `COLLATE ${quote(collate)}`;
    }
    default: {
      const generated = textOf(facts, "generated");
      if (generated === null) return null;
      const written = textOf(style, "generated");
      if (written !== null) return unqualified(written, parentName(column));
      const kind = has(facts, "stored") ? "STORED" : "VIRTUAL";
      return `GENERATED ALWAYS AS (${generated}) ${kind}`;
    }
  }
}

/** A constraint as it stands in a column definition. */
function inlineText(constraint: SchemaObject): string {
  const { facts } = constraint;
  switch (textOf(facts, "type")) {
    case "primary key": {
      const descending = has(facts, "notRowid") ? " DESC" : "";
      const auto = has(facts, "autoincrement") ? " AUTOINCREMENT" : "";
      const conflict = onConflict(textOf(facts, "onConflict"));
      return `${named(constraint)}PRIMARY KEY${descending}${conflict}${auto}`;
    }
    case "unique":
      return `${named(constraint)}UNIQUE${onConflict(textOf(facts, "onConflict"))}`;
    case "foreign key":
      return named(constraint) + referencesText(constraint);
    default:
      return named(constraint) + checkText(constraint);
  }
}

/** A constraint as it stands by itself in a table. */
export function constraintText(constraint: SchemaObject): string {
  const { facts } = constraint;
  switch (textOf(facts, "type")) {
    case "primary key": {
      const auto = has(facts, "autoincrement") ? " AUTOINCREMENT" : "";
      const keys = `(${keyParts(constraint)}${auto})`;
      return `${named(constraint)}PRIMARY KEY ${keys}${onConflict(textOf(facts, "onConflict"))}`;
    }
    case "unique": {
      const conflict = onConflict(textOf(facts, "onConflict"));
      return `${named(constraint)}UNIQUE (${keyParts(constraint)})${conflict}`;
    }
    case "foreign key": {
      const columns = listOf(constraint.style, "columns") ?? listOf(facts, "columns") ?? [];
      return `${named(constraint)}FOREIGN KEY (${quoteList(columns)}) ${
        referencesText(constraint)
      }`;
    }
    default:
      return named(constraint) + checkText(constraint);
  }
}

/** Key columns with their collation and direction, in the author's letter case. */
function keyParts(constraint: SchemaObject): string {
  const written = listOf(constraint.style, "columns");
  return (listOf(constraint.facts, "columns") ?? []).map((part, at) => {
    const name = written?.[at];
    return name === undefined ? part : quote(name) + part.slice(canonicalName(name).length);
  }).join(", ");
}

function referencesText(constraint: SchemaObject): string {
  const { facts, style } = constraint;
  const table = textOf(style, "table") ?? textOf(facts, "table") ?? "";
  const columns = listOf(style, "references") ?? listOf(facts, "references");
  const target = `REFERENCES ${quote(table)}${columns === null ? "" : ` (${quoteList(columns)})`}`;
  const actions = textOf(style, "actions") ?? actionsText(constraint);
  return actions === "" ? target : `${target} ${actions}`;
}

function actionsText({ facts }: SchemaObject): string {
  const clauses: string[] = [];
  const [onDelete, onUpdate, match] = ["onDelete", "onUpdate", "match"].map((key) =>
    textOf(facts, key)?.toUpperCase()
  );
  if (onDelete !== undefined) clauses.push(`ON DELETE ${onDelete}`);
  if (onUpdate !== undefined) clauses.push(`ON UPDATE ${onUpdate}`);
  if (match !== undefined) clauses.push(`MATCH ${match}`);
  if (has(facts, "deferred")) clauses.push("DEFERRABLE INITIALLY DEFERRED");
  return clauses.join(" ");
}

function checkText(constraint: SchemaObject): string {
  const written = textOf(constraint.style, "expression");
  const expression = written === null
    ? textOf(constraint.facts, "expression") ?? ""
    : unqualified(written, parentName(constraint));
  return `CHECK (${expression})`;
}

/** Takes the table's own name off its columns, so that the text holds under another name of the table too. */
function unqualified(text: string, table: string): string {
  const tokens = tokenize(text);
  const kept = new Set(withoutQualifier(tokens, fold(table)).map((token) => token.start));
  if (kept.size === tokens.length) return text;
  let result = "";
  let end = 0;
  for (const [at, token] of tokens.entries()) {
    const gap = text.slice(end, token.start);
    if (kept.has(token.start)) {
      result += (isMark(tokens[at - 1], ".") ? "" : gap) + token.text;
    } else if (!isMark(token, ".")) result += gap;
    end = token.end;
  }
  return result;
}

function named(constraint: SchemaObject): string {
  const name = textOf(constraint.style, "name") ?? textOf(constraint.facts, "name");
  return label(name);
}

function label(name: string | null): string {
  return name === null ? "" : `CONSTRAINT ${quote(name)} `;
}

function onConflict(action: string | null): string {
  return action === null ? "" : ` ON CONFLICT ${action.toUpperCase()}`;
}

function place(constraint: SchemaObject): number {
  const value = constraint.style?.place;
  return typeof value === "number" ? value : 0;
}

/** The bare column of a key part. */
function nameIn(part: string): string {
  const [first, second] = tokenize(part);
  const name = fold(first?.value ?? "");
  return second === undefined || isWord(second, "desc") || isWord(second, "collate") ? name : part;
}
