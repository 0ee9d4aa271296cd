/** Schemas. */

import type { PlannedStatement } from "../../../../core/statement.ts";
import { STOCK_COMMENT } from "../../catalog/schema.ts";
import { lastName } from "../../names.ts";
import type { KindOf, ObjectOf, PostgresContext } from "../../objects.ts";
import { ident } from "../../quote.ts";
import { allRefs, metadata } from "../clauses/metadata.ts";
import { serverMajor } from "../clauses/relation.ts";
import { renameGlobal } from "../clauses/rename.ts";
import { planned } from "../clauses/statement.ts";
import { attributeSet, created, dropped } from "../../../common/statement.ts";

/** `schema` */
export const schemas: KindOf<"schema"> = {
  kind: "schema",
  rank: 0,
  asksRename: true,
  reservedNames: ({ name }) => [`schema ${name}`],
  create: (schema, _, context) => [
    planned(
      schema,
      `CREATE SCHEMA ${ident(lastName(schema.name))}`,
      created(schema),
    ),
    ...schema.name === "public" ? stockPublic(schema, context) : [],
    ...metadata(null, commented(schema), refs(schema), context),
  ],
  drop: (schema) => [
    planned(
      schema,
      `DROP SCHEMA ${ident(lastName(schema.name))}`,
      dropped(schema),
      {
        reversible: "exact",
      },
    ),
  ],
  alter: (change, context) => {
    const [before, after] = [commented(change.before), commented(change.after)];
    const lost = after.name === "public" && before.facts.owner !== undefined &&
      after.facts.owner === undefined;
    return {
      statements: lost
        ? [
          publicOwner(after, context),
          ...metadata(before, after, { ...refs(after), owner: null }, context),
        ]
        : metadata(before, after, refs(after), context),
    };
  },
  rename: (before, after) => renameGlobal("SCHEMA", before, after),
};

function refs(schema: ObjectOf<"schema">) {
  return allRefs(`SCHEMA ${ident(lastName(schema.name))}`);
}

/** Schema public has its stock comment where it is no fact. */
function commented(schema: ObjectOf<"schema">): ObjectOf<"schema"> {
  return schema.name === "public" && schema.facts.comment === undefined
    ? { ...schema, facts: { ...schema.facts, comment: STOCK_COMMENT } }
    : schema;
}

/** What schema public of a new database has and CREATE SCHEMA does not give. */
function stockPublic(
  schema: ObjectOf<"schema">,
  context: PostgresContext,
): readonly PlannedStatement[] {
  const privileges = serverMajor(context) >= 15 ? "USAGE" : "ALL";
  return [
    ...schema.facts.owner === undefined ? [publicOwner(schema, context)] : [],
    planned(
      schema,
      `GRANT ${privileges} ON SCHEMA public TO PUBLIC`,
      attributeSet(schema, "privileges", "those of a new database"),
    ),
  ];
}

function publicOwner(schema: ObjectOf<"schema">, context: PostgresContext): PlannedStatement {
  const owner = serverMajor(context) >= 15 ? "pg_database_owner" : "CURRENT_USER";
  return planned(
    schema,
    `ALTER SCHEMA public OWNER TO ${owner}`,
    attributeSet(schema, "owner", "that of a new database"),
  );
}
