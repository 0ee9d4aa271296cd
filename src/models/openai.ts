/** Chat completions as OpenAI defined them and all others speak them, by OpenAI's SDK. */

import { createHash } from "node:crypto";
import { CallFailure, failureOfAnswer } from "./failure.ts";
import type { ModelReply, ModelRequest } from "./model.ts";
import type { Provider, Rung } from "./providers.ts";
import {
  type Call,
  type Endpoint,
  instructions,
  NOTHING_COUNTED,
  type RequestStyle,
  type TokenCount,
  tokensFor,
  type Turn,
  type Wire,
} from "./wire.ts";

/** Opens the wire to an address. The SDK is loaded with the first request. */
export function openaiWire(provider: Provider, endpoint: Endpoint): Wire {
  return {
    body: (request, requestStyle) => bodyOf(provider, endpoint, request, requestStyle),
    send: (call) => send(provider, endpoint, call),
  };
}

async function send(provider: Provider, endpoint: Endpoint, call: Call): Promise<Turn> {
  const { OpenAI } = await import("openai");
  const { key } = endpoint;
  const client = new OpenAI({
    apiKey: key ?? "none",
    organization: null,
    project: null,
    baseURL: endpoint.baseUrl.replace(/\/+$/, ""),
    defaultHeaders: {
      ...endpoint.headers,
      ...(key === null ? { authorization: null } : {}),
      ...(key !== null && provider.keyHeader ? { [provider.keyHeader]: key } : {}),
    },
    maxRetries: 0,
    timeout: 2 ** 31 - 1,
    logLevel: "off",
    fetch: call.fetch,
  });
  const body = bodyOf(provider, endpoint, call.request, call.requestStyle);
  const reading = new Reading(call.onText);
  const stream = await client.post("/chat/completions", {
    body,
    stream: true,
    signal: call.signal,
  }) as AsyncIterable<unknown>;
  for await (const chunk of stream) reading.add(chunk);
  call.signal.throwIfAborted();
  const whole = call.whole();
  if (whole !== null) reading.add(whole);
  return reading.turn();
}

/** An answer as it grows. */
class Reading {
  readonly #onText: (text: string) => void;
  #text = "";
  #refusal = "";
  #stop: string | null = null;
  #tokens: TokenCount = NOTHING_COUNTED;

  constructor(onText: (text: string) => void) {
    this.#onText = onText;
  }

  add(chunk: unknown): void {
    const { choices, usage, error } = record(chunk);
    if (error) {
      throw failureOfAnswer({ headers: new Headers(), body: JSON.stringify(chunk) }, []);
    }
    if (usage) this.#tokens = counted(record(usage));
    const choice = record(Array.isArray(choices) ? choices[0] : null);
    const delta = { ...record(choice.message), ...record(choice.delta) };
    const content = textOf(delta.content);
    this.#text += content;
    if (typeof delta.refusal === "string") this.#refusal += delta.refusal;
    const thought = content || textOf(delta.reasoning_content ?? delta.reasoning);
    if (thought !== "") this.#onText(thought);
    if (typeof choice.finish_reason === "string") this.#stop = choice.finish_reason;
  }

  turn(): Turn {
    if (this.#stop === null) throw new CallFailure("cut", "the answer broke off");
    if (this.#stop === "error") throw new CallFailure("server", "the answer ended with an error");
    const refused = this.#refusal !== "" || STOPS[this.#stop] === "refusal";
    return {
      text: this.#text,
      stop: refused ? "refusal" : STOPS[this.#stop] ?? "end",
      ...(refused ? { refusal: this.#refusal || "its filter stopped the answer" } : {}),
      tokens: this.#tokens,
    };
  }
}

const STOPS: Readonly<Record<string, ModelReply["stop"]>> = {
  length: "length",
  max_tokens: "length",
  content_filter: "refusal",
  safety: "refusal",
  model_context_window_exceeded: "context",
};

function bodyOf(
  provider: Provider,
  { model }: Endpoint,
  request: ModelRequest,
  requestStyle: RequestStyle,
): Record<string, unknown> {
  const { rung, without } = requestStyle;
  const sends = (field: string) => !without.includes(field);
  const thinks = provider.effort !== "none" && sends("effort");
  const other = { max_tokens: "max_completion_tokens", max_completion_tokens: "max_tokens" };
  const maxField = requestStyle.otherMaxField ? other[provider.maxField] : provider.maxField;
  return {
    model,
    messages: [
      { role: "system", content: instructions(request, rung) },
      ...request.messages.map(({ role, text }) => ({ role, content: text })),
    ],
    ...(sends("max_tokens") ? { [maxField]: tokensFor(request, requestStyle, thinks) } : {}),
    // An answer that came again is asked for with more effort, and not as cold as before.
    ...(sends("temperature") && request.effort === "low" && provider.cold?.test(model)
      ? { temperature: 0 }
      : {}),
    ...responseFormat(request, rung),
    ...(provider.effort === "reasoning_effort" && sends("effort")
      ? { reasoning_effort: request.effort }
      : {}),
    ...(provider.effort === "thinking" && sends("effort")
      ? { thinking: { type: request.effort === "low" ? "disabled" : "enabled" } }
      : {}),
    ...(provider.cacheKey && sends("prompt_cache_key")
      ? { prompt_cache_key: hash(request.system) }
      : {}),
    stream: true,
    ...(provider.streamUsage && sends("stream_options")
      ? { stream_options: { include_usage: true } }
      : {}),
    ...provider.extra,
  };
}

function responseFormat(request: ModelRequest, rung: Rung): Record<string, unknown> {
  if (rung === "text") return {};
  if (rung === "object") return { response_format: { type: "json_object" } };
  const { name, schema } = request.schema;
  const strict = rung === "strict" ? { strict: true } : {};
  return { response_format: { type: "json_schema", json_schema: { name, schema, ...strict } } };
}

/** Text as a string or as a list of parts. */
function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part) => textOf(record(part).text)).join("");
}

function counted(usage: Record<string, unknown>): TokenCount {
  const number = (value: unknown) => typeof value === "number" ? value : null;
  return {
    input: number(usage.prompt_tokens),
    cached: number(record(usage.prompt_tokens_details).cached_tokens) ??
      number(usage.prompt_cache_hit_tokens) ?? 0,
    output: number(usage.completion_tokens),
    reasoning: number(record(usage.completion_tokens_details).reasoning_tokens) ?? 0,
    cost: number(usage.cost),
  };
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as Record<string, unknown>
    : {};
}
