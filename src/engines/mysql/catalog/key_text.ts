/** Keys and constraints as SHOW CREATE TABLE writes them. */

import type { CheckFacts, ForeignKeyFacts, IndexFacts, IndexPart, PeriodFacts } from "../facts.ts";
import { joinName } from "../../../core/name.ts";
import type { Stated } from "../../common/facts.ts";
import { UnreadableStatement } from "../../common/token_cursor.ts";
import type { Cursor } from "./cursor.ts";
import { withoutParentheses } from "./expression.ts";

/** A key. */
export interface KeyText {
  readonly name: string;
  readonly facts: Stated<IndexFacts>;
}

/** A CHECK or a foreign key. */
export interface ConstraintText {
  readonly name: string;
  readonly facts: Stated<CheckFacts> | Stated<ForeignKeyFacts>;
}

/** What a line of a table may be besides a column. */
export type MemberText =
  | { readonly kind: "key"; readonly key: KeyText }
  | { readonly kind: "constraint"; readonly constraint: ConstraintText }
  | { readonly kind: "period"; readonly period: PeriodFacts };

/** Reads a key, a constraint or a period; null where a column comes next. */
export function readMember(cursor: Cursor): MemberText | null {
  if (cursor.takes("PRIMARY", "KEY")) return key(readKey(cursor, "primary", "PRIMARY"));
  for (const [word, type] of TYPES) {
    if (!cursor.takes(word)) continue;
    if (!cursor.takes("KEY")) cursor.takes("INDEX");
    return key(readKey(cursor, type, cursor.name()));
  }
  if (cursor.takes("KEY") || cursor.takes("INDEX")) {
    return key(readKey(cursor, "plain", cursor.name()));
  }
  if (cursor.takes("CONSTRAINT")) {
    return { kind: "constraint", constraint: readConstraint(cursor, cursor.name()) };
  }
  if (cursor.sees("PERIOD", "FOR")) return { kind: "period", period: readPeriod(cursor) };
  return null;
}

function key(text: KeyText): MemberText {
  return { kind: "key", key: text };
}

const TYPES: readonly (readonly [string, IndexFacts["type"]])[] = [
  ["UNIQUE", "unique"],
  ["FULLTEXT", "fulltext"],
  ["SPATIAL", "spatial"],
  ["VECTOR", "vector"],
];

function readKey(cursor: Cursor, type: IndexFacts["type"], name: string): KeyText {
  const options: Record<string, string> = {};
  const facts = {
    using: null as string | null,
    parser: null as string | null,
    comment: null as string | null,
    invisible: false,
  };
  const { columns, overlaps } = readParts(cursor);
  while (!cursor.done && !cursor.seesMark(",") && !cursor.seesMark(")")) {
    if (cursor.takes("USING")) facts.using = cursor.word();
    else if (cursor.takes("COMMENT")) facts.comment = cursor.string();
    else if (cursor.takes("WITH", "PARSER")) facts.parser = cursor.name();
    else if (cursor.takes("INVISIBLE") || cursor.takes("IGNORED")) facts.invisible = true;
    else {
      const option = cursor.name().toLowerCase();
      if (!cursor.takesMark("=") && !/_attribute$/.test(option)) {
        throw new UnreadableStatement("an option of a key", cursor.peek(-1));
      }
      options[option] = cursor.token().text;
    }
  }
  return {
    name,
    facts: {
      type,
      columns,
      ...facts,
      without_overlaps: overlaps,
      options: Object.keys(options).length === 0 ? null : options,
    },
  };
}

/** The columns of a key, and the period behind them that must not overlap. */
function readParts(
  cursor: Cursor,
): { readonly columns: readonly IndexPart[]; readonly overlaps: string | null } {
  cursor.expectMark("(");
  const columns: IndexPart[] = [];
  let overlaps: string | null = null;
  do {
    if (cursor.seesMark("(")) {
      const expression = withoutParentheses(cursor.parenthesis());
      columns.push({ expression, ...direction(cursor) });
      continue;
    }
    const column = cursor.name();
    if (cursor.takes("WITHOUT", "OVERLAPS")) {
      overlaps = column;
      continue;
    }
    const length = cursor.seesMark("(") ? { length: Number(cursor.parenthesis()) } : {};
    columns.push({ column, ...length, ...direction(cursor) });
  } while (cursor.takesMark(","));
  cursor.expectMark(")");
  return { columns, overlaps };
}

function direction(cursor: Cursor): { readonly descending?: true } {
  if (cursor.takes("DESC")) return { descending: true };
  cursor.takes("ASC");
  return {};
}

function readConstraint(cursor: Cursor, name: string): ConstraintText {
  if (cursor.takes("CHECK")) {
    const expression = withoutParentheses(cursor.parenthesis());
    const facts = { type: "check", expression, not_enforced: cursor.takes("NOT", "ENFORCED") };
    return { name, facts: facts as Stated<CheckFacts> };
  }
  cursor.expect("FOREIGN", "KEY");
  const columns = cursor.names();
  cursor.expect("REFERENCES");
  let table = cursor.name();
  if (cursor.takesMark(".")) table = joinName(table, cursor.name());
  else table = joinName(table);
  const references = cursor.names();
  const actions: Record<string, string | null> = { DELETE: null, UPDATE: null };
  while (cursor.takes("ON")) {
    const event = cursor.word();
    const action = cursor.word();
    actions[event] = action === "SET" || action === "NO" ? `${action} ${cursor.word()}` : action;
  }
  const facts: Stated<ForeignKeyFacts> = {
    type: "foreign key",
    columns,
    table,
    references,
    on_delete: actions.DELETE ?? null,
    on_update: actions.UPDATE ?? null,
  };
  return { name, facts };
}

function readPeriod(cursor: Cursor): PeriodFacts {
  cursor.expect("PERIOD", "FOR");
  const name = cursor.name();
  const [start = "", end = ""] = cursor.names();
  return { name, start, end };
}
