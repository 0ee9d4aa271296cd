/**
 * How each runner sends a migration, by dialect: read from the runners' own sources, see docs/formats.md.
 * The one place in this room that names dialects.
 */

import type { Script } from "./format.ts";

/**
 * - `always`: in a transaction that no file can switch off;
 * - `marked`: in a transaction unless the file says otherwise;
 * - `detected`: in one unless the runner finds a statement that cannot be, or the file says otherwise;
 * - `single`: as one message, which the server makes one transaction when it holds several statements;
 * - `client`: statement by statement without a transaction; a script opens its own.
 */
export type TransactionMode = "always" | "marked" | "detected" | "single" | "client";

/** What `runner` does on `dialect`; without a dialect, what it does on Postgres. Throws an Error for one without a row, which is a bug. */
export function transactionMode(runner: string, dialect = "postgres"): TransactionMode {
  const row = RUNNERS[runner];
  if (row === undefined) throw new Error(`Format ${runner} does not say how it sends a migration`);
  return row[family(dialect)] ?? row.other;
}

/** How a script that carries no marker of its own is run. */
export function unmarked(runner: string, dialect?: string): Script["transaction"] {
  switch (transactionMode(runner, dialect)) {
    case "always":
    case "marked":
      return "one";
    case "detected":
    case "single":
      return "auto";
    case "client":
      return "none";
  }
}

/** True where `runner` sends a file without a transaction as one message all the same, so that several statements in it become one. */
export function sendsFileAsOne(runner: string, dialect: string): boolean {
  return family(dialect) === "postgres" &&
    ["migrate", "dbmate", "sqlx", "diesel", "prisma"].includes(runner);
}

/** How `runner` sends a file that asks for no transaction: `transaction` where it cannot. */
export function sendsWithoutTransaction(
  runner: string,
  dialect: string,
): "statements" | "message" | "transaction" {
  if (transactionMode(runner, dialect) === "always") return "transaction";
  return sendsFileAsOne(runner, dialect) ? "message" : "statements";
}

/**
 * What a script says of how its runner hands it to the server: in one piece, and with what psql would keep to itself. Of those that
 * send SQL by a driver only Flyway takes the rows behind a COPY out of the file (its parser's `COPY ... FROM STDIN`), and only
 * Flyway restores the search path between two files (`restoreOriginalState`); golang-migrate, sqlx, refinery, Diesel and Prisma hold
 * one connection for all of them, goose and dbmate get the same one from their pool.
 */
export function sentBy(
  runner: string,
  dialect: string,
): Pick<Script, "whole" | "refuses" | "keepsSession"> {
  if (family(dialect) !== "postgres") return {};
  if (ONE_BY_ONE.has(runner)) return { keepsSession: true, refuses: ["commands", "copy-data"] };
  if (runner === "flyway") return { refuses: ["commands"] };
  const kept = { keepsSession: true, refuses: ["commands", "copy-data"] } as const;
  return runner === "goose" ? kept : { whole: true, ...kept };
}

/** Runners that send each statement by itself. */
const ONE_BY_ONE: ReadonlySet<string> = new Set([
  "alembic",
  "atlas",
  "django",
  "drizzle",
  "knex",
  "liquibase",
  "mikroorm",
  "rails",
  "sequelize",
  "typeorm",
]);

/** The address of a database for Java, with the parts of a scratch database's. */
export function jdbcAddress(dialect: string): string {
  if (dialect === "sqlite") return "jdbc:sqlite:{file}";
  return `jdbc:${dialect === "postgres" ? "postgresql" : dialect}://{host}:{port}/{database}`;
}

/** The address of a database as Active Record spells it; null where it is the usual one. */
export function activeRecordAddress(dialect: string): string | null {
  if (dialect === "sqlite") return "sqlite3:{file}";
  return family(dialect) === "mysql" ? "mysql2://{user}:{password}@{host}:{port}/{database}" : null;
}

/** True where all files of a run are one transaction. */
export function sharesTransaction(runner: string): boolean {
  return runner === "drizzle";
}

/** What Prisma calls the dialect in its lock file. */
export function prismaProvider(dialect: string): string {
  return { postgres: "postgresql" }[family(dialect)] ?? family(dialect);
}

/** What Drizzle's journal says of the dialect, and the version of an entry. */
export function drizzleDialect(
  dialect: string,
): { readonly dialect: string; readonly version: number } {
  const versions: Readonly<Record<string, number>> = { postgres: 7, sqlite: 6, mysql: 5 };
  return { dialect: prismaProvider(dialect), version: versions[family(dialect)] ?? 7 };
}

/** True where Knex takes a question mark for a bound value even when it is given none. */
export function hasQuestionBindings(dialect: string): boolean {
  return family(dialect) === "postgres";
}

/** True where only its client's delimiter tells that a semicolon inside of a body ends no statement. */
export function isCutInBodies(dialect: string): boolean {
  return family(dialect) === "mysql";
}

/** True where Flyway holds its lock by a transaction that stays open beside the migration. */
export function locksByTransaction(dialect: string): boolean {
  return family(dialect) === "postgres";
}

/** A statement that does nothing, where `runner` fails on a file that holds only comments; null where it does not. */
export function nothing(runner: string, dialect: string): string | null {
  return runner === "diesel" || family(dialect) === "mysql" ? "SELECT 1;" : null;
}

/** True where a data definition ends the transaction that it stands in, so that markers and cuts mean nothing. */
export function commitsDefinitions(dialect: string): boolean {
  return family(dialect) === "mysql";
}

/** True where what cannot stand in a transaction are settings of the connection, which lose their sense in a file of their own. */
export function settingsNeedOneFile(dialect: string): boolean {
  return family(dialect) === "sqlite";
}

/** True where a string can be written with escapes as E'...' wherever a string or a dollar-quoted body may stand. */
export function hasEscapeStrings(dialect: string): boolean {
  return dialect === "postgres";
}

/** True where a backslash before any other sign in a string leaves that sign as it is. */
export function hasBackslashes(dialect: string): boolean {
  return family(dialect) === "mysql";
}

/** True for a statement whose text the server keeps with its comments, so that no sign of it may change. */
export function keepsComments(dialect: string, sql: string): boolean {
  return family(dialect) === "mysql" && ROUTINE.test(sql);
}

const ROUTINE =
  /^\s*create\s+(?:or\s+replace\s+)?(?:definer\s*=\s*\S+\s+)?(?:aggregate\s+)?(?:function|procedure|trigger|event|package)\b/i;

/** The schema that unqualified names mean, where it is the same for everybody; null where it is the database's name. */
export function defaultSchema(dialect = "postgres"): string | null {
  return { postgres: "public", sqlite: "main" }[family(dialect)] ?? null;
}

/** The program that sqitch hands scripts to, by its `core.engine`, or by the dialect where that is not set. */
export function clientOf(engine: string | null, dialect?: string): "psql" | "sqlite3" | "mysql" {
  const asked = engine === null ? undefined : taggedDialect(engine) ?? undefined;
  const name = family(dialect ?? asked ?? "postgres");
  return name === "sqlite" ? "sqlite3" : name === "mysql" ? "mysql" : "psql";
}

/** What sqitch calls the dialect. */
export function sqitchEngine(dialect: string): string {
  return { postgres: "pg", mysql: "mysql" }[family(dialect)] ?? family(dialect);
}

/** The dialect that a tag in a file name means (`create_users.sqlite3.up.sql`), or null when it is none. */
export function taggedDialect(tag: string): string | null {
  return TAGS[tag.toLowerCase()] ?? null;
}

/** True when a file that is meant for `tagged` is meant for `dialect`. */
export function sameDialect(tagged: string, dialect: string): boolean {
  return tagged === dialect || tagged === family(dialect) && dialect !== "mariadb" ||
    tagged === "mysql" && dialect === "mariadb";
}

const RUNNERS: Readonly<
  Record<string, { readonly other: TransactionMode; readonly [dialect: string]: TransactionMode }>
> = {
  migrate: { postgres: "single", mysql: "client", sqlite: "always", other: "single" },
  goose: { other: "marked" },
  dbmate: { other: "marked" },
  sqlx: { sqlite: "always", other: "marked" },
  flyway: { other: "detected" },
  refinery: { other: "always" },
  diesel: { other: "marked" },
  prisma: { postgres: "single", other: "client" },
  sqitch: { other: "client" },
  plain: { other: "single" },
  drizzle: { other: "always" },
  atlas: { other: "marked" },
  liquibase: { sqlite: "always", other: "marked" },
  django: { other: "marked" },
  rails: { other: "marked" },
  knex: { other: "marked" },
  sequelize: { other: "marked" },
  typeorm: { other: "marked" },
  mikroorm: { other: "marked" },
  alembic: { postgres: "marked", other: "client" },
};

const TAGS: Readonly<Record<string, string>> = {
  postgres: "postgres",
  postgresql: "postgres",
  pg: "postgres",
  cockroach: "cockroach",
  cockroachdb: "cockroach",
  crdb: "cockroach",
  yugabyte: "yugabyte",
  mysql: "mysql",
  mariadb: "mariadb",
  sqlite: "sqlite",
  sqlite3: "sqlite",
  mssql: "mssql",
  sqlserver: "mssql",
  oracle: "oracle",
  clickhouse: "clickhouse",
  h2: "h2",
  hsqldb: "hsqldb",
};

function family(dialect: string): string {
  return dialect === "mariadb" ? "mysql" : dialect;
}

/** What a runner sets in every session, as SQL; empty where it leaves a session as it is. */
export function runnerSession(format: string, dialect: string): string {
  return SESSIONS[format]?.[dialect] ?? "";
}

/** sqlx's client does so for every connection (`MySqlConnectOptions`, sqlx 0.8), so `||` joins texts there. */
const SQLX =
  "SET sql_mode = (SELECT CONCAT(@@sql_mode, ',PIPES_AS_CONCAT,NO_ENGINE_SUBSTITUTION')), time_zone = '+00:00'";

const SESSIONS: Readonly<Record<string, Readonly<Record<string, string>> | undefined>> = {
  sqlx: { mysql: SQLX, mariadb: SQLX },
};
