/** `deno task model-bench`: what a model makes of requests in words and of rows that move, against the answers that are right. */

import { parseArgs } from "node:util";
import process from "node:process";
import { loadConfig } from "../src/config/config.ts";
import { AimError } from "../src/core/error.ts";
import { openModel } from "../src/models/mod.ts";
import { editSchema } from "../src/pipeline/create/edit_schema.ts";
import { generateOn, openProject, startServer } from "../src/pipeline/mod.ts";
import { DATA_CASES } from "../tests/create/data_cases.ts";
import { CASES } from "../tests/create/requests.ts";
import { sourcesOf } from "./corpus/bench.ts";

const HELP =
  `deno task model-bench --model PROVIDER/MODEL [--base-url URL] [--record DIR] [--replay DIR]
  [--requests N] [--data N] [--engine sqlite|postgres] [--max-tokens N] [--context-tokens N]

Asks the model the requests that the grammar leaves to a model, and the data migrations, and prints a table.
With --record its answers are kept as cassettes, with --replay they are played back.`;

const { values } = parseArgs({
  options: {
    model: { type: "string" },
    "base-url": { type: "string" },
    record: { type: "string" },
    replay: { type: "string" },
    requests: { type: "string", default: "1000" },
    data: { type: "string", default: "1000" },
    engine: { type: "string" },
    "max-tokens": { type: "string", default: "4096" },
    "context-tokens": { type: "string" },
    retries: { type: "string", default: "1" },
    help: { type: "boolean" },
  },
});

/** How one task came out. */
type Result = "exact" | "other" | "asked" | "refused" | "failed";

interface Row {
  readonly kind: string;
  readonly title: string;
  readonly result: Result;
  readonly seconds: number;
  readonly calls: number;
  readonly output: number;
}

if (values.help || values.model === undefined) {
  console.log(HELP);
  process.exit(values.help ? 0 : 2);
}

const variables: Record<string, string | undefined> = {
  ...process.env,
  ...values.record === undefined ? {} : { AIM_LLM_CASSETTE: values.record, AIM_LLM_MODE: "record" },
  ...values.replay === undefined ? {} : { AIM_LLM_CASSETTE: values.replay, AIM_LLM_MODE: "replay" },
};

async function setUp(engine: string) {
  const { config } = await loadConfig({
    folder: "/",
    flags: {
      engine: [engine],
      model: [values.model ?? ""],
      max_retries: [values.retries],
      max_tokens: [values["max-tokens"]],
      llm_timeout: ["600"],
      ...values["context-tokens"] === undefined
        ? {}
        : { context_tokens: [values["context-tokens"]] },
    },
    variables: values["base-url"] === undefined ? {} : { AIM_BASE_URL: values["base-url"] },
  });
  const signal = new AbortController().signal;
  const project = await openProject(config, { emit: () => {}, signal });
  return { config, project, open: () => openModel(config, { variables, emit: () => {} }) };
}

const rows: Row[] = [];

async function timed(
  kind: string,
  title: string,
  run: () => Promise<{ result: Result; calls: number; output: number }>,
): Promise<void> {
  const start = performance.now();
  const done = await run().catch((error) => {
    if (!(error instanceof AimError)) throw error;
    console.error(`${title}: ${error.message}`);
    return { result: "failed" as const, calls: 0, output: 0 };
  });
  const row = { kind, title, seconds: (performance.now() - start) / 1000, ...done };
  rows.push(row);
  console.log(
    `${row.result.padEnd(8)} ${
      row.seconds.toFixed(0).padStart(5)
    } s  ${row.calls} calls  ${kind}: ${title}`,
  );
}

const isWanted = (engine: string) => values.engine === undefined || values.engine === engine;

let left = Number(values.requests);
for (const { engine, sql, rows: requests } of CASES.filter(({ engine }) => isWanted(engine))) {
  const { project, open } = await setUp(engine);
  await using server = await startServer(project, sourcesOf("", sql));
  for (const { request, becomes, answers } of requests) {
    if (answers === undefined || left-- <= 0) continue;
    await timed("request", request, async () => {
      const edited = await editSchema(project, server, sourcesOf("", sql), {
        requests: [request],
        editOnly: false,
        openModel: open,
      });
      const usage = edited.model?.usage;
      const counts = { calls: usage?.calls ?? 0, output: usage?.outputTokens ?? 0 };
      if ("stopped" in edited) {
        return { result: edited.stopped === "unclear" ? "asked" : "refused", ...counts };
      }
      const made = new Set(edited.changes.map(({ op, id }) => `${op} ${id}`));
      const wanted = becomes.filter((line) => /^(?:create|alter|drop) /.test(line))
        .map((line) => line.split(" ").slice(0, 2).join(" "));
      const isExact = wanted.length === made.size && wanted.every((line) => made.has(line));
      return { result: isExact ? "exact" : "other", ...counts };
    });
  }
}

left = Number(values.data);
for (
  const { engine, title, from, to, wanted } of DATA_CASES.filter(({ engine }) => isWanted(engine))
) {
  if (left-- <= 0) continue;
  const { project, open } = await setUp(engine);
  await using server = await startServer(project, sourcesOf(from, to));
  await timed("data", title, async () => {
    const { outcome, usage } = await generateOn(project, server, sourcesOf(from, to), {
      name: "change",
      dryRun: true,
      answers: new Map(),
      renames: [],
      onAmbiguity: "fail",
      move: wanted,
      openModel: open,
    });
    const result = outcome === "proven" ? "exact" : outcome === "undecided" ? "asked" : "refused";
    return { result, calls: usage.calls, output: usage.outputTokens };
  });
}

const kinds = [...new Set(rows.map(({ kind }) => kind))];
console.log(
  `\n${values.model}\n\nkind      exact  other  asked  refused  failed  seconds  tokens out`,
);
for (const kind of kinds) {
  const own = rows.filter((row) => row.kind === kind);
  const of = (result: Result) => String(own.filter((row) => row.result === result).length);
  const sum = (key: "seconds" | "output") => own.reduce((all, row) => all + row[key], 0).toFixed(0);
  console.log(
    `${kind.padEnd(8)} ${of("exact").padStart(6)} ${of("other").padStart(6)} ${
      of("asked").padStart(6)
    } ${of("refused").padStart(8)} ${of("failed").padStart(7)} ${sum("seconds").padStart(8)} ${
      sum("output").padStart(11)
    }`,
  );
}
