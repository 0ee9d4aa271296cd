/** Range types. */

import type { SchemaObject } from "../../../../schema.ts";
import type { ObjectKind } from "../../../object_kind.ts";
import { reference } from "../../quote.ts";
import { block } from "../clauses/list.ts";
import { allRefs, belongings, otherFacts } from "../clauses/metadata.ts";
import { renameInSchema } from "../clauses/rename.ts";
import { planned, text } from "../clauses/statement.ts";
import { functionKind } from "../routine/function.ts";
import { collationRef } from "./domain.ts";
import { swapType } from "./replace_type.ts";

/** CREATE TYPE ... AS RANGE; what differs takes a new type. A canonical function is made between the shell and the type. */
export const range: ObjectKind = {
  kind: "range",
  rank: 12,
  asksRename: true,
  slots: (object) => [`type ${object.name}`],
  create: (object, members, context) => {
    const ref = `TYPE ${reference(object.name)}`;
    const why = `Type ${object.name} is new`;
    return [
      ...(members.length === 0 ? [] : [
        planned(object, `CREATE ${ref}`, `Its functions take ${object.name}`),
        ...members.flatMap((member) => functionKind.create(member, [], context)),
      ]),
      planned(object, `CREATE ${ref} AS RANGE ${block(options(object))}`, why),
      ...belongings(null, object, allRefs(ref), context),
    ];
  },
  drop: (object, context) => [
    planned(
      object,
      `DROP TYPE ${reference(object.name)}${
        context.members(context.from, object.id).length === 0 ? "" : " CASCADE"
      }`,
      `Type ${object.name} is gone`,
    ),
  ],
  alter: ({ before, after, facts }, context) => {
    if (otherFacts(facts).length === 0) {
      return {
        statements: belongings(
          before,
          after,
          allRefs(`TYPE ${reference(after.name)}`),
          context,
        ),
      };
    }
    return swapType(before, context, {
      create: range.create(after, context.members(context.to, after.id), context),
      why: `Postgres cannot change range type ${before.name}`,
    });
  },
  rename: (before, after) => renameInSchema("TYPE", before, after),
};

function options(object: SchemaObject): readonly string[] {
  const operatorClass = text(object, "operator_class");
  const collation = text(object, "collation");
  const multirange = text(object, "multirange");
  const canonical = text(object, "canonical");
  const difference = text(object, "difference");
  return [
    `SUBTYPE = ${text(object, "subtype")}`,
    ...(operatorClass === null ? [] : [`SUBTYPE_OPCLASS = ${collationRef(operatorClass)}`]),
    ...(collation === null ? [] : [`COLLATION = ${collationRef(collation)}`]),
    ...(canonical === null ? [] : [`CANONICAL = ${canonical}`]),
    ...(difference === null ? [] : [`SUBTYPE_DIFF = ${difference}`]),
    ...(multirange === null ? [] : [`MULTIRANGE_TYPE_NAME = ${reference(multirange)}`]),
  ];
}
