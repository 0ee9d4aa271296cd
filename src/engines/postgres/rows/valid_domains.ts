/** Domains that are parts of other types: which texts pass their conditions, the server says. */

import { literal } from "../quote.ts";
import { type Query, type SqlType, type Types, withoutDomains } from "./read_types.ts";
import { samplesIn } from "./samples.ts";
import { passing } from "./solve.ts";
import { textsOf } from "./values.ts";

/** The types, with the texts that domains with conditions take where other types are made of them. */
export async function withValidDomains(query: Query, types: Types): Promise<Types> {
  const parts = new Set(
    [...types.values()].flatMap(({ element, part, attributes }) => [
      element,
      part,
      ...attributes.map(({ type }) => type),
    ]),
  );
  const found = new Map(types);
  for (const oid of parts) {
    const type = types.get(oid);
    if (type?.kind !== "d" || withoutDomains(types, oid, -1).checks.length === 0) continue;
    found.set(oid, { ...type, valid: await validTexts(query, types, type) });
  }
  return found;
}

/** Candidates are asked for one by one where one of them is none of the type. */
async function validTexts(
  query: Query,
  types: Types,
  { oid }: SqlType,
): Promise<readonly string[]> {
  const { type, modifier, checks } = withoutDomains(types, oid, -1);
  if (type === undefined) return [];
  const { ordinary, special } = textsOf(types, type.oid, modifier);
  const texts = [
    ...new Set([
      ...[1, 2, 3].flatMap(ordinary),
      ...checks.flatMap(({ expression }) => samplesIn(expression)),
      ...special,
    ]),
  ];
  const places = await passing(
    query,
    [{
      columns: [{ quoted: "value", type: type.name }],
      candidates: texts.map((text) => [literal(text)]),
    }],
    checks.map(({ expression }) => expression),
  );
  return (places ?? []).flatMap(([place]) => texts[place ?? 0] ?? []);
}
