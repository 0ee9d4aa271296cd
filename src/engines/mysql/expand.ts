/** The statements of expanding and contracting columns, as MySQL and MariaDB take them. */

import type { ExpandedColumn, Expansion } from "../../core/expansion.ts";
import type { Reason } from "../../core/reason.ts";
import type { PlannedStatement } from "../../core/statement.ts";
import { withinOrBetween } from "../common/moves.ts";
import type { Expanding, ExpandingWays } from "../expanding.ts";
import { backfillStatements } from "./expand_backfill.ts";
import { moving } from "./expand_move.ts";
import { differs } from "./expand_values.ts";
import { itself, quote, quotePath } from "./quote.ts";

/** Triggers before each row keep both sides alike; a procedure touches the rows that are there batch by batch, so that they fill them. */
const within: ExpandingWays = {
  add: (expansion) => [
    altered(expansion, expansion.fresh.map((column) => `ADD COLUMN ${nullable(column)}`)),
    ...keepAlike(expansion),
  ],
  remove: (expansion) => [
    ...letGo(expansion),
    altered(expansion, expansion.fresh.map(({ name }) => `DROP COLUMN ${quote(name)}`)),
  ],
  backfill: (expansion) =>
    backfillStatements(expansion, objectName(expansion, "fill")).map((sql) =>
      step(expansion, sql, { transactional: false })
    ),
  swap: (expansion) => [
    ...letGo(expansion),
    altered(expansion, expansion.old.map(({ name }) => `DROP COLUMN ${quote(name)}`)),
    ...renamed(expansion, expansion.fresh, expansion.old),
  ],
  unswap: (expansion) => [
    ...renamed(expansion, expansion.old, expansion.fresh),
    altered(expansion, expansion.old.map((column) => `ADD COLUMN ${nullable(column)}`)),
    step(expansion, `UPDATE ${tableOf(expansion)} SET ${assigned(expansion.old, expansion)}`),
    ...required(expansion),
    ...keepAlike(expansion),
  ],
  align: (expansion) =>
    [expansion.fresh, expansion.old].map((columns) =>
      `UPDATE ${tableOf(expansion)} SET ${assigned(columns, expansion)}`
    ),
  unlike: (expansion) =>
    `SELECT count(*) AS count FROM ${tableOf(expansion)} WHERE ${unlike(expansion)}`,
  clients: (expansion) => ({
    old: writeOther(expansion.old, expansion),
    fresh: writeOther(expansion.fresh, expansion),
  }),
};

/** What is done within a table, or between two. */
export const expanding: Expanding = {
  ...withinOrBetween(within, moving),
  rowsAnew: moving.rowsAnew,
  convert: (value) => value,
  quote,
  nothing: "DO 0",
};

function step(
  expansion: Expansion,
  sql: string,
  facts: Partial<PlannedStatement> = {},
): PlannedStatement {
  const text = `${expansion.table}: ${names(expansion.old)} and ${
    names(expansion.fresh)
  } hold the same`;
  const reason: Reason = { action: "describe", text };
  return { sql, serves: [], reason, transactional: true, ...facts };
}

function altered(expansion: Expansion, changes: readonly string[]): PlannedStatement {
  return step(expansion, `ALTER TABLE ${tableOf(expansion)} ${changes.join(", ")}`);
}

function nullable({ name, type }: ExpandedColumn): string {
  return `${quote(name)} ${type} NULL`;
}

function assigned(columns: readonly ExpandedColumn[], { stamped }: Expansion): string {
  return [...columns.map(({ name, value }) => `${quote(name)} = ${value}`), ...itself(stamped)]
    .join(", ");
}

function required(expansion: Expansion): readonly PlannedStatement[] {
  const changes = expansion.old.filter(({ isRequired }) => isRequired).map(({ name, type }) =>
    `MODIFY COLUMN ${quote(name)} ${type} NOT NULL`
  );
  return changes.length === 0 ? [] : [altered(expansion, changes)];
}

function keepAlike(expansion: Expansion): readonly PlannedStatement[] {
  const { old, fresh } = expansion;
  const isNull = fresh.map(({ name }) => `NEW.${quote(name)} IS NULL`).join(" AND ");
  const changed = (columns: readonly ExpandedColumn[]) =>
    columns.map(({ name, type }) => differs(`NEW.${quote(name)}`, `OLD.${quote(name)}`, type))
      .join(" OR ");
  // A query of its own, so that a value names columns as it does everywhere else.
  const set = (columns: readonly ExpandedColumn[], others: readonly ExpandedColumn[]) => {
    const written = others.map(({ name }) => `NEW.${quote(name)} AS ${quote(name)}`).join(", ");
    return columns.map(({ name, value }) =>
      `SET NEW.${quote(name)} = (SELECT ${value} FROM (SELECT ${written}) AS written);`
    ).join("\n    ");
  };
  const trigger = (event: "INSERT" | "UPDATE", body: string) =>
    step(
      expansion,
      `CREATE TRIGGER ${quote(objectName(expansion, event.toLowerCase()))} BEFORE ${event} ON ${
        tableOf(expansion)
      } FOR EACH ROW\nBEGIN\n${body}\nEND`,
    );
  return [
    trigger(
      "INSERT",
      `  IF ${isNull} THEN\n    ${set(fresh, old)}\n  ELSE\n    ${set(old, fresh)}\n  END IF;`,
    ),
    trigger(
      "UPDATE",
      `  IF ${changed(fresh)} THEN\n    ${set(old, fresh)}\n  ELSEIF ${
        changed(old)
      } OR (${isNull}) THEN\n    ${set(fresh, old)}\n  END IF;`,
    ),
  ];
}

function letGo(expansion: Expansion): readonly PlannedStatement[] {
  return ["insert", "update"].map((event) =>
    step(expansion, `DROP TRIGGER ${quote(objectName(expansion, event))}`)
  );
}

/** Of a change of type, the one column gets the name of the other. */
function renamed(
  expansion: Expansion,
  [from]: readonly ExpandedColumn[],
  [to]: readonly ExpandedColumn[],
): readonly PlannedStatement[] {
  if (expansion.kind !== "type" || from === undefined || to === undefined) return [];
  return [altered(expansion, [`RENAME COLUMN ${quote(from.name)} TO ${quote(to.name)}`])];
}

/** Rows in which the sides differ: those of the new columns, from which the old ones can be had, or the other way round. */
function unlike({ old, fresh }: Expansion): string {
  const unequal = (columns: readonly ExpandedColumn[]) =>
    columns.map(({ name, value, type }) => differs(quote(name), `(${value})`, type)).join(" OR ");
  return `(${unequal(fresh)}) AND (${unequal(old)})`;
}

/** Every row gets the values that another has, as code writes that knows these columns alone. */
function writeOther(columns: readonly ExpandedColumn[], expansion: Expansion): string {
  const table = tableOf(expansion);
  const key = expansion.key.map(quote);
  const order = key.join(", ");
  const value = (name: string) => quote(`value_${name}`);
  const ahead = columns.map(({ name }) =>
    `LEAD(${quote(name)}) OVER (ORDER BY ${order}) AS ${value(name)}`
  );
  return `UPDATE ${table} AS t JOIN (SELECT ${order}, ${
    ahead.join(", ")
  } FROM ${table}) AS ordered ON ${
    key.map((column) => `t.${column} = ordered.${column}`).join(" AND ")
  } SET ${
    columns.map(({ name }) => `t.${quote(name)} = ordered.${value(name)}`).join(", ")
  } WHERE ${columns.map(({ name }) => `ordered.${value(name)} IS NOT NULL`).join(" AND ")}`;
}

function tableOf({ table }: Expansion): string {
  return quotePath(table);
}

/** At most 64 characters. */
function objectName({ table, fresh }: Expansion, suffix: string): string {
  const head = `${table}_${fresh[0]?.name ?? ""}`.slice(0, 64 - suffix.length - 1);
  return `${head}_${suffix}`;
}

function names(columns: readonly ExpandedColumn[]): string {
  return columns.map(({ name }) => name).join(", ");
}
