/** The psql meta-commands that stand in dumps and scripts. */

import { UsageError } from "../../core/error.ts";
import { positionAt } from "../../sql/position.ts";

/**
 * Gives the end of the meta-command whose backslash stands at `at` when it changes nothing in the database and stands between
 * statements (`free`), alone on its line.
 *
 * @throws {UsageError} with line and column, for any other.
 */
export function metaCommand(sql: string, at: number, free: boolean): number {
  const newline = sql.indexOf("\n", at);
  const end = newline < 0 ? sql.length : newline;
  const [name = "", first = ""] = sql.slice(at + 1, end).trim().split(/\s+/);
  const alone = !sql.slice(at + 1, end).includes("\\");
  if (free && alone && isHarmless(name, first)) return end;
  const { line, column, source } = positionAt(sql, at);
  throw new UsageError(`Cannot run the psql meta-command "\\${name}"`, {
    place: { file: "", line, column },
    source,
    code: "psql-command",
    hint: !alone
      ? "its second backslash begins another command, or SQL again: give each a line of its own"
      : HINTS[name] ?? "remove the line: aim sends SQL to a database and does not run psql",
  });
}

const HARMLESS = new Set(
  "restrict unrestrict encoding echo qecho warn timing pset x a t H f C T errverbose conninfo copyright h ? l z"
    .split(" "),
);

/** `\set` of psql's own variables; any other name would be used as `:name` in the SQL. */
const OWN_VARIABLES =
  /^(?:AUTOCOMMIT|COMP_KEYWORD_CASE|ECHO|ECHO_HIDDEN|ERROR|FETCH_COUNT|HIDE_.*|HIST.*|IGNOREEOF|ON_ERROR_.*|PROMPT[123]|QUIET|SHOW_.*|SINGLELINE|SINGLESTEP|VERBOSITY)$/;

function isHarmless(name: string, argument: string): boolean {
  if (name === "set" || name === "unset") return OWN_VARIABLES.test(argument);
  return HARMLESS.has(name) || /^d[A-Za-z]*[S+]*$/.test(name) || /^l\+$/.test(name);
}

const HINTS: Readonly<Record<string, string | undefined>> = {
  connect: "a script is loaded into one database; split it by database",
  c: "a script is loaded into one database; split it by database",
  i: "write the path out, alone on its line; or name the files in aim.toml: schema may be a list",
  include:
    "write the path out, alone on its line; or name the files in aim.toml: schema may be a list",
  ir: "write the path out, alone on its line; or name the files in aim.toml: schema may be a list",
  include_relative:
    "write the path out, alone on its line; or name the files in aim.toml: schema may be a list",
  copy: "use COPY ... FROM stdin with the data in the script",
  set: "write the value into the SQL: psql variables are not replaced",
  g: "end the statement with a semicolon",
  gexec: "write the statements that the query makes instead of the query",
  gset: "write the value into the SQL: psql variables are not replaced",
  if: "write what is meant without the condition: psql variables are not replaced",
};
