/** Base types with their support functions, and shell types. */

import type { SchemaObject } from "../../../../schema.ts";
import type { ObjectKind } from "../../../object_kind.ts";
import { literal, reference } from "../../quote.ts";
import { block } from "../clauses/list.ts";
import { allRefs, belongings, otherFacts } from "../clauses/metadata.ts";
import { renameInSchema } from "../clauses/rename.ts";
import { planned, text } from "../clauses/statement.ts";
import { functionKind } from "../routine/function.ts";

/** The shell, the support functions, then the type itself. */
export const baseType: ObjectKind = {
  kind: "base type",
  rank: 10,
  asksRename: true,
  slots: (object) => [`type ${object.name}`],
  create: (object, members, context) => {
    const ref = `TYPE ${reference(object.name)}`;
    return [
      planned(object, `CREATE ${ref}`, `The functions of type ${object.name} name it`),
      ...members.flatMap((member) => functionKind.create(member, [], context)),
      planned(object, `CREATE ${ref} ${block(options(object))}`, `Type ${object.name} is new`),
      ...belongings(null, object, allRefs(ref), context),
    ];
  },
  drop: (object) => [
    planned(
      object,
      `DROP TYPE ${reference(object.name)} CASCADE`,
      `Type ${object.name} is gone, and its functions with it`,
    ),
  ],
  alter: ({ before, after, facts }, context) =>
    otherFacts(facts).length > 0 ? "replace" : {
      statements: belongings(before, after, allRefs(`TYPE ${reference(after.name)}`), context),
    },
  rename: (before, after) => renameInSchema("TYPE", before, after),
};

/** A type of which only the name is known. */
export const shellType: ObjectKind = {
  kind: "shell type",
  rank: 10,
  slots: (object) => [`type ${object.name}`],
  create: (object) => [
    planned(object, `CREATE TYPE ${reference(object.name)}`, `Shell type ${object.name} is new`),
  ],
  drop: (object) => [
    planned(object, `DROP TYPE ${reference(object.name)}`, `Shell type ${object.name} is gone`),
  ],
  alter: ({ before, after }, context) => ({
    statements: belongings(before, after, allRefs(`TYPE ${reference(after.name)}`), context),
  }),
};

const FUNCTIONS = [
  ["input", "INPUT"],
  ["output", "OUTPUT"],
  ["receive", "RECEIVE"],
  ["send", "SEND"],
  ["typmod_in", "TYPMOD_IN"],
  ["typmod_out", "TYPMOD_OUT"],
  ["analyze", "ANALYZE"],
  ["subscript", "SUBSCRIPT"],
] as const;

function options(object: SchemaObject): readonly string[] {
  const { facts } = object;
  const given = (
    fact: string,
    option: string,
    quote: (value: string) => string = (same) => same,
  ) => {
    const value = text(object, fact);
    return value === null ? [] : [`${option} = ${quote(value)}`];
  };
  return [
    ...FUNCTIONS.flatMap(([fact, option]) => given(fact, option)),
    `INTERNALLENGTH = ${facts.length === -1 ? "VARIABLE" : facts.length}`,
    ...facts.by_value === true ? ["PASSEDBYVALUE"] : [],
    ...given("alignment", "ALIGNMENT"),
    ...given("storage", "STORAGE"),
    ...given("category", "CATEGORY", literal),
    ...facts.preferred === true ? ["PREFERRED = true"] : [],
    ...given("default", "DEFAULT"),
    ...given("element", "ELEMENT"),
    ...given("delimiter", "DELIMITER", literal),
    ...facts.collatable === true ? ["COLLATABLE = true"] : [],
  ];
}
