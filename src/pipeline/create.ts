/** `aim create`: requests in words edit the schema, the edit is checked against the catalog, and generate does the rest. */

import type { Answer } from "../core/choice.ts";
import { ORM_SCHEMA } from "../config/config.ts";
import { UsageError } from "../core/error.ts";
import type { GenerateOutcome } from "../core/outcome.ts";
import type { SourceFile } from "../formats/format.ts";
import { generateOn } from "./generate.ts";
import { refuseReadOnly } from "./generate/finished.ts";
import type { GenerateOptions } from "./generate/options.ts";
import { readSeeds } from "./files/seeds.ts";
import { type Project } from "./project.ts";
import { readSources, type Sources } from "./sources.ts";
import { startServer } from "./serve.ts";
import {
  type AskedModel,
  type EditOptions,
  editSchema,
  type SchemaEdit,
  type Stopped,
} from "./create/edit_schema.ts";

/** How requests are carried out. */
export interface CreateOptions
  extends GenerateOptions, Pick<EditOptions, "clarified" | "askRequest"> {
  /** Stop after the schema is edited, renames as annotations. */
  readonly editOnly: boolean;
  /** Whether the edit is wanted, which is shown meanwhile; absent where nobody is asked. */
  readonly confirm?: (edit: SchemaEdit) => Promise<boolean>;
}

/** What became of requests. */
export interface CreateOutcome {
  /**
   * `edited`: the schema is written, or would be with `dryRun`; `proven`: a migration as well. `unclear` and `refused`: nothing was
   * edited; `unconfirmed`: nobody agreed; `undecided` and `unproven`: of the migration. All of these write nothing.
   */
  readonly outcome:
    | "edited"
    | "proven"
    | "unclear"
    | "refused"
    | "unconfirmed"
    | "undecided"
    | "unproven";
  readonly edit: SchemaEdit | null;
  /** Why nothing was edited. */
  readonly stopped: Stopped | null;
  /** The model that read the requests; null where the grammar knew them. */
  readonly model: AskedModel | null;
  /** Of the migration; null where none was made. */
  readonly generated: GenerateOutcome | null;
  /** Whether the schema was written. */
  readonly written: boolean;
  readonly notes: readonly string[];
}

/** Carries out requests, in their order and all or none. Throws UsageError for what is not there, or what no one can read. */
export async function create(
  project: Project,
  requests: readonly string[],
  options: CreateOptions,
): Promise<CreateOutcome> {
  refuseModels(project);
  if (!options.dryRun && !options.editOnly) {
    refuseReadOnly(project);
    const { recover } = await import("./files/write_proven.ts");
    await recover(project);
  }
  const sources = { ...await readSources(project), seeds: await readSeeds(project) };
  await using server = await startServer(project, sources);
  const edited = await editSchema(project, server, sources, { requests, ...options });
  const none: { -readonly [K in keyof CreateOutcome]: CreateOutcome[K] } = {
    outcome: "refused",
    edit: null,
    stopped: null,
    model: null,
    generated: null,
    written: false,
    notes: [],
  };
  const ended = (outcome: Partial<CreateOutcome>): CreateOutcome => ({
    ...none,
    ...outcome,
    notes: [...project.notes],
  });
  if ("stopped" in edited) {
    const { model = null, ...stopped } = edited;
    return ended({ outcome: stopped.stopped, stopped, model });
  }
  const edit = edited;
  none.model = edit.model;
  if (options.confirm !== undefined && !await options.confirm(edit)) {
    return ended({ outcome: "unconfirmed", edit });
  }
  if (options.editOnly) {
    if (!options.dryRun) await writeSchema(project, sources, edit);
    return ended({ outcome: "edited", edit, written: !options.dryRun });
  }
  const generated = await generateOn(project, server, { ...sources, schema: edit.schema }, {
    ...options,
    answers: new Map<string, Answer>([...edit.answers, ...options.answers]),
    renames: [...options.renames, ...edit.renames],
    ...edit.moves.length === 0 || options.data !== undefined ? {} : { move: edit.moves.join("; ") },
    dryRun: true,
  });
  const { outcome } = generated;
  if (outcome === "undecided" || outcome === "unproven") {
    return ended({ outcome, edit, generated });
  }
  if (options.dryRun) return ended({ outcome: named(outcome), edit, generated });
  await writeAll(project, sources, edit, generated);
  return ended({
    outcome: named(outcome),
    edit,
    generated: { ...generated, written: outcome === "proven" },
    written: true,
  });
}

/** Throws UsageError where the schema is kept as models of an application, whose text is none of SQL. */
function refuseModels({ config }: Project): void {
  if (!config.schema.includes(ORM_SCHEMA)) return;
  throw new UsageError("Cannot edit the schema: models of an application are a part of it", {
    code: "request",
    hint: "change the models, then run aim generate",
  });
}

function named(outcome: "in-sync" | "proven"): "edited" | "proven" {
  return outcome === "proven" ? "proven" : "edited";
}

async function writeSchema(
  project: Project,
  sources: Sources,
  edit: SchemaEdit,
): Promise<() => Promise<void>> {
  const { replaceSchema } = await import("./files/replace_schema.ts");
  return await replaceSchema(project, changedFiles(sources.schema, edit.schema));
}

/** Writes the schema and the migration; the schema is as it was when the migration cannot be written. */
async function writeAll(
  project: Project,
  sources: Sources,
  edit: SchemaEdit,
  { files, outcome }: GenerateOutcome,
): Promise<void> {
  const restore = await writeSchema(project, sources, edit);
  if (outcome !== "proven") return;
  try {
    const { writeProven } = await import("./files/write_proven.ts");
    await writeProven(project, sources, files);
  } catch (error) {
    await restore();
    throw error;
  }
}

function changedFiles(before: readonly SourceFile[], after: readonly SourceFile[]) {
  return after.flatMap(({ path, text }, at) => {
    const old = before[at]?.text ?? "";
    return old === text ? [] : [{ path, old, text }];
  });
}
