/** A family of wire formats: how a request is put and its answer read. Retrying and timing are done by the caller. */

import type { ModelReply, ModelRequest } from "./model.ts";
import type { Rung } from "./providers.ts";

/** How a server wants to be asked; found out by asking and remembered. */
export interface RequestStyle {
  readonly rung: Rung;
  /** Fields that the server refused and that are left out: `stream_options`, `effort`. */
  readonly without: readonly string[];
  /** Ask by the other of `max_tokens` and `max_completion_tokens`. */
  readonly otherMaxField: boolean;
  /** The most tokens that the server lets an answer have. */
  readonly limit: number | null;
  /** Tokens that the model reads and writes at once, where the server said so. */
  readonly context: number | null;
}

/** Tokens as the server counted them; null where it said nothing. */
export interface TokenCount {
  readonly input: number | null;
  readonly cached: number;
  readonly output: number | null;
  readonly reasoning: number;
  /** US dollars, where the server says it itself. */
  readonly cost: number | null;
}

/** One answer, read to its end. */
export interface Turn {
  readonly text: string;
  readonly stop: ModelReply["stop"];
  readonly refusal?: string;
  /** Set where it was ended because it said the same again and again. */
  readonly repeats?: true;
  readonly tokens: TokenCount;
}

/** What a wire uses for one call. */
export interface Call {
  readonly request: ModelRequest;
  readonly requestStyle: RequestStyle;
  /** Reaches the server; an answer that is an error comes out as CallFailure. */
  readonly fetch: typeof fetch;
  /** The answer of a server that sends it in one piece although a stream was asked for; null otherwise. */
  readonly whole: () => unknown;
  /** Told of every piece of text as it comes. */
  readonly onText: (text: string) => void;
  readonly signal: AbortSignal;
}

/** One of the two SDKs behind an address. */
export interface Wire {
  /** Sends a request and reads the whole stream. Throws anything; `failureOfError` reads it. */
  send(call: Call): Promise<Turn>;
  /** The body that `send` would send. */
  body(request: ModelRequest, requestStyle: RequestStyle): Record<string, unknown>;
}

/** Where and as whom a wire speaks. */
export interface Endpoint {
  readonly baseUrl: string;
  /** Null for a server that wants none. */
  readonly key: string | null;
  readonly model: string;
  /** Further headers of every request. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The instructions of a request as a rung needs them: what no field of the request says is said in words. */
export function instructions(request: ModelRequest, rung: Rung): string {
  if (rung === "strict" || rung === "schema") return request.system;
  const how = rung === "text" ? request.plain : [
    "Answer with one JSON object and nothing else. It must match this JSON schema:",
    JSON.stringify(request.schema.schema),
  ].join("\n");
  return `${request.system}\n\n${how}`;
}

/** What a model that thinks may think before an answer whose size is capped, in tokens. */
const THOUGHTS = 4096;

/** Tokens that a request gives its answer, thoughts included. */
export function tokensFor(
  { maxTokens, answerTokens }: ModelRequest,
  { limit }: RequestStyle,
  thinks: boolean,
): number {
  const wanted = answerTokens === undefined
    ? maxTokens
    : Math.min(maxTokens, answerTokens + (thinks ? THOUGHTS : 0));
  return Math.min(wanted, limit ?? Infinity);
}

/** No tokens known. */
export const NOTHING_COUNTED: TokenCount = {
  input: null,
  cached: 0,
  output: null,
  reasoning: 0,
  cost: null,
};
