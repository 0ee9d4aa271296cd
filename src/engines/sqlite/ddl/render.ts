/** Tables, columns and constraints as SQL text: in their author's words where these are known, else from the facts. */

import type { SchemaObject } from "../../../schema.ts";
import { quote, quoteList } from "../quote.ts";
import { fold, isMark, isWord, type Token, tokenize } from "../tokens.ts";
import { columnName, has, listOf, localName, textOf } from "./read.ts";

/** A whole CREATE TABLE, one member a line, without the semicolon. */
export function tableText(table: SchemaObject, members: readonly SchemaObject[]): string {
  const columns = columnsOf(members);
  const constraints = constraintsOf(members);
  const inline = (column: SchemaObject) =>
    constraints.filter((constraint) => inlineColumn(constraint) === fold(localName(column)));
  const lines = [
    ...columns.map((column) => columnText(column, inline(column))),
    ...constraints.filter((constraint) => inlineColumn(constraint) === null).map(constraintText),
  ];
  const body = lines.map((line) => `  ${line}`).join(",\n");
  return `CREATE TABLE ${quote(table.name)} (\n${body}\n)${optionsText(table)}`;
}

function optionsText({ facts, style }: SchemaObject): string {
  const options = textOf(style, "options") ?? [
    ...has(facts, "strict") ? ["STRICT"] : [],
    ...has(facts, "withoutRowid") ? ["WITHOUT ROWID"] : [],
  ].join(", ");
  return options === "" ? "" : ` ${options}`;
}

/** The same CREATE TABLE for a table of another name, which its own expressions may be qualified by. */
export function underName(text: string, table: string, name: string): string {
  const own = (token: Token | undefined) =>
    (token?.kind === "name" || token?.kind === "quoted") && fold(token.value) === fold(table);
  const tokens = tokenize(text);
  const places = tokens.filter((token, at) => {
    if (at === 2) return true;
    return own(token) && isMark(tokens[at + 1], ".") && !isMark(tokens[at - 1], ".");
  });
  let result = "";
  let end = 0;
  for (const token of places) {
    result += text.slice(end, token.start) + quote(name);
    end = token.end;
  }
  return result + text.slice(end);
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
  if (style !== undefined && !has(style, "inline")) return null;
  if (type === "primary key" || type === "unique") {
    if (has(facts, "notRowid") || style !== undefined) return columnName(only ?? "");
    return only === null || / COLLATE /.test(only) || / DESC$/.test(only) ? null : columnName(only);
  }
  if (type === "foreign key") return only === null ? null : fold(only);
  return style === undefined ? null : fold(textOf(style, "column") ?? "");
}

/** A column definition with the constraints that stand in it. */
export function columnText(column: SchemaObject, inline: readonly SchemaObject[] = []): string {
  const { facts, style } = column;
  const type = textOf(style, "type") ?? textOf(facts, "type");
  const constraints = constraintsOf(inline).map(inlineText);
  const parts = [quote(localName(column)), ...type === null ? [] : [type]];
  for (const clause of listOf(style, "clauses") ?? ["", ...clausesFromFacts(column)]) {
    const text = clause === "" ? constraints.shift() : clause;
    if (text !== undefined) parts.push(text);
  }
  return [...parts, ...constraints].join(" ");
}

function clausesFromFacts({ facts }: SchemaObject): readonly string[] {
  const clauses: string[] = [];
  if (has(facts, "notNull")) {
    const conflict = onConflict(textOf(facts, "notNullOnConflict"));
    clauses.push(`${label(textOf(facts, "notNullName"))}NOT NULL${conflict}`);
  }
  const value = textOf(facts, "default");
  if (value !== null) clauses.push(`DEFAULT ${value}`);
  const collate = textOf(facts, "collate");
  if (collate !== null) clauses.push(`COLLATE ${quote(collate)}`);
  const generated = textOf(facts, "generated");
  if (generated !== null) {
    clauses.push(
      `GENERATED ALWAYS AS (${generated}) ${has(facts, "stored") ? "STORED" : "VIRTUAL"}`,
    );
  }
  return clauses;
}

/** A constraint as it stands in a column definition. */
function inlineText(constraint: SchemaObject): string {
  const { facts, style } = constraint;
  const type = textOf(facts, "type");
  const text = textOf(style, "text");
  if (text !== null && (has(style, "inline") || type === "check")) return text;
  switch (type) {
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
  const { facts, style } = constraint;
  const type = textOf(facts, "type");
  const text = textOf(style, "text");
  if (text !== null && (!has(style, "inline") || type === "check")) return text;
  const columns = (listOf(facts, "columns") ?? []).join(", ");
  switch (type) {
    case "primary key": {
      const auto = has(facts, "autoincrement") ? " AUTOINCREMENT" : "";
      const conflict = onConflict(textOf(facts, "onConflict"));
      return `${named(constraint)}PRIMARY KEY (${columns}${auto})${conflict}`;
    }
    case "unique":
      return `${named(constraint)}UNIQUE (${columns})${onConflict(textOf(facts, "onConflict"))}`;
    case "foreign key": {
      const names = quoteList(listOf(facts, "columns") ?? []);
      return `${named(constraint)}FOREIGN KEY (${names}) ${referencesText(constraint)}`;
    }
    default:
      return named(constraint) + checkText(constraint);
  }
}

function referencesText({ facts, style }: SchemaObject): string {
  const text = textOf(style, "text");
  if (text !== null) return text.slice(tokenize(text).find(isReferences)?.start ?? 0);
  const columns = listOf(facts, "references");
  const target = `REFERENCES ${quote(textOf(facts, "table") ?? "")}${
    columns === null ? "" : ` (${quoteList(columns)})`
  }`;
  const [onDelete, onUpdate, match] = ["onDelete", "onUpdate", "match"].map((key) =>
    textOf(facts, key)?.toUpperCase()
  );
  return [
    target,
    ...onDelete === undefined ? [] : [`ON DELETE ${onDelete}`],
    ...onUpdate === undefined ? [] : [`ON UPDATE ${onUpdate}`],
    ...match === undefined ? [] : [`MATCH ${match}`],
    ...has(facts, "deferred") ? ["DEFERRABLE INITIALLY DEFERRED"] : [],
  ].join(" ");
}

function isReferences(token: Token): boolean {
  return isWord(token, "references");
}

function checkText({ facts }: SchemaObject): string {
  return `CHECK (${textOf(facts, "expression") ?? ""})`;
}

function named(constraint: SchemaObject): string {
  return label(textOf(constraint.style, "name") ?? textOf(constraint.facts, "name"));
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
