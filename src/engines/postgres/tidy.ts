/** Planned statements as written by hand: the short names of types, one ALTER TABLE for the columns and keys of a table. */

import type { PlannedStatement } from "../../core/statement.ts";
import { plainRanges } from "../../sql/ranges.ts";
import { lexicon } from "./lexicon.ts";

/** The same with fewer words. What depends on an order that one statement does not keep stays apart. */
export function tidy(statements: readonly PlannedStatement[]): readonly PlannedStatement[] {
  const out: PlannedStatement[] = [];
  let group: Alter[] = [];
  const close = () => {
    if (group.length > 0) out.push(combined(group));
    group = [];
  };
  for (const statement of statements) {
    const alter = readAlter(statement);
    const first = group[0];
    if (alter === null || first === undefined || !goesWith(alter, group)) close();
    if (alter === null) out.push(withShortTypes(statement));
    else group.push(alter);
  }
  close();
  return out;
}

/** An ALTER TABLE with one action that can stand beside others. */
interface Alter {
  readonly statement: PlannedStatement;
  /** `ALTER TABLE ONLY users` */
  readonly head: string;
  readonly action: string;
  /** The column that it is about, as SQL; null for a constraint. */
  readonly column: string | null;
}

const NAME = String.raw`(?:"(?:[^"]|"")*"|[\w$]+)`;

const ALTER = new RegExp(String.raw`^(ALTER TABLE (?:ONLY )?${NAME}(?:\.${NAME})?) (.+)$`, "s");

const COLUMN = new RegExp(
  String
    .raw`^(?:ADD COLUMN|ALTER COLUMN(?= ${NAME} (?:TYPE|SET NOT NULL|SET DEFAULT|DROP NOT NULL|DROP DEFAULT)\b)) (${NAME})`,
);

/** A conversion by an expression may read other columns, whose types it would then see as they were. */
const CONVERSION = new RegExp(String.raw`^ALTER COLUMN (${NAME}) TYPE .* USING (?!\1::)`, "s");

function readAlter(statement: PlannedStatement): Alter | null {
  const { sql, transactional, destroys, reversible } = statement;
  if (!transactional || destroys !== undefined || reversible !== undefined) return null;
  const [, head, written] = ALTER.exec(sql) ?? [];
  if (head === undefined || written === undefined) return null;
  const action = written.replace(/^\n\s*/, "");
  const column = COLUMN.exec(action)?.[1] ?? null;
  const isConstraint = action.startsWith("ADD CONSTRAINT ") && !/ USING INDEX "?\w/.test(action);
  if ((column === null && !isConstraint) || CONVERSION.test(action)) return null;
  return { statement, head, action, column };
}

function goesWith(alter: Alter, group: readonly Alter[]): boolean {
  return group[0]?.head === alter.head &&
    (alter.column === null || group.every(({ column }) => column !== alter.column));
}

function combined(group: readonly Alter[]): PlannedStatement {
  const [first] = group;
  if (first === undefined) throw new Error("Cannot combine no statements");
  const actions: { text: string; readonly added: string | null }[] = [];
  for (const { action, column, statement: { inColumn } } of group) {
    const home = inColumn === undefined
      ? undefined
      : actions.find(({ added }) => added === inColumn.column);
    if (home === undefined || inColumn === undefined) {
      actions.push({ text: action, added: action.startsWith("ADD COLUMN ") ? column : null });
    } else home.text += ` ${inColumn.clause}`;
  }
  if (group.length === 1) return withShortTypes(first.statement);
  const list = actions.map(({ text }) => text);
  const sql = list.length === 1
    ? `${first.head} ${list[0]}`
    : `${first.head}\n  ${list.join(",\n  ")}`;
  const rewrites = group.find(({ statement }) => statement.rewrites !== undefined)?.statement
    .rewrites;
  const failsOn = group.flatMap(({ statement }) => statement.failsOn ?? []);
  return withShortTypes({
    sql,
    serves: [...new Set(group.flatMap(({ statement }) => statement.serves))],
    reason: { action: "combine", of: group.map(({ statement }) => statement.reason) },
    transactional: true,
    ...rewrites === undefined ? {} : { rewrites },
    ...failsOn.length === 0 ? {} : { failsOn: failsOn.join(", ") },
  });
}

/** `varchar(200)`, `timestamptz`: what the server prints at length. */
function withShortTypes(statement: PlannedStatement): PlannedStatement {
  const { sql } = statement;
  if (!LONG.test(sql)) return statement;
  let [short, at] = ["", 0];
  for (const { start, end } of plainRanges(sql, lexicon)) {
    short += sql.slice(at, start) + shortTypes(sql.slice(start, end));
    at = end;
  }
  return { ...statement, sql: short + sql.slice(at) };
}

const LONG = /\bcharacter(?: varying|\()|\bwith(?:out)? time zone\b/;

function shortTypes(text: string): string {
  return text.replaceAll(/\bcharacter varying\b/g, "varchar")
    .replaceAll(/\bcharacter(?=\(\d)/g, "char")
    .replaceAll(/\b(timestamp|time)(\(\d\))? with time zone\b/g, "$1tz$2")
    .replaceAll(/\b(timestamp|time)(\(\d\))? without time zone\b/g, "$1$2");
}
