/** Each dialect to each: what loads there is what was meant, and what has no equal is named. */

import assert from "node:assert/strict";
import test from "node:test";
import { lostWithoutNote } from "../../scripts/convert/count.ts";
import { convertingOf, runConverted } from "../../src/pipeline/convert/convert_snapshot.ts";
import { dataPlan } from "../../src/pipeline/convert/data_plan.ts";
import { proveCopy } from "../../src/pipeline/convert/prove_copy.ts";
import { inspect } from "../../src/pipeline/scratch/snapshot.ts";
import { load } from "../../scripts/corpus/bench.ts";
import { engineOf, isMissing, Pair, SHOPS } from "./engines.ts";

const DIALECTS = ["sqlite", "postgres", "mysql", "mariadb"];

/** Objects that no other dialect has, by the dialect that they are of. */
const NAMED: Readonly<Record<string, readonly string[]>> = {
  sqlite: ["virtual table words"],
  postgres: ["procedure public.nothing()"],
  mysql: ["procedure nothing"],
  mariadb: ["procedure nothing"],
};

for (const from of DIALECTS) {
  for (const to of DIALECTS) {
    if (from === to) continue;
    const skip = isMissing(from) || isMissing(to);
    test(`a shop of ${from} is one of ${to}, rows included`, { skip }, async () => {
      await using pair = new Pair(from, to);
      const sql = SHOPS[from] ?? "";
      const converted = await pair.convert(sql);
      assert.deepEqual(converted.unlike, []);
      assert.deepEqual(converted.found.tables.map(({ name }) => name).sort(), ["orders", "users"]);
      assert.deepEqual(converted.found.views.map(({ name }) => name), ["sellers"]);
      const dropped = converted.notes.filter(({ outcome }) => outcome === "dropped");
      for (const name of NAMED[from] ?? []) {
        assert.ok(dropped.some(({ object }) => object === name), name);
      }
      await assertCopied(pair, sql, converted);
    });
  }
}

async function assertCopied(
  pair: Pair,
  sql: string,
  converted: Awaited<ReturnType<Pair["convert"]>>,
): Promise<void> {
  const { source, target } = await pair.databases(sql);
  await using here = source;
  await using there = target;
  await load(await pair.from.project(), here, sql);
  await pair.from.engine.rows.seed(here);
  await runConverted(await pair.to.project(), there, converted.text);
  const input = {
    from: await convertingOf(pair.from.engine),
    to: await convertingOf(pair.to.engine),
    source: converted.source,
    target: converted.found,
  };
  const proof = await proveCopy(input, { source: here, target: there });
  assert.deepEqual(proof.unequal, []);
  assert.ok(proof.rows >= 4 && proof.filled === 2, `${proof.rows} rows`);
  const names = dataPlan(input).map(({ path }) => path);
  assert.ok(names.includes("2_export.sql") && names.includes("README.md"));
}

test("what is gone without a note is seen by the shapes of the two catalogs", async () => {
  await using pair = new Pair("postgres", "sqlite");
  const converted = await pair.convert(SHOPS.postgres ?? "");
  const project = await pair.from.project();
  const { source } = await pair.databases("");
  await using database = source;
  await load(project, database, SHOPS.postgres ?? "");
  const before = await inspect(project, database);
  const [from, to] = [engineOf("postgres"), engineOf("sqlite")];
  assert.deepEqual(lostWithoutNote(before, from, to, converted), []);
  const silent = { ...converted, notes: [] };
  assert.deepEqual(lostWithoutNote(before, from, to, silent), [
    "1 unique key|index of users",
    "1 procedure",
  ]);
});

test("a copy that loses a row is seen", async () => {
  await using pair = new Pair("sqlite", "postgres");
  const sql = "CREATE TABLE a (id INTEGER PRIMARY KEY, n INTEGER);";
  const converted = await pair.convert(sql);
  const { source, target } = await pair.databases(sql);
  await using here = source;
  await using there = target;
  await here.exec(`${sql} INSERT INTO a VALUES (1, 5), (2, 7)`);
  await runConverted(await pair.to.project(), there, converted.text);
  // A trigger that the copy knows nothing of.
  await there.exec(
    "CREATE FUNCTION off() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.n := NEW.n + 1; RETURN NEW; END'",
  );
  await there.exec("CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION off()");
  await there.exec("ALTER TABLE a ENABLE ALWAYS TRIGGER t");
  const postgres = await convertingOf(pair.to.engine);
  const blind = { ...postgres, data: { ...postgres.data, before: () => [], after: () => [] } };
  const proof = await proveCopy({
    from: await convertingOf(pair.from.engine),
    to: blind,
    source: converted.source,
    target: converted.found,
  }, { source: here, target: there });
  assert.deepEqual(proof.unequal, ["a.n: sum 12, 14 there"]);
});
