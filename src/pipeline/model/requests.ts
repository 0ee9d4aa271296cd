/** What a model is asked, and how much of the schema it is shown. */

import type { Engine } from "../../engines/engine.ts";
import type { VersionFeature } from "../../engines/version_features.ts";
import { estimateTokens, type Model, type ModelRequest } from "../../models/model.ts";
import type { Brief } from "../../models/prompts/brief.ts";
import { dataRequest } from "../../models/prompts/data.ts";
import { decideRequest } from "../../models/prompts/decide.ts";
import { failureLines, type Refutation } from "../../models/prompts/feedback.ts";
import { writeRequest } from "../../models/prompts/write.ts";
import type { Change } from "../../core/change.ts";
import type { Choice } from "../../core/choice.ts";
import type { Draft } from "../../core/plan.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import {
  FIRST_LIMITS,
  type SchemaContext,
  type SchemaContextLimits,
  schemaContextOf,
} from "./schema_context.ts";

/** What all requests of a run are about. */
export interface PromptContext {
  readonly model: Pick<Model, "contextTokens">;
  readonly engine: Pick<Engine, "guide" | "describe">;
  /** `postgres 18.6` */
  readonly server: string;
  /** The older version that the migration must run on, and what it lacks; null when it is the same. */
  readonly deployed:
    | { readonly server: string; readonly lacking: readonly VersionFeature[] }
    | null;
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

/** Of what a model reads at once, the part that the prompt may take; the rest is for the answer. */
const PROMPT_SHARE = 0.6;
/** What a model reads at once when nobody says. */
const USUAL_CONTEXT = 64_000;
/** Tokens that names may take when more is shown. */
const MOST_NAMES = 4000;

/** Makes the requests of one run. */
export class Requests {
  readonly #context: PromptContext;
  readonly #hide: (sql: string) => string;
  readonly #limits: { readonly maxTokens: number };
  readonly #described = new Map<Snapshot, ReadonlyMap<string, string>>();

  /** `hide` takes secrets out of SQL; `limits` tell at any time what the next answer may have. */
  constructor(
    context: PromptContext,
    hide: (sql: string) => string,
    limits: { readonly maxTokens: number },
  ) {
    this.#context = context;
    this.#hide = hide;
    this.#limits = limits;
  }

  /** Asks to decide between options. */
  deciding(choices: readonly Choice[], failed: Failed | null): ModelRequest {
    return this.#fitted((schemaContext) =>
      this.#after(failed, decideRequest(this.#brief(schemaContext), choices, this.#options()))
    );
  }

  /** Asks for statements that move rows. */
  moving(wanted: string): ModelRequest {
    return this.#fitted((schemaContext) =>
      dataRequest(this.#brief(schemaContext), wanted, this.#options())
    );
  }

  /** Asks for SQL. */
  writing(failed: Failed | null): ModelRequest {
    return this.#fitted((schemaContext) =>
      this.#after(failed, writeRequest(this.#brief(schemaContext), this.#options()))
    );
  }

  /**
   * Asks for SQL and shows as much of the schema as the model reads besides `said` tokens of conversation; null when there is no
   * more to show, or no room for it.
   */
  wider(said: number): ModelRequest | null {
    const request = (schemaContext: SchemaContext) =>
      writeRequest(this.#brief(schemaContext), this.#options());
    const left = this.#left(request) - said;
    if (left <= FIRST_LIMITS.near + FIRST_LIMITS.names) return null;
    const names = Math.min(MOST_NAMES, Math.floor(left / 8));
    const schemaContext = this.#schemaContext({ near: left - names, names, all: true });
    const first = this.schemaContext();
    const more = schemaContext.objects.length > first.objects.length ||
      schemaContext.unnamed < first.unnamed;
    return more ? request(schemaContext) : null;
  }

  /** The part of the schema that is shown at first. */
  schemaContext(): SchemaContext {
    return this.#schemaContext(FIRST_LIMITS);
  }

  /** A request with as many neighbours as the model reads. */
  #fitted(request: (schemaContext: SchemaContext) => ModelRequest): ModelRequest {
    const left = Math.max(0, this.#left(request));
    const { near, names } = FIRST_LIMITS;
    if (left >= near + names) return request(this.schemaContext());
    const share = left / (near + names);
    const limits = { near: Math.floor(near * share), names: Math.floor(names * share), all: false };
    return request(this.#schemaContext(limits));
  }

  /** Tokens that are left for the schema around the changes. */
  #left(request: (schemaContext: SchemaContext) => ModelRequest): number {
    const { contextTokens } = this.#context.model;
    const { system, messages, schema } = request(
      this.#schemaContext({ near: 0, names: 0, all: false }),
    );
    const fixed = estimateTokens(
      [system, ...messages.map(({ text }) => text), JSON.stringify(schema)].join("\n"),
    );
    return Math.floor((contextTokens ?? USUAL_CONTEXT) * PROMPT_SHARE) - fixed;
  }

  #schemaContext(limits: SchemaContextLimits): SchemaContext {
    const { before, target, changes } = this.#context;
    const describe: Engine["describe"] = (snapshot) => this.#describe(snapshot);
    return schemaContextOf({ before, target, changes, describe }, limits);
  }

  #describe(snapshot: Snapshot): ReadonlyMap<string, string> {
    const known = this.#described.get(snapshot) ?? this.#context.engine.describe(snapshot);
    this.#described.set(snapshot, known);
    return known;
  }

  /** A request with what became of the planner's draft. */
  #after(failed: Failed | null, request: ModelRequest): ModelRequest {
    const [first] = request.messages;
    if (failed === null || first === undefined) return request;
    const { draft, refutation } = failed;
    const text = [
      `${first.text}\n\nA planner's draft of UP failed at ${refutation.stage}. It was:`,
      ...draft.up.map(({ sql }) => `${sql};`),
      ...failureLines(refutation),
      `proved so far: ${refutation.proven}`,
    ].join("\n");
    return { ...request, messages: [{ role: "user", text: this.#hide(text) }] };
  }

  #options() {
    return { hide: this.#hide, maxTokens: this.#limits.maxTokens, effort: "low" } as const;
  }

  #brief({ objects, others, unnamed, changes }: SchemaContext): Brief {
    const { server, engine: { guide }, context, deployed } = this.#context;
    return {
      server,
      deployed: deployed === null ? null : {
        server: deployed.server,
        lacks: deployed.lacking.map(({ what, since }) => `${what} (since ${since})`),
      },
      guide,
      context,
      objects,
      others,
      unnamed,
      changes,
    };
  }
}
