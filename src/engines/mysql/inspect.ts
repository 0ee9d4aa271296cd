/** Reads the catalog of a MySQL or MariaDB database into a snapshot. */

import { joinName } from "../../core/name.ts";
import {
  objectId,
  type SchemaObject,
  type Snapshot,
  type Unmodelled,
} from "../../core/snapshot.ts";
import type { Connection } from "../../runtimes/runtime.ts";
import { wildcard } from "../../text/wildcard.ts";
import { withoutIgnored } from "../common/ignore.ts";
import { SnapshotCache } from "../common/snapshot_cache.ts";
import { withoutCycles } from "../common/without_cycles.ts";
import type { InspectOptions } from "../engine.ts";
import { eventObject, returnsOf, routineObject, triggerObjects } from "./catalog/code_objects.ts";
import { UnreadableStatement } from "../common/token_cursor.ts";
import { type CatalogRows, readRows } from "./catalog/rows.ts";
import { fold, type Scope } from "./catalog/scope.ts";
import { sequenceObject } from "./catalog/sequence_object.ts";
import { tableObjects } from "./catalog/table_objects.ts";
import { readTable, type TableText } from "./catalog/table_text.ts";
import { viewObject } from "./catalog/view_object.ts";
import { makeObject } from "./facts.ts";
import { digestOf } from "./fingerprint.ts";

/** Everything in the database of the session but what the options leave out. */
export async function inspect(connection: Connection, options: InspectOptions): Promise<Snapshot> {
  const { dialect } = connection;
  if (options.remember === false) return snapshotOf(dialect, await readRows(connection), options);
  const rows = options.digest === undefined ? await readRows(connection) : null;
  const digest = rows === null ? options.digest ?? "" : digestOf(rows);
  return await cache.get(
    `${dialect} ${digest}`,
    options,
    async () => snapshotOf(dialect, rows ?? await readRows(connection), options),
  );
}

const cache = new SnapshotCache();

function snapshotOf(dialect: string, rows: CatalogRows, options: InspectOptions): Snapshot {
  const unmodelled: Unmodelled[] = [...rows.unmodelled];
  const attempt = <Result>(kind: string, name: string, work: () => Result): Result | null => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof UnreadableStatement)) throw error;
      unmodelled.push({ kind, name });
      return null;
    }
  };
  const texts = new Map<string, TableText>();
  for (const { name, text } of rows.tables) {
    const table = attempt("table", name, () => readTable(text));
    if (table !== null) texts.set(name, table);
  }
  const scope = scopeOf(dialect, rows, { texts, definer: options.definer });
  const objects: SchemaObject[] = [databaseObject(rows)];
  for (const [name, text] of texts) objects.push(...tableObjects(name, text, scope));
  for (const row of rows.views) {
    push(objects, attempt("view", row.name, () => viewObject(row, scope)));
  }
  for (const { name, text } of rows.sequences) {
    push(objects, attempt("sequence", name, () => sequenceObject(name, text)));
  }
  for (const row of rows.routines) {
    const parameters = rows.parameters.filter(({ routine, type }) =>
      routine === row.name && type === row.type
    );
    push(
      objects,
      attempt(
        row.type.toLowerCase(),
        row.name,
        () =>
          routineObject(
            { ...row, returns: row.text === null ? null : returnsOf(row.text) },
            parameters,
            scope,
          ),
      ),
    );
  }
  objects.push(...triggerObjects(rows.triggers.filter(({ table }) => texts.has(table)), scope));
  for (const row of rows.events) {
    push(objects, attempt("event", row.name, () => eventObject(row, scope)));
  }
  const known = new Set(objects.map(({ id }) => id));
  const closed = objects.map((object) => ({
    ...object,
    dependsOn: object.dependsOn.filter((id) => known.has(id)),
  }));
  const kept = withoutIgnored(closed, isIgnored(options));
  return {
    dialect,
    version: rows.version,
    objects: new Map(withoutCycles(kept, ORDERED).map((object) => [object.id, object])),
    unmodelled,
  };
}

/** Nothing else closes a cycle that cannot be planned: foreign keys in a circle are added last. */
const ORDERED = new Set(["table", "column", "index", "view", "sequence", "function"]);

function push(objects: SchemaObject[], object: SchemaObject | null): void {
  if (object !== null) objects.push(object);
}

function databaseObject({ charset, collation, comment }: CatalogRows): SchemaObject {
  return makeObject({
    id: objectId("database", "default"),
    kind: "database",
    name: "default",
    parent: null,
    facts: { charset, collation, comment: comment === "" ? null : comment },
    dependsOn: [],
    droppedWith: [],
  });
}

function scopeOf(
  dialect: string,
  rows: CatalogRows,
  { texts, definer }: {
    readonly texts: ReadonlyMap<string, TableText>;
    readonly definer: InspectOptions["definer"];
  },
): Scope {
  const relations = new Map<string, "table" | "view" | "sequence">();
  for (const name of texts.keys()) relations.set(name, "table");
  for (const { name } of rows.views) relations.set(name, "view");
  for (const { name } of rows.sequences) relations.set(name, "sequence");
  const columns = new Map<string, ReadonlyMap<string, string>>();
  for (const [table, text] of texts) {
    columns.set(
      table,
      new Map(text.columns.map(({ name }) => [
        fold(name),
        objectId("column", joinName(table, fold(name))),
      ])),
    );
  }
  return {
    family: dialect === "mariadb" ? "mariadb" : "mysql",
    database: rows.database,
    relations,
    sequences: new Set(rows.sequences.map(({ name }) => name)),
    functions: new Set(
      rows.routines.filter(({ type }) => type === "FUNCTION").map(({ name }) => fold(name)),
    ),
    columns,
    sqlMode: rows.sqlMode,
    surfaces: new Map(rows.surfaces.map(({ table, column, srid }) => [
      objectId("column", joinName(table, fold(column))),
      Number(srid),
    ])),
    account: definer === "strict" ? rows.account : null,
    charsetOf: (charset, collation) => {
      if (collation !== undefined) {
        return { charset: charset ?? collation.split("_")[0] ?? collation, collation };
      }
      if (charset === undefined) return { charset: rows.charset, collation: rows.collation };
      return { charset, collation: rows.defaults.get(charset) ?? charset };
    },
  };
}

function isIgnored({ ignoreTables }: InspectOptions): (object: SchemaObject) => boolean {
  const matchers = ignoreTables.map((pattern) => wildcard(pattern));
  return ({ kind, name }) =>
    (kind === "table" || kind === "view") && matchers.some((matches) => matches(name));
}
