/** The statements of expanding and contracting columns, as Postgres takes them. */

import type { ExpandedColumn, Expansion } from "../../core/expansion.ts";
import type { Reason } from "../../core/reason.ts";
import type { PlannedStatement } from "../../core/statement.ts";
import { withinOrBetween } from "../common/moves.ts";
import type { Expanding, ExpandingWays } from "../expanding.ts";
import { inBatches, quoted } from "./batches.ts";
import { moving } from "./expand_move.ts";
import { generatedName } from "./generated_name.ts";
import { joinName, lastName, splitName } from "./names.ts";
import { ident, reference } from "./quote.ts";

/** A trigger before each row keeps both sides alike; the rows that are there are touched batch by batch, so that it fills them. */
const within: ExpandingWays = {
  add: (expansion) => [
    ...expansion.fresh.map(({ name, type }) =>
      step(expansion, `ALTER TABLE ${tableOf(expansion)} ADD COLUMN ${ident(name)} ${type}`)
    ),
    ...keepAlike(expansion),
  ],
  remove: (expansion) => [
    ...letGo(expansion),
    ...expansion.fresh.map(({ name }) =>
      step(expansion, `ALTER TABLE ${tableOf(expansion)} DROP COLUMN ${ident(name)}`)
    ),
  ],
  backfill: (expansion) => [step(expansion, backfillText(expansion), { transactional: false })],
  swap: (expansion) => [
    ...letGo(expansion),
    ...expansion.old.map(({ name }) =>
      step(expansion, `ALTER TABLE ${tableOf(expansion)} DROP COLUMN ${ident(name)}`)
    ),
    ...renamed(expansion, ({ fresh, old }) => [fresh, old]),
  ],
  unswap: (expansion) => [
    ...renamed(expansion, ({ fresh, old }) => [old, fresh]),
    ...expansion.old.map(({ name, type }) =>
      step(expansion, `ALTER TABLE ${tableOf(expansion)} ADD COLUMN ${ident(name)} ${type}`)
    ),
    step(
      expansion,
      `UPDATE ${tableOf(expansion)} SET ${
        expansion.old.map(({ name, value }) => `${ident(name)} = ${value}`).join(", ")
      }`,
    ),
    ...expansion.old.filter(({ isRequired }) => isRequired).map(({ name }) =>
      step(expansion, `ALTER TABLE ${tableOf(expansion)} ALTER COLUMN ${ident(name)} SET NOT NULL`)
    ),
    ...keepAlike(expansion),
  ],
  align: (expansion) =>
    [expansion.fresh, expansion.old].map((columns) =>
      `UPDATE ${tableOf(expansion)} SET ${
        columns.map(({ name, value }) => `${ident(name)} = ${value}`).join(", ")
      }`
    ),
  unlike: (expansion) =>
    `SELECT count(*)::int AS count FROM ${tableOf(expansion)} WHERE ${unlike(expansion)}`,
  clients: (expansion) => ({
    old: writeOther(expansion.old, expansion),
    fresh: writeOther(expansion.fresh, expansion),
  }),
};

/** What is done within a table, or between two. */
export const expanding: Expanding = {
  ...withinOrBetween(within, moving),
  rowsAnew: moving.rowsAnew,
  convert: (value, type) => `CAST(${value} AS ${type})`,
  quote: ident,
  nothing: "SELECT 1",
};

function step(
  expansion: Expansion,
  sql: string,
  facts: Partial<PlannedStatement> = {},
): PlannedStatement {
  const text = `${lastName(expansion.table)}: ${names(expansion.old)} and ${
    names(expansion.fresh)
  } hold the same`;
  const reason: Reason = { action: "describe", text };
  return { sql, serves: [], reason, transactional: true, ...facts };
}

function keepAlike(expansion: Expansion): readonly PlannedStatement[] {
  const name = objectName(expansion);
  const schema = splitName(expansion.table)[0] ?? "public";
  const routine = reference(joinName(schema, name));
  const { old, fresh } = expansion;
  const isNull = (columns: readonly ExpandedColumn[]) =>
    columns.map((column) => `NEW.${ident(column.name)} IS NULL`).join(" AND ");
  const changed = fresh.map(({ name: column }) =>
    `NEW.${ident(column)} IS DISTINCT FROM OLD.${ident(column)}`
  ).join(" OR ");
  const oldChanged = old.map(({ name: column }) =>
    `NEW.${ident(column)} IS DISTINCT FROM OLD.${ident(column)}`
  ).join(" OR ");
  const set = (columns: readonly ExpandedColumn[], others: readonly ExpandedColumn[]) =>
    `SELECT ${columns.map(({ value }) => value).join(", ")} INTO ${
      columns.map((column) => `NEW.${ident(column.name)}`).join(", ")
    }\n      FROM (SELECT ${
      others.map((column) => `NEW.${ident(column.name)} AS ${ident(column.name)}`).join(", ")
    }) AS written`;
  const body = `
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF ${isNull(fresh)} THEN
      ${set(fresh, old)};
    ELSE
      ${set(old, fresh)};
    END IF;
  ELSIF ${changed} THEN
    ${set(old, fresh)};
  ELSIF ${oldChanged} OR ${isNull(fresh)} THEN
    ${set(fresh, old)};
  END IF;
  RETURN NEW;
END
`;
  return [
    step(
      expansion,
      `CREATE FUNCTION ${routine}() RETURNS trigger LANGUAGE plpgsql AS ${quoted(body)}`,
    ),
    step(
      expansion,
      `CREATE TRIGGER ${ident(name)} BEFORE INSERT OR UPDATE ON ${
        tableOf(expansion)
      } FOR EACH ROW EXECUTE FUNCTION ${routine}()`,
    ),
  ];
}

function letGo(expansion: Expansion): readonly PlannedStatement[] {
  const name = objectName(expansion);
  const schema = splitName(expansion.table)[0] ?? "public";
  return [
    step(expansion, `DROP TRIGGER ${ident(name)} ON ${tableOf(expansion)}`),
    step(expansion, `DROP FUNCTION ${reference(joinName(schema, name))}()`),
  ];
}

/** Of a change of type, the one column gets the name of the other. */
function renamed(
  expansion: Expansion,
  ends: (expansion: Expansion) => readonly (readonly ExpandedColumn[])[],
): readonly PlannedStatement[] {
  if (expansion.kind !== "type") return [];
  const [from, to] = ends(expansion).map((columns) => columns[0]?.name ?? "");
  return [
    step(
      expansion,
      `ALTER TABLE ${tableOf(expansion)} RENAME COLUMN ${ident(from ?? "")} TO ${ident(to ?? "")}`,
    ),
  ];
}

/** One statement that commits after each batch. It can be stopped and run again: rows that are filled are passed by. */
function backfillText(expansion: Expansion): string {
  const { key, old, fresh } = expansion;
  const table = tableOf(expansion);
  const [touched] = old;
  if (touched === undefined) throw new Error("Cannot fill from no column");
  const open = `${fresh.map(({ name }) => `${ident(name)} IS NULL`).join(" AND ")} AND (${
    old.map(({ name }) => `${ident(name)} IS NOT NULL`).join(" OR ")
  })`;
  return inBatches({
    table: expansion.table,
    key,
    update: (range) =>
      `UPDATE ${table} SET ${ident(touched.name)} = ${
        ident(touched.name)
      }\n        WHERE ${range} AND ${open}`,
  });
}

/** Rows in which the sides differ: those of the new columns, from which the old ones can be had, or the other way round. */
function unlike({ old, fresh }: Expansion): string {
  const differs = (columns: readonly ExpandedColumn[]) =>
    columns.map(({ name, value }) => `${ident(name)} IS DISTINCT FROM ${value}`).join(" OR ");
  return `(${differs(fresh)}) AND (${differs(old)})`;
}

/** Every row gets the values that another has, as code writes that knows these columns alone. */
function writeOther(columns: readonly ExpandedColumn[], expansion: Expansion): string {
  const table = tableOf(expansion);
  const key = expansion.key.map(ident);
  return `UPDATE ${table} AS t SET ${
    columns.map(({ name }) => `${ident(name)} = ordered.${ident(`value_${name}`)}`).join(", ")
  } FROM (SELECT ${key.map((column) => `o.${column}`).join(", ")}, ${
    columns.map(({ name }) =>
      `lead(o.${ident(name)}) OVER (ORDER BY ${key.map((column) => `o.${column}`).join(", ")}) AS ${
        ident(`value_${name}`)
      }`
    ).join(", ")
  } FROM ${table} AS o) AS ordered WHERE ${
    key.map((column) => `t.${column} = ordered.${column}`).join(" AND ")
  } AND ${
    columns.map(({ name }) => `ordered.${ident(`value_${name}`)} IS NOT NULL`).join(" AND ")
  }`;
}

function tableOf({ table }: Expansion): string {
  return reference(table);
}

function objectName({ table, fresh }: Expansion): string {
  return generatedName(lastName(table), fresh[0]?.name ?? "", "alike");
}

function names(columns: readonly ExpandedColumn[]): string {
  return columns.map(({ name }) => name).join(", ");
}
