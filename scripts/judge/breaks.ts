/** Ways to break a migration whose schemas stay right: each takes rows, or values, that nobody said would go. */

import { splitName } from "../../src/core/name.ts";
import type { Draft } from "../../src/core/plan.ts";
import type { PlannedStatement } from "../../src/core/statement.ts";
import type { Lexicon } from "../../src/sql/lexicon.ts";
import { unquoted } from "../../src/sql/name.ts";
import { clauseIn, type Copy, copyIn, isOneAction, replaced, wordsOf } from "./statement.ts";
import { isFraction, isText, quoted, type Target, type TargetTable } from "./tables.ts";

/** What kinds of breaks there are. */
export const KINDS = [
  "drop the copy",
  "swap two columns",
  "copy a part",
  "copy without repetitions",
  "round in the copy",
  "cut in the copy",
  "another storage class in the copy",
  "delete all",
  "delete one",
  "lose a default",
  "round a cast",
  "forget a backfill",
  "fill what was NULL",
  "set another table",
  "cut a text",
  "drop and add for a rename",
] as const;

/** One of them. */
export type Kind = typeof KINDS[number];

/** A broken draft. */
export interface Break {
  readonly kind: Kind;
  readonly direction: "up" | "down";
  /** What was done, in a line. */
  readonly what: string;
  readonly draft: Draft;
}

/** What can be broken. */
export interface Breakable {
  readonly dialect: string;
  readonly lexicon: Lexicon;
  readonly draft: Draft;
  /** Tables that the statements name, and others. */
  readonly own: readonly TargetTable[];
  readonly others: readonly TargetTable[];
  /** The type of a column of that name. */
  typeOf(column: string): string | undefined;
}

type Edit = Omit<Break, "draft" | "direction"> & {
  readonly statements: readonly PlannedStatement[];
};

/** All ways to break a draft. */
export function breaksOf(breakable: Breakable): readonly Break[] {
  const { draft } = breakable;
  return (["up", "down"] as const).flatMap((direction) => {
    const statements = draft[direction];
    if (statements.length === 0) return [];
    const edits = [
      ...statements.flatMap((statement, at) =>
        inStatement(statement, breakable).map((edit): Edit => ({
          ...edit,
          statements: statements.toSpliced(at, 1, ...edit.by),
        }))
      ),
      ...behind(breakable).map(({ sql, ...edit }): Edit => ({
        ...edit,
        what: sql,
        statements: [...statements, added(sql)],
      })),
      ...direction === "up" ? defaultsLost(breakable) : [],
    ];
    return edits.map(({ statements, ...edit }) => ({
      ...edit,
      direction,
      draft: { ...draft, [direction]: statements },
    }));
  });
}

/** A statement of ours. */
function added(sql: string): PlannedStatement {
  return {
    sql,
    serves: [],
    reason: { action: "describe", text: "broken" },
    transactional: true,
  };
}

interface Replacement extends Pick<Edit, "kind" | "what"> {
  readonly by: readonly PlannedStatement[];
}

function inStatement(
  statement: PlannedStatement,
  breakable: Breakable,
): readonly Replacement[] {
  const { sql } = statement;
  const { lexicon, dialect, own } = breakable;
  const words = wordsOf(sql, lexicon);
  const names = new Set(words.map(({ text }) => text.replaceAll('"', "").toLowerCase()));
  const last = ({ name }: TargetTable) => splitName(name).at(-1)?.toLowerCase() ?? "";
  if (!own.some((table) => names.has(last(table)))) return [];
  const copy = copyIn(sql, lexicon);
  const written = (kind: Kind, text: string): Replacement => ({
    kind,
    what: text.replaceAll(/\s+/g, " "),
    by: [{ ...statement, sql: text }],
  });
  const first = words[0]?.text;
  return [
    ...copy === null ? [] : inCopy(sql, copy, breakable).map(([kind, text]) => written(kind, text)),
    ...copy === null ? [] : [{ kind: "drop the copy" as const, what: sql, by: [] }],
    ...first === "update" && !names.has("sqlite_sequence")
      ? [{ kind: "forget a backfill" as const, what: sql, by: [] }]
      : [],
    ...dialect === "postgres"
      ? roundedCasts(sql, breakable).map((text) => written("round a cast", text))
      : [],
    ...renameUndone(statement, breakable),
  ];
}

/** Other texts of a statement that copies rows. */
function inCopy(
  sql: string,
  { columns, items, select }: Copy,
  { own, dialect }: Breakable,
): readonly (readonly [Kind, string])[] {
  const found: (readonly [Kind, string])[] = [];
  const text = (part: { readonly start: number; readonly end: number }) =>
    sql.slice(part.start, part.end);
  const known = columns.map((part) => {
    const name = text(part).replace(/^"(.*)"$/, "$1");
    return own.flatMap(({ columns }) => columns).find((column) => column.name === name);
  });
  for (const [at, item] of items.entries()) {
    const other = items[at + 1];
    if (other !== undefined && known[at]?.type === known[at + 1]?.type && known[at] !== undefined) {
      found.push([
        "swap two columns",
        replaced(sql, [{ ...item, by: text(other) }, { ...other, by: text(item) }]),
      ]);
    }
    const column = known[at];
    if (column === undefined) continue;
    const put = (by: string) => replaced(sql, [{ ...item, by }]);
    if (isText(column)) found.push(["cut in the copy", put(`substr(${text(item)}, 1, 2)`)]);
    if (isFraction(column)) found.push(["round in the copy", put(`round(${text(item)})`)]);
    if (dialect === "sqlite" && !column.isBound && /int|^$|blob|num/.test(column.type)) {
      found.push([
        "another storage class in the copy",
        put(
          `CAST(${text(item)} AS ${
            column.type === "" || /blob/.test(column.type) ? "TEXT" : "REAL"
          })`,
        ),
      ]);
    }
    const filled = /^coalesce\((.*?),/is.exec(text(item))?.[1];
    if (filled !== undefined) found.push(["forget a backfill", put(filled)]);
  }
  found.push(["copy a part", `${sql} LIMIT 2`]);
  if (own.some(({ isKeyed, sql: name }) => !isKeyed && sql.includes(name.replaceAll('"', "")))) {
    found.push([
      "copy without repetitions",
      replaced(sql, [{ ...select, by: `${text(select)} DISTINCT` }]),
    ]);
  }
  return found;
}

/** What may follow a type in ALTER COLUMN ... TYPE, and a default. */
const AFTER_TYPE: ReadonlySet<string> = new Set(["using", "collate", ","]);
const AFTER_DEFAULT: ReadonlySet<string> = new Set(
  [
    "not",
    "null",
    "constraint",
    "check",
    "references",
    "unique",
    "primary",
    "generated",
    "collate",
    ",",
  ],
);

/** Conversions that take something away and give the type all the same. */
function roundedCasts(sql: string, { lexicon }: Breakable): readonly string[] {
  const words = wordsOf(sql, lexicon);
  const at = words.findIndex(({ text }) => text === "column");
  const isConversion = words[0]?.text === "alter" && words[at + 2]?.text === "type";
  const name = words[at + 1];
  if (at < 0 || !isConversion || name === undefined) return [];
  if (!isOneAction(words)) return [];
  const type = clauseIn(sql, lexicon, { begins: "type", ends: AFTER_TYPE });
  const using = clauseIn(sql, lexicon, { begins: "using", ends: new Set() });
  if (type === null) return [];
  const column = sql.slice(name.start, name.end);
  const value = using?.value ?? column;
  const bare = sql.slice(0, using?.start ?? sql.length).trim();
  const wanted = type.value.toLowerCase();
  if (/\[\]/.test(wanted)) return [];
  if (/^(?:numeric|decimal|real|double)/.test(wanted)) {
    return [`${bare} USING round((${value})::numeric, -1)::${type.value}`];
  }
  if (/^(?:bigint|integer|smallint)$/.test(wanted)) {
    return [`${bare} USING (${value})::${type.value} / 10 * 10`];
  }
  if (/char|text/.test(wanted)) return [`${bare} USING left((${value})::text, 1)::${type.value}`];
  if (/^timestamp/.test(wanted)) {
    return [`${bare} USING date_trunc('year', (${value})::${type.value})::${type.value}`];
  }
  return [];
}

/** The column is dropped and added where it was to be renamed. */
function renameUndone(
  statement: PlannedStatement,
  { lexicon, draft, typeOf }: Breakable,
): readonly Replacement[] {
  const { sql } = statement;
  const words = wordsOf(sql, lexicon);
  const text = (at: number) => {
    const word = words[at];
    return word === undefined ? "" : sql.slice(word.start, word.end);
  };
  const at = words.findIndex(({ text }) => text === "rename");
  if (words[0]?.text !== "alter" || words[1]?.text !== "table" || at < 0) return [];
  if (words[at + 1]?.text !== "column" || draft.up.length > 40) return [];
  const table = sql.slice(words[2]?.start, words[at]?.start).trim();
  const [from, to] = [text(at + 2), text(at + 4)];
  const type = typeOf(unquoted(from));
  if (type === undefined) return [];
  const statements = [
    `ALTER TABLE ${table} ADD COLUMN aim_new ${type}`,
    `ALTER TABLE ${table} RENAME COLUMN ${from} TO aim_old`,
    `ALTER TABLE ${table} RENAME COLUMN aim_new TO ${to}`,
    `ALTER TABLE ${table} DROP COLUMN aim_old`,
  ];
  return [{
    kind: "drop and add for a rename",
    what: statements.join("; "),
    by: statements.map(added),
  }];
}

/** A default that new rows get and those that are there do not. */
function defaultsLost({ draft, lexicon, dialect }: Breakable): readonly Edit[] {
  return draft.up.flatMap((statement, place): readonly Edit[] => {
    const { sql } = statement;
    const words = wordsOf(sql, lexicon);
    const at = words.findIndex(({ text }, at) =>
      text === "column" && words[at - 1]?.text === "add"
    );
    if (words[0]?.text !== "alter" || at < 0) return [];
    const value = clauseIn(sql, lexicon, { begins: "default", ends: AFTER_DEFAULT });
    const name = words[at + 1];
    if (value === null || name === undefined || /^null$/i.test(value.value)) return [];
    const table = sql.slice(words[2]?.start, words[at - 1]?.start).trim();
    const column = sql.slice(name.start, name.end);
    const bare = `${sql.slice(0, value.start).trim()} ${sql.slice(value.end).trim()}`.trim();
    const by = dialect === "sqlite" ? [statement, added(`UPDATE ${table} SET ${column} = NULL`)] : [
      { ...statement, sql: bare },
      added(
        `ALTER TABLE ${table} ALTER COLUMN ${column} SET ${sql.slice(value.start, value.end)}`,
      ),
    ];
    return [{
      kind: "lose a default",
      what: by.map(({ sql }) => sql).join("; "),
      statements: draft.up.toSpliced(place, 1, ...by),
    }];
  });
}

interface Behind {
  readonly kind: Kind;
  readonly sql: string;
}

/** What is run behind all other statements. */
function behind({ own, others, dialect }: Breakable): readonly Behind[] {
  return [
    ...own.flatMap((table) => [
      { kind: "delete all" as const, sql: `DELETE FROM ${table.sql}` },
      ...deletedRow(table, dialect),
      ...table.columns.filter((column) => isText(column) && !column.isBound).map((column) => ({
        kind: "cut a text" as const,
        sql: `UPDATE ${table.sql} SET ${quoted(column.name, dialect)} = substr(${
          quoted(column.name, dialect)
        }, 1, 2)`,
      })),
      ...table.columns.filter(isFillable).map((column) => ({
        kind: "fill what was NULL" as const,
        sql: `UPDATE ${table.sql} SET ${quoted(column.name, dialect)} = ${valueOf(column)} WHERE ${
          quoted(column.name, dialect)
        } IS NULL`,
      })),
    ]),
    ...others.flatMap((table) =>
      table.columns.filter((column) => !column.isRequired && !column.isBound).slice(0, 1).map((
        column,
      ) => ({
        kind: "set another table" as const,
        sql: `UPDATE ${table.sql} SET ${quoted(column.name, dialect)} = NULL`,
      }))
    ),
  ];
}

function deletedRow(table: TargetTable, dialect: string): readonly Behind[] {
  const place = dialect === "sqlite" ? "rowid" : "ctid";
  const column = table.columns[0];
  if (column === undefined) return [];
  const name = quoted(column.name, dialect);
  if (/^(?:mysql|mariadb)$/.test(dialect)) {
    return [{ kind: "delete one", sql: `DELETE FROM ${table.sql} LIMIT 1` }];
  }
  const row = dialect === "sqlite"
    ? `${name} = (SELECT ${name} FROM ${table.sql} WHERE ${name} IS NOT NULL ORDER BY 1 LIMIT 1)`
    : `${place} = (SELECT ${place} FROM ${table.sql} LIMIT 1)`;
  return [{ kind: "delete one", sql: `DELETE FROM ${table.sql} WHERE ${row}` }];
}

function isFillable(column: Target): boolean {
  return !column.isRequired && !column.isBound &&
    (isText(column) || /^(?:int|bigint|integer|numeric|real)/.test(column.type));
}

function valueOf(column: Target): string {
  return isText(column) ? "''" : "0";
}
