/** What the parts of a snapshot under construction share. */

import { canonical, type NameScope, withoutOuterParentheses } from "../expression.ts";
import { fold, isMark, type Token } from "../tokens.ts";
import type { Fragment } from "./cursor.ts";
import type { TableText } from "./table_text.ts";

/** What is known of the whole database while its objects are made. */
export interface Catalog {
  /** Ids of tables, virtual tables and views by folded name. */
  readonly relations: ReadonlyMap<string, string>;
  /** Tables by folded name. */
  readonly tables: ReadonlyMap<string, TableText>;
  /** Folded names of all relations and of all columns, for queries. */
  readonly names: ReadonlySet<string>;
}

/** Canonical text of an expression over one table's columns. */
export function tableExpression(fragment: Fragment, table: TableText): string {
  const scope: NameScope = {
    known: namesOf(table),
    closed: true,
  };
  const bare = withoutQualifier(fragment.tokens, fold(table.name));
  return canonical(withoutOuterParentheses(bare), scope);
}

/** Folded names of a table and its columns. */
export function namesOf(table: TableText): ReadonlySet<string> {
  let names = namesKnown.get(table);
  if (names === undefined) {
    names = new Set([fold(table.name), ...table.columns.map((column) => fold(column.name))]);
    namesKnown.set(table, names);
  }
  return names;
}

const namesKnown = new WeakMap<TableText, ReadonlySet<string>>();

/** Canonical text of a query or another text that brings names of its own. */
export function queryText(fragment: Fragment, catalog: Catalog): string {
  return canonical(fragment.tokens, { known: catalog.names, closed: false });
}

/** `users.age` inside table users is `age`. */
function withoutQualifier(tokens: readonly Token[], table: string): readonly Token[] {
  const kept: Token[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined) continue;
    const qualifies = (token.kind === "name" || token.kind === "quoted") &&
      fold(token.value) === table && isMark(tokens[at + 1], ".") && !isMark(tokens[at - 1], ".");
    if (qualifies) at++;
    else kept.push(token);
  }
  return kept;
}

/** Ids of the relations that a text names, leaving out `self`. */
export function relationsNamed(
  tokens: readonly Token[],
  catalog: Catalog,
  self: string,
): readonly string[] {
  const found = new Set<string>();
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== "name" && token.kind !== "quoted" && token.kind !== "string") continue;
    const before = tokens[at - 1];
    if (token.kind === "string" && !RELATION_FOLLOWS.has(fold(before?.text ?? ""))) continue;
    if (fold(before?.text ?? "") === "as") continue;
    if (isMark(before, ".") && !SCHEMAS.has(fold(tokens[at - 2]?.value ?? ""))) continue;
    const id = catalog.relations.get(fold(token.value));
    if (id !== undefined && id !== self) found.add(id);
  }
  return [...found].sort();
}

const RELATION_FOLLOWS = new Set(["from", "join", "into", "update"]);
const SCHEMAS = new Set(["main", "temp"]);
