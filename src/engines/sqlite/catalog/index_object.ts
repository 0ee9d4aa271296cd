/** An index: its stored statement, and the object that it gives. */

import { objectId, type SchemaObject } from "../../../core/snapshot.ts";
import { canonical, canonicalName } from "../expression.ts";
import { makeObject } from "../facts.ts";
import { fold, type Token } from "../tokens.ts";
import { UnreadableStatement } from "../../common/token_cursor.ts";
import { Cursor, type Fragment, listItems } from "./cursor.ts";
import { type Catalog, tableExpression } from "./scope.ts";
import { sourceText } from "./source_text.ts";
import type { TableText } from "./table_text.ts";

/** What is true of an index. */
export interface IndexFacts {
  /** Folded name of its table. */
  readonly table: string;
  readonly unique?: boolean;
  /** Columns or expressions with what differs from their own: `email COLLATE nocase DESC`. */
  readonly columns: readonly string[];
  /** The condition of a partial index. */
  readonly where?: string;
}

/** How an index is written. */
export interface IndexStyle {
  readonly columns: readonly string[];
  readonly where?: string;
}

/** An index as its statement says it. */
export interface IndexText {
  readonly name: string;
  readonly table: string;
  readonly unique: boolean;
  readonly terms: readonly IndexTerm[];
  readonly where: Fragment | null;
}

/** One indexed column or expression. */
export interface IndexTerm {
  readonly expression: Fragment;
  readonly collate: string | null;
  readonly descending: boolean;
  /** All of it. */
  readonly tokens: readonly Token[];
}

/** An index; its parent is its table. */
export function indexObject(index: IndexText, catalog: Catalog): SchemaObject {
  const parent = objectId("table", fold(index.table));
  const table = catalog.tables.get(fold(index.table));
  const columns = new Set(table?.columns.map((column) => fold(column.name)));
  const tokens = [
    ...index.terms.flatMap((term) => term.expression.tokens),
    ...(index.where?.tokens ?? []),
  ];
  const used = namesIn(tokens).filter((name) => columns.has(name))
    .map((name) => objectId("column", `${fold(index.table)}.${name}`));
  return makeObject({
    id: objectId("index", fold(index.name)),
    kind: "index",
    name: index.name,
    parent,
    facts: {
      table: fold(index.table),
      unique: index.unique,
      columns: index.terms.map((term) => termText(term, table)),
      where: index.where === null || table === undefined
        ? null
        : tableExpression(index.where, table),
    },
    style: {
      columns: index.terms.map((term) => sourceText(term.tokens, columns)),
      where: index.where === null ? null : sourceText(index.where.tokens, columns),
    },
    dependsOn: [parent, ...used],
    droppedWith: [parent],
  });
}

function termText(term: IndexTerm, table: TableText | undefined): string {
  const single = term.expression.tokens.length === 1 ? term.expression.tokens[0] : undefined;
  const column = table?.columns.find((one) => fold(one.name) === fold(single?.value ?? ""));
  const text = column !== undefined
    ? canonicalName(column.name)
    : table === undefined
    ? canonical(term.expression.tokens, { known: new Set(), closed: true })
    : expressionTerm(tableExpression(term.expression, table));
  const collate = term.collate === null ? null : fold(term.collate);
  const differs = collate !== null && collate !== fold(column?.collate ?? "binary");
  return text + (differs ? ` COLLATE ${canonicalName(collate)}` : "") +
    (term.descending ? " DESC" : "");
}

/** A bare operator expression could swallow what follows it. */
function expressionTerm(text: string): string {
  return /^[a-z_][a-z0-9_]*\(.*\)$/s.test(text) && !/\)[^)]*\(/.test(text) ? text : `(${text})`;
}

/** Reads a stored CREATE INDEX. Throws UnreadableStatement. */
export function readIndex(sql: string): IndexText {
  const cursor = new Cursor(sql);
  cursor.expect("create");
  const unique = cursor.takes("unique");
  cursor.expect("index");
  cursor.takes("if", "not", "exists");
  const name = cursor.qualifiedName();
  cursor.expect("on");
  const table = cursor.name();
  const terms = listItems(cursor.parenthesis()).map((item) => readTerm(cursor, item));
  const where = cursor.takes("where") ? cursor.fragment(cursor.rest()) : null;
  if (!cursor.done) throw new UnreadableStatement("the end", cursor.peek());
  return { name, table, unique, terms, where };
}

function readTerm(cursor: Cursor, item: readonly Token[]): IndexTerm {
  let tokens = item;
  const last = (word: string) => {
    const token = tokens.at(-1);
    return tokens.length > 1 && token?.kind === "name" && token.text.toLowerCase() === word;
  };
  const descending = last("desc");
  if (descending || last("asc")) tokens = tokens.slice(0, -1);
  let collate: string | null = null;
  const word = tokens.at(-2);
  if (tokens.length > 2 && word?.kind === "name" && word.text.toLowerCase() === "collate") {
    collate = tokens.at(-1)?.value ?? null;
    tokens = tokens.slice(0, -2);
  }
  return { expression: cursor.fragment(tokens), collate, descending, tokens: item };
}

function namesIn(tokens: readonly Token[]): readonly string[] {
  const names = tokens.filter((token) => token.kind === "name" || token.kind === "quoted")
    .map((token) => fold(token.value));
  return [...new Set(names)];
}
