import assert from "node:assert/strict";
import test, { after } from "node:test";
import { sourcesOf } from "../../scripts/corpus/bench.ts";
import { openModel } from "../../src/models/mod.ts";
import { generateOn, openProject } from "../../src/pipeline/mod.ts";
import { serverOf } from "../engines/planned.ts";
import { chunks, sse, wireServer } from "../models/wire_server.ts";
import { testConfig } from "../property/config.ts";
import { DATA_CASES, type DataCase, type Draft } from "./data_cases.ts";

const wire = await wireServer();
after(() => wire[Symbol.asyncDispose]());

function textOf({ up, down, checks = {} }: Draft): string {
  return JSON.stringify({
    plan: "as wanted",
    question: "",
    up,
    down,
    checks: Object.entries(checks).map(([name, [before, after]]) => ({
      name,
      before,
      after,
      expect: "same",
    })),
  });
}

/** The drafts one after the other, as a model gives them over HTTP that is told what was wrong. */
async function run(one: DataCase, number: number, server: Awaited<ReturnType<typeof serverOf>>) {
  const name = `data-${number}`;
  const drafts = [...one.bad.map(([draft]) => draft), one.good];
  const url = wire.at(name, ...drafts.map((draft) => sse(chunks.answer(textOf(draft)))));
  const config = {
    ...testConfig(one.engine, "migrate"),
    model: "openai-compatible/m",
    baseUrl: `${url}/v1`,
    maxRetries: one.bad.length,
    maxTokens: 4096,
  };
  const signal = new AbortController().signal;
  const project = await openProject(config, { emit: () => {}, signal });
  const outcome = await generateOn(project, server, sourcesOf(one.from, one.to), {
    name: "change",
    dryRun: true,
    answers: new Map(),
    renames: [],
    onAmbiguity: "fail",
    move: one.wanted,
    openModel: () => openModel(config, { variables: {}, emit: () => {} }),
  });
  const told = wire.hits(name).slice(1).map(({ body }) => {
    const messages = body.messages as readonly { readonly content: string }[];
    return messages.at(-1)?.content ?? "";
  });
  return { outcome, told };
}

for (const engine of ["sqlite", "postgres"] as const) {
  const cases = DATA_CASES.filter((one) => one.engine === engine);
  test(`${engine}: of ${cases.length} data migrations each bad draft is refused with what is wrong, each good one proven over rows`, async () => {
    await using server = await serverOf(engine, cases[0]?.to);
    const wrong: string[] = [];
    for (const [number, one] of cases.entries()) {
      const { outcome, told } = await run(one, number, server);
      const { bad, title } = one;
      const missed = bad.filter(([, pattern], at) => !pattern.test(told[at] ?? "")).length;
      if (outcome.outcome !== "proven" || told.length !== bad.length || missed > 0) {
        wrong.push(
          `${title}: ${outcome.outcome} ${outcome.model?.message} ${
            outcome.choices.map(({ id }) => id)
          }\n` +
            `${outcome.draft?.up.map(({ sql }) => sql).join(";\n")}\n${told.join("\n---\n")}`,
        );
        continue;
      }
      assert.ok((outcome.proof?.rows?.seeded ?? 0) > 0, title);
      assert.equal(outcome.data?.by, "model", title);
    }
    assert.deepEqual(wrong, [], wrong.join("\n\n=====\n"));
  });
}

test("there are 25 of them", () => assert.equal(DATA_CASES.length, 25));
