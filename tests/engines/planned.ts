/** A pair of schemas through the whole pipeline, without files. */

import { sourcesOf } from "../../scripts/corpus/bench.ts";
import { readAnswer, readRename } from "../../src/cli/choice_flags.ts";
import type { GenerateOutcome } from "../../src/core/outcome.ts";
import { generateOn, openProject, type Project, startServer } from "../../src/pipeline/mod.ts";
import type { Server } from "../../src/runtimes/runtime.ts";
import { testConfig } from "../property/config.ts";

/** What is planned between. */
export interface Pair {
  readonly engine: "postgres" | "sqlite";
  readonly from: string;
  readonly to: string;
  /** Flags, as `--rename` and `--answer` take them. */
  readonly renames?: readonly string[];
  readonly answers?: readonly string[];
  /** Whether choices about rows count as answered; by default they do. */
  readonly assumeEmpty?: boolean;
  /** What an unanswered rename becomes; by default it stays open. */
  readonly onAmbiguity?: "drop-add" | "fail";
}

/** A project whose settings are the defaults. */
export async function projectOf(engine: Pair["engine"]): Promise<Project> {
  const signal = new AbortController().signal;
  return await openProject(testConfig(engine, "migrate"), { emit: () => {}, signal });
}

/** A server that can serve the script. */
export async function serverOf(engine: Pair["engine"], sql = ""): Promise<Server> {
  return await startServer(await projectOf(engine), sourcesOf("", sql));
}

/** Plans and proves. */
export async function planned(server: Server, pair: Pair): Promise<GenerateOutcome> {
  const { engine, from, to, renames = [], answers = [], onAmbiguity = "fail" } = pair;
  const { assumeEmpty = true } = pair;
  return await generateOn(await projectOf(engine), server, sourcesOf(from, to), {
    name: "change",
    dryRun: true,
    allowEmptySchema: true,
    answers: new Map(answers.map(readAnswer)),
    ...assumeEmpty ? { assumeEmpty: "policy" } : {},
    renames: renames.map(readRename),
    onAmbiguity,
  });
}
