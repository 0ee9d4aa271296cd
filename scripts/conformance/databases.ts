/** The databases that the real runners work on: made anew, filled without a runner, and seen by programs that know nothing of aim. */

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { DatabaseSync } from "node:sqlite";
import { createConnection } from "mysql2";
import { BOOKKEEPING_SCHEMAS, bookkeepingTables } from "../../src/formats/mod.ts";
import type { Connection } from "../../src/runtimes/runtime.ts";
import { normalDump } from "../observe/normal_dump.ts";
import { showCreate } from "../observe/show_create.ts";

/** The tables of books of all runners. */
export const BOOKS = bookkeepingTables("typeorm");

/** What the runners work on. */
export type Dialect = "sqlite" | "postgres" | "mysql" | "mariadb";

/** Where a runner works. */
export interface Site {
  readonly folder: string;
  /** A path for SQLite, a URL for the others. */
  readonly database: string;
  readonly dialect: Dialect;
  /** How many migrations there are. */
  readonly count: number;
}

/** The URL of the server on which databases may be made; null where none is given. */
export function serverOf(dialect: Dialect): string | null {
  return process.env[`AIM_${dialect.toUpperCase()}_URL`] ?? null;
}

/** True where databases can be made. */
export function isAtHand(dialect: Dialect): boolean {
  return dialect === "sqlite" || serverOf(dialect) !== null;
}

/** Makes an empty database in place of one of that name, and gives its path or URL. */
export async function newDatabase(
  scratch: string,
  dialect: Dialect,
  name: string,
): Promise<string> {
  if (dialect === "sqlite") {
    const path = join(scratch, `aim_${name}.db`);
    new DatabaseSync(path).close();
    return path;
  }
  const server = serverOf(dialect) ?? "";
  const target = new URL(server);
  target.pathname = `/aim_${name}`;
  if (dialect === "postgres") {
    psql(server, `DROP DATABASE IF EXISTS aim_${name};\nCREATE DATABASE aim_${name};\n`);
  } else {
    await mysqlRows(server, `DROP DATABASE IF EXISTS aim_${name}; CREATE DATABASE aim_${name};`);
  }
  return target.href;
}

/** Drops the books that a runner keeps outside of the database that it works on. */
export async function forgetBooks(dialect: Dialect): Promise<void> {
  if (dialect !== "mysql" && dialect !== "mariadb") return;
  for (const schema of BOOKKEEPING_SCHEMAS) {
    await mysqlRows(serverOf(dialect) ?? "", `DROP DATABASE IF EXISTS ${schema}`);
  }
}

/**
 * Runs statements or whole scripts one by one, by the server's own client and without any runner. `withoutComments` lets the mysql
 * program leave out those inside of bodies, as it does when nothing else is said.
 */
export function runPlain(
  database: string,
  dialect: Dialect,
  statements: readonly string[],
  { withoutComments = false } = {},
): void {
  if (dialect === "sqlite") {
    const open = new DatabaseSync(database, { enableForeignKeyConstraints: true });
    for (const sql of statements) open.exec(`${sql}\n;`);
    open.close();
    return;
  }
  for (const sql of statements) {
    if (dialect === "postgres") psql(database, `${sql}\n;\n`);
    else mysqlClient(database, sql, withoutComments ? [] : ["--comments"]);
  }
}

/** The rows of a query on a server, a text for each. */
export async function ask(database: string, dialect: Dialect, sql: string): Promise<string> {
  if (dialect === "postgres") return psql(database, sql).trim();
  const rows = await mysqlRows(database, sql);
  return rows.map((row) => Object.values(row).join("|")).join("\n");
}

/** All that a server's own dump says of a database, apart from runners' books and the order of columns. */
export async function dumpOf(database: string, dialect: Dialect): Promise<string> {
  if (dialect === "postgres") {
    const without = [
      ...BOOKS.map((name) => `--exclude-table=public."${name}"`),
      ...BOOKS.flatMap((name) =>
        ["id", "index"].map((column) => `--exclude-table=public."${name}_${column}_seq"`)
      ),
      ...BOOKKEEPING_SCHEMAS.map((name) => `--exclude-schema=${name}`),
    ];
    const dump = execFileSync("pg_dump", ["--schema-only", ...without, "-d", database], {
      encoding: "utf8",
    });
    return normalDump(dump);
  }
  const isOwn = (row: Record<string, unknown>) =>
    !BOOKS.includes(String(row["name"] ?? row["NAME"]));
  const connection: Pick<Connection, "query"> = {
    query: async <Row extends object>(sql: string) =>
      (await mysqlRows(database, sql)).filter(isOwn) as Row[],
  };
  return await showCreate(connection);
}

/** Runs a script by psql and gives what it prints. Throws an Error at the first statement that fails. */
export function psql(database: string, script: string, options: readonly string[] = []): string {
  const args = ["-XAtq", "-v", "ON_ERROR_STOP=1", ...options, "-d", database];
  const env = { ...process.env, PGOPTIONS: "-c client_min_messages=warning" };
  return execFileSync("psql", args, { input: script, encoding: "utf8", env });
}

/** Runs a script by the mysql program, which knows DELIMITER. */
function mysqlClient(database: string, script: string, options: readonly string[]): void {
  const { hostname, port, username, password, pathname } = new URL(database);
  const args = [
    "-h",
    hostname,
    "-P",
    port,
    "-u",
    username,
    "--default-character-set=utf8mb4",
    ...options,
  ];
  const secret = password === "" ? {} : { MYSQL_PWD: decodeURIComponent(password) };
  execFileSync("mysql", [...args, pathname.slice(1)], {
    input: script,
    encoding: "utf8",
    env: { ...process.env, ...secret },
  });
}

/** Sends one text, as one message, and gives the rows of the last answer. */
async function mysqlRows(database: string, sql: string): Promise<Record<string, unknown>[]> {
  const { hostname, port, username, password, pathname } = new URL(database);
  const connection = createConnection({
    host: hostname,
    port: Number(port),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    ...pathname.length > 1 ? { database: pathname.slice(1) } : {},
    multipleStatements: true,
    dateStrings: true,
    flags: ["-IGNORE_SPACE"],
  });
  try {
    return await new Promise((resolve, reject) =>
      connection.query(
        sql,
        (error, rows) =>
          error === null
            ? resolve(Array.isArray(rows) ? rows as Record<string, unknown>[] : [])
            : reject(error),
      )
    );
  } finally {
    connection.destroy();
  }
}
