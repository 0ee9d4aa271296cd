/** Base types with their support functions, and shell types. */

import type { SchemaObject } from "../../../../core/snapshot.ts";
import type { BaseTypeFacts } from "../../catalog/base_type.ts";
import type { KindOf, ObjectOf } from "../../objects.ts";
import { literal, reference } from "../../quote.ts";
import { alterBy } from "../clauses/alter_by.ts";
import { block } from "../clauses/list.ts";
import { allRefs, metadata, type MetadataRefs } from "../clauses/metadata.ts";
import { renameInSchema } from "../clauses/rename.ts";
import { planned } from "../clauses/statement.ts";
import { functionKind } from "../routine/function.ts";
import { created, dropped } from "../../../common/statement.ts";

/** The shell, the support functions, then the type itself. */
export const baseType: KindOf<"base type"> = {
  kind: "base type",
  rank: 10,
  asksRename: true,
  reservedNames: (object) => [`type ${object.name}`],
  create: (object, members, context) => {
    const ref = `TYPE ${reference(object.name)}`;
    return [
      planned(object, `CREATE ${ref}`, {
        action: "create",
        object: { kind: "shell type", name: object.name },
        because: { cause: "functions" },
      }),
      ...members.filter((member) => member.kind === "function")
        .flatMap((member) => functionKind.create(member, [], context)),
      planned(object, `CREATE ${ref} ${block(options(object))}`, created(object)),
      ...metadata(null, object, allRefs(ref), context),
    ];
  },
  drop: (object) => [
    planned(
      object,
      `DROP TYPE ${reference(object.name)} CASCADE`,
      dropped(object),
    ),
  ],
  alter: alterBy({
    input: "replace",
    output: "replace",
    receive: "replace",
    send: "replace",
    typmod_in: "replace",
    typmod_out: "replace",
    analyze: "replace",
    subscript: "replace",
    length: "replace",
    by_value: "replace",
    alignment: "replace",
    storage: "replace",
    category: "replace",
    preferred: "replace",
    default: "replace",
    element: "replace",
    delimiter: "replace",
    collatable: "replace",
  }, refs),
  rename: (before, after) => renameInSchema("TYPE", before, after),
};

/** A type of which only the name is known. */
export const shellType: KindOf<"shell type"> = {
  kind: "shell type",
  rank: 10,
  reservedNames: (object) => [`type ${object.name}`],
  create: (object) => [
    planned(object, `CREATE TYPE ${reference(object.name)}`, created(object)),
  ],
  drop: (object) => [
    planned(object, `DROP TYPE ${reference(object.name)}`, dropped(object)),
  ],
  alter: alterBy({}, refs),
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

function options(object: ObjectOf<"base type">): readonly string[] {
  const { facts } = object;
  const given = (
    fact: keyof BaseTypeFacts,
    option: string,
    quote: (value: string) => string = (same) => same,
  ) => {
    const value = facts[fact];
    return typeof value === "string" ? [`${option} = ${quote(value)}`] : [];
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

function refs(object: Pick<SchemaObject, "name">): MetadataRefs {
  return allRefs(`TYPE ${reference(object.name)}`);
}
