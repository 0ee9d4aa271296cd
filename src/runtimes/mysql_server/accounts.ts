/** The accounts of a scratch server: scripts that nobody has read run as one that can do all to its databases and nothing to the server. */

import type { DatabaseError } from "../../core/error.ts";
import type { ServerProgram } from "./program.ts";
import { isNewer } from "../version.ts";

/** The account of the scripts: one that no script names, so that a definer who is stated is told from one who is not. */
export const SCRIPT_USER = { user: "aim_script", host: "localhost" } as const;

/** Dumps name this one as definer: what it may do, their code may. */
const DUMPED_USER = { user: "root", host: "localhost" } as const;

/** The database that scripts begin in. */
export const DATABASE = "scratch";

/** An account that may do anything, with a name that no script can know. */
export interface Master {
  readonly user: string;
  readonly password: string;
}

/** Statements, one a line, that take the server from the account of the scripts; run once, when a data folder is made. */
export function accountScript(
  { family, version }: Pick<ServerProgram, "family" | "version">,
): string {
  const lines = [
    `DROP USER ${accountOf(DUMPED_USER)}`,
    ...[SCRIPT_USER, DUMPED_USER].map(accountOf).flatMap((account) => [
      `CREATE USER ${account}`,
      // A grant on one database by its name counts before one on all of them, so this one takes the server's own away.
      `GRANT SHOW VIEW ON mysql.* TO ${account}`,
      `GRANT SHOW VIEW ON sys.* TO ${account}`,
      `GRANT ALL ON \`%\`.* TO ${account} WITH GRANT OPTION`,
      `GRANT CREATE USER, RELOAD ON *.* TO ${account}`,
      ...definerPrivileges(family, version).map((name) => `GRANT ${name} ON *.* TO ${account}`),
      // Routines of other definers are read as well.
      ...family === "mariadb" ? [`GRANT SELECT ON mysql.proc TO ${account}`] : [],
    ]),
    `CREATE DATABASE ${DATABASE}`,
  ];
  return lines.map((line) => `${line};\n`).join("");
}

function accountOf({ user, host }: { readonly user: string; readonly host: string }): string {
  return `'${user}'@'${host}'`;
}

/** What dumps need: other definers, and settings of the session that only some may change. */
export function definerPrivileges(family: string, version: string): readonly string[] {
  if (family === "mariadb") return isNewer("10.5.2", version) ? [] : ["SET USER", "BINLOG ADMIN"];
  const definers = isNewer("8.2.0", version)
    ? ["SET_USER_ID"]
    : ["SET_ANY_DEFINER", "ALLOW_NONEXISTENT_DEFINER"];
  return [...definers, "SESSION_VARIABLES_ADMIN", "SHOW_ROUTINE"];
}

/** Statements, one a line, that make the master; run at each start. */
export function masterScript({ user, password }: Master): string {
  const account = `'${user}'@'localhost'`;
  return `CREATE USER ${account} IDENTIFIED BY '${password}';\n` +
    `GRANT ALL ON *.* TO ${account} WITH GRANT OPTION;\n`;
}

/**
 * The statement that gives the scripts a right on a sequence of their database which they have by that database, and which MariaDB
 * 11.4 looks for on the sequence alone when a default takes its next value; null for any other error.
 */
export function sequenceGrant({ code, message }: DatabaseError): string | null {
  const [, database, name = ""] =
    /^ALTER command denied to user .* for table `([^`]*)`\.`((?:[^`]|``)*)`$/.exec(message) ?? [];
  if (code !== DENIED || database !== DATABASE) return null;
  return `GRANT ALTER ON \`${DATABASE}\`.\`${name}\` TO ${accountOf(SCRIPT_USER)}`;
}

/** The number of the error for a right on a table that an account lacks. */
const DENIED = "1142";
