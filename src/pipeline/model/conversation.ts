/** The conversation with a model: what is asked, what it costs, and how often it says the same. */

import { createHash } from "node:crypto";
import { ProviderError, UsageError } from "../../core/error.ts";
import type { Emit } from "../../core/event.ts";
import {
  estimateTokens,
  type Model,
  type ModelReply,
  type ModelRequest,
  type Usage,
} from "../../models/model.ts";
import { addUsage, NO_USAGE, usageText } from "../../models/prices.ts";
import { closedJson } from "../../models/prompts/read_json.ts";
import { feedbackText, type Refutation, refutedLine } from "../../models/prompts/feedback.ts";

/** What a run may take. */
export interface Limits {
  /** Further attempts after the first one was refuted. */
  readonly maxRetries: number;
  /** Tokens of one answer. */
  readonly maxTokens: number;
  readonly maxCostUsd: number | null;
}

/** What a conversation is held with. */
export interface ConversationOptions {
  readonly model: Model;
  readonly limits: Limits;
  /** Takes secrets out of what is said about a failure. */
  readonly hide: (text: string) => string;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** A request, the last answer to it, and what was wrong with that: all that is ever sent. */
export interface Exchange {
  readonly request: ModelRequest;
  readonly answer?: string;
  readonly feedback?: string;
  /** The same with less of the schema, for when the model cannot read this. */
  readonly smaller?: Exchange;
}

/** Throws UsageError when a budget cannot be kept because the price of the model is not known. */
export function requirePrice(model: Model, maxCostUsd: number | null): void {
  if (maxCostUsd === null || model.price(1000, 1000) !== null) return;
  throw new UsageError(`Cannot keep max_cost_usd: the price of ${model.name} is not known`, {
    code: "price-unknown",
    hint: `Add [prices."${model.name}"] with input and output to aim.toml`,
  });
}

const EFFORTS: readonly ModelRequest["effort"][] = ["low", "medium", "high"];

/** One run's conversation. */
export class Conversation {
  readonly #options: ConversationOptions;
  readonly #prompts = new Set<string>();
  readonly #seen = new Map<string, number>();
  #usage: Usage = NO_USAGE;
  #attempts = 0;
  #refuted = 0;
  #maxTokens: number;
  #effort = 0;
  /** True once an answer was cut by the cap of its kind of request. */
  #uncapped = false;

  constructor(options: ConversationOptions) {
    this.#options = options;
    this.#maxTokens = options.limits.maxTokens;
  }

  /** What all calls took. */
  get usage(): Usage {
    return this.#usage;
  }

  /** Answers that came. */
  get attempts(): number {
    return this.#attempts;
  }

  /** Answers that were refuted. */
  get refuted(): number {
    return this.#refuted;
  }

  /** Versions of the prompts that were used, in order. */
  get prompts(): readonly string[] {
    return [...this.#prompts];
  }

  /** Tokens that an answer may have now. */
  get maxTokens(): number {
    return this.#maxTokens;
  }

  /** True when no further attempt is allowed. */
  get isOver(): boolean {
    return this.#attempts > this.#options.limits.maxRetries;
  }

  /** True when the next call would certainly pass the budget. */
  isTooDear(exchange: Exchange): boolean {
    const { limits, model } = this.#options;
    if (limits.maxCostUsd === null) return false;
    const sent = estimateTokens(textOf(this.#requestOf(exchange)));
    return (this.#usage.cost ?? 0) + (model.price(sent, 0) ?? 0) >= limits.maxCostUsd;
  }

  /**
   * One answer's text. One that is cut is taken when all that is needed is whole in it, and asked for again with more room else; a
   * prompt that is too long is sent with less of the schema. Throws ProviderError when there is none to be had.
   */
  async ask(asked: Exchange): Promise<string> {
    let exchange = asked;
    for (let enlarged = false;;) {
      const request = this.#requestOf(exchange);
      const { text, stop, refusal, repeats } = await this.#turn(request);
      if (stop === "end") return this.#answer(text);
      const whole = stop === "length" ? closedJson(text, request.needed) : null;
      if (whole !== null) return this.#answer(whole);
      if (stop === "context" && exchange.smaller !== undefined) {
        exchange = exchange.smaller;
      } else if (stop === "length" && !enlarged) {
        enlarged = true;
        // More room would be filled with the same.
        if (repeats === true) {
          this.#effort = Math.min(this.#effort + 1, EFFORTS.length - 1);
          continue;
        }
        // What is capped gets all that the settings allow, and everything else twice of it.
        if (request.answerTokens !== undefined && !this.#uncapped) this.#uncapped = true;
        else this.#maxTokens *= 2;
      } else throw this.#noAnswer(stop, refusal);
    }
  }

  #answer(text: string): string {
    this.#attempts += 1;
    return text;
  }

  async #turn(request: ModelRequest): Promise<ModelReply> {
    const { model, emit, signal } = this.#options;
    this.#prompts.add(request.prompt);
    emit({ type: "stage", stage: "model", state: "start", text: `asking ${model.name}` });
    emit({ type: "turn", text: textOf(request) });
    const start = performance.now();
    const reply = await model.complete(request, signal);
    this.#usage = addUsage(this.#usage, reply.usage);
    emit({ type: "turn", text: reply.text });
    emit({
      type: "stage",
      stage: "model",
      state: "done",
      text: `${model.name}, ${request.prompt}, ${usageText(reply.usage)}`,
      ms: performance.now() - start,
    });
    return reply;
  }

  /** How often this answer came, now included. The second time makes the model think harder from then on. */
  times(answer: string): number {
    const key = createHash("sha256").update(answer.replaceAll(/\s+/g, " ").trim()).digest("hex");
    const times = (this.#seen.get(key) ?? 0) + 1;
    this.#seen.set(key, times);
    if (times === 2) this.#effort = Math.min(this.#effort + 1, EFFORTS.length - 1);
    return times;
  }

  /** Notes that the last answer was refuted. */
  refute(refutation: Refutation): void {
    const { hide, emit } = this.#options;
    this.#refuted += 1;
    const who = this.#attempts === 0 ? "the planner's draft" : `attempt ${this.#attempts}`;
    emit({ type: "note", text: `${who} was refuted: ${hide(refutedLine(refutation))}` });
  }

  /** The exchange with an answer and what is wrong with it. */
  answered(exchange: Exchange, answer: string, refutation: Refutation): Exchange {
    const { hide, limits } = this.#options;
    const counted = { number: this.#attempts, of: limits.maxRetries + 1 };
    return { request: exchange.request, answer, feedback: hide(feedbackText(refutation, counted)) };
  }

  /** Says what a run took that ends without an outcome. */
  report(): void {
    if (this.#usage.calls === 0) return;
    this.#options.emit({ type: "note", text: `model: ${usageText(this.#usage)}` });
  }

  #requestOf({ request, answer, feedback }: Exchange): ModelRequest {
    const more = answer === undefined || feedback === undefined ? [] : [
      { role: "assistant", text: answer } as const,
      { role: "user", text: feedback } as const,
    ];
    const { answerTokens: cap, ...rest } = request;
    return {
      ...rest,
      ...(cap === undefined || this.#uncapped ? {} : { answerTokens: cap }),
      messages: [...request.messages, ...more],
      maxTokens: this.#maxTokens,
      effort: EFFORTS[this.#effort] ?? "low",
    };
  }

  #noAnswer(stop: "length" | "refusal" | "context", refusal?: string): ProviderError {
    const { name } = this.#options.model;
    switch (stop) {
      case "refusal":
        return new ProviderError(`Cannot get an answer from ${name}: it refused: ${refusal}`, {
          code: "model-refusal",
          hint: "Another model may answer; the same question will be refused again",
        });
      case "length":
        return new ProviderError(
          `Cannot get an answer from ${name}: it is longer than ${this.#maxTokens} tokens`,
          { code: "model-truncated", hint: "Raise max_tokens, or split the change" },
        );
      case "context":
        return new ProviderError(`Cannot ask ${name}: the change is longer than it can read`, {
          code: "model-context",
          hint: "Take a model with a larger context, or split the change",
        });
    }
  }
}

function textOf({ system, messages }: ModelRequest): string {
  return [system, ...messages.map(({ role, text }) => `[${role}]\n${text}`)].join("\n\n");
}
