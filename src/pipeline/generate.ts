/** The loop of a model: it decides what the planner leaves open, writes what the planner cannot, and is told why it failed until it is proven. */

import { createHash } from "node:crypto";
import type { Engine } from "../engines/engine.ts";
import { ProviderError, UsageError } from "../errors.ts";
import type { Emit } from "../events.ts";
import { estimateTokens, type Model, type ModelRequest, type Usage } from "../models/model.ts";
import { allowanceOf, type Policy } from "../models/policy/policy.ts";
import { addUsage, NO_USAGE, usageText } from "../models/prices.ts";
import type { Brief } from "../models/prompts/brief.ts";
import { decideRequest, readDecided } from "../models/prompts/decide.ts";
import { feedbackText, type Refutation, refutedLine } from "../models/prompts/feedback.ts";
import { readWritten, writeRequest } from "../models/prompts/write.ts";
import { type SqlRedactor, sqlRedactor } from "../models/redact_sql.ts";
import type { Answer, Change, Choice, Draft, Snapshot } from "../schema.ts";
import { modelDraft } from "./model_draft.ts";
import type { Planned } from "./plan.ts";
import { FIRST_LIMITS, type Slice, sliceOf } from "./slice.ts";

/** What a judge says of a draft; `result` is his own, and given back with the last draft. */
export interface Judgement<Result> {
  /** Null when the draft is proven. */
  readonly refutation: Refutation | null;
  readonly result: Result;
}

/** What the loop works with. */
export interface Generation<Result> {
  readonly model: Model;
  readonly engine: Pick<Engine, "dialect" | "guide" | "split" | "describe">;
  /** `postgres 18.6` */
  readonly server: string;
  readonly context: string | null;
  readonly limits: {
    /** Further attempts after the first one was refuted. */
    readonly maxRetries: number;
    /** Tokens of one answer. */
    readonly maxTokens: number;
    readonly maxCostUsd: number | null;
  };
  readonly before: Snapshot;
  readonly target: Snapshot;
  readonly changes: readonly Change[];
  /** Name of the migration when the model writes it. */
  readonly name: string;
  /** What the planner made of it; null when the model is to write it all. */
  readonly planned: Planned | null;
  /** Why the planner's draft was refuted, when it was judged before. */
  readonly refuted: Refutation | null;
  /** Plans again with further answers. */
  readonly plan: (answers: ReadonlyMap<string, Answer>) => Promise<Planned>;
  /** Proves a draft; `prompt` is the version of the prompt that it came from. */
  readonly judge: (
    draft: Draft,
    choices: readonly Choice[],
    prompt: string,
  ) => Promise<Judgement<Result>>;
  readonly policy: Policy;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** Why the loop ended without a proof. */
export type Stop = "retries" | "repeated" | "budget" | "question" | "undecided";

/** How the loop ended. */
export interface Generated<Result> {
  readonly outcome: "proven" | "unproven" | "undecided";
  readonly stop: Stop | null;
  /** Why, in one sentence; null when proven. */
  readonly message: string | null;
  /** The last draft that was judged. */
  readonly draft: Draft | null;
  readonly result: Result | null;
  readonly choices: readonly Choice[];
  readonly usage: Usage;
  /** Answers of the model. */
  readonly attempts: number;
  /** Versions of the prompts that were used: `decide-1`. */
  readonly prompts: readonly string[];
}

/**
 * Runs the loop. Throws ProviderError when the provider fails, the model refuses, or its answer does not fit; UsageError when
 * the budget cannot be kept because the price is not known.
 */
export async function generateByModel<Result>(
  input: Generation<Result>,
): Promise<Generated<Result>> {
  const { model, limits } = input;
  if (limits.maxCostUsd !== null && model.price(1000, 1000) === null) {
    throw new UsageError(`Cannot keep max_cost_usd: the price of ${model.name} is not known`, {
      code: "price-unknown",
      hint: `Add [prices."${model.name}"] with input and output to aim.toml`,
    });
  }
  const loop = new Loop(input);
  try {
    return await loop.run();
  } catch (error) {
    loop.report();
    throw error;
  }
}

/** The first request that the loop would send, as it would go out; null when there is nothing to ask. */
export async function previewOf(input: Generation<unknown>): Promise<string | null> {
  const request = new Loop(input).firstRequest();
  return request === null ? null : await input.model.preview(request);
}

/** A conversation about one request: bounded to the request, the last answer, and what is wrong with it. */
interface Talk {
  readonly request: ModelRequest;
  readonly answer: string | null;
  readonly feedback: string | null;
}

/** Failures after which more of the schema is shown. */
const WIDEN_AFTER = 2;
/** Of what a model reads at once, the part that the prompt may take. */
const PROMPT_SHARE = 0.6;
/** What a model reads at once when nobody says. */
const USUAL_CONTEXT = 64_000;
const EFFORTS: readonly ModelRequest["effort"][] = ["low", "medium", "high"];

class Loop<Result> {
  readonly #input: Generation<Result>;
  readonly #redactor: SqlRedactor = sqlRedactor();
  readonly #describe: Engine["describe"];
  readonly #prompts = new Set<string>();
  readonly #seen = new Map<string, number>();
  #usage: Usage = NO_USAGE;
  #attempts = 0;
  #refuted = 0;
  #maxTokens: number;
  #effort = 0;
  #wide = false;
  #draft: Draft | null = null;
  #result: Result | null = null;
  #choices: readonly Choice[];
  #last: Refutation | null = null;

  constructor(input: Generation<Result>) {
    this.#input = input;
    this.#maxTokens = input.limits.maxTokens;
    this.#choices = input.planned?.choices ?? [];
    const described = new Map<Snapshot, ReadonlyMap<string, string>>();
    this.#describe = (snapshot) => {
      const known = described.get(snapshot) ?? input.engine.describe(snapshot);
      described.set(snapshot, known);
      return known;
    };
  }

  async run(): Promise<Generated<Result>> {
    const { planned, refuted } = this.#input;
    this.#draft = planned?.draft ?? null;
    if (planned === null || refuted !== null) return await this.#write(refuted);
    return await this.#decide(planned);
  }

  firstRequest(): ModelRequest | null {
    const { planned, refuted } = this.#input;
    this.#draft = planned?.draft ?? null;
    if (planned === null || refuted !== null) return this.#writing(refuted);
    const open = openChoices(planned);
    if (open.length === 0) return null;
    return canDecide(open) ? this.#deciding(askable(planned)) : this.#writing(null);
  }

  /** Says what a run took that ends without an outcome. */
  report(): void {
    if (this.#usage.calls > 0) {
      this.#input.emit({ type: "note", text: `model: ${usageText(this.#usage)}` });
    }
  }

  async #decide(first: Planned): Promise<Generated<Result>> {
    let planned = first;
    let answers: ReadonlyMap<string, Answer> = new Map();
    let talk: Talk | null = null;
    let asked: readonly Choice[] = [];
    for (;;) {
      this.#choices = planned.choices;
      const open = openChoices(planned);
      if (open.length === 0) {
        if (planned.draft === null) return this.#stop("undecided", "the planner gave no draft");
        const refutation = await this.#judge(planned.draft);
        if (refutation === null) return this.#proven();
        const expressions = [...answers.values()].some(({ expression }) =>
          expression !== undefined
        );
        this.#refute(refutation);
        if (!expressions || talk === null) return await this.#write(refutation);
        if (this.#isOver()) return this.#exhausted();
        talk = this.#answered(talk, refutation);
      } else if (!canDecide(open)) {
        return await this.#write(null);
      } else {
        asked = askable(planned);
        talk = { request: this.#deciding(asked), answer: null, feedback: null };
      }
      for (;;) {
        const over = this.#overBudget(talk.request);
        if (over !== null) return over;
        const text = await this.#ask(talk);
        if (this.#isRepeated(text)) return this.#repeated();
        const decided = readDecided(text, asked);
        const wrong = typeof decided === "string"
          ? await this.#unreadable(decided)
          : this.#wrongExpression(decided.answers);
        if (wrong === null && typeof decided !== "string") {
          if (decided.needUser.length > 0) {
            return this.#stop("undecided", "the model leaves a question to you");
          }
          answers = new Map([...answers, ...decided.answers]);
          talk = { ...talk, answer: text };
          break;
        }
        if (wrong !== null) this.#refute(wrong);
        if (this.#isOver()) return this.#exhausted();
        if (wrong !== null) talk = this.#answered({ ...talk, answer: text }, wrong);
      }
      planned = await this.#input.plan(answers);
    }
  }

  async #write(planner: Refutation | null): Promise<Generated<Result>> {
    const { engine, changes, name } = this.#input;
    let talk: Talk = { request: this.#writing(planner), answer: null, feedback: null };
    for (;;) {
      const over = this.#overBudget(talk.request);
      if (over !== null) return over;
      const text = await this.#ask(talk);
      talk = { ...talk, answer: text };
      if (this.#isRepeated(text)) return this.#repeated();
      const known = this.#seen.get(digest(text)) ?? 0;
      const written = readWritten(text, engine.split);
      let refutation: Refutation | null;
      if (typeof written === "string") refutation = await this.#unreadable(written);
      else if (written.up.length === 0) return this.#stop("question", written.question);
      else if (known > 1 && this.#last !== null) {
        refutation = this.#last;
      } else {
        const allowance = allowanceOf(changes, this.#slice().tables);
        const numbered = this.#slice().changes;
        const drafted = modelDraft(written, {
          engine,
          policy: this.#input.policy,
          allowance,
          changes: numbered,
          name,
          restore: this.#redactor.restore,
        });
        refutation = "refutation" in drafted
          ? drafted.refutation
          : await this.#judge(drafted.draft);
      }
      if (refutation === null) return this.#proven();
      this.#refute(refutation);
      if (this.#isOver()) return this.#exhausted();
      if (this.#refuted >= WIDEN_AFTER && !this.#wide) {
        this.#wide = true;
        talk = { ...talk, request: this.#writing(planner) };
      }
      talk = this.#answered(talk, refutation);
    }
  }

  /** One call; the answer's text. Throws ProviderError when there is none to be had. */
  async #ask(talk: Talk): Promise<string> {
    const { model, emit, signal } = this.#input;
    for (let doubled = false;; doubled = true) {
      const request = this.#requestOf(talk);
      this.#prompts.add(request.prompt);
      emit({ type: "stage", stage: "model", state: "start", text: `asking ${model.name}` });
      emit({ type: "turn", text: requestText(request) });
      const start = performance.now();
      const reply = await model.complete(request, signal);
      this.#usage = addUsage(this.#usage, reply.usage);
      emit({ type: "turn", text: reply.text });
      emit({
        type: "stage",
        stage: "model",
        state: "done",
        text: `${model.name}, ${request.prompt}, ${usageText({ ...reply.usage, calls: 1 })}`,
        ms: performance.now() - start,
      });
      if (reply.stop === "end") {
        this.#attempts += 1;
        const key = digest(reply.text);
        this.#seen.set(key, (this.#seen.get(key) ?? 0) + 1);
        return reply.text;
      }
      if (reply.stop !== "length" || doubled) throw this.#noAnswer(reply.stop, reply.refusal);
      this.#maxTokens *= 2;
    }
  }

  #noAnswer(stop: "length" | "refusal" | "context", refusal?: string): ProviderError {
    const { name } = this.#input.model;
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

  async #judge(draft: Draft): Promise<Refutation | null> {
    const { refutation, result } = await this.#input.judge(
      draft,
      this.#choices,
      [...this.#prompts].at(-1) ?? "planner",
    );
    this.#draft = draft;
    this.#result = result;
    return refutation;
  }

  /** Tells the model's side that its form was wrong, and gives the refutation. */
  async #unreadable(error: string): Promise<Refutation> {
    await this.#input.model.unreadable();
    return { stage: "parse", error, proven: "nothing" };
  }

  #wrongExpression(answers: ReadonlyMap<string, Answer>): Refutation | null {
    for (const [id, { expression }] of answers) {
      if (expression === undefined) continue;
      const error = this.#input.policy.expression(this.#redactor.restore(expression));
      if (error !== null) {
        return { stage: "policy", sql: expression, error: `${id}: ${error}`, proven: "nothing" };
      }
    }
    return null;
  }

  #refute(refutation: Refutation): void {
    this.#refuted += 1;
    this.#last = refutation;
    const line = this.#redactor.hide(refutedLine(refutation));
    this.#input.emit({ type: "note", text: `attempt ${this.#attempts} was refuted: ${line}` });
  }

  /** The talk with what is wrong about its answer. */
  #answered(talk: Talk, refutation: Refutation): Talk {
    const of = this.#input.limits.maxRetries + 1;
    const feedback = feedbackText(refutation, { number: this.#attempts, of });
    return { ...talk, feedback: this.#redactor.hide(feedback) };
  }

  #isOver(): boolean {
    return this.#attempts > this.#input.limits.maxRetries;
  }

  /** An answer that came before makes the model think harder once; when it comes again, that is all it has. */
  #isRepeated(text: string): boolean {
    const times = this.#seen.get(digest(text)) ?? 0;
    if (times === 2) this.#effort = Math.min(this.#effort + 1, EFFORTS.length - 1);
    return times > 2;
  }

  #overBudget(request: ModelRequest): Generated<Result> | null {
    const { limits, model } = this.#input;
    if (limits.maxCostUsd === null) return null;
    const sent = estimateTokens(requestText(request));
    const least = (this.#usage.cost ?? 0) + (model.price(sent, 0) ?? 0);
    if (least < limits.maxCostUsd) return null;
    return this.#stop(
      "budget",
      `another call would pass max_cost_usd = ${limits.maxCostUsd}`,
    );
  }

  #exhausted(): Generated<Result> {
    const { maxRetries } = this.#input.limits;
    const last = this.#last === null ? "" : `; the last one failed at ${refutedLine(this.#last)}`;
    return this.#stop("retries", `none of ${maxRetries + 1} attempts was proven${last}`);
  }

  #repeated(): Generated<Result> {
    return this.#stop("repeated", "the model gives the same refuted answer again and again");
  }

  #stop(stop: Stop, message: string): Generated<Result> {
    const outcome = stop === "question" || stop === "undecided" ? "undecided" : "unproven";
    return { ...this.#state(), outcome, stop, message };
  }

  #proven(): Generated<Result> {
    return { ...this.#state(), outcome: "proven", stop: null, message: null };
  }

  #state() {
    return {
      draft: this.#draft,
      result: this.#result,
      choices: this.#choices,
      usage: this.#usage,
      attempts: this.#attempts,
      prompts: [...this.#prompts],
    };
  }

  #deciding(choices: readonly Choice[]): ModelRequest {
    return decideRequest(this.#brief(), choices, this.#options());
  }

  #writing(planner: Refutation | null): ModelRequest {
    const request = writeRequest(this.#brief(), this.#options());
    const [first] = request.messages;
    if (planner === null || first === undefined) return request;
    const draft = this.#draft?.up.map(({ sql }) => `${sql};`).join("\n") ?? "";
    const failed = feedbackText(planner, { number: 1, of: 1 }).split("\n").slice(1, -1).join("\n");
    const text = `${first.text}\n\nA planner's draft of UP failed at ${planner.stage}. It was:\n` +
      `${draft}\n${failed}`;
    return { ...request, messages: [{ role: "user", text: this.#redactor.hide(text) }] };
  }

  #options() {
    return { hide: this.#redactor.hide, maxTokens: this.#maxTokens, effort: "low" } as const;
  }

  #brief(): Brief {
    const { server, engine, context } = this.#input;
    const { objects, others, unnamed, changes } = this.#slice();
    return { server, guide: engine.guide, context, objects, others, unnamed, changes };
  }

  #slice(): Slice {
    const { before, target, changes, model } = this.#input;
    const input = { before, target, changes, describe: this.#describe };
    if (!this.#wide) return sliceOf(input, FIRST_LIMITS);
    const near = Math.floor((model.contextTokens ?? USUAL_CONTEXT) * PROMPT_SHARE);
    return sliceOf(input, { near, names: 4000, all: true });
  }

  /** The request with the conversation so far. */
  #requestOf({ request, answer, feedback }: Talk): ModelRequest {
    const more = answer === null || feedback === null ? [] : [
      { role: "assistant", text: answer } as const,
      { role: "user", text: feedback } as const,
    ];
    return {
      ...request,
      messages: [...request.messages, ...more],
      maxTokens: this.#maxTokens,
      effort: EFFORTS[this.#effort] ?? "low",
    };
  }
}

function openChoices({ choices }: Planned): readonly Choice[] {
  return choices.filter(({ answer }) => answer === null);
}

/** Whether the open choices have options to decide between; else there is SQL to be written. */
function canDecide(open: readonly Choice[]): boolean {
  return open.every(({ options }) => options.length > 0);
}

/** The open choices, and those about data that nobody settled: they are asked for in the same breath. */
function askable({ choices }: Planned): readonly Choice[] {
  return choices.filter(({ answer, kind, options }) =>
    answer === null || (kind === "data" && answer.by === "fallback" && options.length > 0)
  );
}

function requestText({ system, messages }: ModelRequest): string {
  return [system, ...messages.map(({ role, text }) => `[${role}]\n${text}`)].join("\n\n");
}

function digest(text: string): string {
  return createHash("sha256").update(text.replaceAll(/\s+/g, " ").trim()).digest("hex");
}
