/** A virtual table: its stored statement, and the object that it gives. */

import { objectId, type SchemaObject } from "../../../core/snapshot.ts";
import { makeObject } from "../facts.ts";
import { fold, type Token } from "../tokens.ts";
import { Cursor, type Fragment, listItems } from "./cursor.ts";
import type { Catalog } from "./scope.ts";

/** What is true of a virtual table. */
export interface VirtualTableFacts {
  readonly module: string;
  /** In its module's own language. */
  readonly arguments: readonly string[];
}

/** A virtual table as its statement says it. */
export interface VirtualTableText {
  readonly name: string;
  readonly module: string;
  readonly args: readonly Fragment[];
}

/** A virtual table; its arguments are its module's own language and compared as they stand, blanks aside. */
export function virtualTableObject(table: VirtualTableText, catalog: Catalog): SchemaObject {
  const id = objectId("virtual table", fold(table.name));
  const tokens = table.args.flatMap((argument) => argument.tokens);
  return makeObject({
    id,
    kind: "virtual table",
    name: table.name,
    parent: null,
    facts: { module: fold(table.module), arguments: table.args.map(argumentText) },
    dependsOn: contentTables(tokens, catalog, id),
    droppedWith: [],
  });
}

function argumentText(argument: Fragment): string {
  return argument.tokens.map((token, at) => {
    const before = argument.tokens[at - 1];
    const apart = before !== undefined && before.end < token.start && before.text !== "=" &&
      token.text !== "=";
    return (apart ? " " : "") + token.text;
  }).join("");
}

/** FTS tables name the table that holds their text: `content=docs`. */
function contentTables(tokens: readonly Token[], catalog: Catalog, self: string) {
  const found = new Set<string>();
  for (const [at, token] of tokens.entries()) {
    if (fold(token.value) !== "content" || tokens[at + 1]?.text !== "=") continue;
    const id = catalog.relations.get(fold(tokens[at + 2]?.value ?? ""));
    if (id !== undefined && id !== self) found.add(id);
  }
  return [...found];
}

/** Reads a stored CREATE VIRTUAL TABLE. Throws UnreadableStatement. */
export function readVirtualTable(sql: string): VirtualTableText {
  const cursor = new Cursor(sql);
  cursor.expect("create", "virtual", "table");
  cursor.takes("if", "not", "exists");
  const name = cursor.qualifiedName();
  cursor.expect("using");
  const module = cursor.name();
  const inside = cursor.seesMark("(") ? cursor.parenthesis() : [];
  const args = inside.length === 0
    ? []
    : listItems(inside).map((tokens) => cursor.fragment(tokens));
  return { name, module, args };
}
