/**
 * Random schemas and random edits of them: what the planner makes of them is proven, both ways, and loses no row without a word.
 * The suite runs the same cases each time. AIM_PROPERTY_TIMES sets how many times as many, AIM_PROPERTY_SEED the first seed
 * (`deno task deep`: ten times as many, from another seed each time); a failure prints the seed of its case.
 */

import assert from "node:assert/strict";
import process from "node:process";
import test from "node:test";
import { UsageError } from "../../src/core/error.ts";
import { rowsUnder } from "../../scripts/rows/mod.ts";
import { generateOn, openProject, startServer } from "../../src/pipeline/mod.ts";
import { DEEP } from "../depth.ts";
import { testConfig } from "./config.ts";
import { schemasOf } from "./mysql_schemas.ts";
import * as postgres from "./postgres_schemas.ts";
import { Random } from "./random.ts";
import * as sqlite from "./sqlite_schemas.ts";

const TIMES = Number(process.env.AIM_PROPERTY_TIMES ?? (DEEP ? "10" : "1"));
const SEED = Number(
  process.env.AIM_PROPERTY_SEED ?? (DEEP ? String(Date.now() % 1_000_000_000) : "253556658"),
);

/** A dialect's generator. */
interface Family<Model> {
  readonly engine: string;
  readonly format: string;
  readonly before: string;
  /** How many the suite runs. */
  readonly cases: number;
  randomModel(random: Random): Model;
  editModel(model: Model, random: Random, most: number): Model;
  printModel(model: Model): string;
}

test("random changes of SQLite schemas are proven", async () => {
  await prove({ engine: "sqlite", format: "dbmate", before: "", cases: 400, ...sqlite });
});

test("random changes of Postgres schemas are proven", async () => {
  const before = "CREATE ROLE app_reader; CREATE ROLE app_writer;\n";
  await prove({ engine: "postgres", format: "migrate", before, cases: 60, ...postgres });
});

for (const [engine, cases] of [["mariadb", 40], ["mysql", 10]] as const) {
  test(`random changes of schemas of ${engine} are proven`, async (t) => {
    const { engine: { target, runtimes } } = await openProject(testConfig(engine, "dbmate"), {
      emit: () => {},
      signal: new AbortController().signal,
    });
    const refusals = await Promise.all(
      runtimes.map((one) => one.refuses(target(null, [], true))),
    );
    if (!refusals.includes(null)) return t.skip(refusals.join("; "));
    await prove({ engine, format: "dbmate", before: "", cases, ...schemasOf(engine) });
  });
}

async function prove<Model>(family: Family<Model>): Promise<void> {
  const emit = () => {};
  const signal = new AbortController().signal;
  const project = await openProject(testConfig(family.engine, family.format), { emit, signal });
  await using server = await startServer(project, sources(family, "", ""));
  let proven = 0;
  let equal = 0;
  let unloadable = 0;
  let kept = 0;
  for (let seed = SEED; seed < SEED + family.cases * TIMES; seed++) {
    const random = new Random(seed);
    const model = family.randomModel(random);
    const edited = family.editModel(model, random, random.int(1, 6));
    const [current, desired] = [family.printModel(model), family.printModel(edited)];
    const failed = (why: string) =>
      `seed ${seed} (${family.engine}): ${why}\n--- current\n${current}--- desired\n${desired}`;
    try {
      const outcome = await generateOn(
        { ...project, notes: new Set() },
        server,
        sources(family, current, desired),
        {
          name: "change",
          dryRun: true,
          allowEmptySchema: true,
          answers: new Map(),
          assumeEmpty: "policy",
          renames: [],
          onAmbiguity: "drop-add",
        },
      );
      if (outcome.outcome === "in-sync") equal++;
      else proven++;
      const told = JSON.stringify(
        {
          proof: outcome.proof,
          choices: outcome.choices,
          up: outcome.draft?.up.map((s) => s.sql),
          down: outcome.draft?.down.map((s) => s.sql),
        },
        null,
        1,
      );
      assert.ok(
        outcome.outcome === "proven" || outcome.outcome === "in-sync",
        failed(`${outcome.outcome} ${told}`),
      );
      const rows = await rowsUnder(project, server, { current: family.before + current, outcome });
      assert.notEqual(rows?.fate, "lost", failed(`${rows?.losses.join("; ")} ${told}`));
      if (rows?.fate === "kept") kept++;
    } catch (error) {
      if (!(error instanceof UsageError)) {
        throw error instanceof assert.AssertionError
          ? error
          : new Error(failed(String(error)), { cause: error });
      }
      unloadable++;
    }
  }
  console.log(
    `${family.engine}: ${proven} proven (${kept} with all rows kept), ${equal} in sync, ` +
      `${unloadable} did not load, from seed ${SEED}`,
  );
  assert.ok(kept > 0, "no case kept rows");
  assert.ok(proven > 0, "no case was proven");
  assert.ok(unloadable <= (proven + equal) / 10, "too many generated schemas do not load");
}

function sources<Model>(family: Family<Model>, current: string, desired: string) {
  const text = family.before + current;
  const migration = {
    version: "1",
    name: "start",
    up: { file: "start.sql", text, transaction: "auto" as const },
    down: null,
    files: ["start.sql"],
  };
  return {
    schema: [{ path: "schema.sql", text: desired }],
    files: [],
    history: { migrations: [migration], notes: [] },
  };
}
