/** `deno task model-bench`: what a model makes of the planner's questions, requests in words and rows that move. */

import { appendFile, readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import process from "node:process";
import { AimError } from "../src/core/error.ts";
import { startServer } from "../src/pipeline/mod.ts";
import type { Server } from "../src/runtimes/runtime.ts";
import { sourcesOf } from "./corpus/bench.ts";
import { dataTasks } from "./model_bench/data.ts";
import { decideTasks } from "./model_bench/decide.ts";
import { requestTasks } from "./model_bench/requests.ts";
import {
  type BenchSettings,
  configFor,
  type Done,
  placeFor,
  type Row,
  type Task,
} from "./model_bench/task.ts";

const HELP =
  `deno task model-bench --model PROVIDER/MODEL [--base-url URL] [--results FILE] [--record DIR] [--replay DIR]
  [--kinds decide,request,data] [--decide N] [--requests N] [--data N] [--engine sqlite|postgres] [--cap SECONDS]
  [--max-tokens N] [--context-tokens N] [--retries N] [--only TEXT] [--turns]

Asks the model the questions of the planner, the sixty requests in words and the data migrations, and prints a table.
The kinds take turns, so that whatever time there was, each has its part. Rows go to FILE as they come; what stands
there is not asked again. --only takes the tasks whose title holds TEXT, --turns prints what is said. With --record its answers are kept as cassettes, with --replay they are played back.`;

const { values } = parseArgs({
  options: {
    model: { type: "string" },
    "base-url": { type: "string" },
    results: { type: "string" },
    record: { type: "string" },
    replay: { type: "string" },
    kinds: { type: "string", default: "decide,request,data" },
    decide: { type: "string", default: "1000" },
    requests: { type: "string", default: "1000" },
    data: { type: "string", default: "1000" },
    engine: { type: "string" },
    cap: { type: "string", default: "600" },
    "max-tokens": { type: "string", default: "4096" },
    "context-tokens": { type: "string" },
    retries: { type: "string", default: "1" },
    only: { type: "string" },
    turns: { type: "boolean", default: false },
    help: { type: "boolean" },
  },
});

if (values.help || values.model === undefined) {
  console.log(HELP);
  process.exit(values.help ? 0 : 2);
}

const settings: BenchSettings = {
  model: values.model,
  maxTokens: values["max-tokens"],
  retries: values.retries,
  showsTurns: values.turns,
  ...values["base-url"] === undefined ? {} : { baseUrl: values["base-url"] },
  ...values["context-tokens"] === undefined ? {} : { contextTokens: values["context-tokens"] },
  variables: {
    ...process.env,
    ...values.record === undefined
      ? {}
      : { AIM_LLM_CASSETTE: values.record, AIM_LLM_MODE: "record" },
    ...values.replay === undefined
      ? {}
      : { AIM_LLM_CASSETTE: values.replay, AIM_LLM_MODE: "replay" },
  },
};

const keyOf = ({ kind, engine, title }: Pick<Row, "kind" | "engine" | "title">) =>
  JSON.stringify([kind, engine, title]);

const rows = new Map((await kept()).map((row) => [keyOf(row), row]));
const servers = new Map<string, Server>();
try {
  for (const task of tasks()) {
    if (rows.has(keyOf(task))) continue;
    const row = await run(task);
    rows.set(keyOf(row), row);
    console.log(
      `${row.result.padEnd(8)}${
        row.seconds.toFixed(0).padStart(5)
      } s  ${row.calls} calls  ${row.kind} ` +
        `${row.engine}: ${row.title}\n           ${row.said}`,
    );
    if (values.results !== undefined) {
      await appendFile(values.results, `${JSON.stringify(row)}\n`);
    }
  }
} finally {
  for (const server of servers.values()) await server[Symbol.asyncDispose]();
}
print([...rows.values()]);

/** Rows of an earlier run. */
async function kept(): Promise<readonly Row[]> {
  if (values.results === undefined) return [];
  const text = await readFile(values.results, "utf8").catch(() => "");
  return text.split("\n").filter((line) => line.trim() !== "").map((line) => JSON.parse(line));
}

/** All tasks that are wanted; of each kind a part at any time. */
function tasks(): readonly Task[] {
  const wanted = new Set(values.kinds.split(","));
  const of = (all: readonly Task[], most: string) =>
    all.filter(({ kind, engine, title }) =>
      wanted.has(kind) && (values.engine ?? engine) === engine && title.includes(values.only ?? "")
    )
      .slice(0, Number(most));
  const kinds = [
    of([...decideTasks("sqlite"), ...decideTasks("postgres")], values.decide),
    of(requestTasks(), values.requests),
    of(dataTasks(), values.data),
  ];
  return kinds.flatMap((own) => own.map((task, at) => ({ task, share: (at + 1) / own.length })))
    .sort((a, b) => a.share - b.share).map(({ task }) => task);
}

async function run(task: Task): Promise<Row> {
  const { kind, engine, title } = task;
  const start = performance.now();
  const cap = AbortSignal.timeout(Number(values.cap) * 1000);
  const done = await onServer(task, cap).catch((error): Done => {
    const nothing = { calls: 0, input: 0, output: 0, prompts: [] };
    if (cap.aborted) return { result: "late", said: `not done in ${values.cap} s`, ...nothing };
    if (!(error instanceof AimError)) throw error;
    return { result: "failed", said: error.message, ...nothing };
  });
  const seconds = (performance.now() - start) / 1000;
  return { kind, engine, title, seconds: Math.round(seconds * 10) / 10, ...done };
}

async function onServer(task: Task, signal: AbortSignal): Promise<Done> {
  const config = await configFor(task.engine, settings);
  let server = servers.get(task.engine);
  if (server === undefined) {
    const { project } = await placeFor(config, settings, new AbortController().signal);
    server = await startServer(project, sourcesOf("", "CREATE TABLE t (id integer);"));
    servers.set(task.engine, server);
  }
  return await task.run({ ...await placeFor(config, settings, signal), server });
}

function print(all: readonly Row[]): void {
  const results = ["right", "asked", "other", "refused", "lost", "late", "failed"] as const;
  console.log(`\n${values.model}\n`);
  console.log(
    `| asked | done | ${results.join(" | ")} | seconds, median | tokens in, median | out, median |`,
  );
  console.log(`| --- | ${"--: | ".repeat(results.length + 4)}`);
  const line = (name: string, own: readonly Row[]) => {
    if (own.length === 0) return;
    const of = results.map((result) => own.filter((row) => row.result === result).length);
    console.log(
      `| ${name} | ${own.length} | ${of.join(" | ")} | ${middle(own, "seconds")} | ${
        middle(own, "input")
      } | ${middle(own, "output")} |`,
    );
  };
  const asked = all.filter(({ calls, result }) => calls > 0 || result === "late");
  line("questions of the planner", asked.filter(({ kind }) => kind === "decide"));
  line("requests in words", asked.filter(({ kind }) => kind === "request"));
  line("rows that move", asked.filter(({ kind }) => kind === "data"));
  line("without a model", all.filter((row) => !asked.includes(row)));
}

function middle(rows: readonly Row[], key: "seconds" | "input" | "output"): string {
  const sorted = rows.map((row) => row[key]).sort((a, b) => a - b);
  return (sorted[Math.floor(sorted.length / 2)] ?? 0).toFixed(0);
}
