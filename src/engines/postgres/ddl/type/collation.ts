/** Collations and conversions. */

import type { SchemaObject } from "../../../../schema.ts";
import type { Alteration, ObjectKind, PlanContext } from "../../../object_kind.ts";
import { lastName } from "../../names.ts";
import { ident, literal, reference } from "../../quote.ts";
import { type BelongingRefs, belongings, otherFacts } from "../clauses/metadata.ts";
import { renameInSchema } from "../clauses/rename.ts";
import { planned, text } from "../clauses/statement.ts";
import { isInherited } from "../table/inheritance.ts";
import { inTheWayOf } from "./replace_type.ts";

/** CREATE COLLATION; a changed one is made anew, and columns move over to it. */
export const collation: ObjectKind = {
  kind: "collation",
  rank: 9,
  slots: (object) => [`collation ${object.name}`],
  create: (object, _members, context) => [
    planned(object, definition(object), `Collation ${object.name} is new`),
    ...belongings(null, object, refs(object), context),
  ],
  drop: (object) => [
    planned(object, `DROP COLLATION ${reference(object.name)}`, `Collation ${object.name} is gone`),
  ],
  alter: ({ before, after, facts }, context) =>
    otherFacts(facts).length === 0
      ? { statements: belongings(before, after, refs(after), context) }
      : exchange(before, after, context),
  rename: (before, after) => renameInSchema("COLLATION", before, after),
};

/** CREATE CONVERSION; Postgres can change nothing of it but owner and comment. */
export const conversion: ObjectKind = {
  kind: "conversion",
  rank: 45,
  slots: (object) => [`conversion ${object.name}`],
  create: (object, _members, context) => [
    planned(
      object,
      `CREATE ${object.facts.default === true ? "DEFAULT " : ""}CONVERSION ${
        reference(object.name)
      } FOR ${literal(text(object, "source") ?? "")} TO ${
        literal(text(object, "target") ?? "")
      } FROM ${text(object, "function")}`,
      `Conversion ${object.name} is new`,
    ),
    ...belongings(null, object, refs(object), context),
  ],
  drop: (object) => [
    planned(
      object,
      `DROP CONVERSION ${reference(object.name)}`,
      `Conversion ${object.name} is gone`,
    ),
  ],
  alter: ({ before, after, facts }, context) =>
    otherFacts(facts).length > 0
      ? "replace"
      : { statements: belongings(before, after, refs(after), context) },
  rename: (before, after) => renameInSchema("CONVERSION", before, after),
};

function refs(object: SchemaObject): BelongingRefs {
  const ref = `${object.kind.toUpperCase()} ${reference(object.name)}`;
  return { comment: ref, owner: ref, grants: null };
}

function definition(object: SchemaObject): string {
  const given = (fact: string, option: string) => {
    const value = text(object, fact);
    return value === null ? [] : [`${option} = ${literal(value)}`];
  };
  const options = [
    `PROVIDER = ${text(object, "provider")}`,
    ...given("locale", "LOCALE"),
    ...given("collate", "LC_COLLATE"),
    ...given("ctype", "LC_CTYPE"),
    ...given("rules", "RULES"),
    ...object.facts.nondeterministic === true ? ["DETERMINISTIC = false"] : [],
  ];
  return `CREATE COLLATION ${reference(object.name)} (${options.join(", ")})`;
}

/** The old collation steps aside, columns change to the new one, the old one goes; what else uses it is rebuilt. */
function exchange(
  before: SchemaObject,
  after: SchemaObject,
  context: PlanContext,
): Alteration | "replace" {
  const users = context.dependents(before.id);
  const columns = users.filter((user) =>
    user.kind === "column" && text(user, "collation") === before.name
  );
  if (columns.length === 0) return "replace";
  const away = `${lastName(before.name).slice(0, 55)}_old`;
  const schema = before.name.slice(0, before.name.length - lastName(before.name).length);
  const why = `Postgres cannot change collation ${before.name}`;
  const moved = columns.filter((column) => !isInherited(column));
  return {
    statements: [
      planned(
        after,
        `ALTER COLLATION ${reference(before.name)} RENAME TO ${ident(away)}`,
        `${why}: the old one steps aside`,
      ),
      ...collation.create(after, [], context),
      ...moved.map((column) => {
        const table = (column.parent ?? "").replace(/^[^:]*:/, "");
        return {
          ...planned(
            after,
            `ALTER TABLE ${reference(table)} ALTER COLUMN ${ident(lastName(column.name))} TYPE ${
              text(column, "type")
            } COLLATE ${reference(after.name)}`,
            why,
          ),
          serves: [after.id, column.id],
        };
      }),
      planned(
        after,
        `DROP COLLATION ${reference(schema + away)}`,
        `Nothing uses the old one any more`,
      ),
    ],
    rebuilds: [
      ...users.filter((user) => !columns.includes(user) && user.kind !== "table").map((user) =>
        user.id
      ),
      ...inTheWayOf(columns, context),
    ],
  };
}
