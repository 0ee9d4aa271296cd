/** A model that reads its answers from a file: to try aim without a key, and to test whole loops. */

import { resolve } from "node:path";
import { UsageError } from "../core/error.ts";
import { MEGABYTE, readText } from "../host/read_text.ts";
import { estimateTokens, type Model, type ModelReply, type ModelRequest } from "./model.ts";

/** One turn of the file. `answer` is sent as JSON, `text` as it is. */
interface ScriptedTurn {
  /** `decide` or `write`: the kind of request that it answers; absent for any. */
  readonly to?: string;
  readonly answer?: unknown;
  readonly text?: string;
  readonly stop?: ModelReply["stop"];
  readonly refusal?: string;
}

/**
 * Opens a script: `{"turns": [{"to": "write", "answer": {...}}]}`. Each request takes the next turn of its kind.
 * Throws UsageError when it cannot be read.
 */
export async function scriptedModel(path: string, folder: string): Promise<Model> {
  const turns = [...await readTurns(path, folder)];
  return {
    name: "scripted",
    contextTokens: null,
    price: () => 0,
    unreadable: () => Promise.resolve(),
    preview: (request) => Promise.resolve(previewOf(request)),
    complete: (request, signal) => {
      signal.throwIfAborted();
      const kind = request.prompt.replace(/-\d+$/, "");
      const at = turns.findIndex(({ to }) => to === undefined || to === kind);
      const [turn] = at < 0 ? [] : turns.splice(at, 1);
      if (turn === undefined) {
        const error = new UsageError(`Cannot answer: ${path} has no further turn to "${kind}"`, {
          code: "script-end",
        });
        return Promise.reject(error);
      }
      return Promise.resolve(replyOf(request, turn));
    },
  };
}

async function readTurns(path: string, folder: string): Promise<readonly ScriptedTurn[]> {
  const file = resolve(folder, path);
  const fault = (reason: string, cause?: unknown) =>
    new UsageError(`Cannot read the script ${file}: ${reason}`, {
      code: "script",
      hint: 'It holds {"turns": [{"to": "write", "answer": {...}}]}',
      cause,
    });
  let value: unknown;
  try {
    value = JSON.parse(await readText(file, { limit: 16 * MEGABYTE, code: "script" }));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw fault(error instanceof Error ? error.message : String(error), error);
  }
  const turns = typeof value === "object" && value !== null && "turns" in value
    ? value.turns
    : null;
  if (!Array.isArray(turns)) throw fault('"turns" is missing');
  return turns;
}

function replyOf(request: ModelRequest, turn: ScriptedTurn): ModelReply {
  const text = turn.text ?? (turn.answer === undefined ? "" : JSON.stringify(turn.answer));
  return {
    text,
    stop: turn.stop ?? (turn.refusal === undefined ? "end" : "refusal"),
    ...(turn.refusal === undefined ? {} : { refusal: turn.refusal }),
    usage: {
      calls: 1,
      inputTokens: estimateTokens(previewOf(request)),
      cachedTokens: 0,
      outputTokens: estimateTokens(text),
      reasoningTokens: 0,
      seconds: 0,
      cost: 0,
      estimated: true,
    },
  };
}

function previewOf(request: ModelRequest): string {
  const turns = request.messages.map(({ role, text }) => `[${role}]\n${text}`);
  return [`[system]\n${request.system}`, ...turns].join("\n\n");
}
