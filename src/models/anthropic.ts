/** Anthropic's messages, by its own SDK. */

import type { Message, MessageCreateParamsStreaming } from "@anthropic-ai/sdk/resources/messages";
import { CallFailure } from "./failure.ts";
import type { ModelReply, ModelRequest } from "./model.ts";
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
export function anthropicWire(endpoint: Endpoint): Wire {
  return {
    body: (request, requestStyle) => ({ ...bodyOf(endpoint, request, requestStyle) }),
    send: (call) => send(endpoint, call),
  };
}

/** The address without the part of the path that the SDK adds itself. */
export function anthropicAddress(baseUrl: string): string {
  return baseUrl.replace(/\/+$/, "").replace(/\/v1$/, "");
}

/** Headers for gateways that know the older way only. */
export function gatewayHeaders({ baseUrl, key }: Endpoint): Record<string, string> {
  return key === null || new URL(baseUrl).hostname === "api.anthropic.com"
    ? {}
    : { "x-api-key": key };
}

async function send(endpoint: Endpoint, call: Call): Promise<Turn> {
  const { Anthropic } = await import("@anthropic-ai/sdk");
  const client = new Anthropic({
    apiKey: endpoint.key ?? "none",
    authToken: null,
    baseURL: anthropicAddress(endpoint.baseUrl),
    defaultHeaders: { ...endpoint.headers, ...gatewayHeaders(endpoint) },
    maxRetries: 0,
    timeout: 2 ** 31 - 1,
    logLevel: "off",
    fetch: call.fetch,
  });
  const stream = await client.messages.create(bodyOf(endpoint, call.request, call.requestStyle), {
    signal: call.signal,
  });
  let text = "";
  let stop: string | null = null;
  let refusal: string | undefined;
  let tokens: TokenCount = NOTHING_COUNTED;
  for await (const event of stream) {
    if (event.type === "message_start") {
      tokens = counted(tokens, event.message.usage);
    } else if (event.type === "content_block_start" && event.content_block.type === "text") {
      text += event.content_block.text;
    } else if (event.type === "content_block_delta" && event.delta.type === "text_delta") {
      text += event.delta.text;
      call.onText(event.delta.text);
    } else if (event.type === "content_block_delta" && event.delta.type === "thinking_delta") {
      call.onText(event.delta.thinking);
    } else if (event.type === "message_delta") {
      stop = event.delta.stop_reason;
      tokens = counted(tokens, event.usage);
      const details = event.delta.stop_details;
      refusal = details?.explanation ?? details?.category ?? undefined;
    }
  }
  call.signal.throwIfAborted();
  const whole = call.whole() as Message | null;
  if (whole !== null) {
    text = (whole.content ?? []).map((part) => part.type === "text" ? part.text : "").join("");
    stop = whole.stop_reason ?? null;
    tokens = counted(tokens, whole.usage);
  }
  if (stop === null) throw new CallFailure("cut", "the answer broke off");
  return {
    text,
    stop: STOPS[stop] ?? "end",
    ...(stop === "refusal" ? { refusal: refusal ?? "no reason given" } : {}),
    tokens,
  };
}

const STOPS: Readonly<Record<string, ModelReply["stop"]>> = {
  max_tokens: "length",
  refusal: "refusal",
  model_context_window_exceeded: "context",
};

function bodyOf(
  { model }: Endpoint,
  request: ModelRequest,
  requestStyle: RequestStyle,
): MessageCreateParamsStreaming {
  const { rung, without } = requestStyle;
  const format = rung === "strict" || rung === "schema"
    ? { format: { type: "json_schema" as const, schema: request.schema.schema } }
    : {};
  const effort = without.includes("effort") ? {} : { effort: request.effort };
  const output = { ...effort, ...format };
  return {
    model,
    max_tokens: tokensFor(request, requestStyle, true),
    system: instructions(request, rung),
    messages: request.messages.map(({ role, text }) => ({ role, content: text })),
    stream: true,
    ...(without.includes("cache_control") ? {} : { cache_control: { type: "ephemeral" } }),
    ...(Object.keys(output).length === 0 ? {} : { output_config: output }),
  };
}

interface Counts {
  readonly input_tokens?: number | null;
  readonly output_tokens?: number | null;
  readonly cache_creation_input_tokens?: number | null;
  readonly cache_read_input_tokens?: number | null;
  readonly output_tokens_details?: { readonly thinking_tokens?: number } | null;
}

/** What the last event said, over what the ones before did. */
function counted(before: TokenCount, usage: Counts | null | undefined): TokenCount {
  if (!usage) return before;
  const cached = usage.cache_read_input_tokens ?? before.cached;
  const input = usage.input_tokens == null
    ? before.input
    : usage.input_tokens + (usage.cache_creation_input_tokens ?? 0) + cached;
  return {
    input: Math.max(input ?? 0, before.input ?? 0) || null,
    cached,
    output: usage.output_tokens ?? before.output,
    reasoning: usage.output_tokens_details?.thinking_tokens ?? before.reasoning,
    cost: null,
  };
}
