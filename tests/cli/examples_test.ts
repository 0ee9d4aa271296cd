import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import test from "node:test";
import { loadConfig } from "../../src/config/config.ts";
import { openModel } from "../../src/models/mod.ts";
import {
  expand,
  generate,
  type GenerateOptions,
  openProject,
  validate,
} from "../../src/pipeline/mod.ts";
import { modelCommand } from "../../src/pipeline/orm/read_models.ts";

const EXAMPLES = fileURLToPath(new URL("../../examples", import.meta.url));

/** What the example of an expansion has still to do. */
const CONTRACT = {
  step: "contract",
  request: { columns: "customers.fullname=name", values: [] },
} as const;

async function example(name: string) {
  const { config } = await loadConfig({ folder: `${EXAMPLES}/${name}`, variables: {} });
  return await openProject(config, { emit: () => {}, signal: new AbortController().signal });
}

/** Why no server of this machine serves an example; null where one does. */
async function refusalOf({ engine }: Awaited<ReturnType<typeof example>>): Promise<string | null> {
  const target = engine.target(null, [], true);
  const refusals = await Promise.all(engine.runtimes.map((one) => one.refuses(target)));
  return refusals.includes(null) ? null : refusals.join("; ");
}

const names: string[] = [];
for (const name of readdirSync(EXAMPLES)) {
  // Those that need a program of somebody else's are run in tests/orm.
  if (modelCommand(await example(name)) === null) names.push(name);
}

for (const name of names) {
  test(`the change in examples/${name} is planned and proven`, async (t) => {
    const project = await example(name);
    const refusal = await refusalOf(project);
    if (refusal !== null) return t.skip(refusal);
    const { config, emit } = project;
    const options: GenerateOptions = {
      ...(config.model === null ? {} : {
        openModel: () => openModel(config, { variables: {}, emit }),
      }),
      dryRun: true,
      answers: new Map(),
      renames: [],
      onAmbiguity: "fail",
    };
    const outcome = name === "online"
      ? await expand(project, { ...CONTRACT, dryRun: true, options })
      : await generate(project, options);
    assert.equal(outcome.outcome, "proven", JSON.stringify(outcome.proof ?? outcome.choices));
    assert.ok((outcome.draft?.up.length ?? 0) > 2);
  });

  test(`every migration of examples/${name} can be undone`, async (t) => {
    const project = await example(name);
    const refusal = await refusalOf(project);
    if (refusal !== null) return t.skip(refusal);
    const { migrations } = await validate(project);
    assert.deepEqual(
      migrations.filter(({ down, again }) => down !== "exact" || again !== "ok"),
      [],
    );
  });
}
