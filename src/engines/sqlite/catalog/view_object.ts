/** A view: its stored statement, and the object that it gives. */

import { objectId, type SchemaObject } from "../../../core/snapshot.ts";
import { makeObject } from "../facts.ts";
import { fold } from "../tokens.ts";
import { Cursor, type Fragment } from "./cursor.ts";
import { type Catalog, queryText, relationsNamed } from "./scope.ts";

/** What is true of a view. */
export interface ViewFacts {
  /** Folded names of its columns, where it states them. */
  readonly columns?: readonly string[];
  readonly query: string;
}

/** How a view is written. */
export interface ViewStyle {
  readonly columns?: readonly string[];
  readonly query: string;
}

/** A view as its statement says it. */
export interface ViewText {
  readonly name: string;
  readonly columns: readonly string[] | null;
  readonly query: Fragment;
}

/** A view. */
export function viewObject(view: ViewText, catalog: Catalog): SchemaObject {
  const id = objectId("view", fold(view.name));
  return makeObject({
    id,
    kind: "view",
    name: view.name,
    parent: null,
    facts: {
      columns: view.columns?.map(fold) ?? null,
      query: queryText(view.query, catalog),
    },
    style: { columns: view.columns, query: view.query.source },
    dependsOn: relationsNamed(view.query.tokens, catalog, id),
    droppedWith: [],
  });
}

/** Reads a stored CREATE VIEW. Throws UnreadableStatement. */
export function readView(sql: string): ViewText {
  const cursor = new Cursor(sql);
  cursor.expect("create");
  if (!cursor.takes("temp")) cursor.takes("temporary");
  cursor.expect("view");
  cursor.takes("if", "not", "exists");
  const name = cursor.qualifiedName();
  const columns = cursor.seesMark("(") ? cursor.names() : null;
  cursor.expect("as");
  return { name, columns, query: cursor.fragment(cursor.rest()) };
}
