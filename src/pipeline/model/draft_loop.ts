/** The loop of a model: it decides what the planner leaves open, writes what the planner cannot, and is told why it failed until it is proven. */

import type { Engine } from "../../engines/engine.ts";
import { UsageError } from "../../core/error.ts";
import type { Emit } from "../../core/event.ts";
import type { Model, ModelRequest, Usage } from "../../models/model.ts";
import { allowanceOf, type Policy } from "../../models/policy/policy.ts";
import { readDecided } from "../../models/prompts/decide.ts";
import { type Refutation, refutedLine } from "../../models/prompts/feedback.ts";
import { readWritten } from "../../models/prompts/write.ts";
import { type SqlRedactor, sqlRedactor } from "../../models/redact_sql.ts";
import type { Change } from "../../core/change.ts";
import type { Answer, Choice } from "../../core/choice.ts";
import type { Draft } from "../../core/plan.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import { Dialogue, type Limits, type Talk } from "./conversation.ts";
import { modelDraft } from "./model_draft.ts";
import type { Planned } from "../plan/plan_draft.ts";
import { type Failed, Requests } from "./requests.ts";

/** What a judge says of a draft; `result` is his own, and given back with the last draft. */
export interface Judgement<Result> {
  /** Null when the draft is proven. */
  readonly refutation: Refutation | null;
  /** Null when the draft could not even be written down. */
  readonly result: Result | null;
  /** The draft with more said about it, when there was more to say. */
  readonly draft?: Draft;
}

/** What the loop works with. */
export interface Generation<Result> {
  readonly model: Model;
  readonly engine: Pick<Engine, "dialect" | "guide" | "split" | "describe" | "lexicon">;
  /** `postgres 18.6` */
  readonly server: string;
  readonly context: string | null;
  readonly limits: Limits;
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
  return await new Loop(input).run();
}

/** The first request that the loop would send, as it would go out; null when there is nothing to ask. */
export async function previewOf(input: Generation<unknown>): Promise<string | null> {
  const request = new Loop(input).firstRequest();
  return request === null ? null : await input.model.preview(request);
}

/** Refuted answers after which more of the schema is shown. */
const WIDEN_AFTER = 2;
/** How often questions that have an answer already are asked, once the draft that follows from it was refuted. */
const MOST_DOUBTS = 2;

class Loop<Result> {
  readonly #input: Generation<Result>;
  readonly #dialogue: Dialogue;
  readonly #redactor: SqlRedactor;
  readonly #requests: Requests;
  #doubts = 0;
  #draft: Draft | null;
  #result: Result | null = null;
  #choices: readonly Choice[];
  #last: Refutation | null;

  constructor(input: Generation<Result>) {
    const { model, limits, emit, signal, planned, refuted } = input;
    this.#input = input;
    this.#redactor = sqlRedactor(input.engine.lexicon);
    this.#dialogue = new Dialogue({ model, limits, emit, signal, hide: this.#redactor.hide });
    this.#draft = planned?.draft ?? null;
    this.#choices = planned?.choices ?? [];
    this.#last = refuted;
    this.#requests = new Requests(input, this.#redactor.hide, this.#dialogue);
  }

  async run(): Promise<Generated<Result>> {
    const { planned } = this.#input;
    try {
      return planned === null ? await this.#write() : await this.#decide(planned);
    } catch (error) {
      this.#dialogue.report();
      throw error;
    }
  }

  firstRequest(): ModelRequest | null {
    const { planned, refuted } = this.#input;
    if (planned === null) return this.#writing();
    const open = openChoices(planned);
    if (open.length > 0) return canDecide(open) ? this.#deciding(open) : this.#writing();
    if (refuted === null) return null;
    const doubtful = doubtfulChoices(planned);
    return doubtful.length > 0 ? this.#deciding(doubtful) : this.#writing();
  }

  /** Answers what is open, and what turned out wrong, until the planner's draft is proven; what cannot be decided is written. */
  async #decide(first: Planned): Promise<Generated<Result>> {
    let planned = first;
    let refutation = this.#input.refuted;
    let answers: ReadonlyMap<string, Answer> = new Map();
    for (;;) {
      this.#choices = planned.choices;
      let questions = openChoices(planned);
      if (questions.length === 0) {
        if (planned.draft === null) return this.#stop("undecided", "the planner gave no draft");
        this.#draft = planned.draft;
        refutation ??= await this.#judge(planned.draft);
        if (refutation === null) return this.#proven();
        this.#refute(refutation);
        if (this.#dialogue.isOver) return this.#exhausted();
        questions = doubtfulChoices(planned);
        if (questions.length === 0 || this.#doubts++ >= MOST_DOUBTS) return await this.#write();
      } else if (!canDecide(questions)) {
        return await this.#write();
      }
      const decided = await this.#question(questions);
      if (!(decided instanceof Map)) return decided;
      refutation = null;
      answers = new Map([...answers, ...decided]);
      planned = await this.#input.plan(answers);
    }
  }

  /** Asks until there are answers that can be used. */
  async #question(
    questions: readonly Choice[],
  ): Promise<Map<string, Answer> | Generated<Result>> {
    let talk: Talk = { request: this.#deciding(questions) };
    for (;;) {
      const text = await this.#ask(talk);
      if (typeof text !== "string") return text;
      const decided = readDecided(text, questions);
      const wrong = typeof decided === "string"
        ? await this.#unreadable(decided)
        : this.#wrongExpression(decided.answers);
      if (wrong === null && typeof decided !== "string") {
        if (decided.needUser.length === 0) return new Map(decided.answers);
        return this.#stop("undecided", "the model leaves a question to you");
      }
      if (wrong === null) continue;
      this.#refute(wrong);
      if (this.#dialogue.isOver) return this.#exhausted();
      talk = this.#dialogue.answered(talk, text, wrong);
    }
  }

  /** Lets the model write SQL until it is proven. */
  async #write(): Promise<Generated<Result>> {
    let talk: Talk = { request: this.#writing() };
    let before: string | null = null;
    for (;;) {
      const text = await this.#ask(talk);
      if (typeof text !== "string") return text;
      const judged: Refutation | Generated<Result> | null = text === before && this.#last !== null
        ? this.#last
        : await this.#judgeWritten(text);
      if (judged === null) return this.#proven();
      if ("outcome" in judged) return judged;
      this.#refute(judged);
      if (this.#dialogue.isOver) return this.#exhausted();
      if (this.#dialogue.refuted >= WIDEN_AFTER && this.#requests.widen()) {
        talk = { request: this.#writing() };
      }
      before = text;
      talk = this.#dialogue.answered(talk, text, judged);
    }
  }

  /** Why an answer in SQL fails; null when it is proven; the end of the run when it is a question. */
  async #judgeWritten(text: string): Promise<Refutation | Generated<Result> | null> {
    const { engine, policy, changes, before, target, name } = this.#input;
    const written = readWritten(text, engine.split);
    if (typeof written === "string") return await this.#unreadable(written);
    if (written.up.length === 0) return this.#stop("question", written.question);
    const slice = this.#requests.slice();
    const drafted = modelDraft(written, {
      engine,
      policy,
      allowance: allowanceOf(changes, slice.tables),
      all: changes,
      changes: slice.changes,
      before,
      target,
      name,
      restore: this.#redactor.restore,
    });
    return "refutation" in drafted ? drafted.refutation : await this.#judge(drafted.draft);
  }

  /** One answer, or the end of the run: the budget is spent, or the same comes again and again. */
  async #ask(talk: Talk): Promise<string | Generated<Result>> {
    const { maxCostUsd } = this.#input.limits;
    if (this.#dialogue.isTooDear(talk)) {
      return this.#stop("budget", `another call would pass max_cost_usd = ${maxCostUsd}`);
    }
    const text = await this.#dialogue.ask(talk);
    if (this.#dialogue.times(text) < 3) return text;
    return this.#stop("repeated", "the model gives the same refuted answer again and again");
  }

  async #judge(draft: Draft): Promise<Refutation | null> {
    const prompt = this.#dialogue.prompts.at(-1) ?? "planner";
    const judged = await this.#input.judge(draft, this.#choices, prompt);
    const { refutation, result } = judged;
    this.#draft = judged.draft ?? draft;
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
    this.#last = refutation;
    this.#dialogue.refute(refutation);
  }

  #exhausted(): Generated<Result> {
    const { maxRetries } = this.#input.limits;
    const last = this.#last === null ? "" : `; the last one failed at ${refutedLine(this.#last)}`;
    return this.#stop("retries", `none of ${maxRetries + 1} attempts was proven${last}`);
  }

  #stop(stop: Stop, message: string): Generated<Result> {
    const outcome = stop === "question" || stop === "undecided" ? "undecided" : "unproven";
    return { ...this.#state(), outcome, stop, message };
  }

  #proven(): Generated<Result> {
    return { ...this.#state(), outcome: "proven", stop: null, message: null };
  }

  #state() {
    const { usage, attempts, prompts } = this.#dialogue;
    const state = { draft: this.#draft, result: this.#result, choices: this.#choices };
    return { ...state, usage, attempts, prompts };
  }

  #deciding(choices: readonly Choice[]): ModelRequest {
    return this.#requests.deciding(choices, this.#failed());
  }

  #writing(): ModelRequest {
    return this.#requests.writing(this.#failed());
  }

  /** The planner's draft that was refuted last, and why. */
  #failed(): Failed | null {
    return this.#last === null || this.#draft?.author !== "planner"
      ? null
      : { draft: this.#draft, refutation: this.#last };
  }
}

function openChoices({ choices }: Planned): readonly Choice[] {
  return choices.filter(({ answer }) => answer === null);
}

/** Whether the open choices have options to decide between; else there is SQL to be written. */
function canDecide(open: readonly Choice[]): boolean {
  return open.every(({ options }) => options.length > 0);
}

/** Choices about data that nobody but a model or nobody at all answered: what may be wrong with a draft that was refuted. */
function doubtfulChoices({ choices }: Planned): readonly Choice[] {
  return choices.filter(({ answer, kind, options }) =>
    kind === "data" && options.some(({ takesExpression }) => takesExpression) &&
    (answer?.by === "fallback" || answer?.by === "model")
  );
}
