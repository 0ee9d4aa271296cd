/** A column of a table as text: its type, and what is said behind it. */

import type { Range } from "../sql/ranges.ts";
import type { Code, Member } from "./schema_text.ts";

/** Where the parts of a column stand. */
export interface ColumnText {
  readonly name: Code;
  /** Null for a column without a type. */
  readonly type: Range | null;
  /** `NOT NULL`, where it has no name. */
  readonly notNull: Range | null;
  /** `NULL` alone. */
  readonly nullable: Range | null;
  readonly default: Range | null;
  readonly isUnique: boolean;
  readonly isKey: boolean;
  /** Behind the name and the type. */
  readonly afterType: number;
  readonly end: number;
}

/** Words that end a type, a default and a constraint of a column. */
const CLAUSES = new Set(
  ("CONSTRAINT NOT NULL DEFAULT PRIMARY UNIQUE REFERENCES CHECK COLLATE GENERATED AS AUTO_INCREMENT " +
    "AUTOINCREMENT COMMENT ON STORAGE COMPRESSION KEY DEFERRABLE INITIALLY INVISIBLE VISIBLE")
    .split(" "),
);

/** Reads a column; null for a member that is none. */
export function columnText({ code, end }: Member): ColumnText | null {
  const [name, ...rest] = code;
  if (name === undefined) return null;
  const clauses = clausesOf(rest);
  const [type, ...others] = clauses;
  const typed = type !== undefined && type.length > 0 ? rangeOf(type) : null;
  const find = (...words: readonly string[]) =>
    others.find((clause) => words.every((word, at) => clause[at]?.word === word)) ?? null;
  const named = (clause: readonly Code[] | null) => {
    const before = clause === null ? undefined : others[others.indexOf(clause) - 1];
    return before?.[0]?.word === "CONSTRAINT";
  };
  const notNull = find("NOT", "NULL");
  const nullable = find("NULL");
  const value = find("DEFAULT");
  return {
    name,
    type: typed,
    notNull: notNull === null || named(notNull) ? null : rangeOf(notNull),
    nullable: nullable === null ? null : rangeOf(nullable),
    default: value === null ? null : rangeOf(value),
    isUnique: find("UNIQUE") !== null || find("PRIMARY") !== null,
    isKey: find("PRIMARY") !== null,
    afterType: typed?.end ?? name.end,
    end,
  };
}

/** The type first, perhaps empty, then a clause each. What follows `DEFAULT`, `NOT`, `ON` and the like belongs to it. */
function clausesOf(code: readonly Code[]): readonly (readonly Code[])[] {
  const clauses: Code[][] = [[]];
  let depth = 0;
  for (const [at, token] of code.entries()) {
    if (token.text === "(") depth++;
    if (token.text === ")") depth--;
    const last = clauses.at(-1) ?? [];
    const opens = depth === 0 && CLAUSES.has(token.word) && !continues(last, token, code[at + 1]);
    if (opens) clauses.push([token]);
    else last.push(token);
  }
  return clauses;
}

/** True for a word that goes on with the clause before it. */
function continues(clause: readonly Code[], token: Code, next: Code | undefined): boolean {
  const [first] = clause;
  const isSecond = clause.length === 1;
  switch (first?.word) {
    case "NOT":
      return isSecond;
    case "DEFAULT":
      return isSecond || (token.word === "NULL" && clause.at(-1)?.word === "IS");
    case "PRIMARY":
    case "UNIQUE":
      return isSecond && token.word === "KEY";
    case "GENERATED":
      return token.word === "AS" || token.word === "DEFAULT";
    case "REFERENCES":
    case "ON":
      return token.word === "ON" || token.word === "NULL" || token.word === "DEFAULT" ||
        (token.word === "NOT" && next?.word === "DEFERRABLE");
    default:
      return false;
  }
}

function rangeOf(code: readonly Code[]): Range {
  return { start: code[0]?.start ?? 0, end: code.at(-1)?.end ?? 0 };
}
