/** The statements of moving columns to another table, as Postgres takes them. */

import type { Expansion, Move, MoveSide } from "../../core/expansion.ts";
import type { PlannedStatement } from "../../core/statement.ts";
import { moveOf, moveStep } from "../common/moves.ts";
import type { Expanding, ExpandingWays } from "../expanding.ts";
import { inBatches, quoted } from "./batches.ts";
import { areNull, belongs, valuesFrom } from "./expand_move_parts.ts";
import { keepAlike, letGo } from "./expand_move_triggers.ts";
import { lastName } from "./names.ts";
import { ident, literal, reference } from "./quote.ts";

/** Holds a row that is taken out. */
const TAKEN = "aim_taken";

/**
 * A trigger on each table writes to the other what is written to its own. While it does, a setting of the transaction keeps the other
 * one still.
 */
export const moving: ExpandingWays & Pick<Expanding, "rowsAnew"> = {
  add: (
    expansion,
  ) => [
    ...newColumns(expansion, moveOf(expansion).fresh),
    ...keepAlike(moveOf(expansion)).map((sql) => moveStep(expansion, sql)),
  ],
  remove: (expansion) => {
    const { fresh } = moveOf(expansion);
    return [
      ...letGo(moveOf(expansion)).map((sql) => moveStep(expansion, sql)),
      ...fresh.follows ? [] : dropped(expansion, fresh),
    ];
  },
  backfill: (expansion) => {
    const { old, fresh } = moveOf(expansion);
    const text = inBatches({
      table: old.table,
      key: old.key,
      alias: "side",
      update: (range) =>
        `UPDATE ${reference(old.table)} AS side SET ${touch(old)}\n        WHERE ${range} AND ${
          isOpen(old, fresh)
        }`,
    });
    return [moveStep(expansion, text, { transactional: false })];
  },
  swap: (expansion) => {
    const { old } = moveOf(expansion);
    return [
      moveStep(expansion, refusal(expansion)),
      ...letGo(moveOf(expansion)).map((sql) => moveStep(expansion, sql)),
      ...old.follows
        ? [moveStep(expansion, `DROP TABLE ${reference(old.table)}`)]
        : dropped(expansion, old),
    ];
  },
  unswap: (expansion) => {
    const { old, fresh } = moveOf(expansion);
    if (old.follows) return [moveStep(expansion, made(old, fresh))];
    return [
      ...newColumns(expansion, old, { isBack: true }),
      moveStep(expansion, copied(old, fresh)),
      ...keepAlike(moveOf(expansion)).map((sql) => moveStep(expansion, sql)),
    ];
  },
  align: (expansion) => aligned(moveOf(expansion)),
  unlike: (expansion) =>
    `SELECT count(*)::int AS count FROM (${unlike(moveOf(expansion))}) AS unlike`,
  clients: (expansion) => {
    const { old, fresh } = moveOf(expansion);
    return { old: rotated(old), fresh: rotated(fresh) };
  },
  rowsAnew: {
    takeOut: ({ table, key }, at) => {
      const order = key.map(ident).join(", ");
      const equal = key.map((name) => `t.${ident(name)} = taken.${ident(name)}`).join(" AND ");
      return [
        `CREATE TEMP TABLE ${TAKEN} AS SELECT * FROM ${
          reference(table)
        } ORDER BY ${order} LIMIT 1 OFFSET ${at}`,
        `DELETE FROM ${reference(table)} AS t USING ${TAKEN} AS taken WHERE ${equal}`,
      ];
    },
    putBack: ({ table }, columns) => {
      const names = columns.map(ident).join(", ");
      return `INSERT INTO ${
        reference(table)
      } (${names}) OVERRIDING SYSTEM VALUE SELECT ${names} FROM ${TAKEN}`;
    },
    putInOther: (side, from, { orUpdate }) => {
      const conflict = ` ON CONFLICT (${side.joined.map(ident).join(", ")}) DO UPDATE SET ${
        side.columns.map(({ name }) => `${ident(name)} = excluded.${ident(name)}`).join(", ")
      }`;
      return made(side, { ...from, table: TAKEN }) + (orUpdate ? conflict : "");
    },
    done: `DROP TABLE ${TAKEN}`,
  },
};

/** The columns of a side, where its table was there before. */
function newColumns(
  expansion: Expansion,
  { table, columns, follows }: MoveSide,
  { isBack = false } = {},
): readonly PlannedStatement[] {
  if (follows && !isBack) return [];
  return columns.map(({ name, type }) =>
    moveStep(expansion, `ALTER TABLE ${reference(table)} ADD COLUMN ${ident(name)} ${type}`)
  );
}

function dropped(
  expansion: Expansion,
  { table, columns }: MoveSide,
): readonly PlannedStatement[] {
  return columns.map(({ name }) =>
    moveStep(expansion, `ALTER TABLE ${reference(table)} DROP COLUMN ${ident(name)}`)
  );
}

function touch({ columns: [first] }: MoveSide): string {
  const name = ident(first?.name ?? "");
  return `${name} = ${name}`;
}

/** Of a row `side`: it has values that the other table has not. */
function isOpen(side: MoveSide, other: MoveSide): string {
  return `NOT (${areNull(side, "side")}) AND NOT EXISTS (SELECT 1 FROM ${
    reference(other.table)
  } AS other WHERE ${belongs(other, side, ["other", "side"])} AND NOT (${
    areNull(other, "other")
  }))`;
}

/** Fills a side from the other, in rows that both have. */
function copied(side: MoveSide, other: MoveSide): string {
  return `UPDATE ${reference(side.table)} AS side SET (${
    side.columns.map(({ name }) => ident(name)).join(", ")
  }) = (${valuesFrom(side.columns, other, "other")}) FROM ${
    reference(other.table)
  } AS other WHERE ${belongs(side, other, ["side", "other"])}`;
}

/** Makes the rows of a side that it has for those of the other. */
function made(side: MoveSide, other: MoveSide): string {
  const names = [
    ...side.joined,
    ...side.columns.map(({ name }) => name),
    ...side.extras.map(({ name }) => name),
  ];
  return `INSERT INTO ${reference(side.table)} (${names.map(ident).join(", ")}) SELECT ${
    [
      ...other.joined.map((name) => `other.${ident(name)}`),
      "taken.*",
      ...side.extras.map(({ value }) => value),
    ].join(", ")
  } FROM ${reference(other.table)} AS other, LATERAL (${
    valuesFrom(side.columns, other, "other")
  }) AS taken WHERE NOT (${areNull(other, "other")})`;
}

/** Rows of one side that the other ought to have as well: those whose values it does not hold. */
function alone(side: MoveSide, other: MoveSide): string {
  return `SELECT 1 FROM ${reference(side.table)} AS side WHERE NOT (${
    areNull(side, "side")
  }) AND NOT EXISTS (SELECT 1 FROM ${reference(other.table)} AS other WHERE ${
    belongs(other, side, ["other", "side"])
  })`;
}

/** Pairs of rows whose sides differ: neither can be had from the other. */
function unlike({ old, fresh }: Move): string {
  const had = (side: MoveSide, other: MoveSide, row: string, name: string) =>
    `CROSS JOIN LATERAL (${valuesFrom(side.columns, other, row)}) AS ${name}(${
      side.columns.map((_, at) => `value_${at + 1}`).join(", ")
    })`;
  const differs = ({ columns }: MoveSide, row: string, name: string) =>
    columns.map((column, at) =>
      `${row}.${ident(column.name)} IS DISTINCT FROM ${name}.value_${at + 1}`
    ).join(" OR ");
  const pairs = `SELECT 1 FROM ${reference(old.table)} AS one JOIN ${
    reference(fresh.table)
  } AS two ON ${belongs(old, fresh, ["one", "two"])} ${had(old, fresh, "two", "old_side")} ${
    had(fresh, old, "one", "new_side")
  } WHERE (${differs(old, "one", "old_side")}) AND (${differs(fresh, "two", "new_side")})`;
  return [
    pairs,
    ...fresh.follows ? [alone(old, fresh)] : [],
    ...old.follows ? [alone(fresh, old)] : [],
  ].join(" UNION ALL ");
}

/** What is in the old columns alone would be lost. */
function refusal(expansion: Expansion): string {
  const move = moveOf(expansion);
  const rows = [unlike(move), ...move.fresh.follows ? [] : [alone(move.old, move.fresh)]].join(
    " UNION ALL ",
  );
  const body = `
BEGIN
  IF EXISTS (${rows}) THEN
    RAISE EXCEPTION '% has values that % does not have', ${literal(lastName(move.old.table))}, ${
    literal(lastName(move.fresh.table))
  };
  END IF;
END
`;
  return `DO ${quoted(body)}`;
}

/** Made rows as the triggers would have left them. */
function aligned({ old, fresh }: Move): readonly string[] {
  const lonely = (side: MoveSide, other: MoveSide) =>
    `NOT EXISTS (SELECT 1 FROM ${reference(other.table)} AS other WHERE ${
      belongs(other, side, ["other", "side"])
    })`;
  const emptied = (side: MoveSide, other: MoveSide) =>
    `UPDATE ${reference(side.table)} AS side SET ${
      side.columns.map(({ name }) => `${ident(name)} = NULL`).join(", ")
    } WHERE ${lonely(side, other)}`;
  // Without these no such row could have been made.
  const given = fresh.columns.flatMap(({ isRequired }, at) =>
    isRequired ? [`taken.value_${at + 1} IS NOT NULL`] : []
  );
  const taken = `LATERAL (${valuesFrom(fresh.columns, old, "other")}) AS taken(${
    fresh.columns.map((_, at) => `value_${at + 1}`).join(", ")
  })`;
  const belonging = [belongs(old, fresh, ["other", "side"]), ...given].join(" AND ");
  return [
    ...fresh.follows
      ? [
        `DELETE FROM ${reference(fresh.table)} AS side WHERE NOT EXISTS (SELECT 1 FROM ${
          reference(old.table)
        } AS other, ${taken} WHERE ${belonging})`,
      ]
      : [],
    copied(fresh, old),
    copied(old, fresh),
    emptied(old, fresh),
    ...fresh.follows ? [] : [emptied(fresh, old)],
  ];
}

/** Every row gets the values that another has, as code writes that knows these columns alone. */
function rotated({ table, columns, key }: MoveSide): string {
  const order = key.map((name) => `o.${ident(name)}`);
  return `UPDATE ${reference(table)} AS t SET ${
    columns.map(({ name }) => `${ident(name)} = ordered.${ident(`value_${name}`)}`).join(", ")
  } FROM (SELECT ${order.join(", ")}, ${
    columns.map(({ name }) =>
      `lead(o.${ident(name)}) OVER (ORDER BY ${order.join(", ")}) AS ${ident(`value_${name}`)}`
    ).join(", ")
  } FROM ${reference(table)} AS o) AS ordered WHERE ${
    key.map((name) => `t.${ident(name)} = ordered.${ident(name)}`).join(" AND ")
  } AND ${
    columns.map(({ name }) => `ordered.${ident(`value_${name}`)} IS NOT NULL`).join(" AND ")
  }`;
}
