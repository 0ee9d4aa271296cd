/** Ways to say what the server refuses although a schema may hold it. */

import type { DatabaseError } from "../../core/error.ts";
import type { PlannedStatement } from "../../core/statement.ts";
import { unchecked } from "./ddl/routine/unchecked_body.ts";

/**
 * A routine in SQL whose body no longer fits what it names: a schema keeps such a one, since nothing checks it again, but to make it
 * the check must be off. Null for other statements, and for errors that no check of a body gives.
 */
export function relax(
  statement: PlannedStatement,
  reason?: DatabaseError,
): readonly PlannedStatement[] | null {
  if (!SQL_ROUTINE.test(statement.sql)) return null;
  if (reason !== undefined && !reason.code.startsWith(SYNTAX_OR_ACCESS_RULE)) return null;
  const { reason: why } = statement;
  return unchecked([statement], {
    action: "skip_body_checks",
    object: why.action === "describe" || why.action === "combine"
      ? { kind: "function", name: statement.serves[0] ?? "" }
      : why.object,
  });
}

const SQL_ROUTINE = /^CREATE\s+(?:OR\s+REPLACE\s+)?(?:FUNCTION|PROCEDURE)\b.*\bLANGUAGE\s+sql\b/is;

/** The class of the error codes for what cannot be resolved: 42P13, 42703, 42883 and others. */
const SYNTAX_OR_ACCESS_RULE = "42";
