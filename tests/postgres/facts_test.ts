/** Facts of Postgres objects have types: what a reader leaves out, a writer misspells or nobody plans does not compile. */

import assert from "node:assert/strict";
import test from "node:test";
import { type CommonFacts, compact } from "../../src/engines/postgres/catalog/common.ts";
import type { CastFacts } from "../../src/engines/postgres/catalog/cast.ts";
import { READERS } from "../../src/engines/postgres/catalog/mod.ts";
import { alterBy } from "../../src/engines/postgres/ddl/clauses/alter_by.ts";
import { KINDS } from "../../src/engines/postgres/ddl/mod.ts";
import type { Kind, ObjectOf, PostgresContext } from "../../src/engines/postgres/objects.ts";

type Operator = ObjectOf<"operator">;

const NO_METADATA = { comment: null, owner: null, grants: null };
const COMMON = { owner: null, comment: null, grants: null, revokes: null };

test("every kind that is read is written, and the other way round", () => {
  const read = READERS.flatMap(({ kinds }) => kinds).sort();
  assert.deepEqual(KINDS.map(({ kind }) => kind).sort(), read);
});

test("a fact of which nothing is said is left out", () => {
  const facts = compact<CastFacts>({
    function: null,
    method: undefined,
    context: "implicit",
    ...COMMON,
    grants: [],
  });
  assert.deepEqual(facts, { context: "implicit" });
});

test("a fact that nobody plans, reads or has does not compile", () => {
  // @ts-expect-error nothing is said of `context`
  compact<CastFacts>({ function: "f()", method: null, ...COMMON });
  // @ts-expect-error a cast has no such method
  compact<CastFacts>({ function: "f()", method: "guess", context: null, ...COMMON });
  // @ts-expect-error `context` is not planned
  alterBy<"cast">({ function: "replace", method: "replace" }, () => NO_METADATA);
  // @ts-expect-error there is no such kind
  const kind: Kind = "operators";
  const facts: CommonFacts = {};
  // @ts-expect-error there is no such fact
  assert.equal(facts.ownr, undefined);
  assert.equal(kind, "operators");
});

const operator = (facts: Partial<Operator["facts"]>): Operator => ({
  id: "operator:public.+(integer, integer)",
  kind: "operator",
  name: "public.+(integer, integer)",
  parent: null,
  facts: { function: "f", ...facts },
  dependsOn: [],
  droppedWith: [],
});

/** What is planned, with a line for each call. */
function planned(before: Operator, after: Operator, facts: readonly (keyof Operator["facts"])[]) {
  const reason = { action: "describe", text: "as the test says" } as const;
  const line = (sql: string) => () => [{ sql, serves: [], reason, transactional: true }];
  const both = line("both");
  const alter = alterBy<"operator">({
    left: "replace",
    right: "replace",
    function: "replace",
    commutator: line("commutator"),
    negator: (_before, now) => now.facts.negator === undefined ? "replace" : [],
    restrict: both,
    join: both,
    hashes: line("hashes"),
    merges: line("merges"),
  }, () => ({ ...NO_METADATA, comment: "OPERATOR x" }));
  const { id, kind } = after;
  const result = alter({ op: "alter", id, kind, before, after, facts }, CONTEXT);
  return result === "replace" ? result : result.statements.map(({ sql }) => sql);
}

const CONTEXT = {} as PostgresContext;

test("facts are changed in the order of the table, each function once, metadata at the end", () => {
  const [before, after] = [operator({ comment: "a" }), operator({ restrict: "r", join: "j" })];
  assert.deepEqual(
    planned(before, after, ["comment", "hashes", "join", "restrict", "commutator"]),
    ["commutator", "both", "hashes", "COMMENT ON OPERATOR x IS NULL"],
  );
  assert.deepEqual(planned(before, before, []), []);
});

test("one fact that takes a new object is enough, whether the table or its function says so", () => {
  const [before, after] = [operator({ negator: "-" }), operator({ left: "integer" })];
  assert.equal(planned(before, after, ["hashes", "left"]), "replace");
  assert.equal(planned(before, after, ["hashes", "negator"]), "replace");
});
