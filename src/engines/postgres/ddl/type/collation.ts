/** Collations and conversions. */

import type { Alteration } from "../../../object_kind.ts";
import { lastName } from "../../names.ts";
import type { KindOf, ObjectOf, PostgresContext } from "../../objects.ts";
import { ident, literal, reference } from "../../quote.ts";
import { alterBy } from "../clauses/alter_by.ts";
import { metadata, type MetadataRefs, otherFacts } from "../clauses/metadata.ts";
import { renameInSchema } from "../clauses/rename.ts";
import { planned } from "../clauses/statement.ts";
import { isInherited } from "../table/inheritance.ts";
import { dependentsInTheWay } from "./replace_type.ts";

/** CREATE COLLATION; a changed one is recreated, and columns change to it. */
export const collation: KindOf<"collation"> = {
  kind: "collation",
  rank: 9,
  slots: (object) => [`collation ${object.name}`],
  create: (object, _members, context) => [
    planned(object, definition(object), `Collation ${object.name} is new`),
    ...metadata(null, object, refs(object), context),
  ],
  drop: (object) => [
    planned(object, `DROP COLLATION ${reference(object.name)}`, `Collation ${object.name} is gone`),
  ],
  alter: ({ before, after, facts }, context) =>
    otherFacts(facts).length === 0
      ? { statements: metadata(before, after, refs(after), context) }
      : replaceCollation(before, after, context),
  rename: (before, after) => renameInSchema("COLLATION", before, after),
};

/** CREATE CONVERSION; Postgres can change nothing of it but owner and comment. */
export const conversion: KindOf<"conversion"> = {
  kind: "conversion",
  rank: 45,
  slots: (object) => [`conversion ${object.name}`],
  create: (object, _members, context) => [
    planned(
      object,
      `CREATE ${object.facts.default === true ? "DEFAULT " : ""}CONVERSION ${
        reference(object.name)
      } FOR ${literal(object.facts.source)} TO ${
        literal(object.facts.target)
      } FROM ${object.facts.function}`,
      `Conversion ${object.name} is new`,
    ),
    ...metadata(null, object, refs(object), context),
  ],
  drop: (object) => [
    planned(
      object,
      `DROP CONVERSION ${reference(object.name)}`,
      `Conversion ${object.name} is gone`,
    ),
  ],
  alter: alterBy({
    source: "replace",
    target: "replace",
    function: "replace",
    default: "replace",
  }, refs),
  rename: (before, after) => renameInSchema("CONVERSION", before, after),
};

function refs(object: ObjectOf<"collation" | "conversion">): MetadataRefs {
  const ref = `${object.kind.toUpperCase()} ${reference(object.name)}`;
  return { comment: ref, owner: ref, grants: null };
}

function definition(object: ObjectOf<"collation">): string {
  const given = (option: string, value: string | undefined) =>
    value === undefined ? [] : [`${option} = ${literal(value)}`];
  const options = [
    `PROVIDER = ${object.facts.provider}`,
    ...given("LOCALE", object.facts.locale),
    ...given("LC_COLLATE", object.facts.collate),
    ...given("LC_CTYPE", object.facts.ctype),
    ...given("RULES", object.facts.rules),
    ...object.facts.nondeterministic === true ? ["DETERMINISTIC = false"] : [],
  ];
  return `CREATE COLLATION ${reference(object.name)} (${options.join(", ")})`;
}

/** The old collation is renamed, columns change to the new one, the old one is dropped; what else uses it is recreated. */
function replaceCollation(
  before: ObjectOf<"collation">,
  after: ObjectOf<"collation">,
  context: PostgresContext,
): Alteration | "replace" {
  const users = context.dependents(before.id);
  const columns = users.filter((user) => user.kind === "column")
    .filter((column) => column.facts.collation === before.name);
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
            `ALTER TABLE ${reference(table)} ALTER COLUMN ${
              ident(lastName(column.name))
            } TYPE ${column.facts.type} COLLATE ${reference(after.name)}`,
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
      ...users.filter((user) => !columns.some(({ id }) => id === user.id) && user.kind !== "table")
        .map((user) => user.id),
      ...dependentsInTheWay(columns, context),
    ],
  };
}
