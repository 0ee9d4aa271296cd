/** One request of the grammar, carried out: the text is edited, loaded, and nothing changes but what the request names. */

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
import type { Project } from "../project.ts";
import { changesIn } from "../scratch/changes.ts";
import type { Loaded } from "../scratch/snapshot.ts";
import type { Sources } from "../sources.ts";
import { afterRenames } from "./after_renames.ts";
import { BROKEN_OBJECT, loadEdited } from "./load_edited.ts";

/** A schema as text and as the catalog has it. */
export interface Step {
  readonly files: readonly SourceFile[];
  readonly snapshot: Snapshot;
  /** Views that no query can read. */
  readonly broken: Loaded["broken"];
}

/** Why nothing is edited. */
export type NotDone = Unclear | Refused;

/** A request that is not certain. */
export interface Unclear {
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

/** A request and the schema that it is about. */
export interface Turn {
  readonly request: string;
  readonly step: Step;
  readonly before: Sources["before"];
  readonly editOnly: boolean;
}

/** What it made of the schema. */
export interface Done {
  readonly step: Step;
  readonly changes: readonly Change[];
  readonly renames: readonly Rename[];
  readonly answers: readonly (readonly [id: string, answer: Answer])[];
  readonly moves?: string;
}

/** Does what the grammar reads; null for what it does not know. */
export async function carryOut(
  project: Project,
  server: Server,
  { request, step, before, editOnly }: Turn,
): Promise<Done | NotDone | null> {
  const { engine } = project;
  const understood = readRequest(request);
  if (understood === null) return null;
  if ("question" in understood) return { stopped: "unclear", request, ...understood };
  const edited = editFor(understood.request, readSchemaText(step.files, engine));
  if ("question" in edited) return { stopped: "unclear", request, ...edited };
  const files = withEdits(step.files, edited.edits);
  const { snapshot, broken } = await loaded(project, server, { request, step, files, before });
  const next = { files, snapshot, broken };
  const refused = (reason: string, extra: readonly Change[] = []): NotDone => ({
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
  { request, step, files, before }: Pick<Turn, "request" | "step" | "before"> & {
    readonly files: Step["files"];
  },
): Promise<Loaded> {
  try {
    return await loadEdited(project, server, { schema: files, before }, step);
  } catch (error) {
    if (!(error instanceof AimError) || error.exitCode !== new UsageError("").exitCode) throw error;
    const { place, source, hint } = error;
    const what = error.code === BROKEN_OBJECT ? "" : "the schema would not load: ";
    throw new UsageError(
      `Cannot do "${request}": ${what}${error.message}`,
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
