/** An UPDATE that somebody wrote, cut into batches by the primary key of its table. */

import type { TableShape } from "../../core/shape.ts";
import { tokensOf } from "../../sql/scanner.ts";
import type { Moving } from "../many_rows.ts";
import { BATCH, inBatches } from "./batches.ts";
import { lexicon } from "./lexicon.ts";
import { lowerAscii, nameOf } from "../../sql/name.ts";
import { lastName } from "./names.ts";
import { ident } from "./quote.ts";

/** What cuts statements that move rows. */
export const moving: Moving = { rows: BATCH, target: (sql) => updateOf(sql)?.table ?? null, batch };

/** An UPDATE, in its parts. */
interface Update {
  /** As written. */
  readonly table: string;
  /** Null where the table goes by its own name. */
  readonly alias: string | null;
  readonly sets: readonly { readonly column: string; readonly value: string }[];
  /** Empty for none. */
  readonly from: string;
  readonly where: string;
}

function batch(
  sql: string,
  { name, primaryKey, columns }: TableShape,
): { readonly sql: string } | { readonly reason: string } {
  const update = updateOf(sql);
  if (update === null) return { reason: "it is no UPDATE of plain columns" };
  if (primaryKey.length === 0) return { reason: `${name} has no primary key` };
  const { sets, from, where, table, alias } = update;
  const set = new Set(sets.map(({ column }) => column));
  const inKey = primaryKey.find((column) => set.has(column));
  if (inKey !== undefined) return { reason: `it sets ${inKey} of the primary key` };
  const words = wordsOf([...sets.map(({ value }) => value), from].join(" "));
  const own = alias ?? lastName(name);
  const read = [...set].find((column) =>
    words.some((word) => word.name === column && (word.of === null || word.of === own))
  );
  if (read !== undefined) return { reason: `it reads ${read}, which it sets` };
  const changing = words.map((word) => word.name).find((word) => CHANGING.test(word));
  if (changing !== undefined) return { reason: `${changing} gives another value each time` };
  const differs = sets.map(({ column, value }) => {
    const type = columns.find((one) => one.name === column)?.type ?? "";
    return type === "" || WITHOUT_EQUALITY.test(type)
      ? null
      : `${ident(own)}.${ident(column)} IS DISTINCT FROM (${value})::${
        type.replace(/\([\d, ]+\)/, "")
      }`;
  });
  // Rows that are right already are passed by when it is run again.
  const open = differs.includes(null) ? [] : [`(${differs.join(" OR ")})`];
  const head = `UPDATE ${table}${alias === null ? "" : ` AS ${ident(alias)}`} SET ${
    sets.map(({ column, value }) => `${ident(column)} = ${value}`).join(", ")
  }${from === "" ? "" : ` FROM ${from}`}`;
  const conditions = [...where === "" ? [] : [`(${where})`], ...open];
  return {
    sql: inBatches({
      table: name,
      key: primaryKey,
      alias: ident(own),
      update: (range) => `${head}\n        WHERE ${[range, ...conditions].join(" AND ")}`,
    }),
  };
}

/** What is not the same when it is called again. */
const CHANGING =
  /^(?:random|setseed|nextval|setval|lastval|gen_random_uuid|uuid_generate_\w+|uuidv[47]|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday|now|current_timestamp|current_time|current_date|localtime|localtimestamp|pg_sleep|txid_current)$/;

/** Types that have no operator for equality. */
const WITHOUT_EQUALITY = /^(?:json|xml|point|line|lseg|box|path|polygon|circle)\b/;

/** Reads an UPDATE; null for any other statement, and one in a form that is not cut. */
function updateOf(sql: string): Update | null {
  const tokens = tokensOf(sql, lexicon).filter(({ kind }) => kind !== "blank" && kind !== "comment")
    .map(({ kind, start, end }) => {
      const text = sql.slice(start, end);
      return { kind, start, end, text, word: kind === "word" ? text.toUpperCase() : "" };
    });
  if (tokens[0]?.word !== "UPDATE") return null;
  let depth = 0;
  const marks = new Map<string, number>();
  const commas: number[] = [];
  for (const [at, { text, word }] of tokens.entries()) {
    if (text === "(") depth++;
    else if (text === ")") depth--;
    if (depth > 0) continue;
    if (/^(?:SET|FROM|WHERE|RETURNING)$/.test(word) && !marks.has(word)) marks.set(word, at);
    if (text === "," && marks.has("SET") && !marks.has("FROM") && !marks.has("WHERE")) {
      commas.push(at);
    }
  }
  const set = marks.get("SET");
  if (set === undefined || marks.has("RETURNING")) return null;
  const end = tokens.length;
  const [from, where] = [marks.get("FROM") ?? null, marks.get("WHERE") ?? null];
  const text = (first: number, last: number) =>
    sql.slice(tokens[first]?.start ?? 0, tokens[last - 1]?.end ?? 0);
  const target = targetOf(tokens.slice(1, set));
  const setsEnd = from ?? where ?? end;
  const sets = [set, ...commas].map((before, at) => {
    const [column, equals] = [tokens[before + 1], tokens[before + 2]];
    if (column === undefined || equals?.text !== "=" || !/^(?:word|name)$/.test(column.kind)) {
      return null;
    }
    return {
      column: nameOf(column.text, lowerAscii),
      value: text(before + 3, commas[at] ?? setsEnd),
    };
  });
  const known = sets.flatMap((one) => one === null ? [] : [one]);
  if (target === null || known.length !== sets.length) return null;
  return {
    ...target,
    sets: known,
    from: from === null ? "" : text(from + 1, where ?? end),
    where: where === null ? "" : text(where + 1, end),
  };
}

/** The table of an UPDATE, and how it is called. */
function targetOf(
  tokens: readonly { readonly text: string; readonly word: string }[],
): { readonly table: string; readonly alias: string | null } | null {
  const rest = tokens[0]?.word === "ONLY" ? tokens.slice(1) : tokens;
  const dotted = rest[1]?.text === ".";
  const name = rest.slice(0, dotted ? 3 : 1).map(({ text }) => text).join("");
  const more = rest.slice(dotted ? 3 : 1).filter(({ word }) => word !== "AS");
  if (name === "" || more.length > 1 || tokens[0]?.word === "ONLY") return null;
  return { table: name, alias: more[0] === undefined ? null : nameOf(more[0].text, lowerAscii) };
}

/** The names in SQL, as the catalog has them, and what they are said to be of. */
function wordsOf(sql: string): readonly { readonly name: string; readonly of: string | null }[] {
  const tokens = tokensOf(sql, lexicon).filter(({ kind }) => kind !== "blank" && kind !== "comment")
    .map(({ kind, start, end }) => ({ kind, text: sql.slice(start, end) }));
  return tokens.flatMap(({ kind, text }, at) => {
    if (kind !== "word" && kind !== "name") return [];
    const before = tokens[at - 1]?.text === "." ? tokens[at - 2]?.text : undefined;
    return [{
      name: nameOf(text, lowerAscii),
      of: before === undefined ? null : nameOf(before, lowerAscii),
    }];
  });
}
