/** The triggers by which the two tables of a move are kept alike. */

import type { Move, MoveSide } from "../../core/expansion.ts";
import { quoted } from "./batches.ts";
import { areNull, belongs, valuesFrom } from "./expand_move_parts.ts";
import { generatedName } from "./generated_name.ts";
import { joinName, lastName, splitName } from "./names.ts";
import { ident, literal, reference } from "./quote.ts";

/** Statements that make them. */
export function keepAlike({ old, fresh }: Move): readonly string[] {
  const sides = [[old, fresh, true], [fresh, old, false]] as const;
  return sides.flatMap(([side, other, isOld]) => {
    const run = `ON ${reference(side.table)} FOR EACH ROW EXECUTE FUNCTION ${routineOf(side)}()`;
    return [
      `CREATE FUNCTION ${routineOf(side)}() RETURNS trigger LANGUAGE plpgsql AS ${
        quoted(functionBody(side, other, isOld))
      }`,
      `CREATE TRIGGER ${ident(nameOf(side, "moving"))} BEFORE INSERT OR DELETE ${run}`,
      `CREATE TRIGGER ${ident(nameOf(side, "moved"))} AFTER INSERT OR UPDATE ${run}`,
    ];
  });
}

/** Statements that drop them. */
export function letGo({ old, fresh }: Move): readonly string[] {
  return [old, fresh].flatMap((side) => [
    ...["moving", "moved"].map((label) =>
      `DROP TRIGGER ${ident(nameOf(side, label))} ON ${reference(side.table)}`
    ),
    `DROP FUNCTION ${routineOf(side)}()`,
  ]);
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
  const assigned = other.columns.map(({ name }, at) => `${ident(name)} = ${variables[at]}`).join(
    ", ",
  );
  const ofRow = (row: string) => belongs(other, side, ["other", row]);
  const names = [
    ...other.joined,
    ...other.columns.map(({ name }) => name),
    ...other.extras.map(({ name }) => name),
  ];
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
  const unfilled = `NOT (${
    areNull(side, "NEW")
  }) AND NOT EXISTS (SELECT 1 FROM ${table} AS other WHERE ${ofRow("NEW")} AND NOT (${
    areNull(other, "other")
  }))`;
  const emptied = side.follows
    ? `UPDATE ${table} AS other SET ${
      other.columns.map(({ name }) => `${ident(name)} = NULL`).join(", ")
    } WHERE ${ofRow("OLD")};`
    : null;
  const deleted = other.follows ? `DELETE FROM ${table} AS other WHERE ${ofRow("OLD")};` : emptied;
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
  SELECT taken.* INTO ${variables.join(", ")} FROM (${
    valuesFrom(other.columns, side, "NEW")
  }) AS taken;
  ${guarded(push).replaceAll("\n", "\n  ")}
  RETURN NEW;
END
`;
}

function nameOf({ table, columns }: MoveSide, label: string): string {
  return generatedName(lastName(table), columns[0]?.name ?? "", label);
}

function routineOf(side: MoveSide): string {
  return reference(joinName(splitName(side.table)[0] ?? "public", nameOf(side, "moved")));
}
