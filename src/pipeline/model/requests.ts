/** What a model is asked, and how much of the schema it is shown. */

import type { Engine } from "../../engines/engine.ts";
import type { Model, ModelRequest } from "../../models/model.ts";
import type { Brief } from "../../models/prompts/brief.ts";
import { decideRequest } from "../../models/prompts/decide.ts";
import { feedbackText, type Refutation } from "../../models/prompts/feedback.ts";
import { writeRequest } from "../../models/prompts/write.ts";
import type { Change } from "../../core/change.ts";
import type { Choice } from "../../core/choice.ts";
import type { Draft } from "../../core/plan.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import { FIRST_LIMITS, type Slice, sliceOf } from "./schema_context.ts";

/** What all requests of a run are about. */
export interface Matter {
  readonly model: Pick<Model, "contextTokens">;
  readonly engine: Pick<Engine, "guide" | "describe">;
  /** `postgres 18.6` */
  readonly server: string;
  readonly context: string | null;
  readonly before: Snapshot;
  readonly target: Snapshot;
  readonly changes: readonly Change[];
}

/** The planner's draft that was refuted. */
export interface Failed {
  readonly draft: Draft;
  readonly refutation: Refutation;
}

/** Of what a model reads at once, the part that the prompt may take. */
const PROMPT_SHARE = 0.6;
/** What a model reads at once when nobody says. */
const USUAL_CONTEXT = 64_000;

/** Makes the requests of one run. */
export class Requests {
  readonly #matter: Matter;
  readonly #hide: (sql: string) => string;
  readonly #limits: { readonly maxTokens: number };
  readonly #described = new Map<Snapshot, ReadonlyMap<string, string>>();
  #wide = false;

  /** `hide` takes secrets out of SQL; `limits` tell at any time what the next answer may have. */
  constructor(
    matter: Matter,
    hide: (sql: string) => string,
    limits: { readonly maxTokens: number },
  ) {
    this.#matter = matter;
    this.#hide = hide;
    this.#limits = limits;
  }

  /** Shows more from now on; false when it did before. */
  widen(): boolean {
    const widens = !this.#wide;
    this.#wide = true;
    return widens;
  }

  /** Asks to decide between options. */
  deciding(choices: readonly Choice[], failed: Failed | null): ModelRequest {
    return this.#after(failed, decideRequest(this.#brief(), choices, this.#options()));
  }

  /** Asks for SQL. */
  writing(failed: Failed | null): ModelRequest {
    return this.#after(failed, writeRequest(this.#brief(), this.#options()));
  }

  /** The part of the schema that is shown. */
  slice(): Slice {
    const { before, target, changes, model } = this.#matter;
    const describe: Engine["describe"] = (snapshot) => this.#describe(snapshot);
    const input = { before, target, changes, describe };
    if (!this.#wide) return sliceOf(input, FIRST_LIMITS);
    const near = Math.floor((model.contextTokens ?? USUAL_CONTEXT) * PROMPT_SHARE);
    return sliceOf(input, { near, names: 4000, all: true });
  }

  #describe(snapshot: Snapshot): ReadonlyMap<string, string> {
    const known = this.#described.get(snapshot) ?? this.#matter.engine.describe(snapshot);
    this.#described.set(snapshot, known);
    return known;
  }

  /** A request with what became of the planner's draft. */
  #after(failed: Failed | null, request: ModelRequest): ModelRequest {
    const [first] = request.messages;
    if (failed === null || first === undefined) return request;
    const { draft, refutation } = failed;
    const reason = feedbackText(refutation, { number: 1, of: 1 }).split("\n").slice(1, -1);
    const text = [
      `${first.text}\n\nA planner's draft of UP failed at ${refutation.stage}. It was:`,
      ...draft.up.map(({ sql }) => `${sql};`),
      ...reason,
    ].join("\n");
    return { ...request, messages: [{ role: "user", text: this.#hide(text) }] };
  }

  #options() {
    return { hide: this.#hide, maxTokens: this.#limits.maxTokens, effort: "low" } as const;
  }

  #brief(): Brief {
    const { server, engine, context } = this.#matter;
    const { objects, others, unnamed, changes } = this.slice();
    return { server, guide: engine.guide, context, objects, others, unnamed, changes };
  }
}
