/** What every part of the bench has: tasks, how one came out, and the settings that they run with. */

import { type Config, loadConfig } from "../../src/config/config.ts";
import type { Emit } from "../../src/core/event.ts";
import type { ModelReport } from "../../src/core/outcome.ts";
import { openModel } from "../../src/models/mod.ts";
import type { Usage } from "../../src/models/model.ts";
import { openProject, type Project } from "../../src/pipeline/mod.ts";
import type { Server } from "../../src/runtimes/runtime.ts";

/**
 * How one task came out. `right`: as a person would have it, a question where one was due among them; `asked`: a question where the answer
 * is known; `other`: proven or edited, but not as wanted; `refused`: no answer was taken; `lost`: values are gone and nothing says so;
 * `late`: the cap came first; `failed`: the provider or its answers failed.
 */
export type Result = "right" | "asked" | "other" | "refused" | "lost" | "late" | "failed";

export interface Row {
  readonly kind: string;
  readonly engine: string;
  readonly title: string;
  readonly result: Result;
  readonly seconds: number;
  readonly calls: number;
  readonly input: number;
  readonly output: number;
  /** Versions of the prompts; empty where no model was asked. */
  readonly prompts: readonly string[];
  /** What was decided or refused, in a line. */
  readonly said: string;
}

/** How a task ended, before time and names are added. */
export type Done = Pick<Row, "result" | "calls" | "input" | "output" | "prompts" | "said">;

/** Where tasks of an engine run. */
export interface Place {
  readonly project: Project;
  readonly server: Server;
  readonly openModel: () => ReturnType<typeof openModel>;
}

export interface Task {
  readonly kind: string;
  readonly engine: "postgres" | "sqlite";
  readonly title: string;
  run(place: Place): Promise<Done>;
}

/** Flags that the tasks run with. */
export interface BenchSettings {
  readonly model: string;
  readonly baseUrl?: string;
  readonly maxTokens: string;
  readonly contextTokens?: string;
  readonly retries: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Prints what is asked and answered. */
  readonly showsTurns: boolean;
}

/** The settings of one engine. */
export async function configFor(engine: string, settings: BenchSettings): Promise<Config> {
  const { model, baseUrl, maxTokens, contextTokens, retries } = settings;
  const { config } = await loadConfig({
    folder: "/",
    flags: {
      engine: [engine],
      format: ["migrate"],
      model: [model],
      max_retries: [retries],
      max_tokens: [maxTokens],
      llm_timeout: ["600"],
      ...contextTokens === undefined ? {} : { context_tokens: [contextTokens] },
    },
    variables: baseUrl === undefined ? {} : { AIM_BASE_URL: baseUrl },
  });
  return config;
}

/** A project of these settings that ends with the signal, and how its model is opened. */
export async function placeFor(
  config: Config,
  settings: BenchSettings,
  signal: AbortSignal,
): Promise<Omit<Place, "server">> {
  const emit: Emit = (event) => {
    if (settings.showsTurns && event.type === "turn") console.error(`${event.text}\n`);
  };
  const project = await openProject(config, { emit, signal });
  return {
    project,
    openModel: () => openModel(config, { variables: settings.variables, emit: () => {} }),
  };
}

/** What was used, as a row has it. */
export function counts(
  usage: Usage | undefined,
  model: Pick<ModelReport, "prompts"> | undefined,
): Omit<Done, "result" | "said"> {
  return {
    calls: usage?.calls ?? 0,
    input: usage?.inputTokens ?? 0,
    output: usage?.outputTokens ?? 0,
    prompts: model?.prompts ?? [],
  };
}
