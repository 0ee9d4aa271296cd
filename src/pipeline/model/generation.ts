/** What the loop of a model works with, and how it ends. */

import type { Change } from "../../core/change.ts";
import type { Answer, Choice } from "../../core/choice.ts";
import type { Emit } from "../../core/event.ts";
import type { Draft } from "../../core/plan.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { Engine } from "../../engines/engine.ts";
import type { VersionFeature } from "../../engines/version_features.ts";
import type { Model, Usage } from "../../models/model.ts";
import type { Policy } from "../../models/policy/policy.ts";
import type { Refutation } from "../../models/prompts/feedback.ts";
import type { Planned } from "../plan/plan_draft.ts";
import type { Limits } from "./conversation.ts";

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
  readonly engine: Pick<Engine, "dialect" | "guide" | "split" | "describe" | "lexicon" | "nameKey">;
  /** `postgres 18.6` */
  readonly server: string;
  /** The older version that the migration must run on, and what it lacks; null when it is the same. */
  readonly deployed:
    | { readonly server: string; readonly lacking: readonly VersionFeature[] }
    | null;
  readonly context: string | null;
  readonly limits: Limits;
  readonly before: Snapshot;
  readonly target: Snapshot;
  readonly changes: readonly Change[];
  /** Name of the migration when the model writes it. */
  readonly name: string;
  /** Renames that are likely and that nobody has said no to. */
  readonly likelyRenames: readonly Choice[];
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
