/** Statements in the words of their author: what the server prints of a view has lost its layout, its comments and its `*`. */

import { lowerAscii } from "../../sql/name.ts";
import type { PlannedStatement, Statement } from "../../core/statement.ts";
import { definitionAt } from "../common/definition.ts";
import { withAuthoredExpressions } from "./authored_expressions.ts";
import { withAuthoredRoles } from "./authored_roles.ts";
import { lexicon } from "./lexicon.ts";

/**
 * The statement as the last of a script's statements that defines the same view or routine, or with the roles and expressions of the
 * script; null where there is none of these. Whether it gives the same is for the database to say: a later statement may have altered
 * what it defines, or a setting what it means.
 */
export function authoredText(
  { sql }: PlannedStatement,
  script: readonly Statement[],
): string | null {
  const head = HEAD.exec(sql);
  if (head === null) {
    const named = withAuthoredRoles(sql, script);
    return withAuthoredExpressions(named ?? sql, script) ?? named;
  }
  const wanted = nameIn(sql);
  const found = script.findLast((statement) => {
    const other = HEAD.exec(statement.sql);
    return other !== null && wordOf(other) === wordOf(head) && nameIn(statement.sql) === wanted;
  });
  const start = found === undefined ? null : HEAD.exec(found.sql);
  if (found === undefined || start === null) return null;
  const rest = found.sql.slice(start[0].length).replace(/^(\s+)IF\s+NOT\s+EXISTS\s+/i, "$1");
  return `${head[0]}${rest}`;
}

const HEAD = /^CREATE\s+(?:OR\s+REPLACE\s+)?((?:MATERIALIZED\s+)?VIEW|FUNCTION|PROCEDURE)\b/i;

function wordOf(head: RegExpExecArray): string {
  return (head[1] ?? "").toUpperCase().replaceAll(/\s+/g, " ");
}

function nameIn(sql: string): string | null {
  const definition = definitionAt(sql, 0, { lexicon, foldName: lowerAscii });
  return definition === null
    ? null
    : JSON.stringify([definition.parent === "" ? "public" : definition.parent, definition.name]);
}
