/** A request that the grammar does not know: a model writes statements anew, and the catalog says whether they do what it states. */

import { AimError, UsageError } from "../../core/error.ts";
import type { Change } from "../../core/change.ts";
import type { Answer, Rename } from "../../core/choice.ts";
import { lastName } from "../../core/name.ts";
import type { ModelReport } from "../../core/outcome.ts";
import type { SchemaObject, Snapshot } from "../../core/snapshot.ts";
import type { SourceFile } from "../../formats/format.ts";
import { estimateTokens, type Model, type Usage } from "../../models/model.ts";
import { type EditAnswer, editRequest, readEdit } from "../../models/prompts/edit.ts";
import { readRestated, type Restated, restateRequest } from "../../models/prompts/restate.ts";
import type { RefutedStage } from "../../models/prompts/feedback.ts";
import { changeLine } from "../../models/prompts/brief.ts";
import { sqlRedactor } from "../../models/redact_sql.ts";
import { foldedParts, isCalled, readSchemaText } from "../../requests/schema_text.ts";
import { comparedWithStated, unnamedDrops } from "../../requests/stated.ts";
import { NEW, withStatements } from "../../requests/whole_statements.ts";
import type { Server } from "../../runtimes/runtime.ts";
import { Conversation, type Exchange, requirePrice } from "../model/conversation.ts";
import type { Project } from "../project.ts";
import type { Loaded } from "../scratch/snapshot.ts";
import type { Sources } from "../sources.ts";
import { afterRenames } from "./after_renames.ts";
import { BROKEN_OBJECT, loadEdited } from "./load_edited.ts";
import { type Changed, EditPolicy } from "./edit_policy.ts";
import { shownStatements } from "./shown_statements.ts";
import { shownTables } from "./shown_tables.ts";

/** The schema as it stands before a request. */
export interface EditState {
  readonly files: readonly SourceFile[];
  readonly snapshot: Snapshot;
  readonly broken: Loaded["broken"];
  readonly before: Sources["before"];
  /** True where a proof over rows follows, so that nothing that moves can be lost. */
  readonly isProven: boolean;
}

/** What a model made of a request, all of it checked against the catalog. */
export interface ModelEdit {
  readonly files: readonly SourceFile[];
  readonly snapshot: Snapshot;
  readonly broken: Loaded["broken"];
  /** Renames are left out. */
  readonly changes: readonly Change[];
  readonly renames: readonly Rename[];
  readonly answers: readonly (readonly [id: string, answer: Answer])[];
  /** What values move where, in words; empty for none. */
  readonly moves: string;
}

interface Question {
  readonly question: string;
  readonly options: readonly string[];
}

/** Why there is no edit. */
export type NoEdit =
  | Question
  | { readonly reason: string; readonly extra: readonly Change[] };

/** Of what a model reads at once, the part that the schema may take. */
const SCHEMA_SHARE = 0.4;
/** The most that is shown of a schema, in tokens. */
const MOST_SCHEMA = 6000;
/** What a model reads at once when nobody says. */
const USUAL_CONTEXT = 64_000;

/** The most changes of a fault that are told. */
const MOST_EXTRA = 20;

/** Why an answer is not taken. */
interface Fault {
  readonly stage: RefutedStage;
  readonly error: string;
  readonly extra?: readonly Change[];
  /** A statement that it wants and was not shown. */
  readonly also?: string;
}

/** A model that edits a project's schema. */
export class ModelEditor {
  readonly #project: Project;
  readonly #server: Server;
  readonly #model: Model;
  readonly #redactor;
  readonly #conversation: Conversation;
  readonly #policy: EditPolicy;

  constructor(project: Project, server: Server, model: Model) {
    const { config, emit, signal, engine } = project;
    requirePrice(model, config.maxCostUsd);
    this.#project = project;
    this.#server = server;
    this.#model = model;
    this.#redactor = sqlRedactor(engine.lexicon);
    this.#policy = new EditPolicy(engine, this.#redactor.restore);
    this.#conversation = new Conversation({
      model,
      limits: { ...config },
      hide: this.#redactor.hide,
      emit,
      signal,
    });
  }

  /** What was asked so far. */
  get report(): ModelReport & { readonly usage: Usage } {
    const { prompts, attempts, usage } = this.#conversation;
    return { name: this.#model.name, prompts, attempts, stop: null, message: null, usage };
  }

  /** Why what a model's commands changed may not be; null when it may. */
  refusal(changed: Changed): Promise<string | null> {
    return this.#policy.changed(changed);
  }

  /** A request in the words of the grammar; no commands where that has none for it. Throws ProviderError when there is no answer to be had. */
  async restate(
    request: string,
    clarified: readonly string[],
    snapshot: Snapshot,
  ): Promise<Restated> {
    const none: Restated = { question: "", commands: [] };
    const { engine, config } = this.#project;
    const words = `${request} ${clarified.join(" ")}`;
    const shown = shownTables(snapshot, words, { engine, tokens: this.#schemaTokens });
    if (shown === null) return none;
    const asked = restateRequest({
      request,
      clarified,
      server: `${engine.dialect} ${this.#server.version}`,
      context: config.context,
      ...shown,
    }, { hide: this.#redactor.hide, maxTokens: this.#conversation.maxTokens });
    if (this.#conversation.isTooDear({ request: asked })) return none;
    const answer = readRestated(await this.#conversation.ask({ request: asked }));
    if (!("error" in answer)) {
      const { restore } = this.#redactor;
      return { ...answer, commands: answer.commands.map((one) => restore(one)) };
    }
    if (answer.malformed) await this.#model.unreadable();
    return none;
  }

  /** Carries out one request. Throws ProviderError when there is no answer to be had. */
  async edit(
    request: string,
    clarified: readonly string[],
    state: EditState,
  ): Promise<ModelEdit | NoEdit> {
    const { maxRetries } = this.#project.config;
    const also: string[] = [];
    let exchange: Exchange = { request: this.#requestFor(request, { clarified, state, also }) };
    let last: Fault = { stage: "parse", error: "" };
    for (let attempt = 0; attempt <= maxRetries; attempt++) {
      if (this.#conversation.isTooDear(exchange)) {
        return { reason: "another call would pass max_cost_usd", extra: [] };
      }
      const text = await this.#conversation.ask(exchange);
      const judged = await this.#judge(text, `${request} ${clarified.join(" ")}`, state);
      if (!("error" in judged)) return judged;
      last = judged;
      const { stage, error } = judged;
      const refutation = { stage, error, proven: "nothing" };
      this.#conversation.refute(refutation);
      if (this.#conversation.times(text) >= 3) {
        return { reason: `the model gives the same refused answer again: ${error}`, extra: [] };
      }
      if (judged.also !== undefined) also.push(judged.also);
      const base = { request: this.#requestFor(request, { clarified, state, also }) };
      exchange = this.#conversation.answered(base, text, refutation);
    }
    return {
      reason: `none of ${maxRetries + 1} answers of ${this.#model.name} was taken; the last: ${
        last.error.split("\n")[0]
      }`,
      extra: last.extra ?? [],
    };
  }

  /** What of a schema is shown at most. */
  get #schemaTokens(): number {
    const context = this.#model.contextTokens ?? USUAL_CONTEXT;
    return Math.min(MOST_SCHEMA, Math.floor(context * SCHEMA_SHARE));
  }

  #requestFor(
    request: string,
    { clarified, state, also }: {
      readonly clarified: readonly string[];
      readonly state: EditState;
      readonly also: readonly string[];
    },
  ) {
    const { engine, config } = this.#project;
    const tokens = this.#schemaTokens;
    const schema = readSchemaText(state.files, engine);
    const words = `${request} ${clarified.join(" ")}`;
    return editRequest({
      request,
      clarified,
      server: `${engine.dialect} ${this.#server.version}`,
      context: config.context,
      ...shownStatements(schema, words, { tokens: tokens - estimateTokens(words), also }),
      newLabel: NEW,
    }, { hide: this.#redactor.hide, maxTokens: this.#conversation.maxTokens });
  }

  async #judge(text: string, words: string, state: EditState): Promise<ModelEdit | NoEdit | Fault> {
    const answer = readEdit(text);
    if ("error" in answer) {
      if (answer.malformed) await this.#model.unreadable();
      return { stage: "parse", error: answer.error };
    }
    if (answer.question !== "") return { question: answer.question, options: answer.options };
    const { restore } = this.#redactor;
    const edits = answer.edits.map(({ label, sql }) => ({ label, sql: restore(sql) }));
    const refused = await this.#policy.edits(answer, edits.map(({ sql }) => sql), state.snapshot);
    if (refused !== null) return { stage: "policy", error: refused };
    const schema = readSchemaText(state.files, this.#project.engine);
    const applied = withStatements(schema, edits);
    if ("fault" in applied) {
      const known = edits.find(({ label }) => applied.fault.includes(`"${label}"`));
      return { stage: "edit", error: applied.fault, ...known ? { also: known.label } : {} };
    }
    return await this.#compare(applied.files, answer, { words, state });
  }

  /** Loads the edited schema and compares what changed with what the answer states. */
  async #compare(
    files: readonly SourceFile[],
    answer: EditAnswer,
    { words, state }: { readonly words: string; readonly state: EditState },
  ): Promise<ModelEdit | NoEdit | Fault> {
    const { engine } = this.#project;
    const loaded = await this.#load(files, state);
    if ("error" in loaded) return loaded;
    const renames: readonly Rename[] = answer.changes.filter(({ op }) => op === "rename")
      .map((change) => renameOf(change));
    const states = { before: state.snapshot, after: loaded.snapshot };
    const renaming = { files: state.files, ...states, renames };
    const rest = await afterRenames(this.#project, this.#server, renaming, state);
    if ("notRenamed" in rest) {
      const { from, to } = rest.notRenamed;
      return { stage: "edit", error: `${from} -> ${to} is no rename to the database` };
    }
    const { changes } = rest;
    const { extra, missing } = comparedWithStated(changes, answer.changes, { ...states, engine });
    if (extra.length > 0) {
      const lines = extra.slice(0, MOST_EXTRA).map(changeLine).join("; ");
      const more = extra.length > MOST_EXTRA ? `; and ${extra.length - MOST_EXTRA} more` : "";
      return { stage: "edit", error: `not named in "changes": ${lines}${more}`, extra };
    }
    if (missing.length > 0) {
      const { op, kind, name } = missing[0] ?? { op: "", kind: "", name: "" };
      return {
        stage: "edit",
        error: `"changes" names ${op} ${kind} ${name}, which does not happen`,
      };
    }
    if (changes.length + renames.length === 0) {
      return { stage: "edit", error: "the statements are as they were" };
    }
    const isKept = answer.moves !== "" && state.isProven;
    const unnamed = isKept ? [] : unnamedDrops(words, changes);
    if (unnamed.length > 0) return dropQuestion(unnamed, words);
    const answers = this.#fills(answer, loaded.snapshot);
    return { files, ...loaded, changes, renames, answers, moves: answer.moves };
  }

  async #load(
    schema: readonly SourceFile[],
    { before, broken }: EditState,
  ): Promise<Pick<Loaded, "snapshot" | "broken"> | Fault> {
    try {
      const sources = { schema, before };
      return await loadEdited(this.#project, this.#server, sources, { broken });
    } catch (error) {
      const isTheirs = error instanceof AimError && error.exitCode === new UsageError("").exitCode;
      if (!isTheirs) throw error;
      const what = error.code === BROKEN_OBJECT ? "" : "the schema does not load then: ";
      return { stage: "edit", error: `${what}${error.message}` };
    }
  }

  #fills(
    { fills }: EditAnswer,
    snapshot: Snapshot,
  ): ModelEdit["answers"] {
    const { engine } = this.#project;
    // What takes rows without a value needs none for those that are there.
    const optional = new Set(
      (engine.shape?.(snapshot) ?? []).flatMap(({ name, columns }) =>
        columns.filter(({ isRequired }) => !isRequired).map((one) => `${name}.${one.name}`)
      ),
    );
    const columns = [...snapshot.objects.values()].filter(({ kind, name }) =>
      kind === "column" && !optional.has(name)
    );
    return fills.flatMap(({ column, expression }) => {
      const parts = foldedParts(column, engine);
      const found = columns.find(({ name }) => isCalled(name, parts, engine));
      const answer: Answer = {
        option: "expression",
        expression: this.#redactor.restore(expression),
        by: "model",
      };
      return found === undefined ? [] : [[`fill:${found.name}`, answer] as const];
    });
  }
}

function renameOf({ kind, name, to }: EditAnswer["changes"][number]): Rename {
  const bare = kind === "column" && to.includes(".") ? to : lastName(to);
  return { kind: kind === "other" ? null : kind, from: name, to: bare, by: "model" };
}

/** What nobody asked to drop is asked about. */
export function dropQuestion(drops: readonly SchemaObject[], request: string): Question {
  const list = drops.slice(0, 5).map(({ kind, name }) => `${kind} ${name}`).join(", ");
  const names = drops.map(({ name }) => name).join(" and ");
  return {
    question: `This would drop ${list}, which the request does not name. Is that wanted?`,
    options: [`${request.trim()}, dropping ${names}`],
  };
}
