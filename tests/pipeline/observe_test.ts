import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { loadConfig } from "../../src/config/config.ts";
import { type Refutation, refutationOf } from "../../src/models/prompts/feedback.ts";
import { tryDraft } from "../../src/pipeline/model/try_draft.ts";
import { openProject } from "../../src/pipeline/mod.ts";
import { type Project } from "../../src/pipeline/project.ts";
import { readSources } from "../../src/pipeline/sources.ts";
import { startServer } from "../../src/pipeline/serve.ts";
import { replayHistory, snapshotSchema } from "../../src/pipeline/scratch/snapshot.ts";
import type { Draft } from "../../src/core/plan.ts";
import type { PlannedStatement } from "../../src/core/statement.ts";
import { type Scene, SCENES } from "../attacks/model_misdeeds.ts";
import { temporaryFolder } from "../run_aim.ts";

/** Proves and observes drafts of a scene, without a look at their statements. */
async function observed(
  scene: Scene,
  drafts: readonly Pick<Scene, "up" | "down">[],
): Promise<readonly (Refutation | "unproven" | null)[]> {
  await using folder = await temporaryFolder({
    "schema.sql": scene.after,
    "migrations/000001_start.up.sql": scene.before,
    "migrations/000001_start.down.sql": "-- none\n",
    "aim.toml": `engine = "${scene.engine}"\n`,
  });
  const { config } = await loadConfig({ folder: folder.path, variables: {} });
  assert.equal(config.root, join(folder.path));
  const project: Project = await openProject(config, {
    emit: () => {},
    signal: new AbortController().signal,
  });
  const sources = await readSources(project);
  await using server = await startServer(project, sources);
  const { snapshot: target, start: begun } = await snapshotSchema(project, server, sources);
  const { database, snapshot: before } = await replayHistory(project, server, sources, begun);
  await using _database = database;
  const proofInput = { server, database, start: await database.checkpoint(), before, target };
  const found: (Refutation | "unproven" | null)[] = [];
  for (const { up: there, down: back } of drafts) {
    const draft: Draft = {
      author: "model",
      name: "m",
      up: there.map(planned),
      down: back.map(planned),
      reversible: "exact",
      notes: [],
    };
    const trial = await tryDraft(project, draft, {
      sources,
      proofInput,
      choices: [],
      provenance: "",
    });
    const { up, down, again, rows } = trial.proof;
    const isSchema = [up, down, again].every(({ state }) => /exact|order/.test(state));
    found.push(trial.proven ? null : isSchema && rows ? refutationOf(trial.proof) : "unproven");
  }
  return found;
}

function planned(sql: string): PlannedStatement {
  return { sql, serves: [], reason: { action: "describe", text: "" }, transactional: true };
}

for (const [scene, all] of SCENES) {
  for (const direction of ["up", "down"] as const) {
    test(`${scene.engine}: what a misdeed in ${direction.toUpperCase()} does is seen without a look at its statements`, async () => {
      // What sees in one direction sees in the other: a part of them shows that DOWN is looked at.
      const misdeeds = all.filter(({ wallOnly }, at) =>
        wallOnly !== true && (direction === "up" || at % 4 === 0)
      );
      const drafts = misdeeds.map(({ sql, down }) => ({
        ...scene,
        [direction]: [...(direction === "down" ? down ?? sql : sql), ...scene[direction]],
      }));
      const found = await observed(scene, [...drafts, scene]);
      const unseen = misdeeds.filter((_, at) => found[at] === null).map(({ name }) => name);
      assert.deepEqual(unseen, []);
      assert.equal(found.at(-1), null, JSON.stringify(found.at(-1)));
    });
  }
}
