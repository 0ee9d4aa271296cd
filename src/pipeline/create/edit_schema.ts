/** Requests become an edit of the schema's text, checked against the catalog: nothing changes but what they name. */

import { createTwoFilesPatch } from "diff";
import type { Change } from "../../core/change.ts";
import type { Answer, Rename } from "../../core/choice.ts";
import { AimError, UsageError } from "../../core/error.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { SourceFile } from "../../formats/format.ts";
import { type Edited, editFor } from "../../requests/edit.ts";
import { comparedWith } from "../../requests/named.ts";
import { readRequest } from "../../requests/read_request.ts";
import { isCalled, readSchemaText } from "../../requests/schema_text.ts";
import { withEdits } from "../../requests/text_edits.ts";
import type { Server } from "../../runtimes/runtime.ts";
import { type Project } from "../project.ts";
import { changesIn } from "../scratch/changes.ts";
import { createDatabase } from "../scratch/create_database.ts";
import { loadSchema } from "../scratch/load_schema.ts";
import { inspect, snapshotSchema } from "../scratch/snapshot.ts";
import type { Sources } from "../sources.ts";

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
}

/** Why nothing is edited. */
export type Stopped =
  | {
    readonly stopped: "unclear";
    readonly request: string;
    readonly question: string;
    /** Requests that are clear. */
    readonly options: readonly string[];
  }
  | {
    readonly stopped: "refused";
    readonly request: string;
    readonly reason: string;
    /** What would change besides. */
    readonly extra: readonly Change[];
  };

interface Step {
  readonly files: readonly SourceFile[];
  readonly snapshot: Snapshot;
}

/** Edits the schema. Throws UsageError for a request that cannot be read, and for what is not there. */
export async function editSchema(
  project: Project,
  server: Server,
  sources: Sources,
  { requests, editOnly }: { readonly requests: readonly string[]; readonly editOnly: boolean },
): Promise<SchemaEdit | Stopped> {
  const { before, schema } = sources;
  const start = await snapshotSchema(project, server, { schema, before });
  let step: Step = { files: schema, snapshot: start.snapshot };
  const changes: Change[] = [];
  const renames: Rename[] = [];
  const answers = new Map<string, Answer>();
  for (const request of requests) {
    const done = await carryOut(project, server, { request, step, before, editOnly });
    if ("stopped" in done) return done;
    step = done.step;
    changes.push(...done.changes);
    renames.push(...done.renames);
    if (done.answer !== null) answers.set(...done.answer);
  }
  return { schema: step.files, diff: diffOf(schema, step.files), changes, renames, answers };
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
  readonly answer: readonly [id: string, answer: Answer] | null;
}

async function carryOut(
  project: Project,
  server: Server,
  { request, step, before, editOnly }: Turn,
): Promise<Done | Stopped> {
  const { engine } = project;
  const understood = readRequest(request);
  if (understood === null) throw unreadable(request);
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
    const rest = await besidesRename(project, server, { step, next, before, rename });
    if (rest === null) return refused("it is no rename to the database");
    if (rest.length > 0) return refused("more than the name would change", rest);
    const { annotation } = edited;
    const noted = editOnly && annotation !== undefined
      ? withEdits(step.files, [annotation, ...edited.edits])
      : files;
    return { step: { ...next, files: noted }, changes: [], renames: [rename], answer: null };
  }
  const changes = changesIn(project, step.snapshot, snapshot);
  const states = { before: step.snapshot, after: snapshot, engine };
  const { extra, isDone } = comparedWith(changes, edited.named, states);
  if (extra.length > 0) return refused("more than it names would change", extra);
  if (!isDone) return refused("the edit does not change it");
  return { step: next, changes, renames: [], answer: fillOf(edited, snapshot, project) };
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

/** What would be left to change after the database's own rename; null where there is no such rename. */
async function besidesRename(
  project: Project,
  server: Server,
  { step, next, before, rename }: {
    readonly step: Step;
    readonly next: Step;
    readonly before: Sources["before"];
    readonly rename: Rename;
  },
): Promise<readonly Change[] | null> {
  const { engine, config, version } = project;
  await using database = await createDatabase(project, server, { before });
  await loadSchema(project, database, step.files, 0);
  const plan = engine.renames(step.snapshot, next.snapshot, {
    answers: new Map(),
    renames: [rename],
    dropAdd: true,
    strictOrder: config.columnOrder === "strict",
    generatedNames: config.generatedNames,
    constraintNames: config.constraintNames,
    deployedVersion: version,
  });
  if (plan.applied.length !== 1) return null;
  for (const { sql } of plan.statements) await database.exec(sql);
  return changesIn(project, await inspect(project, database), next.snapshot);
}

/** The answer to what rows get that are there already. */
function fillOf(
  { fill, named }: Edited,
  snapshot: Snapshot,
  { engine }: Project,
): Done["answer"] {
  if (fill === null || named.member === null) return null;
  const parts = [...named.object, named.member];
  const column = [...snapshot.objects.values()].find(({ kind, name }) =>
    kind === "column" && isCalled(name, parts, engine)
  );
  const answer: Answer = { option: "expression", expression: fill, by: "person" };
  return column === undefined ? null : [`fill:${column.name}`, answer];
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
      '"rename name to full_name in users", "index users(email)", "make email required in users"',
  });
}
