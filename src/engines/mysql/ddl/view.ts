/** Views. */

import type { SchemaObject } from "../../../core/snapshot.ts";
import { alterByFact } from "../../common/facts.ts";
import { created, dropped, replaced } from "../../common/statement.ts";
import type { AlterChange } from "../../../core/change.ts";
import type { Alteration, ObjectKind, PlanContext } from "../../object_kind.ts";
import { factsOf, type ViewFacts } from "../facts.ts";
import { quote } from "../quote.ts";
import { definerWords } from "./code.ts";
import { standInsOf, withStandIns } from "./stand_ins.ts";
import { definition } from "./statement.ts";

/** A view. The server looks at its tables when it is created and when it is used. */
export const view: ObjectKind = {
  kind: "view",
  rank: 50,
  reservedNames: (object) => [object.name, ...standInsOf(object)].map((name) => `relation ${name}`),
  create: (object, _members, { to }) =>
    withStandIns(object, to, [definition(viewText(object, "CREATE"), object, created(object))]),
  drop: (object) => [definition(`DROP VIEW ${quote(object.name)}`, object, dropped(object))],
  // The server drops none with what it reads.
  isFreed: (object, _dropped, { to }) =>
    JSON.stringify(to.objects.get(object.id)?.facts) === JSON.stringify(object.facts),
  alter: alterByFact<ViewFacts>({
    query: replace,
    algorithm: replace,
    security: replace,
    definer: replace,
    check_option: replace,
  }),
};

function replace({ before, after }: AlterChange, { from, to }: PlanContext): Alteration {
  const statements = [definition(viewText(after, "CREATE OR REPLACE"), after, replaced(after))];
  return { statements: withStandIns(after, to, statements, { before, from }) };
}

function viewText(view: SchemaObject, create: string): string {
  const facts = factsOf(view, "view");
  const { query, algorithm, security, check_option } = facts;
  return [
    [
      create,
      ...algorithm === undefined ? [] : [`ALGORITHM = ${algorithm}`],
      ...definerWords(facts),
      ...security === undefined ? [] : [`SQL SECURITY ${security.toUpperCase()}`],
      `VIEW ${quote(view.name)} AS`,
    ].join(" "),
    query,
    ...check_option === undefined ? [] : [`WITH ${check_option.toUpperCase()} CHECK OPTION`],
  ].join("\n");
}
