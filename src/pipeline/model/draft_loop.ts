/** The loop of a model: it decides what the planner leaves open, writes what the planner cannot, and is told why it failed until it is proven. */

import { usedFeature } from "../../engines/version_features.ts";
import { estimateTokens, type ModelRequest } from "../../models/model.ts";
import { allowanceOf } from "../../models/policy/policy.ts";
import { type Decided, MOST_QUESTIONS, readDecided } from "../../models/prompts/decide.ts";
import { type Refutation, refutedLine } from "../../models/prompts/feedback.ts";
import type { Misread } from "../../models/prompts/read_json.ts";
import { readWritten } from "../../models/prompts/write.ts";
import { type SqlRedactor, sqlRedactor } from "../../models/redact_sql.ts";
import type { Answer, Choice } from "../../core/choice.ts";
import type { Draft } from "../../core/plan.ts";
import type { PlannedStatement } from "../../core/statement.ts";
import { Conversation, type Exchange, requirePrice } from "./conversation.ts";
import type { Generated, Generation, Stop } from "./generation.ts";
import { modelDraft } from "./model_draft.ts";
import { lossesOf, type ModelLoss, unaskedDrop, unaskedReturn } from "./model_losses.ts";
import { canDecide, doubtfulChoices, openChoices } from "./open_choices.ts";
import type { Planned } from "../plan/plan_draft.ts";
import { type Failed, Requests } from "./requests.ts";

/**
 * Runs the loop. Throws ProviderError when the provider fails, the model refuses, or its answer does not fit; UsageError when
 * the budget cannot be kept because the price is not known.
 */
export async function generateByModel<Result>(
  input: Generation<Result>,
): Promise<Generated<Result>> {
  const { model, limits } = input;
  requirePrice(model, limits.maxCostUsd);
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
  readonly #conversation: Conversation;
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
    this.#conversation = new Conversation({
      model,
      limits,
      emit,
      signal,
      hide: this.#redactor.hide,
    });
    this.#draft = planned?.draft ?? null;
    this.#choices = planned?.choices ?? [];
    this.#last = refuted;
    this.#requests = new Requests(input, this.#redactor.hide, this.#conversation);
  }

  async run(): Promise<Generated<Result>> {
    const { planned } = this.#input;
    try {
      return planned === null ? await this.#write() : await this.#decide(planned);
    } catch (error) {
      this.#conversation.report();
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
        if (this.#conversation.isOver) return this.#exhausted();
        questions = doubtfulChoices(planned);
        if (questions.length === 0 || this.#doubts++ >= MOST_DOUBTS) return await this.#write();
      } else if (!canDecide(questions)) {
        return await this.#write();
      }
      const decided = await this.#question(questions.slice(0, MOST_QUESTIONS));
      if ("outcome" in decided) return decided;
      if (decided.open.size === 0 && decided.unfit.size > 0) return await this.#write();
      refutation = null;
      answers = new Map([...answers, ...decided.answers]);
      planned = await this.#input.plan(answers);
      if (decided.open.size > 0) return this.#leftOpen(planned, decided.open);
    }
  }

  /** Ends the run with what the model decided and what it leaves to the user. */
  #leftOpen(planned: Planned, open: ReadonlyMap<string, string>): Generated<Result> {
    // A choice that has an answer without the model's is one of those that turned out wrong.
    this.#choices = planned.choices.map((choice) =>
      open.has(choice.id) ? { ...choice, answer: null } : choice
    );
    const reasons = [...open.values()].filter((reason) => reason !== "");
    const why = reasons.length === 0 ? "" : `: ${reasons.join("; ")}`;
    const what = open.size === 1 ? "a question" : `${open.size} questions`;
    return this.#stop("undecided", `the model leaves ${what} to you${why}`);
  }

  /** Asks until there are answers that can be used. */
  async #question(questions: readonly Choice[]): Promise<Decided | Generated<Result>> {
    let exchange: Exchange = { request: this.#deciding(questions) };
    for (;;) {
      const text = await this.#ask(exchange);
      if (typeof text !== "string") return text;
      const read = readDecided(text, questions);
      const decided = "error" in read ? read : this.#restored(read);
      const wrong = "error" in decided
        ? await this.#misread(decided)
        : this.#wrongExpression(decided.answers);
      if (wrong === null && !("error" in decided)) return decided;
      if (wrong === null) continue;
      this.#refute(wrong);
      if (this.#conversation.isOver) return this.#exhausted();
      exchange = this.#conversation.answered(exchange, text, wrong);
    }
  }

  /** Lets the model write SQL until it is proven. */
  async #write(): Promise<Generated<Result>> {
    const first: Exchange = { request: this.#writing() };
    let exchange = first;
    let before: string | null = null;
    for (;;) {
      const text = await this.#ask(exchange);
      if (typeof text !== "string") return text;
      const judged: Refutation | Generated<Result> | null = text === before && this.#last !== null
        ? this.#last
        : await this.#judgeWritten(text);
      if (judged === null) return this.#proven();
      if ("outcome" in judged) return judged;
      this.#refute(judged);
      if (this.#conversation.isOver) return this.#exhausted();
      before = text;
      exchange = this.#next(first, text, judged);
    }
  }

  /** The exchange after a refuted answer; after some of them more of the schema is shown, as far as the model can read it. */
  #next(first: Exchange, text: string, judged: Refutation): Exchange {
    const exchange = this.#conversation.answered(first, text, judged);
    if (this.#conversation.refuted < WIDEN_AFTER) return exchange;
    const said = estimateTokens(`${exchange.answer}${exchange.feedback}`);
    const request = this.#requests.wider(said);
    return request === null
      ? exchange
      : { ...this.#conversation.answered({ request }, text, judged), smaller: exchange };
  }

  /** Why an answer in SQL fails; null when it is proven; the end of the run when it is a question. */
  async #judgeWritten(text: string): Promise<Refutation | Generated<Result> | null> {
    const { engine, policy, changes, before, target, name, deployed } = this.#input;
    const written = readWritten(text, engine.split);
    if ("error" in written) return await this.#misread(written);
    if (written.up.length === 0) return this.#stop("question", written.question);
    const schemaContext = this.#requests.schemaContext();
    const drafted = modelDraft(written, {
      engine,
      lacking: deployed?.lacking ?? [],
      policy,
      allowance: allowanceOf(changes, schemaContext.tables),
      all: changes,
      changes: schemaContext.changes,
      before,
      target,
      name,
      restore: this.#redactor.restore,
    });
    if ("refutation" in drafted) return drafted.refutation;
    return this.#unasked(drafted.draft) ?? await this.#judge(drafted.draft);
  }

  /** Refuses to throw away what was likely renamed. */
  #unasked(draft: Draft): Refutation | null {
    const { engine: { lexicon, nameKey }, changes, before, target, likelyRenames } = this.#input;
    const { up, down, renamed } = lossesOf(draft, changes, {
      before,
      target,
      reading: { lexicon, nameKey },
    });
    const choices = [...this.#choices, ...likelyRenames];
    const gone = up.find((loss) => unaskedDrop(loss, choices) !== undefined);
    if (gone !== undefined) {
      return unasked("UP", draft.up, gone, 'move its values first, or leave "up" empty and ask');
    }
    const lost = down.find((loss) => unaskedReturn(loss, renamed, choices) !== undefined);
    return lost === undefined
      ? null
      : unasked("DOWN", draft.down, lost, "or move its values first");
  }

  /** One answer, or the end of the run: the budget is spent, or the same comes again and again. */
  async #ask(exchange: Exchange): Promise<string | Generated<Result>> {
    const { maxCostUsd } = this.#input.limits;
    if (this.#conversation.isTooDear(exchange)) {
      return this.#stop("budget", `another call would pass max_cost_usd = ${maxCostUsd}`);
    }
    const text = await this.#conversation.ask(exchange);
    if (this.#conversation.times(text) < 3) return text;
    return this.#stop("repeated", "the model gives the same refuted answer again and again");
  }

  async #judge(draft: Draft): Promise<Refutation | null> {
    const prompt = this.#conversation.prompts.at(-1) ?? "planner";
    const judged = await this.#input.judge(draft, this.#choices, prompt);
    const { refutation, result } = judged;
    this.#draft = judged.draft ?? draft;
    this.#result = result;
    return refutation;
  }

  /** The refutation of an answer that cannot be used; the model's side is told when its form was wrong. */
  async #misread({ error, malformed }: Misread): Promise<Refutation> {
    if (malformed) await this.#input.model.unreadable();
    return { stage: "parse", error, proven: "nothing" };
  }

  /** The answers with the secrets back in their expressions. */
  #restored({ answers, ...rest }: Decided): Decided {
    const { restore } = this.#redactor;
    const whole = [...answers].map(([id, answer]) =>
      [
        id,
        answer.expression === undefined
          ? answer
          : { ...answer, expression: restore(answer.expression) },
      ] as const
    );
    return { answers: new Map(whole), ...rest };
  }

  #wrongExpression(answers: ReadonlyMap<string, Answer>): Refutation | null {
    for (const [id, { expression }] of answers) {
      if (expression === undefined) continue;
      const { deployed, engine, policy } = this.#input;
      const newer = usedFeature(expression, deployed?.lacking ?? [], engine.lexicon);
      const error = newer === null
        ? policy.expression(expression)
        : `${newer.what} came with version ${newer.since}`;
      if (error !== null) {
        return { stage: "policy", sql: expression, error: `${id}: ${error}`, proven: "nothing" };
      }
    }
    return null;
  }

  #refute(refutation: Refutation): void {
    this.#last = refutation;
    this.#conversation.refute(refutation);
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
    const { usage, attempts, prompts } = this.#conversation;
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

function unasked(
  direction: "UP" | "DOWN",
  statements: readonly PlannedStatement[],
  loss: ModelLoss,
  instead: string,
): Refutation {
  return {
    stage: "policy",
    statement: loss.statement + 1,
    sql: statements[loss.statement]?.sql ?? "",
    error: `${direction}: ${loss.text} are lost, and no warning says so; it was likely renamed. ` +
      `Rename it, ${instead}`,
    proven: "nothing",
  };
}
