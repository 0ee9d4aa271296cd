/** The triggers by which the two tables of a move are kept alike. */

import type { Move, MoveSide } from "../../core/expansion.ts";
import { areNull, GUARD, STILL, WRITING } from "./expand_move_parts.ts";
import { differs } from "./expand_values.ts";
import { quote, quotePath } from "./quote.ts";

const EVENTS = [
  { when: "BEFORE", event: "INSERT", suffix: "take" },
  { when: "AFTER", event: "INSERT", suffix: "insert" },
  { when: "AFTER", event: "UPDATE", suffix: "update" },
  { when: "BEFORE", event: "DELETE", suffix: "delete" },
] as const;

/** Statements that make them. */
export function keepAlike({ old, fresh }: Move): readonly string[] {
  return [...triggersOf(old, fresh, true), ...triggersOf(fresh, old, false)];
}

/** Statements that drop them. */
export function letGo({ old, fresh }: Move): readonly string[] {
  return [old, fresh].flatMap((side) =>
    EVENTS.map(({ suffix }) => `DROP TRIGGER ${quote(nameOf(side, suffix))}`)
  );
}

function triggersOf(side: MoveSide, other: MoveSide, isOld: boolean): readonly string[] {
  return EVENTS.map(({ when, event, suffix }) =>
    `CREATE TRIGGER ${quote(nameOf(side, suffix))} ${when} ${event} ON ${
      quotePath(side.table)
    } FOR EACH ROW\nBEGIN\n${bodyOf({ side, other, isOld }, suffix)}\nEND`
  );
}

interface Sides {
  readonly side: MoveSide;
  readonly other: MoveSide;
  readonly isOld: boolean;
}

function bodyOf(sides: Sides, suffix: typeof EVENTS[number]["suffix"]): string {
  const { side } = sides;
  switch (suffix) {
    case "take":
      return `  IF ${GUARD} IS NULL AND ${areNull(side, "NEW")} THEN\n    ${
        taken(sides)
      }\n  END IF;`;
    case "insert":
      return written(`NOT (${areNull(side, "NEW")})`, pushed(sides));
    case "update":
      return written(changed(sides), pushed(sides));
    case "delete":
      return written("TRUE", deleted(sides));
  }
}

/** An error must not leave the variable set. */
function written(condition: string, lines: readonly string[]): string {
  return `  DECLARE EXIT HANDLER FOR SQLEXCEPTION
  BEGIN
    ${WRITING};
    RESIGNAL;
  END;
  IF ${GUARD} IS NULL AND (${condition}) THEN
    ${
    [STILL, ...lines, WRITING].map((line) => line.endsWith(";") ? line : `${line};`).join("\n    ")
  }
  END IF;`;
}

function changed({ side, other, isOld }: Sides): string {
  const differ = side.columns.map(({ name, type }) =>
    differs(`NEW.${quote(name)}`, `OLD.${quote(name)}`, type)
  ).join(" OR ");
  if (!isOld) return differ;
  return `${differ} OR NOT (${areNull(side, "NEW")}) AND NOT EXISTS (SELECT 1 FROM ${
    quotePath(other.table)
  } AS other WHERE ${ofRow(other, side, "NEW")} AND NOT (${areNull(other, "other")}))`;
}

function ofRow(other: MoveSide, side: MoveSide, row: "NEW" | "OLD"): string {
  return other.joined.map((name, at) =>
    `other.${quote(name)} = ${row}.${quote(side.joined[at] ?? "")}`
  ).join(" AND ");
}

/** What a column gets from the row that is written, whose columns its value names as they are. */
function valueOf(value: string, side: MoveSide): string {
  return `(SELECT ${value} FROM (SELECT ${
    side.columns.map(({ name }) => `NEW.${quote(name)} AS ${quote(name)}`).join(", ")
  }) AS written)`;
}

function taken({ side, other }: Sides): string {
  return side.columns.map(({ name, value }) =>
    `SET NEW.${quote(name)} = (SELECT taken FROM (SELECT ${
      other.joined.map(quote).join(", ")
    }, ${value} AS taken FROM ${quotePath(other.table)}) AS other WHERE ${
      ofRow(other, side, "NEW")
    });`
  ).join("\n    ");
}

function pushed({ side, other }: Sides): readonly string[] {
  const table = quotePath(other.table);
  const set = other.columns.map(({ name, value }) =>
    `other.${quote(name)} = ${valueOf(value, side)}`
  ).join(", ");
  const update = `UPDATE ${table} AS other SET ${set} WHERE ${ofRow(other, side, "NEW")};`;
  if (!other.follows) return [update];
  const names = [...other.joined, ...[...other.columns, ...other.extras].map(({ name }) => name)];
  const values = [
    ...side.joined.map((name) => `NEW.${quote(name)}`),
    ...other.columns.map(({ value }) => valueOf(value, side)),
    ...other.extras.map(({ value }) => value),
  ];
  const isThere = `EXISTS (SELECT 1 FROM ${table} AS other WHERE ${ofRow(other, side, "NEW")})`;
  return [
    `IF ${areNull(side, "NEW")} OR ${isThere} THEN
      ${update}
    ELSE
      INSERT INTO ${table} (${names.map(quote).join(", ")}) VALUES (${values.join(", ")});
    END IF;`,
  ];
}

function deleted({ side, other }: Sides): readonly string[] {
  const table = quotePath(other.table);
  if (other.follows) {
    return [`DELETE other FROM ${table} AS other WHERE ${ofRow(other, side, "OLD")};`];
  }
  if (!side.follows) return [];
  const set = other.columns.map(({ name }) => `other.${quote(name)} = NULL`).join(", ");
  return [`UPDATE ${table} AS other SET ${set} WHERE ${ofRow(other, side, "OLD")};`];
}

/** At most 64 characters. */
function nameOf({ table, columns }: MoveSide, suffix: string): string {
  return `${`${table}_${columns[0]?.name ?? ""}`.slice(0, 63 - suffix.length)}_${suffix}`;
}
