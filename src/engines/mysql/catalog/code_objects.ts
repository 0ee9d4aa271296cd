/** Routines, packages, triggers and events as objects. */

import { joinName } from "../../../core/name.ts";
import { objectId, type SchemaObject } from "../../../core/snapshot.ts";
import { NOW_TEXT } from "../../../runtimes/mysql_server/session_start.ts";
import { makeObject } from "../facts.ts";
import { UnreadableStatement } from "../../common/token_cursor.ts";
import { Cursor, isWord, tokenize } from "./cursor.ts";
import { unquoted } from "../../../sql/name.ts";
import { definerIn, fold, type Scope } from "./scope.ts";

/** Whose code it is, and the session in which it was made. */
interface CodeRow {
  readonly sql_mode: string;
  readonly definer: string;
  readonly client: string;
  readonly connection: string;
}

/** A row of `information_schema.routines`, with its SHOW CREATE. */
export interface RoutineRow extends CodeRow {
  readonly name: string;
  readonly type: string;
  readonly body: string | null;
  readonly returns: string | null;
  readonly is_deterministic: string;
  readonly data_access: string;
  readonly security: string;
  readonly comment: string;
  readonly language: string | null;
  readonly text: string | null;
}

/** A row of `information_schema.parameters`. */
export interface ParameterRow {
  readonly routine: string;
  readonly type: string;
  readonly mode: string | null;
  readonly name: string | null;
  readonly identifier: string;
  readonly charset: string | null;
  readonly collation: string | null;
}

/** A row of `information_schema.triggers`. */
export interface TriggerRow extends CodeRow {
  readonly name: string;
  readonly table: string;
  readonly timing: string;
  readonly event: string;
  readonly place: number;
  readonly body: string;
}

/** A row of `information_schema.events`. */
export interface EventRow extends CodeRow {
  readonly name: string;
  readonly type: string;
  readonly at: string | null;
  readonly interval_value: string | null;
  readonly interval_field: string | null;
  readonly starts: string | null;
  readonly ends: string | null;
  readonly completion: string;
  readonly status: string;
  readonly comment: string;
  readonly time_zone: string;
  readonly body: string;
}

function styleOf(row: CodeRow) {
  return {
    definer: row.definer,
    character_set_client: row.client,
    collation_connection: row.connection,
  };
}

function modeOf(row: CodeRow, scope: Scope): string | null {
  return row.sql_mode === scope.sqlMode ? null : row.sql_mode;
}

/** A procedure, a function, or one half of a package. */
export function routineObject(
  row: RoutineRow,
  parameters: readonly ParameterRow[],
  scope: Scope,
): SchemaObject {
  const kind = row.type.toLowerCase();
  const base = {
    id: objectId(kind, joinName(fold(row.name))),
    name: joinName(row.name),
    parent: null,
    dependsOn: [],
    droppedWith: [],
    style: styleOf(row),
  };
  const common = {
    security: row.security === "INVOKER" ? "invoker" as const : null,
    definer: definerIn(scope, row.definer),
    comment: row.comment === "" ? null : row.comment,
    body: bodyOf(row),
    sql_mode: modeOf(row, scope),
  };
  if (kind === "package") return makeObject({ ...base, kind: "package", facts: common });
  if (kind === "package body") {
    const dependsOn = [objectId("package", joinName(fold(row.name)))];
    return makeObject({
      ...base,
      kind: "package body",
      facts: common,
      dependsOn,
      droppedWith: dependsOn,
    });
  }
  if (kind !== "procedure" && kind !== "function") throw new UnreadableStatement(kind, undefined);
  const language = row.language ?? "SQL";
  return makeObject({
    ...base,
    kind,
    facts: {
      ...common,
      parameters: parametersText(parameters, kind),
      returns: kind === "function" ? row.returns : null,
      aggregate: isAggregate(row.text),
      deterministic: row.is_deterministic === "YES",
      data_access: row.data_access === "CONTAINS SQL" ? null : row.data_access,
      language: language === "SQL" ? null : language,
    },
  });
}

/** MySQL keeps the semicolon of a body that is followed by other statements of its message. */
function withoutEnd(body: string): string {
  return body.replace(/\s*;\s*$/, "");
}

function bodyOf({ body, name, type }: RoutineRow): string {
  if (body === null) throw new UnreadableStatement(`the body of ${type} ${name}`, undefined);
  return withoutEnd(body);
}

function isAggregate(text: string | null): boolean {
  if (text === null) return false;
  const tokens = tokenize(text.slice(0, 400));
  const at = tokens.findIndex((token) => isWord(token, "FUNCTION"));
  return at > 0 && isWord(tokens[at - 1], "AGGREGATE");
}

/** `IN a int, OUT b varchar(10) CHARSET latin1 COLLATE latin1_bin`. */
function parametersText(rows: readonly ParameterRow[], kind: string): string {
  return rows.map(({ mode, name, identifier, charset, collation }) => {
    const type = charset === null || /\bcharset\b|\bcharacter set\b/i.test(identifier)
      ? identifier
      : `${identifier} CHARSET ${charset}${collation === null ? "" : ` COLLATE ${collation}`}`;
    const direction = kind === "function" && mode === "IN" ? "" : `${mode ?? "IN"} `;
    return `${direction}\`${(name ?? "").replaceAll("`", "``")}\` ${type}`;
  }).join(", ");
}

/** The type that a function returns, as its SHOW CREATE has it. */
export function returnsOf(text: string): string | null {
  const cursor = new Cursor(text);
  while (!cursor.done && !cursor.seesMark("(")) cursor.token();
  cursor.parenthesis();
  return cursor.takes("RETURNS") || cursor.takes("RETURN") ? cursor.restOfLine() : null;
}

/** The triggers of all tables. */
export function triggerObjects(rows: readonly TriggerRow[], scope: Scope): readonly SchemaObject[] {
  return rows.map((row) => {
    const before = rows.find((other) =>
      other.table === row.table && other.timing === row.timing && other.event === row.event &&
      other.place === row.place - 1
    );
    const table = objectId("table", joinName(row.table));
    return makeObject({
      id: objectId("trigger", joinName(row.name)),
      kind: "trigger",
      name: joinName(row.name),
      parent: table,
      facts: {
        table: row.table,
        timing: row.timing === "BEFORE" ? "before" : "after",
        event: row.event.toLowerCase(),
        follows: before?.name ?? null,
        body: withoutEnd(row.body),
        sql_mode: modeOf(row, scope),
        definer: definerIn(scope, row.definer),
      },
      style: styleOf(row),
      dependsOn: [
        table,
        ...changedColumns(row, scope),
        ...before === undefined ? [] : [objectId("trigger", joinName(before.name))],
      ],
      droppedWith: [table],
    });
  });
}

/** The columns that a trigger names as those of NEW or OLD. */
function changedColumns(row: TriggerRow, scope: Scope): readonly string[] {
  const columns = scope.columns.get(row.table);
  const tokens = tokenize(row.body);
  const found = new Set<string>();
  for (const [at, token] of tokens.entries()) {
    if (!isWord(token, "NEW") && !isWord(token, "OLD")) continue;
    if (tokens[at + 1]?.text !== ".") continue;
    const id = columns?.get(fold(unquoted(tokens[at + 2]?.text ?? "")));
    if (id !== undefined) found.add(id);
  }
  return [...found];
}

/** An event. */
export function eventObject(row: EventRow, scope: Scope): SchemaObject {
  return makeObject({
    id: objectId("event", joinName(fold(row.name))),
    kind: "event",
    name: joinName(row.name),
    parent: null,
    facts: {
      at: row.at,
      every: row.interval_value === null ? null : intervalOf(row),
      starts: row.starts === NOW_TEXT ? null : row.starts,
      ends: row.ends,
      preserve: row.completion === "PRESERVE",
      disabled: row.status === "ENABLED"
        ? null
        : row.status === "DISABLED"
        ? "everywhere"
        : "replica",
      comment: row.comment === "" ? null : row.comment,
      body: withoutEnd(row.body),
      sql_mode: modeOf(row, scope),
      definer: definerIn(scope, row.definer),
      time_zone: row.time_zone === "SYSTEM" || row.time_zone === "+00:00" ? null : row.time_zone,
    },
    style: styleOf(row),
    dependsOn: [],
    droppedWith: [],
  });
}

/** `1 DAY`; `'1:30' HOUR_MINUTE`. */
function intervalOf({ interval_value: value, interval_field: field }: EventRow): string {
  return /^-?\d+$/.test(value ?? "") ? `${value} ${field}` : `${quoted(value ?? "")} ${field}`;
}

function quoted(value: string): string {
  return value.startsWith("'") ? value : `'${value}'`;
}
