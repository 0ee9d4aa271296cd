/** A value for a column that is added again without its values and must be found in another table. */

import { lastName } from "../../../names.ts";
import type { Column, PostgresContext } from "../../../objects.ts";
import { ident, reference } from "../../../quote.ts";
import { columnIn, relationName } from "../../clauses/relation.ts";

/** A column that another one refers to. */
export interface Referred {
  readonly table: string;
  readonly column: string;
}

/**
 * On the way down, the key of a row of the table that the new column refers to, as an expression over the column's own row: of one
 * that fits what else of a foreign key the row has, and the same one for all columns that it lacks. Null where there is none.
 */
export function referredValue(column: Column, context: PostgresContext): string | null {
  const key = soleReference(column, context);
  if (key === null) return null;
  const relation = relationName(column);
  const pairs = key.pairs.map(({ own, referred }) => ({ own, referred: `r.${ident(referred)}` }));
  const known = pairs.filter((pair) => context.from.objects.has(columnIn(relation, pair.own)));
  const wanted = pairs.filter((pair) => !known.includes(pair)).map((pair) => pair.referred);
  const conditions = known.map((pair) =>
    `${pair.referred} = ${ident(lastName(relation))}.${ident(pair.own)}`
  );
  const name = lastName(column.name);
  return [
    `(SELECT ${pairs.find((pair) => pair.own === name)?.referred}`,
    `FROM ${reference(key.table)} r`,
    ...conditions.length === 0 ? [] : [`WHERE ${conditions.join(" AND ")}`],
    `ORDER BY ${wanted.join(", ")} LIMIT 1)`,
  ].join(" ");
}

/** On the way down, what the new column alone refers to; null where there is no such thing. */
export function referredColumn(column: Column, context: PostgresContext): Referred | null {
  const key = soleReference(column, context);
  const [pair, ...others] = key?.pairs ?? [];
  if (key === null || pair === undefined || others.length > 0) return null;
  return { table: key.table, column: pair.referred };
}

interface Reference {
  readonly table: string;
  readonly pairs: readonly { readonly own: string; readonly referred: string }[];
}

/** The only foreign key of a column that is added again, where what it refers to exists. */
function soleReference(column: Column, context: PostgresContext): Reference | null {
  const { from, to, hints } = context;
  if (hints.wayBack !== true || from.objects.has(column.id)) return null;
  const name = lastName(column.name);
  const [key, ...others] = context.members(to, column.parent ?? "")
    .filter((member) => member.kind === "constraint")
    .filter(({ facts }) => facts.type === "foreign key" && facts.columns?.includes(name));
  if (key === undefined || others.length > 0) return null;
  const table = key.facts.references ?? "";
  const own = key.facts.columns ?? [];
  const referred = referredColumns(key.facts.definition);
  const isThere = referred.length === own.length &&
    referred.every((one) => from.objects.has(columnIn(table, one)));
  if (!isThere) return null;
  return { table, pairs: own.map((one, at) => ({ own: one, referred: referred[at] ?? "" })) };
}

/** The names behind the table in `FOREIGN KEY (a) REFERENCES t(b)`; none for periods. */
function referredColumns(definition: string): readonly string[] {
  const list = LIST.exec(definition)?.[1] ?? "";
  const names = [...list.matchAll(NAME)].map(([, quoted, bare = ""]) =>
    quoted?.replaceAll('""', '"') ?? bare
  );
  return names.includes("PERIOD") ? [] : names;
}

const LIST =
  /\) REFERENCES (?:"(?:[^"]|"")*"|[^"(.])+(?:\.(?:"(?:[^"]|"")*"|[^"(])+)?\(((?:"(?:[^"]|"")*"|[^")])*)\)/;
const NAME = /"((?:[^"]|"")*)"|([^\s,"]+)/g;
