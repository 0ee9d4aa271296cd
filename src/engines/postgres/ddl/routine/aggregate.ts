/** Aggregates. */

import type { SchemaObject } from "../../../../schema.ts";
import type { ObjectKind } from "../../../object_kind.ts";
import { signatureOf, splitName } from "../../names.ts";
import { literal, qualified } from "../../quote.ts";
import { block } from "../clauses/list.ts";
import { type BelongingRefs, belongings, otherFacts } from "../clauses/metadata.ts";
import { renameInSchema } from "../clauses/rename.ts";
import { planned, text } from "../clauses/statement.ts";
import { routineRef } from "./function.ts";

/** CREATE AGGREGATE; CREATE OR REPLACE while the result, the kind and the arguments stay. */
export const aggregate: ObjectKind = {
  kind: "aggregate",
  rank: 41,
  slots: (object) => [`routine ${object.name}`],
  create: (object, _members, context) => [
    planned(object, `CREATE ${definition(object)}`, `Aggregate ${object.name} is new`),
    ...belongings(null, object, refs(object), context),
  ],
  drop: (object) => [
    planned(
      object,
      `DROP AGGREGATE ${routineRef(object.name)}`,
      `Aggregate ${object.name} is gone`,
    ),
  ],
  alter: ({ before, after, facts }, context) => {
    const rest = belongings(before, after, refs(after), context);
    if (otherFacts(facts).length === 0) return { statements: rest };
    if (["returns", "kind", "arguments"].some((fact) => facts.includes(fact))) return "replace";
    const sql = `CREATE OR REPLACE ${definition(after)}`;
    return { statements: [planned(after, sql, `Aggregate ${after.name} differs`), ...rest] };
  },
  rename: (before, after) =>
    signatureOf(before.name) === signatureOf(after.name)
      ? renameInSchema("AGGREGATE", before, after, signatureOf(before.name))
      : [],
};

/** Privileges on aggregates are those on functions, whose argument lists know no star and no ORDER BY. */
function refs(object: SchemaObject): BelongingRefs {
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

const LITERALS: readonly string[] = ["initial", "moving_initial"];

function definition(object: SchemaObject): string {
  const [schema = "", name = ""] = splitName(object.name);
  const options = OPTIONS.flatMap(([fact, option]) => {
    const value = object.facts[fact];
    if (value === undefined) return [];
    if (value === true) return [option];
    return [`${option} = ${LITERALS.includes(fact) ? literal(String(value)) : value}`];
  });
  if (object.facts.kind === "hypothetical") options.push("HYPOTHETICAL");
  return `AGGREGATE ${qualified(schema, name)}(${text(object, "arguments")}) ${block(options)}`;
}
