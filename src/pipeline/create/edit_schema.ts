/** Requests become an edit of the schema's text, checked against the catalog: nothing changes but what they name. */

import { createTwoFilesPatch } from "diff";
import type { Change } from "../../core/change.ts";
import type { Answer, Rename } from "../../core/choice.ts";
import { AimError, UsageError } from "../../core/error.ts";
import type { ModelReport } from "../../core/outcome.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { SourceFile } from "../../formats/format.ts";
import type { Model, Usage } from "../../models/model.ts";
import { type Edited, editFor } from "../../requests/edit.ts";
import { comparedWith } from "../../requests/named.ts";
import { readRequest } from "../../requests/read_request.ts";
import { isCalled, readSchemaText } from "../../requests/schema_text.ts";
import { withEdits } from "../../requests/text_edits.ts";
import type { Server } from "../../runtimes/runtime.ts";
import { type Project } from "../project.ts";
import { changesIn } from "../scratch/changes.ts";
import { snapshotSchema } from "../scratch/snapshot.ts";
import type { Sources } from "../sources.ts";
import { afterRenames } from "./after_renames.ts";
import { annotated } from "./annotated.ts";
import { type EditState, ModelEditor } from "./model_edit.ts";

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
export type Stopped =
  & (Unclear | Refused)
  & { /** A model that was asked before. */ readonly model?: AskedModel };

interface Unclear {
  readonly stopped: "unclear";
  readonly request: string;
  readonly question: string;
  /** Requests that are clear. */
  readonly options: readonly string[];
}

interface Refused {
  readonly stopped: "refused";
  readonly request: string;
  readonly reason: string;
  /** What would change besides. */
  readonly extra: readonly Change[];
}

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

interface Step {
  readonly files: readonly SourceFile[];
  readonly snapshot: Snapshot;
}

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
  let step: Step = { files: schema, snapshot: start.snapshot };
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
    return { ...edit, step: { files, snapshot: edit.snapshot } };
  }
}

interface Turn {
  readonly request: string;
  readonly step: Step;
  readonly before: Sources["before"];
  readonly editOnly: boolean;
}

interface Done {
  readonly step: Step;
  readonly changes: readonly Change[];
  readonly renames: readonly Rename[];
  readonly answers: readonly (readonly [id: string, answer: Answer])[];
  readonly moves?: string;
}

/** Does what the grammar reads; null for what it does not know. */
async function carryOut(
  project: Project,
  server: Server,
  { request, step, before, editOnly }: Turn,
): Promise<Done | Stopped | null> {
  const { engine } = project;
  const understood = readRequest(request);
  if (understood === null) return null;
  if ("question" in understood) return { stopped: "unclear", request, ...understood };
  const edited = editFor(understood.request, readSchemaText(step.files, engine));
  if ("question" in edited) return { stopped: "unclear", request, ...edited };
  const files = withEdits(step.files, edited.edits);
  const { snapshot } = await loaded(project, server, { schema: files, before }, request);
  const next = { files, snapshot };
  const refused = (reason: string, extra: readonly Change[] = []): Stopped => ({
    stopped: "refused",
    request,
    reason,
    extra,
  });
  if (edited.named.rename !== undefined) {
    const rename: Rename = { ...edited.named.rename, by: "person" };
    const states = { before: step.snapshot, after: next.snapshot };
    const renaming = { files: step.files, ...states, renames: [rename] };
    const rest = await afterRenames(project, server, renaming, { before });
    if ("notRenamed" in rest) return refused("it is no rename to the database");
    if (rest.changes.length > 0) return refused("more than the name would change", rest.changes);
    const { annotation } = edited;
    const noted = editOnly && annotation !== undefined
      ? withEdits(step.files, [annotation, ...edited.edits])
      : files;
    return { step: { ...next, files: noted }, changes: [], renames: [rename], answers: [] };
  }
  const changes = changesIn(project, step.snapshot, snapshot);
  const states = { before: step.snapshot, after: snapshot, engine };
  const { extra, isDone } = comparedWith(changes, edited.named, states);
  if (extra.length > 0) return refused("more than it names would change", extra);
  if (!isDone) return refused("the edit does not change it");
  return { step: next, changes, renames: [], answers: fillOf(edited, snapshot, project) };
}

/** Loads the edited schema; an error says what was tried. */
async function loaded(
  project: Project,
  server: Server,
  sources: Pick<Sources, "schema" | "before">,
  request: string,
): Promise<{ readonly snapshot: Snapshot }> {
  try {
    return await snapshotSchema(project, server, sources);
  } catch (error) {
    if (!(error instanceof AimError) || error.exitCode !== new UsageError("").exitCode) throw error;
    const { place, source, hint } = error;
    throw new UsageError(
      `Cannot do "${request}": the schema would not load: ${error.message}`,
      {
        code: "request",
        ...(place === undefined ? {} : { place }),
        ...(source === undefined ? {} : { source }),
        hint: hint ?? "something else needs what the request changes; nothing was written",
        cause: error,
      },
    );
  }
}

/** The answer to what rows get that are there already. */
function fillOf(
  { fill, named }: Edited,
  snapshot: Snapshot,
  { engine }: Project,
): Done["answers"] {
  if (fill === null || named.member === null) return [];
  const parts = [...named.object, named.member];
  const column = [...snapshot.objects.values()].find(({ kind, name }) =>
    kind === "column" && isCalled(name, parts, engine)
  );
  const answer: Answer = { option: "expression", expression: fill, by: "person" };
  return column === undefined ? [] : [[`fill:${column.name}`, answer]];
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
