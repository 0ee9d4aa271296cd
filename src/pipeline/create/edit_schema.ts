/** Requests become an edit of the schema's text, checked against the catalog: nothing changes but what they name. */

import { createTwoFilesPatch } from "diff";
import type { Change } from "../../core/change.ts";
import type { Answer, Rename } from "../../core/choice.ts";
import { UsageError } from "../../core/error.ts";
import type { ModelReport } from "../../core/outcome.ts";
import type { SourceFile } from "../../formats/format.ts";
import type { Model, Usage } from "../../models/model.ts";
import type { Server } from "../../runtimes/runtime.ts";
import { type Project } from "../project.ts";
import { snapshotSchema } from "../scratch/snapshot.ts";
import type { Sources } from "../sources.ts";
import { annotated } from "./annotated.ts";
import {
  carryOut,
  type Done,
  type NotDone,
  type Step,
  type Turn,
  type Unclear,
} from "./carry_out.ts";
import { type EditState, ModelEditor } from "./model_edit.ts";
import { restated } from "./restated.ts";

/** An edit of the schema that does what was asked for. */
export interface SchemaEdit {
  /** All files, edited. */
  readonly schema: readonly SourceFile[];
  /** Unified diff of the text. */
  readonly diff: string;
  /** Of the catalog, from the schema before to the one after; renamed objects are left out. */
  readonly changes: readonly Change[];
  readonly renames: readonly Rename[];
  /** What was said of rows that are there, by choice id. */
  readonly answers: ReadonlyMap<string, Answer>;
  /** What values move where, as a model says; empty for none. */
  readonly moves: readonly string[];
  /** What a model had to do with it; null where the grammar knew all requests. */
  readonly model: AskedModel | null;
}

/** A model that was asked, and what that took. */
export type AskedModel = ModelReport & { readonly usage: Usage };

/** Why nothing is edited. */
export type Stopped = NotDone & {
  /** A model that was asked before. */ readonly model?: AskedModel;
};

/** How requests are read. */
export interface EditOptions {
  readonly requests: readonly string[];
  /** Renames become annotations. */
  readonly editOnly: boolean;
  /** What the user says besides to a model. */
  readonly clarified?: readonly string[];
  /** Asks the user which request was meant; null when that is left open. Absent where nobody is asked. */
  readonly askRequest?: (unclear: UnclearRequest) => Promise<string | null>;
  /** Opens the model for what the grammar does not know; absent for the grammar alone. */
  readonly openModel?: () => Promise<Model>;
}

/** A request that is not certain. */
export type UnclearRequest = Pick<Unclear, "request" | "question" | "options">;

/** The most questions to one request. */
const MOST_QUESTIONS = 5;

/** Edits the schema. Throws UsageError for a request that cannot be read, and for what is not there. */
export async function editSchema(
  project: Project,
  server: Server,
  sources: Sources,
  options: EditOptions,
): Promise<SchemaEdit | Stopped> {
  const { before, schema } = sources;
  const { requests, editOnly } = options;
  const start = await snapshotSchema(project, server, { schema, before });
  const asking = new Asking(project, server, options);
  let step: Step = { ...start, files: schema };
  const changes: Change[] = [];
  const renames: Rename[] = [];
  const answers = new Map<string, Answer>();
  const moves: string[] = [];
  for (const request of requests) {
    const done = await asking.untilClear(request, { step, before, editOnly });
    if ("stopped" in done) return { ...done, ...asking.reported };
    step = done.step;
    changes.push(...done.changes);
    renames.push(...done.renames);
    for (const [id, answer] of done.answers) answers.set(id, answer);
    if (done.moves) moves.push(`${request}: ${done.moves}`);
  }
  const diff = diffOf(schema, step.files);
  const { model = null } = asking.reported;
  return { schema: step.files, diff, changes, renames, answers, moves, model };
}

type Carrying = Omit<Turn, "request">;

/** Who is asked about requests that are not certain: the user which one he meant, the model what the grammar does not know. */
class Asking {
  readonly #project: Project;
  readonly #server: Server;
  readonly #options: EditOptions;
  #editor: ModelEditor | null = null;

  constructor(project: Project, server: Server, options: EditOptions) {
    this.#project = project;
    this.#server = server;
    this.#options = options;
  }

  /** The model that was asked, if any was. */
  get reported(): { readonly model?: AskedModel } {
    return this.#editor === null ? {} : { model: this.#editor.report };
  }

  /** Carries out a request; where it is not certain, the user says which one he means. */
  async untilClear(request: string, carrying: Carrying): Promise<Done | Stopped> {
    const { askRequest } = this.#options;
    let wanted = request;
    for (let questions = 0;; questions++) {
      const done = await this.#carryOut(wanted, carrying);
      if (!("stopped" in done) || done.stopped !== "unclear") return done;
      if (askRequest === undefined || questions >= MOST_QUESTIONS) return done;
      const clear = await askRequest(done);
      if (clear === null) return done;
      wanted = clear;
    }
  }

  async #carryOut(request: string, carrying: Carrying): Promise<Done | Stopped> {
    const done = await carryOut(this.#project, this.#server, { request, ...carrying });
    if (done !== null) return done;
    const { openModel, clarified = [] } = this.#options;
    if (openModel === undefined) throw unreadable(request);
    this.#editor ??= new ModelEditor(this.#project, this.#server, await openModel());
    const { step, before, editOnly } = carrying;
    const simple = await restated(this.#project, this.#server, this.#editor, {
      request,
      clarified,
      ...carrying,
    });
    if (simple !== null) return simple;
    const state: EditState = { ...step, before, isProven: !editOnly };
    const edit = await this.#editor.edit(request, clarified, state);
    if ("question" in edit) {
      const options = edit.options.map((one) =>
        one.startsWith(request) ? one : `${request} (${one})`
      );
      return { stopped: "unclear", request, question: edit.question, options };
    }
    if ("reason" in edit) return { stopped: "refused", request, ...edit };
    const { engine } = this.#project;
    const files = editOnly ? annotated(edit.files, edit.renames, engine) : edit.files;
    return { ...edit, step: { files, snapshot: edit.snapshot, broken: edit.broken } };
  }
}

function diffOf(before: readonly SourceFile[], after: readonly SourceFile[]): string {
  return after.map(({ path, text }, at) => {
    const old = before[at]?.text ?? "";
    if (old === text) return "";
    const patch = createTwoFilesPatch(path, path, old, text, "", "", { context: 2 });
    return patch.replace(/^(?:Index: .*\n)?=+\n/, "").replaceAll(
      /^(---|\+\+\+ )(.*?)\t$/gm,
      "$1$2",
    );
  }).join("");
}

function unreadable(request: string): UsageError {
  const shown = request.length > 80 ? `${request.slice(0, 79)}…` : request;
  return new UsageError(`Cannot read the request "${shown}"`, {
    code: "request",
    hint: 'say it like one of these: "add email text to users", ' +
      '"add is_active to users, true for the old ones", "drop email from users", ' +
      '"rename name to full_name in users", "index users(email)", "make email required in users"; ' +
      "or set a model, which reads any sentence: --model, aim help models",
  });
}
