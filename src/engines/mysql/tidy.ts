/** Planned statements as written by hand: one ALTER TABLE for the columns, keys and foreign keys of a table. */

import type { PlannedStatement } from "../../core/statement.ts";
import { combined, togetherFacts } from "./ddl/statement.ts";

/** The same with fewer statements. Foreign keys leave with what they stand in the way of, and come with what they need. */
export function tidy(statements: readonly PlannedStatement[]): readonly PlannedStatement[] {
  const out: PlannedStatement[] = [];
  for (const statement of statements) {
    const last = out.at(-1);
    const joined = last === undefined ? null : join(last, statement);
    if (joined === null) out.push(statement);
    else out.splice(-1, 1, joined);
  }
  return out;
}

function join(first: PlannedStatement, second: PlannedStatement): PlannedStatement | null {
  const [a, b] = [readAlter(first.sql), readAlter(second.sql)];
  if (a === null || b === null || a.head !== b.head) return null;
  if (first.alone === true || second.alone === true) return null;
  if (second.comment !== undefined || !goTogether(a, b)) return null;
  const { transactional, rewrites } = first;
  return {
    sql: `${a.head}\n${[a.clauses, b.clauses].map(indented).join(",\n")}`,
    serves: [...new Set([...first.serves, ...second.serves])],
    reason: combined(
      [first.reason, second.reason].flatMap((reason) =>
        reason.action === "combine" ? reason.of : [reason]
      ),
    ),
    transactional,
    ...first.comment === undefined ? {} : { comment: first.comment },
    ...rewrites === undefined ? {} : { rewrites },
    ...togetherFacts([first, second]),
  };
}

interface Alter {
  /** `ALTER TABLE users` */
  readonly head: string;
  /** Without a partitioning behind them. */
  readonly clauses: string;
}

const NAME = String.raw`(?:\`(?:[^\`]|\`\`)*\`|[\w$]+)`;

const ALTER = new RegExp(String.raw`^(ALTER TABLE ${NAME})\s+(.+)$`, "s");

function readAlter(sql: string): Alter | null {
  const [, head, clauses] = ALTER.exec(sql) ?? [];
  if (head === undefined || clauses === undefined) return null;
  return { head, clauses };
}

/** Clauses that stand with others only where these are foreign keys too. */
const LONELY =
  /^\s*(?:(?:ADD|DROP|REORGANIZE|COALESCE) PARTITION|RENAME|ALTER COLUMN|(?:ADD|DROP) SYSTEM)\b|^(?:PARTITION BY|REMOVE PARTITIONING)\b/m;

/**
 * True where a foreign key leaves right before, or comes right behind, other changes; one of the same name never does both, and one
 * that refers to its own table comes when that is as it is to be.
 */
function goTogether({ head, clauses: first }: Alter, { clauses: second }: Alter): boolean {
  if (second.includes(` REFERENCES ${head.slice("ALTER TABLE ".length)} (`)) return false;
  if (LONELY.test(first) || LONELY.test(second)) return false;
  const left = namesIn(`${first},${second}`, DROP_KEY);
  if (namesIn(`${first},${second}`, ADD_KEY).some((name) => left.includes(name))) return false;
  return isAll(first, DROP_KEY) || isAll(second, ADD_KEY);
}

const DROP_KEY = String.raw`DROP FOREIGN KEY (${NAME})`;
const ADD_KEY = String.raw`ADD CONSTRAINT (${NAME}) FOREIGN KEY `;

/** The names of the foreign keys that clauses drop or add, in small letters. */
function namesIn(clauses: string, pattern: string): readonly string[] {
  return [...clauses.matchAll(new RegExp(pattern, "g"))].map(([, name = ""]) => name.toLowerCase());
}

/** True for clauses, one or a line for each, of which every one is such. */
function isAll(clauses: string, pattern: string): boolean {
  const whole = new RegExp(String.raw`^\s*${pattern}`);
  return clauses.split(/,\n/).every((clause) => whole.test(clause));
}

/** A line for each clause. */
function indented(clauses: string): string {
  return clauses.startsWith("  ") ? clauses : `  ${clauses.trimStart()}`;
}
