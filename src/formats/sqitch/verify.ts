/** A verify script: queries that fail when what a change made is not there, or what it removed still is. */

import type { PlannedStatement } from "../../core/statement.ts";

/** Checks for what `up` leaves behind, as far as an object's name is enough to find it. */
export function verification(
  up: readonly PlannedStatement[],
  client: "psql" | "sqlite3" | "mysql",
): string {
  const checks: string[] = [];
  for (const [id, exists] of client === "mysql" ? mysqlOutcomes(up) : outcomes(up)) {
    const cut = id.indexOf(":");
    const [kind, name] = [id.slice(0, cut), id.slice(cut + 1)];
    const check = client === "psql"
      ? postgresCheck(kind, name, exists)
      : client === "sqlite3"
      ? sqliteCheck(kind, name, exists)
      : mysqlCheck(kind, name, exists);
    checks.push(check === null ? `-- ${kind} ${name}: not checked here` : `${check};`);
  }
  if (checks.every((check) => check.startsWith("--"))) checks.push("SELECT 1;");
  return `${checks.join("\n")}\n`;
}

/** For each object that a statement is grouped under: whether it is there in the end. */
function outcomes(up: readonly PlannedStatement[]): ReadonlyMap<string, boolean> {
  const out = new Map<string, boolean>();
  for (const { sql, serves } of up) {
    const [first, ...rest] = serves;
    if (first === undefined) continue;
    const verb = /^\s*(create|drop|alter)\b/i.exec(sql)?.[1]?.toLowerCase();
    if (verb === undefined) continue;
    const part = /^(?:column|constraint|attribute):/.test(first);
    const drops = part && verb === "alter"
      ? /\bdrop\s+(?:column|constraint|attribute)\b/i.test(sql)
      : verb === "drop";
    out.set(first, !drops);
    if (verb !== "create") continue;
    for (const id of rest) out.set(id, true);
  }
  return out;
}

/** The same for MySQL, where one ALTER TABLE does several things. What is renamed or recast is left out. */
function mysqlOutcomes(up: readonly PlannedStatement[]): ReadonlyMap<string, boolean> {
  const out = new Map<string, boolean>();
  for (const statement of up) {
    if (!/^\s*alter\s+table\b/i.test(statement.sql)) {
      for (const [id, exists] of outcomes([statement])) out.set(id, exists);
      continue;
    }
    for (const id of statement.serves) {
      if (!/^(?:column|index):/.test(id)) continue;
      const name = names(id.slice(id.indexOf(":") + 1)).at(-1) ?? "";
      const does = (verb: string) =>
        new RegExp(
          `\\b${verb}\\s+(?:(?:column|(?:unique|fulltext|spatial)|index|key)\\s+)*\`?${
            name.replaceAll(/[^\w]/g, "\\$&")
          }(?![\\w$])`,
          "i",
        ).test(statement.sql);
      const [adds, drops] = [does("add"), does("drop")];
      if (adds !== drops) out.set(id, adds);
      else out.delete(id);
    }
  }
  return out;
}

function postgresCheck(kind: string, name: string, exists: boolean): string | null {
  const parts = names(name);
  const quoted = literal(parts.map(identifier).join("."));
  const is = (found: string) => `SELECT 1 / (${found})::int`;
  const [last = "", ...above] = [...parts].reverse();
  const parent = literal(above.reverse().map(identifier).join("."));
  const where = (from: string) => is(`${exists ? "" : "NOT "}EXISTS (SELECT FROM ${from})`);
  switch (kind) {
    case "table":
    case "foreign table":
    case "view":
    case "materialized view":
    case "sequence":
    case "index":
      return is(`to_regclass(${quoted}) IS ${exists ? "NOT " : ""}NULL`);
    case "column":
      return where(
        `pg_catalog.pg_attribute WHERE attrelid = to_regclass(${parent}) AND attname = ${
          literal(last)
        } AND NOT attisdropped`,
      );
    case "constraint":
      return where(
        `pg_catalog.pg_constraint WHERE conrelid = to_regclass(${parent}) AND conname = ${
          literal(last)
        }`,
      );
    case "trigger":
      return where(
        `pg_catalog.pg_trigger WHERE tgrelid = to_regclass(${parent}) AND tgname = ${
          literal(last)
        }`,
      );
    case "policy":
      return where(
        `pg_catalog.pg_policy WHERE polrelid = to_regclass(${parent}) AND polname = ${
          literal(last)
        }`,
      );
    case "enum":
    case "domain":
    case "composite":
    case "range":
    case "type":
      return is(`to_regtype(${quoted}) IS ${exists ? "NOT " : ""}NULL`);
    case "function":
    case "procedure":
    case "aggregate":
      return is(`to_regprocedure(${literal(name)}) IS ${exists ? "NOT " : ""}NULL`);
    case "schema":
      return is(`to_regnamespace(${quoted}) IS ${exists ? "NOT " : ""}NULL`);
    case "extension":
      return where(`pg_catalog.pg_extension WHERE extname = ${literal(name)}`);
    default:
      return null;
  }
}

/** Fails by an integer overflow, the one error that a SQLite query can raise by its result. */
function sqliteCheck(kind: string, name: string, exists: boolean): string | null {
  const fails = (from: string) =>
    `SELECT abs(-9223372036854775807 ${exists ? "- 1 + " : "- "}count(*)) FROM ${from}`;
  const parts = names(name);
  switch (kind) {
    case "table":
    case "virtual table":
    case "view":
    case "index":
    case "trigger": {
      const type = kind === "virtual table" ? "table" : kind;
      return fails(
        `sqlite_master WHERE type = '${type}' AND name = ${literal(parts.at(-1) ?? "")}`,
      );
    }
    case "column":
      return fails(
        `pragma_table_xinfo(${literal(parts.slice(0, -1).join("."))}) WHERE name = ${
          literal(parts.at(-1) ?? "")
        }`,
      );
    default:
      return null;
  }
}

/** Fails by a subquery of two rows. */
function mysqlCheck(kind: string, name: string, exists: boolean): string | null {
  const parts = names(name);
  const last = parts.at(-1) ?? "";
  const fails = (from: string) =>
    `SELECT (SELECT 1 UNION SELECT 2 FROM (SELECT count(*) AS found FROM information_schema.${from}) AS counted WHERE found ${
      exists ? "= 0" : "> 0"
    })`;
  const here = (column: string) => `${column} = DATABASE()`;
  switch (kind) {
    case "table":
    case "view":
      return fails(`tables WHERE ${here("table_schema")} AND table_name = ${literal(last)}`);
    case "column":
      return fails(
        `columns WHERE ${here("table_schema")} AND table_name = ${
          literal(parts.at(-2) ?? "")
        } AND column_name = ${literal(last)}`,
      );
    case "index":
      return fails(
        `statistics WHERE ${here("index_schema")} AND table_name = ${
          literal(parts.at(-2) ?? "")
        } AND index_name = ${literal(last)}`,
      );
    case "trigger":
      return fails(`triggers WHERE ${here("trigger_schema")} AND trigger_name = ${literal(last)}`);
    case "function":
    case "procedure":
      return fails(`routines WHERE ${here("routine_schema")} AND routine_name = ${literal(last)}`);
    default:
      return null;
  }
}

/** The parts of an object's name; dots inside a quoted part do not count. */
function names(name: string): readonly string[] {
  return (name.match(/"(?:[^"]|"")*"|[^."]+/g) ?? []).map((part) =>
    part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part
  );
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
