/** Tables, columns and constraints as SQL text: in their author's words where these are known, else from the facts. */

import type { SchemaObject } from "../../../core/snapshot.ts";
import { columnsOf } from "../../common/table_change.ts";
import type { CheckFacts, ForeignKeyFacts } from "../catalog/constraint_object.ts";
import { factsOf, styleOf } from "../facts.ts";
import { quote, quoteList } from "../quote.ts";
import { fold, isMark, isWord, type Token, tokenize } from "../tokens.ts";
import { columnName, localName } from "./member.ts";

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

function optionsText(table: SchemaObject): string {
  const facts = factsOf(table, "table");
  const options = styleOf(table, "table").options ?? [
    ...facts.strict === true ? ["STRICT"] : [],
    ...facts.without_rowid === true ? ["WITHOUT ROWID"] : [],
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

/** The constraints among the members of a table, in the order of the text. */
export function constraintsOf(members: readonly SchemaObject[]): readonly SchemaObject[] {
  return members.filter((member) => member.kind === "constraint").sort((a, b) => {
    const [left, right] = [place(a), place(b)];
    return left === right ? (a.id < b.id ? -1 : 1) : left - right;
  });
}

/** Folded name of the column in whose definition a constraint stands; null when it stands by itself. */
export function inlineColumn(constraint: SchemaObject): string | null {
  const facts = factsOf(constraint, "constraint");
  const { inline, column = "" } = styleOf(constraint, "constraint");
  const isStyled = constraint.style !== undefined;
  if (isStyled && inline !== true) return null;
  if (facts.type === "check") return isStyled ? fold(column) : null;
  const only = facts.columns.length === 1 ? facts.columns[0] ?? "" : null;
  if (facts.type === "foreign key") return only === null ? null : fold(only);
  if (facts.not_rowid === true || isStyled) return columnName(only ?? "");
  return only === null || / COLLATE /.test(only) || / DESC$/.test(only) ? null : columnName(only);
}

/** Folded name of the column that a constraint stands in by its own text; null when it stands by itself, or has no text. */
export function inlineIn(constraint: SchemaObject): string | null {
  return styleOf(constraint, "constraint").inline === true ? inlineColumn(constraint) : null;
}

/** A column definition with the constraints that stand in it. */
export function columnText(column: SchemaObject, inline: readonly SchemaObject[] = []): string {
  const { type, clauses = ["", ...clausesFromFacts(column)] } = {
    type: factsOf(column, "column").type,
    ...styleOf(column, "column"),
  };
  const constraints = constraintsOf(inline).map(inlineText);
  const parts = [quote(localName(column)), ...type === undefined ? [] : [type]];
  for (const clause of clauses) {
    const text = clause === "" ? constraints.shift() : clause;
    if (text !== undefined) parts.push(text);
  }
  return [...parts, ...constraints].join(" ");
}

function clausesFromFacts(column: SchemaObject): readonly string[] {
  const facts = factsOf(column, "column");
  const clauses: string[] = [];
  if (facts.not_null === true) {
    const conflict = onConflict(facts.not_null_on_conflict);
    clauses.push(`${label(facts.not_null_name)}NOT NULL${conflict}`);
  }
  if (facts.default !== undefined) clauses.push(`DEFAULT ${facts.default}`);
  if (facts.collate !== undefined) clauses.push(`COLLATE ${quote(facts.collate)}`);
  if (facts.generated !== undefined) {
    const stored = facts.stored === true ? "STORED" : "VIRTUAL";
    clauses.push(`GENERATED ALWAYS AS (${facts.generated}) ${stored}`);
  }
  return clauses;
}

/** A constraint as it stands in a column definition. */
function inlineText(constraint: SchemaObject): string {
  const facts = factsOf(constraint, "constraint");
  const { inline, text } = styleOf(constraint, "constraint");
  if (text !== undefined && (inline === true || facts.type === "check")) return text;
  switch (facts.type) {
    case "primary key": {
      const descending = facts.not_rowid === true ? " DESC" : "";
      const auto = facts.autoincrement === true ? " AUTOINCREMENT" : "";
      const conflict = onConflict(facts.on_conflict);
      return `${named(constraint)}PRIMARY KEY${descending}${conflict}${auto}`;
    }
    case "unique":
      return `${named(constraint)}UNIQUE${onConflict(facts.on_conflict)}`;
    case "foreign key":
      return named(constraint) + referencesText(facts, text);
    case "check":
      return named(constraint) + checkText(facts);
  }
}

/** A constraint as it stands by itself in a table. */
export function constraintText(constraint: SchemaObject): string {
  const facts = factsOf(constraint, "constraint");
  const { inline, text } = styleOf(constraint, "constraint");
  if (text !== undefined && (inline !== true || facts.type === "check")) return text;
  switch (facts.type) {
    case "primary key": {
      const auto = facts.autoincrement === true ? " AUTOINCREMENT" : "";
      const conflict = onConflict(facts.on_conflict);
      return `${named(constraint)}PRIMARY KEY (${facts.columns.join(", ")}${auto})${conflict}`;
    }
    case "unique": {
      const conflict = onConflict(facts.on_conflict);
      return `${named(constraint)}UNIQUE (${facts.columns.join(", ")})${conflict}`;
    }
    case "foreign key": {
      const names = quoteList(facts.columns);
      return `${named(constraint)}FOREIGN KEY (${names}) ${referencesText(facts, text)}`;
    }
    case "check":
      return named(constraint) + checkText(facts);
  }
}

/** The name of a constraint as its author wrote it, else folded; undefined where it has none. */
export function constraintName(constraint: SchemaObject): string | undefined {
  return styleOf(constraint, "constraint").name ?? factsOf(constraint, "constraint").name;
}

function referencesText(facts: ForeignKeyFacts, text: string | undefined): string {
  if (text !== undefined) return text.slice(tokenize(text).find(isReferences)?.start ?? 0);
  const { references: columns, on_delete: onDelete, on_update: onUpdate, match } = facts;
  return [
    `REFERENCES ${quote(facts.table)}${columns === undefined ? "" : ` (${quoteList(columns)})`}`,
    ...onDelete === undefined ? [] : [`ON DELETE ${onDelete.toUpperCase()}`],
    ...onUpdate === undefined ? [] : [`ON UPDATE ${onUpdate.toUpperCase()}`],
    ...match === undefined ? [] : [`MATCH ${match.toUpperCase()}`],
    ...facts.deferred === true ? ["DEFERRABLE INITIALLY DEFERRED"] : [],
  ].join(" ");
}

function isReferences(token: Token): boolean {
  return isWord(token, "references");
}

function checkText({ expression }: CheckFacts): string {
  return `CHECK (${expression})`;
}

function named(constraint: SchemaObject): string {
  return label(constraintName(constraint));
}

function label(name: string | undefined): string {
  return name === undefined ? "" : `CONSTRAINT ${quote(name)} `;
}

function onConflict(action: string | undefined): string {
  return action === undefined ? "" : ` ON CONFLICT ${action.toUpperCase()}`;
}

function place(constraint: SchemaObject): number {
  return styleOf(constraint, "constraint").place ?? 0;
}
