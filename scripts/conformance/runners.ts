/** The real runners: how each is called. */

import { CODE_RUNNERS } from "./code_runners.ts";
import type { Dialect, Site } from "./databases.ts";
import { RUST_RUNNERS } from "./rust_runners.ts";

/** A command line. */
export type Command = readonly [string, ...string[]];

/** A real runner. */
export interface Runner {
  readonly format: string;
  readonly dialects: readonly Dialect[];
  readonly version: Command;
  /** False where it cannot take some of the changes that are generated step by step. */
  readonly walks?: false;
  /** Applies what is not applied yet. */
  up(site: Site): readonly Command[];
  /** Takes back all of a site's migrations, or the last `count` of them; empty for a runner that only goes forward. */
  down(site: Site, count?: number): readonly Command[];
  /** What it must have done itself before aim can go on in its place. */
  begin?(site: Site): readonly Command[];
  /** Other ways to take all of them to an empty database. */
  otherwise?(site: Site): readonly (readonly Command[])[];
}

const ALL: readonly Dialect[] = ["sqlite", "postgres", "mysql", "mariadb"];

/** All of them; their programs are called on PATH. */
export const RUNNERS: readonly Runner[] = [
  {
    format: "migrate",
    dialects: ALL,
    version: ["migrate", "-version"],
    up: (site) => [[...migrate(site), "up"]],
    down: (
      site,
      count,
    ) => [[...migrate(site), "down", ...count === undefined ? ["-all"] : [`${count}`]]],
  },
  {
    format: "goose",
    dialects: ALL,
    version: ["goose", "-version"],
    up: (site) => [goose(site, "up")],
    down: (site, count) =>
      count === undefined ? [goose(site, "reset")] : repeat(count, goose(site, "down")),
  },
  {
    format: "dbmate",
    dialects: ALL,
    version: ["dbmate", "--version"],
    up: (site) => [dbmate(site, "up")],
    down: (site, count = site.count) => repeat(count, dbmate(site, "rollback")),
  },
  {
    format: "sqitch",
    dialects: ALL,
    version: ["sqitch", "--version"],
    up: (
      site,
    ) => [["sqitch", "-C", site.folder, "deploy", "--verify", `db:${url(site, "sqlite:")}`]],
    // aim does not make its registry on these servers.
    begin: (site) =>
      isMysql(site)
        ? [[
          ...["sqitch", "-C", site.folder, "deploy", "--verify", "--to", "@ROOT"] as const,
          `db:${url(site, "sqlite:")}`,
        ]]
        : [],
    down: (site, count) => [[
      "sqitch",
      "-C",
      site.folder,
      "revert",
      "-y",
      ...count === undefined ? [] : ["--to-change", `@HEAD${"^".repeat(count)}`],
      `db:${url(site, "sqlite:")}`,
    ]],
  },
  {
    format: "sqlx",
    dialects: ALL,
    version: ["sqlx", "--version"],
    up: (site) => [sqlx(site, "run")],
    down: (site, count) =>
      count === undefined
        ? [[...sqlx(site, "revert"), "--target-version", "0"]]
        : repeat(count, sqlx(site, "revert")),
  },
  {
    format: "flyway",
    dialects: ALL,
    version: ["flyway", "--version"],
    up: (site) => [[
      "flyway",
      ...jdbc(site),
      `-locations=filesystem:${site.folder}`,
      "-postgresql.transactional.lock=false",
      "migrate",
    ]],
    down: () => [],
  },
  ...RUST_RUNNERS,
  ...CODE_RUNNERS,
];

function repeat(count: number, command: Command): readonly Command[] {
  return Array.from({ length: count }, () => command);
}

/** A database's URL, its path behind `scheme` for SQLite. MariaDB goes by the name of MySQL. */
function url({ dialect, database }: Site, scheme: string): string {
  if (dialect === "sqlite") return `${scheme}${database}`;
  return database.replace(/^mariadb:/, "mysql:");
}

/** A database as the MySQL driver of Go names it. */
function goMysql({ database }: Site, parameters: string): string {
  const { host, pathname, username, password } = new URL(database);
  return `${username}${
    password === "" ? "" : `:${password}`
  }@tcp(${host})${pathname}?${parameters}`;
}

function isMysql({ dialect }: Site): boolean {
  return dialect === "mysql" || dialect === "mariadb";
}

function migrate(site: Site): Command {
  const database = isMysql(site)
    ? `mysql://${goMysql(site, "multiStatements=true")}`
    : url(site, "sqlite://");
  return ["migrate", "-path", site.folder, "-database", database];
}

function goose(site: Site, verb: string): Command {
  const [driver, database] = isMysql(site)
    ? ["mysql", goMysql(site, "parseTime=true")]
    : [site.dialect === "sqlite" ? "sqlite3" : "postgres", site.database];
  return ["goose", "-dir", site.folder, driver, database, verb];
}

function dbmate(site: Site, verb: string): Command {
  const database = url(site, "sqlite:");
  return ["dbmate", "--url", database, "--migrations-dir", site.folder, "--no-dump-schema", verb];
}

function sqlx(site: Site, verb: string): Command {
  return ["sqlx", "migrate", verb, "--source", site.folder, "-D", url(site, "sqlite:")];
}

/** A database and its account as JDBC names them. */
function jdbc({ dialect, database }: Site): readonly string[] {
  if (dialect === "sqlite") return [`-url=jdbc:sqlite:${database}`];
  const { host, pathname, username, password } = new URL(database);
  const scheme = dialect === "postgres" ? "postgresql" : dialect;
  return [`-url=jdbc:${scheme}://${host}${pathname}`, `-user=${username}`, `-password=${password}`];
}
