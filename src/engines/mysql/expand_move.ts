/** The statements of moving columns to another table, as MySQL and MariaDB take them. */

import type { Move, MoveSide } from "../../core/expansion.ts";
import { moveOf, moveStep } from "../common/moves.ts";
import type { Expanding, ExpandingWays } from "../expanding.ts";
import { inBatches, inProcedure } from "./expand_backfill.ts";
import { keepAlike, letGo } from "./expand_move_triggers.ts";
import { areNull, belongs, had, pairs, STILL, TAKEN, WRITING } from "./expand_move_parts.ts";
import { itself, quote, quotePath } from "./quote.ts";

/**
 * Triggers on each table write to the other what is written to its own. While they do, and while both tables are filled in one
 * statement, a variable of the session keeps those of the other still.
 */
export const moving: ExpandingWays & Pick<Expanding, "rowsAnew"> = {
  add: (expansion) => {
    const { fresh } = moveOf(expansion);
    return [
      ...fresh.follows ? [] : [moveStep(expansion, added(fresh))],
      ...keepAlike(moveOf(expansion)).map((sql) => moveStep(expansion, sql)),
    ];
  },
  remove: (expansion) => {
    const { fresh } = moveOf(expansion);
    return [
      ...letGo(moveOf(expansion)).map((sql) => moveStep(expansion, sql)),
      ...fresh.follows ? [] : [moveStep(expansion, dropped(fresh))],
    ];
  },
  backfill: (expansion) => {
    const { old, fresh } = moveOf(expansion);
    const body = inBatches({
      table: old.table,
      key: old.key,
      statements: (range) => [
        ...fresh.follows ? [made(fresh, old, range)] : [],
        filled(fresh, old, range),
      ],
    });
    const [drop = "", create = "", ...rest] = inProcedure(nameOf(old, "fill"), body);
    return [drop, create, STILL, ...rest, WRITING].map((sql) =>
      moveStep(expansion, sql, { transactional: false })
    );
  },
  swap: (expansion) => {
    const { old } = moveOf(expansion);
    return [
      ...refusal(moveOf(expansion)),
      ...letGo(moveOf(expansion)),
      old.follows ? `DROP TABLE ${quotePath(old.table)}` : dropped(old),
    ].map((sql) => moveStep(expansion, sql));
  },
  unswap: (expansion) => {
    const { old, fresh } = moveOf(expansion);
    const list = old.follows
      ? [STILL, made(old, fresh), WRITING]
      : [added(old), copied(old, fresh), ...keepAlike(moveOf(expansion))];
    return list.map((sql) => moveStep(expansion, sql));
  },
  align: (expansion) => [STILL, ...aligned(moveOf(expansion)), WRITING],
  unlike: (expansion) => `SELECT COUNT(*) AS count FROM (${unlike(moveOf(expansion))}) AS sides`,
  clients: (expansion) => {
    const { old, fresh } = moveOf(expansion);
    return { old: rotated(old), fresh: rotated(fresh) };
  },
  rowsAnew: {
    takeOut: ({ table, key }, at) => [
      `CREATE TEMPORARY TABLE ${TAKEN} AS SELECT * FROM ${quotePath(table)} ORDER BY ${
        key.map(quote).join(", ")
      } LIMIT 1 OFFSET ${at}`,
      `DELETE t FROM ${quotePath(table)} AS t JOIN ${TAKEN} AS taken ON ${
        key.map((name) => `t.${quote(name)} = taken.${quote(name)}`).join(" AND ")
      }`,
    ],
    putBack: ({ table }, columns) => {
      const names = columns.map(quote).join(", ");
      return `INSERT INTO ${quotePath(table)} (${names}) SELECT ${names} FROM ${TAKEN}`;
    },
    putInOther: (side, from, { orUpdate }) => {
      const conflict = ` ON DUPLICATE KEY UPDATE ${
        side.columns.map(({ name }) => `${quote(name)} = VALUES(${quote(name)})`).join(", ")
      }`;
      return `INSERT INTO ${quotePath(side.table)} (${names(side)}) SELECT ${
        [...from.joined.map(quote), ...[...side.columns, ...side.extras].map(({ value }) => value)]
          .join(", ")
      } FROM ${TAKEN}${orUpdate ? conflict : ""}`;
    },
    done: `DROP TEMPORARY TABLE ${TAKEN}`,
  },
};

function added({ table, columns }: MoveSide): string {
  return `ALTER TABLE ${quotePath(table)} ${
    columns.map(({ name, type }) => `ADD COLUMN ${quote(name)} ${type} NULL`).join(", ")
  }`;
}

function dropped({ table, columns }: MoveSide): string {
  return `ALTER TABLE ${quotePath(table)} ${
    columns.map(({ name }) => `DROP COLUMN ${quote(name)}`).join(", ")
  }`;
}

/** At most 64 characters. */
function nameOf({ table, columns }: MoveSide, suffix: string): string {
  return `${`${table}_${columns[0]?.name ?? ""}`.slice(0, 63 - suffix.length)}_${suffix}`;
}

function names({ joined, columns, extras }: MoveSide): string {
  return [...joined, ...[...columns, ...extras].map(({ name }) => name)].map(quote).join(", ");
}

/** Makes the rows of a side that it has not, for those of the other that have values; of these, where a condition on them holds. */
function made(side: MoveSide, other: MoveSide, range?: string): string {
  const values = [
    ...other.joined.map((_, at) => `had.join_${at + 1}`),
    ...side.columns.map((_, at) => `had.value_${at + 1}`),
    ...side.extras.map(({ value }) => value),
  ];
  const table = quotePath(side.table);
  const isThere = side.joined.map((name, at) => `there.${quote(name)} = had.join_${at + 1}`);
  return `INSERT INTO ${table} (${names(side)}) SELECT ${values.join(", ")} FROM ${
    had(side, other, range)
  } AS had WHERE had.has_values AND NOT EXISTS (SELECT 1 FROM ${table} AS there WHERE ${
    isThere.join(" AND ")
  })`;
}

function set({ columns, stamped }: MoveSide): string {
  return [
    ...columns.map(({ name }, at) => `side.${quote(name)} = had.value_${at + 1}`),
    ...itself(stamped, "side."),
  ].join(", ");
}

function same({ joined }: MoveSide): string {
  return joined.map((name, at) => `side.${quote(name)} = had.join_${at + 1}`).join(" AND ");
}

/** Fills a side from the other, in rows that both have. */
function copied(side: MoveSide, other: MoveSide, range?: string): string {
  return `UPDATE ${quotePath(side.table)} AS side JOIN ${had(side, other, range)} AS had ON ${
    same(side)
  } SET ${set(side)}`;
}

/** The same where the side has no value yet and the other has one. */
function filled(side: MoveSide, other: MoveSide, range: string): string {
  return `${copied(side, other, range)} WHERE had.has_values AND ${areNull(side, "side")}`;
}

/** Rows of one side whose values no row of the other holds. */
function alone(side: MoveSide, other: MoveSide): string {
  return `SELECT 1 FROM ${quotePath(side.table)} AS side WHERE NOT (${areNull(side, "side")}) AND ${
    lonely(side, other)
  }`;
}

function lonely(side: MoveSide, other: MoveSide): string {
  return `NOT EXISTS (SELECT 1 FROM ${quotePath(other.table)} AS other WHERE ${
    belongs(other, side, ["other", "side"])
  })`;
}

function unlike(move: Move): string {
  const { old, fresh } = move;
  return [
    pairs(move),
    ...fresh.follows ? [alone(old, fresh)] : [],
    ...old.follows ? [alone(fresh, old)] : [],
  ].join(" UNION ALL ");
}

/** What is in the old columns alone would be lost. */
function refusal(move: Move): readonly string[] {
  const rows = [unlike(move), ...move.fresh.follows ? [] : [alone(move.old, move.fresh)]].join(
    " UNION ALL ",
  );
  const text = `'${move.old.table.replaceAll("'", "''")} has values that ${
    move.fresh.table.replaceAll("'", "''")
  } does not have'`;
  return inProcedure(
    nameOf(move.old, "check"),
    `BEGIN
  IF EXISTS (${rows}) THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = ${text};
  END IF;
END`,
  );
}

/** Made rows as the triggers would have left them. */
function aligned({ old, fresh }: Move): readonly string[] {
  const emptied = (side: MoveSide, other: MoveSide) =>
    `UPDATE ${quotePath(side.table)} AS side SET ${
      side.columns.map(({ name }) => `side.${quote(name)} = NULL`).join(", ")
    } WHERE ${lonely(side, other)}`;
  // Without these no such row could have been made.
  const given = fresh.columns.flatMap(({ isRequired }, at) =>
    isRequired ? [`had.value_${at + 1} IS NOT NULL`] : []
  );
  return [
    ...fresh.follows
      ? [
        `DELETE side FROM ${quotePath(fresh.table)} AS side WHERE NOT EXISTS (SELECT 1 FROM ${
          had(fresh, old)
        } AS had WHERE ${[same(fresh), ...given].join(" AND ")})`,
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
  const order = key.map(quote).join(", ");
  const value = (name: string) => quote(`value_${name}`);
  const ahead = columns.map(({ name }) =>
    `LEAD(${quote(name)}) OVER (ORDER BY ${order}) AS ${value(name)}`
  );
  return `UPDATE ${quotePath(table)} AS t JOIN (SELECT ${order}, ${ahead.join(", ")} FROM ${
    quotePath(table)
  }) AS ordered ON ${
    key.map((name) => `t.${quote(name)} = ordered.${quote(name)}`).join(" AND ")
  } SET ${
    columns.map(({ name }) => `t.${quote(name)} = ordered.${value(name)}`).join(", ")
  } WHERE ${columns.map(({ name }) => `ordered.${value(name)} IS NOT NULL`).join(" AND ")}`;
}
