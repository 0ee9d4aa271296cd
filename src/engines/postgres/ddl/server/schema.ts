/** Schemas. */

import type { PlannedStatement, SchemaObject } from "../../../../schema.ts";
import type { ObjectKind, PlanContext } from "../../../object_kind.ts";
import { STOCK_COMMENT } from "../../catalog/schema.ts";
import { lastName } from "../../names.ts";
import { ident } from "../../quote.ts";
import { allRefs, belongings } from "../clauses/metadata.ts";
import { majorOf } from "../clauses/relation.ts";
import { renameGlobal } from "../clauses/rename.ts";
import { planned, text } from "../clauses/statement.ts";

/** `schema` */
export const schemas: ObjectKind = {
  kind: "schema",
  rank: 0,
  asksRename: true,
  slots: ({ name }) => [`schema ${name}`],
  create: (schema, _, context) => [
    planned(
      schema,
      `CREATE SCHEMA ${ident(lastName(schema.name))}`,
      `Schema ${schema.name} is new`,
    ),
    ...schema.name === "public" ? stockPublic(schema, context) : [],
    ...belongings(null, commented(schema), refs(schema), context),
  ],
  drop: (schema) => [
    planned(
      schema,
      `DROP SCHEMA ${ident(lastName(schema.name))}`,
      `Schema ${schema.name} is gone`,
      {
        reversible: "exact",
      },
    ),
  ],
  alter: (change, context) => {
    const [before, after] = [commented(change.before), commented(change.after)];
    const lost = after.name === "public" && text(before, "owner") !== null &&
      text(after, "owner") === null;
    return {
      statements: lost
        ? [
          publicOwner(after, context),
          ...belongings(before, after, { ...refs(after), owner: null }, context),
        ]
        : belongings(before, after, refs(after), context),
    };
  },
  rename: (before, after) => renameGlobal("SCHEMA", before, after),
};

function refs(schema: SchemaObject) {
  return allRefs(`SCHEMA ${ident(lastName(schema.name))}`);
}

/** Schema public has its stock comment where it is no fact. */
function commented(schema: SchemaObject): SchemaObject {
  return schema.name === "public" && text(schema, "comment") === null
    ? { ...schema, facts: { ...schema.facts, comment: STOCK_COMMENT } }
    : schema;
}

/** What schema public of a new database has and CREATE SCHEMA does not give. */
function stockPublic(schema: SchemaObject, context: PlanContext): readonly PlannedStatement[] {
  const why = "Schema public is as a new database has it";
  const privileges = majorOf(context) >= 15 ? "USAGE" : "ALL";
  return [
    ...text(schema, "owner") === null ? [publicOwner(schema, context)] : [],
    planned(schema, `GRANT ${privileges} ON SCHEMA public TO PUBLIC`, why),
  ];
}

function publicOwner(schema: SchemaObject, context: PlanContext): PlannedStatement {
  const owner = majorOf(context) >= 15 ? "pg_database_owner" : "CURRENT_USER";
  return planned(
    schema,
    `ALTER SCHEMA public OWNER TO ${owner}`,
    `Schema public belongs to whom it belongs in a new database`,
  );
}
