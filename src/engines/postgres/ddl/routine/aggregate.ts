/** Aggregates. */

import { signatureOf, splitName } from "../../names.ts";
import type { FactOf, KindOf, ObjectOf } from "../../objects.ts";
import { literal, qualified } from "../../quote.ts";
import { alterBy } from "../clauses/alter_by.ts";
import { block } from "../clauses/list.ts";
import { metadata, type MetadataRefs } from "../clauses/metadata.ts";
import { renameInSchema } from "../clauses/rename.ts";
import { planned } from "../clauses/statement.ts";
import { routineRef } from "./function.ts";

/** CREATE AGGREGATE; CREATE OR REPLACE while the result, the kind and the arguments stay. */
export const aggregate: KindOf<"aggregate"> = {
  kind: "aggregate",
  rank: 41,
  slots: (object) => [`routine ${object.name}`],
  create: (object, _members, context) => [
    planned(object, `CREATE ${definition(object)}`, `Aggregate ${object.name} is new`),
    ...metadata(null, object, refs(object), context),
  ],
  drop: (object) => [
    planned(
      object,
      `DROP AGGREGATE ${routineRef(object.name)}`,
      `Aggregate ${object.name} is gone`,
    ),
  ],
  alter: alterBy({
    arguments: "replace",
    returns: "replace",
    kind: "replace",
    transition: redefine,
    state_type: redefine,
    state_space: redefine,
    initial: redefine,
    final: redefine,
    final_extra: redefine,
    final_modify: redefine,
    combine: redefine,
    serialize: redefine,
    deserialize: redefine,
    moving_transition: redefine,
    moving_inverse: redefine,
    moving_type: redefine,
    moving_space: redefine,
    moving_initial: redefine,
    moving_final: redefine,
    moving_final_extra: redefine,
    moving_final_modify: redefine,
    sort_operator: redefine,
    parallel: redefine,
  }, refs),
  rename: (before, after) =>
    signatureOf(before.name) === signatureOf(after.name)
      ? renameInSchema("AGGREGATE", before, after, signatureOf(before.name))
      : [],
};

function redefine(_before: unknown, after: ObjectOf<"aggregate">) {
  const sql = `CREATE OR REPLACE ${definition(after)}`;
  return [planned(after, sql, `Aggregate ${after.name} differs`)];
}

/** Privileges on aggregates are those on functions, whose argument lists know no star and no ORDER BY. */
function refs(object: ObjectOf<"aggregate">): MetadataRefs {
  const ref = routineRef(object.name);
  const on = ref.replace(/\(\*\)$/, "()").replace(
    /,? ORDER BY /,
    (found) => found.startsWith(",") ? ", " : ref.includes("(ORDER BY ") ? "" : ", ",
  );
  return {
    comment: `AGGREGATE ${ref}`,
    owner: `AGGREGATE ${ref}`,
    grants: { on: `FUNCTION ${on}` },
  };
}

const OPTIONS = [
  ["transition", "SFUNC"],
  ["state_type", "STYPE"],
  ["state_space", "SSPACE"],
  ["final", "FINALFUNC"],
  ["final_extra", "FINALFUNC_EXTRA"],
  ["final_modify", "FINALFUNC_MODIFY"],
  ["combine", "COMBINEFUNC"],
  ["serialize", "SERIALFUNC"],
  ["deserialize", "DESERIALFUNC"],
  ["initial", "INITCOND"],
  ["moving_transition", "MSFUNC"],
  ["moving_inverse", "MINVFUNC"],
  ["moving_type", "MSTYPE"],
  ["moving_space", "MSSPACE"],
  ["moving_final", "MFINALFUNC"],
  ["moving_final_extra", "MFINALFUNC_EXTRA"],
  ["moving_final_modify", "MFINALFUNC_MODIFY"],
  ["moving_initial", "MINITCOND"],
  ["sort_operator", "SORTOP"],
  ["parallel", "PARALLEL"],
] as const;

const LITERALS: readonly FactOf<"aggregate">[] = ["initial", "moving_initial"];

function definition(object: ObjectOf<"aggregate">): string {
  const [schema = "", name = ""] = splitName(object.name);
  const options = OPTIONS.flatMap(([fact, option]) => {
    const value = object.facts[fact];
    if (value === undefined) return [];
    if (value === true) return [option];
    return [`${option} = ${LITERALS.includes(fact) ? literal(String(value)) : value}`];
  });
  if (object.facts.kind === "hypothetical") options.push("HYPOTHETICAL");
  return `AGGREGATE ${qualified(schema, name)}(${object.facts.arguments}) ${block(options)}`;
}
