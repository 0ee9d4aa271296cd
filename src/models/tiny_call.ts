/** One tiny question to a model: whether the way to it works, and how it answers. */

import type { Model, ModelRequest, Usage } from "./model.ts";
import { readJson } from "./prompts/read_json.ts";

/** What came of it. */
export interface TinyCall {
  readonly model: string;
  /** Whether it answered in the form that was asked for. */
  readonly answers: boolean;
  /** What it wrote instead, in short; empty otherwise. */
  readonly wrote: string;
  /** Tokens that it reads and writes at once, as far as that is known. */
  readonly contextTokens: number | null;
  readonly usage: Usage;
}

const REQUEST: ModelRequest = {
  prompt: "doctor-1",
  system: "You are asked whether you can answer in JSON.",
  messages: [{ role: "user", text: 'Answer with {"ok": true} and nothing else.' }],
  schema: {
    name: "tiny",
    schema: {
      type: "object",
      properties: { ok: { type: "boolean" } },
      required: ["ok"],
      additionalProperties: false,
    },
  },
  needed: ["ok"],
  plain: 'Answer with {"ok": true} and nothing else.',
  maxTokens: 2048,
  answerTokens: 64,
  effort: "low",
};

/** Asks. Throws as `complete` does. */
export async function tinyCall(model: Model, signal: AbortSignal): Promise<TinyCall> {
  const { text, stop, refusal, usage } = await model.complete(REQUEST, signal);
  const found = stop === "end" ? readJson(text, ["ok"]) : null;
  const answers = found !== null && "json" in found && found.json.ok === true;
  const said = refusal ?? (stop === "end" ? text : `${text} (${stop})`);
  return {
    model: model.name,
    answers,
    wrote: answers ? "" : said.replaceAll(/\s+/g, " ").trim().slice(0, 200),
    contextTokens: model.contextTokens,
    usage,
  };
}
