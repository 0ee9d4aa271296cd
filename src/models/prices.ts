/** What is known of models beforehand: prices and context sizes, from a dated table that the settings can override. */

import type { ModelPrice } from "../config/config.ts";
import type { Usage } from "./model.ts";
import table from "./prices.json" with { type: "json" };
import type { ModelSpec } from "./model_spec.ts";

/** Tokens of one call. */
export interface Amount {
  readonly input: number;
  /** Part of `input` that came from the provider's cache. */
  readonly cached: number;
  readonly output: number;
}

/** What is known of one model. */
export interface Facts {
  /** Tokens that it reads at once, or null. */
  readonly context: number | null;
  /** US dollars, or null when the price is not known. */
  cost(amount: Amount): number | null;
}

/** The day of the table. */
export const PRICES_DATE: string = table.date;

/** Models whose price is known, as `provider/model`; for a shell to offer. */
export const KNOWN_MODELS: readonly string[] = Object.keys(table.models);

interface Row extends ModelPrice {
  readonly context?: number;
  /** For prompts of more tokens than that. */
  readonly above?: ModelPrice & { readonly tokens: number };
}

/** Looks a model up: settings first, then the table, by its exact name or that name with a date behind it. */
export function factsOf(
  { provider, model, name }: ModelSpec,
  overrides: Readonly<Record<string, ModelPrice>> = {},
): Facts {
  const known: Readonly<Record<string, Row>> = table.models;
  const undated = name.replace(/-(?:\d{8}|\d{4}-\d{2}-\d{2})$/, "");
  const row = known[name] ?? known[undated];
  const own = overrides[name] ?? overrides[model];
  const price: Row | undefined = own ?? row;
  return {
    context: row?.context ?? null,
    cost: (amount) => {
      if (price !== undefined) return costOf(price, amount);
      return provider.local ? 0 : null;
    },
  };
}

/** Adds up what several turns took; the cost is not known when that of one of them is not. */
export function addUsage(a: Usage, b: Usage): Usage {
  return {
    calls: a.calls + b.calls,
    inputTokens: a.inputTokens + b.inputTokens,
    cachedTokens: a.cachedTokens + b.cachedTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    reasoningTokens: a.reasoningTokens + b.reasoningTokens,
    seconds: a.seconds + b.seconds,
    cost: a.cost === null || b.cost === null ? null : a.cost + b.cost,
    ...(a.estimated || b.estimated ? { estimated: true } : {}),
  };
}

/** What no turn took. */
export const NO_USAGE: Usage = {
  calls: 0,
  inputTokens: 0,
  cachedTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  seconds: 0,
  cost: 0,
};

/** `2 calls · 3.1k in (1.9k cached) · 0.4k out (0.1k thinking) · 4.2 s · $0.0004`, or `cost unknown`. */
export function usageText(usage: Usage): string {
  const { calls, inputTokens, cachedTokens, outputTokens, reasoningTokens, seconds, cost } = usage;
  const about = usage.estimated ? "about " : "";
  return [
    `${calls} ${calls === 1 ? "call" : "calls"}`,
    `${about}${thousands(inputTokens)} in${part(cachedTokens, "cached")}`,
    `${about}${thousands(outputTokens)} out${part(reasoningTokens, "thinking")}`,
    `${seconds.toFixed(1)} s`,
    cost === null ? "cost unknown" : dollars(cost),
  ].join(" · ");
}

function costOf(row: Row, { input, cached, output }: Amount): number {
  const price = row.above !== undefined && input > row.above.tokens ? row.above : row;
  const fresh = input - cached;
  return (fresh * price.input + cached * (price.cached ?? price.input) + output * price.output) /
    1e6;
}

function part(tokens: number, what: string): string {
  return tokens === 0 ? "" : ` (${thousands(tokens)} ${what})`;
}

function thousands(tokens: number): string {
  return tokens < 1000 ? String(tokens) : `${(tokens / 1000).toFixed(1)}k`;
}

function dollars(cost: number): string {
  if (cost === 0) return "$0";
  return cost < 0.01 ? `$${cost.toFixed(4)}` : `$${cost.toFixed(2)}`;
}
