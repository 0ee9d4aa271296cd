/** What a provider offers now, from its own list of models. */

import { anthropicAddress } from "./anthropic.ts";
import { exchange } from "./exchange.ts";
import { LIST_LIMITS, LIST_MODELS, LIST_PAGES, tooMuch } from "./limits.ts";
import { type Facts, factsOf } from "./prices.ts";
import { parseModelSpec } from "./model_spec.ts";
import { type Provider } from "./providers.ts";
import { stallTimeout, type Timing } from "./stall_timeout.ts";
import type { Endpoint } from "./wire.ts";
import type { ModelPrice } from "../config/config.ts";

/** One model of the list. */
export interface ListedModel {
  /** As the provider calls it. */
  readonly id: string;
  /** Tokens that it reads at once; null when nobody says. */
  readonly context: number | null;
  /** US dollars for a million tokens; null when not known. */
  readonly input: number | null;
  readonly output: number | null;
  /** The day after which it is gone, where the provider says so. */
  readonly until: string | null;
  /** Whether it suits the job; null when too little is known. */
  readonly suits: boolean | null;
}

/** How the list is asked for. */
export interface ListOptions {
  readonly fetch: typeof fetch;
  readonly timing: Timing;
  readonly secrets: readonly string[];
  readonly prices: Readonly<Record<string, ModelPrice>>;
  readonly signal: AbortSignal;
}

/** The least that a model must read at once for a large schema with room for its answer. */
const LEAST_CONTEXT = 32_000;

/** No model has a longer name. */
const LONGEST_ID = 200;

/** Asks for the list; sorted by id. Throws CallFailure. */
export async function listModels(
  provider: Provider,
  endpoint: Endpoint,
  options: ListOptions,
): Promise<readonly ListedModel[]> {
  const found = new Map<string, ListedModel>();
  const seen = new Set<string>();
  const end = performance.now() + options.timing.totalMs;
  for (let after: string | null = null;;) {
    const url = listAddress(provider, endpoint, after);
    const page = await ask(url, { provider, endpoint, leftMs: end - performance.now() }, options);
    for (const row of rowsOf(page)) {
      const listed = listedModelOf(provider, row, options.prices);
      if (listed !== null) found.set(listed.id, listed);
    }
    if (found.size > LIST_MODELS) {
      throw tooMuch(`its list of models has more than ${LIST_MODELS} of them`);
    }
    const { has_more: more, last_id: last } = record(page);
    if (more !== true || typeof last !== "string") break;
    if (seen.has(last)) throw tooMuch(`its list of models names the same next page twice`);
    if (seen.add(last).size >= LIST_PAGES) {
      throw tooMuch(`its list of models has more than ${LIST_PAGES} pages`);
    }
    after = last;
  }
  return [...found.values()].sort((a, b) => a.id < b.id ? -1 : 1);
}

function listAddress(provider: Provider, { baseUrl }: Endpoint, after: string | null): string {
  if (provider.wire === "anthropic") {
    const page = after === null ? "" : `&after_id=${encodeURIComponent(after)}`;
    return `${anthropicAddress(baseUrl)}/v1/models?limit=1000${page}`;
  }
  const own = baseUrl === provider.baseUrl;
  return own && provider.listUrl !== undefined ? provider.listUrl : `${baseUrl}/models`;
}

async function ask(
  url: string,
  { provider, endpoint: { key, headers: own }, leftMs }: {
    readonly provider: Provider;
    readonly endpoint: Endpoint;
    readonly leftMs: number;
  },
  { fetch, timing, secrets, signal }: ListOptions,
): Promise<unknown> {
  using watched = stallTimeout(signal, timing, leftMs);
  let body: unknown = null;
  const send = exchange({
    fetch,
    secrets,
    limits: LIST_LIMITS,
    onBytes: watched.alive,
    onWhole: (it) => body = it,
  });
  const headers: Record<string, string> = {
    ...own,
    accept: "application/json",
    ...(key === null ? {} : { authorization: `Bearer ${key}` }),
    ...(key !== null && provider.keyHeader ? { [provider.keyHeader]: key } : {}),
    ...(provider.wire === "anthropic"
      ? { "anthropic-version": "2023-06-01", ...(key === null ? {} : { "x-api-key": key }) }
      : {}),
  };
  const sent = send(url, { headers, signal: watched.signal });
  sent.catch(() => {});
  await Promise.race([sent, watched.ended]);
  return body;
}

/** The rows in the shapes that providers give the list. */
function rowsOf(page: unknown): readonly Record<string, unknown>[] {
  if (Array.isArray(page)) return page.map(record);
  const { data, models } = record(page);
  const rows = Array.isArray(data) ? data : Array.isArray(models) ? models : [];
  return rows.map(record);
}

function listedModelOf(
  provider: Provider,
  row: Record<string, unknown>,
  prices: Readonly<Record<string, ModelPrice>>,
): ListedModel | null {
  const named = [row.id, row.name].find((value) => typeof value === "string" && value !== "");
  if (typeof named !== "string" || named.length > LONGEST_ID) return null;
  const id = named.replace(/^models\//, "");
  const facts = factsOf(parseModelSpec(`${provider.name}/${id}`), prices);
  const context = [
    row.context_length,
    row.context_window,
    row.max_input_tokens,
    row.max_context_length,
    row.max_model_len,
    row.inputTokenLimit,
    facts.context,
  ].find((value) => typeof value === "number");
  const pricing = record(row.pricing);
  const per = (value: unknown, output: boolean) => {
    const dollars = Number(value);
    return value === undefined || value === null || Number.isNaN(dollars) || dollars < 0
      ? known(facts, output)
      : Number((dollars * 1e6).toPrecision(6));
  };
  const until = [row.retires_at, row.shutdown_date, row.deprecation]
    .find((value) => typeof value === "string");
  const listed = {
    id,
    context: typeof context === "number" ? context : null,
    input: per(pricing.prompt, false),
    output: per(pricing.completion, true),
    until: typeof until === "string" ? until.slice(0, 10) : null,
  };
  return { ...listed, suits: suits(provider, row, listed) };
}

/** The price in the table of one token of one kind, for a million. */
function known(facts: Facts, output: boolean): number | null {
  return facts.cost({ input: output ? 0 : 1000, cached: 0, output: output ? 1000 : 0 }) === null
    ? null
    : 1000 * Number(facts.cost({
      input: output ? 0 : 1000,
      cached: 0,
      output: output ? 1000 : 0,
    }));
}

/** Names of models that write no text. */
const OTHER_JOBS =
  /embed|whisper|tts|audio|speech|transcri|image|vision-only|moderation|guard|rerank|dall-e|sora|veo|imagen|realtime|ocr|clip|lyria|search-preview|aqa|babbage|davinci/i;

function suits(
  provider: Provider,
  row: Record<string, unknown>,
  { id, context, until }: Pick<ListedModel, "id" | "context" | "until">,
): boolean | null {
  if (OTHER_JOBS.test(id)) return false;
  if (until !== null && until < new Date().toISOString().slice(0, 10)) return false;
  if (row.lifecycle === "retired" || row.active === false) return false;
  if (context !== null && context < LEAST_CONTEXT) return false;
  const structured = record(record(row.capabilities).structured_outputs).supported;
  if (structured === false) return false;
  const supported = row.supported_parameters;
  if (Array.isArray(supported)) return supported.includes("response_format");
  if (structured === true || id === provider.suggested) return true;
  return context === null ? null : true;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as Record<string, unknown>
    : {};
}
