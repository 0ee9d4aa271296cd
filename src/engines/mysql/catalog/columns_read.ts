/** The columns that a query reads of its tables, as the server writes it: every column behind the alias of its table. */

import { unquoted } from "../../../sql/name.ts";
import { tokenize } from "./cursor.ts";
import { relationsIn } from "./expression.ts";

/** Names of columns by the name of their table or view; none for one of which only rows are counted. */
export function columnsRead(query: string): ReadonlyMap<string, ReadonlySet<string>> {
  const tokens = tokenize(query);
  const found = new Map<string, Set<string>>();
  const tables = new Map<string, string>();
  const relations = relationsIn(query);
  for (const name of relations) {
    found.set(name, new Set());
    tables.set(name, name);
  }
  for (const [at, { kind, text }] of tokens.entries()) {
    const next = tokens[at + 1];
    const name = kind === "name" ? unquoted(text) : null;
    if (name === null || !relations.has(name) || next?.kind !== "name") continue;
    tables.set(unquoted(next.text), name);
  }
  for (const [at, { kind, text }] of tokens.entries()) {
    const column = tokens[at + 2];
    if (kind !== "name" || tokens[at + 1]?.text !== "." || column?.kind !== "name") continue;
    const table = tables.get(unquoted(text));
    if (table !== undefined) found.get(table)?.add(unquoted(column.text));
  }
  return found;
}
