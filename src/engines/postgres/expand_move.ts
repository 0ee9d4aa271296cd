/** The statements of moving columns to another table, as Postgres takes them. */

import type { ExpandedColumn, Expansion, Move, MoveSide } from "../../core/expansion.ts";
import type { Reason } from "../../core/reason.ts";
import type { PlannedStatement } from "../../core/statement.ts";
import type { Expanding, ExpandingWays } from "../engine.ts";
import { inBatches, quoted } from "./batches.ts";
import { generatedName } from "./generated_name.ts";
import { joinName, lastName, splitName } from "./names.ts";
import { ident, literal, reference } from "./quote.ts";

/** Holds a row that is taken out. */
const TAKEN = "aim_taken";

/**
 * A trigger on each table writes to the other what is written to its own. While it does, a setting of the transaction keeps the other
 * one still.
 */
export const moving: ExpandingWays & Pick<Expanding, "rowsAnew"> = {
  add: (expansion) => [...newColumns(expansion, moveOf(expansion).fresh), ...keepAlike(expansion)],
  remove: (expansion) => {
    const { fresh } = moveOf(expansion);
    return [...letGo(expansion), ...fresh.follows ? [] : dropped(expansion, fresh)];
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
    return [step(expansion, text, { transactional: false })];
  },
  swap: (expansion) => {
    const { old } = moveOf(expansion);
    return [
      step(expansion, refusal(expansion)),
      ...letGo(expansion),
      ...old.follows
        ? [step(expansion, `DROP TABLE ${reference(old.table)}`)]
        : dropped(expansion, old),
    ];
  },
  unswap: (expansion) => {
    const { old, fresh } = moveOf(expansion);
    if (old.follows) return [step(expansion, made(old, fresh))];
    return [
      ...newColumns(expansion, old, { isBack: true }),
      step(expansion, copied(old, fresh)),
      ...keepAlike(expansion),
    ];
  },
  align: (expansion) => aligned(moveOf(expansion)),
  unlike: (expansion) => `SELECT count(*)::int AS count FROM (${unlike(moveOf(expansion))}) AS unlike`,
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

function moveOf({ move }: Expansion): Move {
  if (move === undefined) throw new Error("Cannot move columns within a table");
  return move;
}

function step(
  expansion: Expansion,
  sql: string,
  facts: Partial<PlannedStatement> = {},
): PlannedStatement {
  const { old, fresh } = moveOf(expansion);
  const side = ({ table, columns }: MoveSide) =>
    `${lastName(table)}.${columns.map(({ name }) => name).join(", ")}`;
  const reason: Reason = { action: "describe", text: `${side(old)} and ${side(fresh)} hold the same` };
  return { sql, serves: [], reason, transactional: true, ...facts };
}

/** The columns of a side, where its table was there before. */
function newColumns(
  expansion: Expansion,
  { table, columns, follows }: MoveSide,
  { isBack = false } = {},
): readonly PlannedStatement[] {
  if (follows && !isBack) return [];
  return columns.map(({ name, type }) =>
    step(expansion, `ALTER TABLE ${reference(table)} ADD COLUMN ${ident(name)} ${type}`)
  );
}

function dropped(
  expansion: Expansion,
  { table, columns }: MoveSide,
): readonly PlannedStatement[] {
  return columns.map(({ name }) =>
    step(expansion, `ALTER TABLE ${reference(table)} DROP COLUMN ${ident(name)}`)
  );
}

/** What the columns of a side get from a row of the other, whose columns are named as they are. */
function valuesFrom(columns: readonly ExpandedColumn[], other: MoveSide, row: string): string {
  return `SELECT ${columns.map(({ value }) => value).join(", ")} FROM (SELECT ${
    other.columns.map(({ name }) => `${row}.${ident(name)} AS ${ident(name)}`).join(", ")
  }) AS written`;
}

function areNull({ columns }: MoveSide, row: string): string {
  return columns.map(({ name }) => `${row}.${ident(name)} IS NULL`).join(" AND ");
}

function belongs(one: MoveSide, other: MoveSide, rows: readonly [one: string, other: string]) {
  return one.joined.map((name, at) =>
    `${rows[0]}.${ident(name)} = ${rows[1]}.${ident(other.joined[at] ?? "")}`
  ).join(" AND ");
}

function touch({ columns: [first] }: MoveSide): string {
  const name = ident(first?.name ?? "");
  return `${name} = ${name}`;
}

/** Of a row `side`: it has values that the other table has not. */
function isOpen(side: MoveSide, other: MoveSide): string {
  return `NOT (${areNull(side, "side")}) AND NOT EXISTS (SELECT 1 FROM ${
    reference(other.table)
  } AS other WHERE ${belongs(other, side, ["other", "side"])} AND NOT (${areNull(other, "other")}))`;
}

const GUARD = "aim.alike";

/** Begins and ends what the other trigger is to leave alone. */
function guarded(lines: string): string {
  const set = (value: string) => `PERFORM set_config(${literal(GUARD)}, ${literal(value)}, true);`;
  return `${set("on")}\n${lines}\n${set("")}`;
}

function functionBody(side: MoveSide, other: MoveSide, isOld: boolean): string {
  const table = reference(other.table);
  const variables = other.columns.map((_, at) => `aim_value_${at + 1}`);
  const declared = other.columns.map(({ name }, at) =>
    `  ${variables[at]} ${table}.${ident(name)}%TYPE;\n`
  ).join("");
  const assigned = other.columns.map(({ name }, at) => `${ident(name)} = ${variables[at]}`).join(", ");
  const ofRow = (row: string) => belongs(other, side, ["other", row]);
  const names = [...other.joined, ...other.columns.map(({ name }) => name), ...other.extras.map(({ name }) => name)];
  const values = [
    ...side.joined.map((name) => `NEW.${ident(name)}`),
    ...variables,
    ...other.extras.map(({ value }) => value),
  ];
  const update = `UPDATE ${table} AS other SET ${assigned} WHERE ${ofRow("NEW")};`;
  const push = !other.follows ? update : `IF ${areNull(side, "NEW")} THEN
  ${update}
ELSE
  INSERT INTO ${table} (${names.map(ident).join(", ")}) VALUES (${values.join(", ")})
    ON CONFLICT (${other.joined.map(ident).join(", ")}) DO UPDATE SET ${assigned};
END IF;`;
  const changed = side.columns.map(({ name }) =>
    `NEW.${ident(name)} IS DISTINCT FROM OLD.${ident(name)}`
  ).join(" OR ");
  const unfilled = `NOT (${areNull(side, "NEW")}) AND NOT EXISTS (SELECT 1 FROM ${table} AS other WHERE ${
    ofRow("NEW")
  } AND NOT (${areNull(other, "other")}))`;
  const emptied = side.follows
    ? `UPDATE ${table} AS other SET ${
      other.columns.map(({ name }) => `${ident(name)} = NULL`).join(", ")
    } WHERE ${ofRow("OLD")};`
    : null;
  const deleted = other.follows
    ? `DELETE FROM ${table} AS other WHERE ${ofRow("OLD")};`
    : emptied;
  return `
DECLARE
${declared}BEGIN
  IF current_setting(${literal(GUARD)}, true) = 'on' THEN
    IF TG_OP = 'DELETE' THEN
      RETURN OLD;
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' THEN
${deleted === null ? "" : `    ${guarded(deleted).replaceAll("\n", "\n    ")}\n`}    RETURN OLD;
  END IF;
  IF TG_WHEN = 'BEFORE' THEN
    IF ${areNull(side, "NEW")} THEN
      SELECT taken.* INTO ${side.columns.map(({ name }) => `NEW.${ident(name)}`).join(", ")}
        FROM ${table} AS other, LATERAL (${valuesFrom(side.columns, other, "other")}) AS taken
        WHERE ${ofRow("NEW")};
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF ${areNull(side, "NEW")} THEN
      RETURN NEW;
    END IF;
  ELSIF NOT (${changed}${isOld ? ` OR ${unfilled}` : ""}) THEN
    RETURN NEW;
  END IF;
  SELECT taken.* INTO ${variables.join(", ")} FROM (${valuesFrom(other.columns, side, "NEW")}) AS taken;
  ${guarded(push).replaceAll("\n", "\n  ")}
  RETURN NEW;
END
`;
}

function sidesOf(expansion: Expansion): readonly (readonly [MoveSide, MoveSide])[] {
  const { old, fresh } = moveOf(expansion);
  return [[old, fresh], [fresh, old]];
}

function nameOf({ table, columns }: MoveSide, label: string): string {
  return generatedName(lastName(table), columns[0]?.name ?? "", label);
}

function routineOf(side: MoveSide): string {
  return reference(joinName(splitName(side.table)[0] ?? "public", nameOf(side, "moved")));
}

function keepAlike(expansion: Expansion): readonly PlannedStatement[] {
  return sidesOf(expansion).flatMap(([side, other], at) => {
    const table = reference(side.table);
    const routine = routineOf(side);
    return [
      step(
        expansion,
        `CREATE FUNCTION ${routine}() RETURNS trigger LANGUAGE plpgsql AS ${
          quoted(functionBody(side, other, at === 0))
        }`,
      ),
      step(
        expansion,
        `CREATE TRIGGER ${
          ident(nameOf(side, "moving"))
        } BEFORE INSERT OR DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION ${routine}()`,
      ),
      step(
        expansion,
        `CREATE TRIGGER ${
          ident(nameOf(side, "moved"))
        } AFTER INSERT OR UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION ${routine}()`,
      ),
    ];
  });
}

function letGo(expansion: Expansion): readonly PlannedStatement[] {
  return sidesOf(expansion).flatMap(([side]) => [
    ...["moving", "moved"].map((label) =>
      step(expansion, `DROP TRIGGER ${ident(nameOf(side, label))} ON ${reference(side.table)}`)
    ),
    step(expansion, `DROP FUNCTION ${routineOf(side)}()`),
  ]);
}

/** Fills a side from the other, in rows that both have. */
function copied(side: MoveSide, other: MoveSide): string {
  return `UPDATE ${reference(side.table)} AS side SET (${
    side.columns.map(({ name }) => ident(name)).join(", ")
  }) = (${valuesFrom(side.columns, other, "other")}) FROM ${reference(other.table)} AS other WHERE ${
    belongs(side, other, ["side", "other"])
  }`;
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
