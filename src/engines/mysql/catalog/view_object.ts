/** A view as an object. */

import { joinName } from "../../../core/name.ts";
import { objectId, type SchemaObject } from "../../../core/snapshot.ts";
import { makeObject } from "../facts.ts";
import { UnreadableStatement } from "../../common/token_cursor.ts";
import { Cursor } from "./cursor.ts";
import { functionsIn, quotedNames, relationsIn, withoutDatabase } from "./expression.ts";
import { definerIn, fold, type Scope } from "./scope.ts";

/** A row of `information_schema.views`, with its SHOW CREATE. */
export interface ViewRow {
  readonly name: string;
  readonly check_option: string;
  readonly security: string;
  readonly definer: string;
  readonly client: string;
  readonly connection: string;
  readonly text: string;
  /** Something that it reads is not there. */
  readonly isBroken: boolean;
}

/** Makes the object. Throws UnreadableStatement. */
export function viewObject(row: ViewRow, scope: Scope): SchemaObject {
  const { algorithm, query } = readView(row.text);
  const id = objectId("view", joinName(row.name));
  const own = withoutDatabase(query, scope.database);
  return makeObject({
    id,
    kind: "view",
    name: joinName(row.name),
    parent: null,
    facts: {
      query: row.check_option === "NONE" ? own : own.replace(CHECK_OPTION, ""),
      algorithm: algorithm === "UNDEFINED" ? null : algorithm,
      security: row.security === "INVOKER" ? "invoker" : null,
      definer: definerIn(scope, row.definer),
      check_option: row.check_option === "CASCADED"
        ? "cascaded"
        : row.check_option === "LOCAL"
        ? "local"
        : null,
    },
    style: {
      definer: row.definer,
      character_set_client: row.client,
      collation_connection: row.connection,
      is_broken: row.isBroken,
    },
    dependsOn: needsOf(own, scope).filter((other) => other !== id),
    droppedWith: [],
  });
}

const CHECK_OPTION = /\s*WITH (?:CASCADED|LOCAL) CHECK OPTION\s*$/i;

function readView(text: string): { readonly algorithm: string; readonly query: string } {
  const cursor = new Cursor(text);
  cursor.expect("CREATE");
  let algorithm = "UNDEFINED";
  if (cursor.takes("ALGORITHM")) {
    cursor.expectMark("=");
    algorithm = cursor.word();
  }
  while (!cursor.sees("VIEW")) {
    // A view of JSON documents is another kind of object.
    if (cursor.sees("JSON")) throw new UnreadableStatement("VIEW", cursor.peek());
    cursor.token();
  }
  cursor.expect("VIEW");
  cursor.name();
  if (cursor.takesMark(".")) cursor.name();
  if (cursor.seesMark("(")) cursor.parenthesis();
  cursor.expect("AS");
  return { algorithm, query: cursor.rest() };
}

/** The tables and views that it reads, their columns that it may name, and the functions that it calls. */
function needsOf(query: string, scope: Scope): readonly string[] {
  const names = quotedNames(query);
  const needs = new Set<string>();
  for (const name of relationsIn(query)) {
    const kind = scope.relations.get(name);
    if (kind === undefined) continue;
    needs.add(objectId(kind, joinName(name)));
    const columns = scope.columns.get(name);
    for (const one of names) {
      const column = columns?.get(fold(one));
      if (column !== undefined) needs.add(column);
    }
  }
  for (const name of functionsIn(query)) {
    if (scope.functions.has(fold(name))) needs.add(objectId("function", joinName(fold(name))));
  }
  return [...needs];
}
