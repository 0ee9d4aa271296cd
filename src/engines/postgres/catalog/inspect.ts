/** Reads a whole Postgres database into a snapshot. */

import type { Connection } from "../../../runtimes/runtime.ts";
import { objectId, type SchemaObject, type Snapshot } from "../../../core/snapshot.ts";
import { wildcard } from "../../../text/wildcard.ts";
import type { InspectOptions } from "../../engine.ts";
import { withoutIgnored } from "../../common/ignore.ts";
import { cachedInspect } from "../../common/snapshot_cache.ts";
import { lastName } from "../names.ts";
import { type Dependencies, DEPENDS_SQL, resolver } from "./depends.ts";
import { fingerprint } from "./fingerprint.ts";
import { READERS } from "./mod.ts";
import { queryInTransaction, queryPrepared } from "./prepared.ts";
import type { PostgresSnapshot } from "../objects.ts";
import type { Found } from "./reader.ts";
import { askServerTypes, readServerTypes, type ServerTypeRow } from "./server_types.ts";
import { type CatalogQuery, everything, readUnmodelled, type UserRows } from "./unmodelled.ts";
import { mayFind, USED_CATALOGS_SQL, type UsedCatalogs } from "./used_catalogs.ts";

/**
 * Reads the catalog in one REPEATABLE READ transaction; throws what the server answers. A catalog that was read lately is known by
 * its digest and not read again.
 */
export const inspect = cachedInspect({
  fingerprint,
  read: (connection, options) => inspectWhole(connection, options),
});

/** Reads the catalog, whether it is known or not; for a `warmUp` by the readers that are usually needed, whatever there is. */
export async function inspectWhole(
  database: Connection,
  options: InspectOptions & { readonly warmUp?: boolean },
): Promise<Snapshot> {
  const [presence] = await queryPrepared<UsedCatalogs>(
    database,
    "presence",
    () => USED_CATALOGS_SQL,
  );
  if (presence === undefined) throw new Error("The server did not say what it holds");
  const isKept = options.remember !== false;
  await database.exec("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  try {
    await database.exec(SESSION);
    const answers = await ask(database, presence, options);
    // Where others are at work, the locks that some of the answers took are given back before these are read.
    if (!isKept) await database.exec("COMMIT");
    const snapshot = await read(database, answers, { ...options, version: presence.version });
    if (isKept) await database.exec("COMMIT");
    return snapshot;
  } catch (error) {
    await database.exec("ROLLBACK");
    throw error;
  }
}

/** What the printed forms of expressions depend on, for this transaction alone. */
const SESSION = `
  SET LOCAL search_path = public;
  SET LOCAL quote_all_identifiers = off;
  SET LOCAL DateStyle = 'ISO, YMD';
  SET LOCAL IntervalStyle = 'postgres';
  SET LOCAL TimeZone = 'UTC';
  SET LOCAL extra_float_digits = 1;
  SET LOCAL bytea_output = 'hex'`;

/** What the catalog says, as the server answered it. */
interface Answers {
  readonly dependencies: Dependencies | undefined;
  readonly everything: readonly UserRows[];
  /** Null where they may be known from another database of the server. */
  readonly types: ServerTypeRow | null;
  readonly found: readonly Found[];
}

async function ask(
  database: Connection,
  presence: UsedCatalogs,
  options: InspectOptions & { readonly warmUp?: boolean },
): Promise<Answers> {
  const { number } = presence;
  const prepared = new Set(presence.prepared);
  const query: CatalogQuery = (name, sql) => queryInTransaction(database, name, sql, prepared);
  const needed = READERS.filter((reader) => {
    if ((reader.since ?? 0) > number) return false;
    return options.warmUp === true ? reader.rare !== true : mayFind(reader.kinds, presence);
  });
  // All of them are sent before the first answer is read: the server need not wait for this thread, nor this thread for it.
  const [[dependencies], all, types, ...answers] = await Promise.all([
    query<Dependencies>("depends", DEPENDS_SQL),
    everything(query),
    options.remember === false ? askServerTypes(database) : null,
    ...needed.map((reader) =>
      query<Record<string, unknown>>(reader.kinds[0] ?? "", reader.sql(number))
    ),
  ]);
  const found: Found[] = [];
  for (const [at, reader] of needed.entries()) {
    for (const row of answers[at] ?? []) {
      const result = reader.read(row);
      if (isList(result)) found.push(...result);
      else found.push(result);
    }
  }
  return { dependencies, everything: all, types: types ?? null, found };
}

async function read(
  database: Connection,
  { dependencies, everything, types: asked, found }: Answers,
  options: InspectOptions & { readonly version: string },
): Promise<Snapshot> {
  const { version } = options;
  const resolve = resolver(found, dependencies ?? { edges: null, catalogs: {} });
  const unmodelled = await readUnmodelled(database, everything, resolve);
  const objects = new Map<string, SchemaObject>();
  for (const object of withoutIgnored(resolve.objects(), ignored(options))) {
    objects.set(object.id, options.ignorePopulated === true ? withoutPopulated(object) : object);
  }
  const extensions = [...objects.values()].filter(({ kind }) => kind === "extension");
  const types = await readServerTypes(
    JSON.stringify([version, extensions.map(({ id, facts }) => [id, facts])]),
    async () => asked ?? await askServerTypes(database),
  );
  const snapshot: Snapshot & Pick<PostgresSnapshot, "types"> = {
    dialect: "postgres",
    version,
    objects,
    unmodelled,
    types,
  };
  return snapshot;
}

function withoutPopulated(object: SchemaObject): SchemaObject {
  const { unpopulated, ...facts } = object.facts;
  return unpopulated === undefined ? object : { ...object, facts };
}

/** Says of an object whether it is an ignored table, an ignored schema, or something in one. */
function ignored(
  { ignoreTables, ignoreSchemas = [] }: InspectOptions,
): (object: SchemaObject) => boolean {
  const matches = ignoreTables.map(matcher);
  const schemas = ignoreSchemas.map(wildcard);
  const prefix = objectId("schema", "");
  const isSchema = (id: string) =>
    id.startsWith(prefix) &&
    schemas.some((matches) => matches(lastName(id.slice(prefix.length))));
  return ({ id, kind, name, dependsOn }) =>
    (RELATIONS.has(kind) && matches.some((match) => match(name))) ||
    isSchema(id) || dependsOn.some(isSchema);
}

const RELATIONS: ReadonlySet<string> = new Set(["table", "foreign table"]);

/** A pattern without a dot matches in every schema. */
function matcher(pattern: string): (name: string) => boolean {
  const matches = wildcard(pattern);
  return pattern.includes(".") ? matches : (name) => matches(name.slice(name.indexOf(".") + 1));
}

function isList(result: Found | readonly Found[]): result is readonly Found[] {
  return Array.isArray(result);
}
