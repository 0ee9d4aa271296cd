/** The queries that read a catalog: one for each kind, and a SHOW CREATE for each table, view and routine. */

import type { Unmodelled } from "../../../core/snapshot.ts";
import { DATABASE } from "../../../runtimes/mysql_server/accounts.ts";
import { queryEach } from "../../../runtimes/query_each.ts";
import type { Connection } from "../../../runtimes/runtime.ts";
import { isNewer } from "../../../runtimes/version.ts";
import { bodyIn } from "./code_body.ts";
import { type Texts, textsOf } from "./show_create.ts";
import { triggerEvent } from "./trigger_event.ts";
import type { EventRow, ParameterRow, RoutineRow, TriggerRow } from "./code_objects.ts";
import type { ViewRow } from "./view_object.ts";

/** A name and its SHOW CREATE. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** The spatial reference system of a column. */
export interface SurfaceRow {
  readonly table: string;
  readonly column: string;
  readonly srid: number;
}

/** All that is read. */
export interface CatalogRows {
  readonly version: string;
  readonly database: string;
  readonly charset: string;
  readonly collation: string;
  readonly comment: string;
  readonly sqlMode: string;
  /** `user@host` of the session. */
  readonly account: string;
  /** Default collations by their character sets. */
  readonly defaults: ReadonlyMap<string, string>;
  readonly tables: readonly NamedText[];
  /** Of spatial columns, where their table's text does not say it. */
  readonly surfaces: readonly SurfaceRow[];
  readonly views: readonly ViewRow[];
  readonly sequences: readonly NamedText[];
  readonly routines: readonly RoutineRow[];
  readonly parameters: readonly ParameterRow[];
  readonly triggers: readonly TriggerRow[];
  readonly events: readonly EventRow[];
  readonly unmodelled: readonly Unmodelled[];
}

/** Reads the database of the session: what there is by one trip to the server, its texts by another. */
export async function readRows(connection: Connection): Promise<CatalogRows> {
  const found = await ask(connection);
  const { head, relations, views, routines, triggers, events } = found;
  const { version = "", name = null, sql_mode: sqlMode = "" } = head ?? {};
  const of = (type: RegExp) => relations.filter((row) => type.test(row.type));
  const [tables, sequences] = [of(/^(?:BASE TABLE|SYSTEM VERSIONED)$/), of(/^SEQUENCE$/)];
  const texts = await textsOf(connection, {
    tables: tables.map(({ name }) => ({ kind: "TABLE", name })),
    sequences: sequences.map(({ name }) => ({ kind: "SEQUENCE", name, column: "TABLE" })),
    views: views.map(({ name }) => ({ kind: "VIEW", name })),
    routines: routines.map(({ type, name }) => ({ kind: type, name })),
    triggers: triggers.map(({ name }) => ({ kind: "TRIGGER", name })),
    events: events.map(({ name }) => ({ kind: "EVENT", name })),
  });
  const named = (rows: readonly { readonly name: string }[], shown: Texts) =>
    rows.map(({ name }, at) => ({ name, text: shown[at] ?? "" }));
  return {
    version: /^\d+\.\d+\.\d+/.exec(version)?.[0] ?? version,
    database: name ?? "",
    charset: head?.charset ?? "",
    collation: head?.collation ?? "",
    comment: head?.comment ?? "",
    sqlMode,
    account: head?.account ?? "",
    defaults: new Map(found.defaults.map(({ charset, collation }) => [charset, collation])),
    tables: named(tables, texts.tables),
    surfaces: await readSurfaces(connection, texts.tables),
    views: await viewsOf(connection, views, texts.views),
    sequences: named(sequences, texts.sequences),
    routines: routines.map((row, at) => routineOf(row, texts.routines[at] ?? null)),
    parameters: found.parameters,
    triggers: triggersOf(triggers, texts.triggers, {
      isPlain: connection.dialect === "mysql" || isNewer("11.8", version.split("-")[0] ?? ""),
    }),
    events: events.map((row, at) => ({
      ...row,
      body: bodyIn("event", texts.events[at] ?? null, row.body),
    })),
    unmodelled: [
      ...relations.filter(({ type }) => !MODELLED.test(type)).map((row) => ({
        kind: row.type.toLowerCase(),
        name: row.name,
      })),
      ...found.others,
      ...await readLibraries(connection, version),
    ],
  };
}

/** What the information schema says. */
interface Found {
  readonly head: HeadRow | undefined;
  readonly relations: readonly { readonly name: string; readonly type: string }[];
  /** Default collations of character sets. */
  readonly defaults: readonly { readonly charset: string; readonly collation: string }[];
  readonly views: readonly Omit<ViewRow, "text" | "isBroken">[];
  readonly routines: readonly Omit<RoutineRow, "text">[];
  readonly parameters: readonly ParameterRow[];
  readonly triggers: readonly TriggerRow[];
  readonly events: readonly EventRow[];
  readonly others: readonly Unmodelled[];
}

/** Asks about the database of the session; about that of a new one where a script dropped the one that it was in. */
async function ask(connection: Connection): Promise<Found> {
  const found = await askOnce(connection);
  if (found.head !== undefined) return found;
  await connection.exec(`USE ${DATABASE}`);
  return await askOnce(connection);
}

async function askOnce(connection: Connection): Promise<Found> {
  const queries = {
    head: HEAD(connection.dialect === "mariadb"),
    relations: RELATIONS,
    defaults: DEFAULTS,
    views: VIEWS,
    routines: ROUTINES,
    parameters: PARAMETERS,
    triggers: TRIGGERS,
    events: EVENTS,
    others: OTHERS,
  };
  const answers = await queryEach<object>(connection, Object.values(queries));
  const found = Object.fromEntries(Object.keys(queries).map((key, at) => [key, answers[at] ?? []]));
  // Each query names its columns as its row's interface does.
  return { ...found, head: found.head?.[0] } as unknown as Found;
}

interface HeadRow {
  readonly version: string;
  readonly name: string | null;
  readonly sql_mode: string;
  readonly account: string;
  readonly charset: string;
  readonly collation: string;
  readonly comment: string;
}

const HEAD = (isMariadb: boolean) => `
  SELECT VERSION() AS version, DATABASE() AS name, @@GLOBAL.sql_mode AS sql_mode,
    CURRENT_USER() AS account,
    default_character_set_name AS charset, default_collation_name AS collation,
    ${isMariadb ? "schema_comment" : "''"} AS comment
  FROM information_schema.schemata
  WHERE schema_name = DATABASE()`;

const RELATIONS = `
  SELECT table_name AS name, table_type AS type
  FROM information_schema.tables
  WHERE table_schema = DATABASE()
  ORDER BY table_name`;

const MODELLED = /^(?:BASE TABLE|SYSTEM VERSIONED|VIEW|SEQUENCE|TEMPORARY|TEMPORARY SEQUENCE)$/;

const PARAMETERS = `
  SELECT specific_name AS routine, routine_type AS type, parameter_mode AS mode,
    parameter_name AS name, dtd_identifier AS identifier, character_set_name AS charset,
    collation_name AS collation
  FROM information_schema.parameters
  WHERE specific_schema = DATABASE() AND ordinal_position > 0
  ORDER BY specific_name, ordinal_position`;

/** Columns of the information schema have names in capitals in MySQL, unless a query gives them others. */
const CODE =
  `sql_mode AS sql_mode, definer AS definer, character_set_client AS client, collation_connection AS connection`;

const TRIGGERS = `
  SELECT trigger_name AS name, event_object_table AS \`table\`, action_timing AS timing,
    event_manipulation AS event, action_order AS place, action_statement AS body, ${CODE}
  FROM information_schema.triggers
  WHERE trigger_schema = DATABASE()
  ORDER BY event_object_table, event_manipulation, action_timing, action_order`;

const EVENTS = `
  SELECT event_name AS name, event_type AS type, execute_at AS at, interval_value AS interval_value,
    interval_field AS interval_field, starts AS starts, ends AS ends, on_completion AS completion, status AS status,
    event_comment AS comment, time_zone AS time_zone,
    event_definition AS body, ${CODE}
  FROM information_schema.events
  WHERE event_schema = DATABASE()
  ORDER BY event_name`;

const ROUTINES = `
  SELECT routine_name AS name, routine_type AS type, routine_definition AS body,
    NULL AS returns, is_deterministic AS is_deterministic, sql_data_access AS data_access, security_type AS security,
    routine_comment AS comment, external_language AS language, ${CODE}
  FROM information_schema.routines
  WHERE routine_schema = DATABASE()
  ORDER BY routine_type, routine_name`;

const VIEWS = `
  SELECT table_name AS name, check_option AS check_option, security_type AS security, definer AS definer,
    character_set_client AS client, collation_connection AS connection
  FROM information_schema.views
  WHERE table_schema = DATABASE()
  ORDER BY table_name`;

const DEFAULTS = `
  SELECT character_set_name AS charset, default_collate_name AS collation
  FROM information_schema.character_sets`;

/** What is wrong with a view stands in the place of its comment, once a number of rows is asked for too. */
const BROKEN_VIEWS = `
  SELECT table_name AS name
  FROM information_schema.tables
  WHERE table_schema = DATABASE() AND table_type = 'VIEW'
    AND table_rows IS NULL AND table_comment <> 'VIEW'`;

/** Other databases that somebody made, or made something in; those of other runs on a server that several use are none of this one's. */
const OTHERS = `
  SELECT 'database' AS kind, schema_name AS name
  FROM information_schema.schemata
  WHERE schema_name NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema', DATABASE())
    AND schema_name NOT LIKE 'aim\\_scratch\\_%'
    AND (schema_name <> '${DATABASE}' OR EXISTS (
      SELECT 1 FROM information_schema.tables WHERE table_schema = '${DATABASE}'
    ))`;

/** MariaDB keeps REF_SYSTEM_ID and does not print it. */
async function readSurfaces(
  connection: Connection,
  tables: Texts,
): Promise<readonly SurfaceRow[]> {
  if (connection.dialect !== "mariadb") return [];
  if (!tables.some((text) => SPATIAL.test(text ?? ""))) return [];
  return await connection.query<SurfaceRow>(`
    SELECT g_table_name AS \`table\`, g_geometry_column AS \`column\`, srid AS srid
    FROM information_schema.geometry_columns
    WHERE g_table_schema = DATABASE() AND srid <> 0
    ORDER BY g_table_name, g_geometry_column`);
}

const SPATIAL = /\b(?:geometry|geometrycollection|(?:multi)?(?:point|linestring|polygon))\b/i;

/** Libraries of code in another language, which MySQL has from 9.2 on. */
async function readLibraries(
  connection: Connection,
  version: string,
): Promise<readonly Unmodelled[]> {
  const isThere = connection.dialect === "mysql" && !isNewer("9.2", version.split("-")[0] ?? "");
  if (!isThere) return [];
  return await connection.query<Unmodelled>(`
    SELECT 'library' AS kind, library_name AS name
    FROM information_schema.libraries
    WHERE library_schema = DATABASE()
    ORDER BY library_name`);
}

/**
 * From 11.8 on a trigger of MariaDB's may be of some columns alone, from 12.0 on of several events: the information schema says the one
 * not at all before 12.2, and the other as a list with commas.
 */
function triggersOf(
  rows: readonly TriggerRow[],
  texts: Texts,
  { isPlain }: { readonly isPlain: boolean },
): readonly TriggerRow[] {
  return rows.map((row, at) => {
    const text = texts[at] ?? null;
    return {
      ...row,
      event: text === null || isPlain ? row.event : triggerEvent(text),
      body: bodyIn("trigger", text, row.body),
    };
  });
}

async function viewsOf(
  connection: Connection,
  rows: Found["views"],
  texts: Texts,
): Promise<readonly ViewRow[]> {
  if (rows.length === 0) return [];
  const broken = await connection.query<{ readonly name: string }>(BROKEN_VIEWS);
  return rows.map((row, at) => ({
    ...row,
    text: texts[at] ?? "",
    isBroken: broken.some(({ name }) => name === row.name),
  }));
}

function routineOf(row: Found["routines"][number], text: string | null): RoutineRow {
  const { body, type } = row;
  return {
    ...row,
    text: type === "FUNCTION" ? text : null,
    body: body === null ? null : bodyIn(type.toLowerCase(), text, body),
  };
}
