/** A value that passes the checks of a column, as the scratch database says. */

import { valueQuestion } from "../../../../common/value_candidates.ts";
import { lastName } from "../../../names.ts";
import { type Column, objectOf, type PostgresContext } from "../../../objects.ts";
import { ident, literal } from "../../../quote.ts";
import { baseTypeOf, domainNamed } from "../../type/resolve_domain.ts";

/** The usual value, or another one where the checks of the table or the domain refuse it. */
export function passingValue(column: Column, usual: string, context: PostgresContext): string {
  const type = baseTypeOf(column.facts.type, context);
  const others = context.members(context.to, column.parent ?? "")
    .filter((member) => member.kind === "column").filter(({ id }) => id !== column.id);
  const row = (value: string) =>
    [
      `${value}::${type} AS ${ident(lastName(column.name))}`,
      ...others.map((other) =>
        `NULL::${baseTypeOf(other.facts.type, context)} AS ${ident(lastName(other.name))}`
      ),
    ].join(", ");
  const tableChecks = checksOn(column, context);
  const question = valueQuestion({
    id: `fill:${column.name}`,
    usual,
    others: labelsOf(type, context).map(literal),
    checks: [...tableChecks, ...domainChecks(column.facts.type, context)],
    longest: Number(/^character[^(]*\((\d+)\)/.exec(type)?.[1] ?? Infinity),
    // In the condition of a domain, VALUE is the value.
    test: (value, check) =>
      `SELECT 1 FROM (SELECT ${
        tableChecks.includes(check) ? row(value) : `${value}::${type} AS value`
      }) one WHERE (${check}) IS NOT FALSE`,
  });
  return question === null ? usual : context.passing(question);
}

/** The conditions of the table's checks that name the column. */
function checksOn(column: Column, context: PostgresContext): readonly string[] {
  const name = lastName(column.name);
  return context.members(context.to, column.parent ?? "")
    .filter((member) => member.kind === "constraint")
    .filter(({ facts }) => facts.type === "check" && facts.columns?.includes(name))
    .map(({ facts }) => conditionOf(facts.definition));
}

/** The conditions of a domain, and of the domains that it is based on. */
function domainChecks(type: string, context: PostgresContext): readonly string[] {
  const domain = domainNamed(type, context);
  if (domain === undefined) return [];
  return [
    ...context.members(context.to, domain.id)
      .filter((member) => member.kind === "domain constraint")
      .map(({ facts }) => conditionOf(facts.definition)),
    ...domainChecks(domain.facts.type, context),
  ];
}

/** `(a > 0)` of `CHECK ((a > 0)) NO INHERIT`. */
function conditionOf(definition: string): string {
  return definition.replace(/^CHECK /, "").replace(/( NO INHERIT| NOT VALID)+$/, "");
}

function labelsOf(type: string, context: PostgresContext): readonly string[] {
  const id = type.includes(".") ? `enum:${type}` : `enum:public.${type}`;
  return objectOf(context.to, id, "enum")?.facts.labels ?? [];
}
