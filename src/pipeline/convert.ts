/** `aim convert`: a schema of one dialect as one of another, loaded there and compared object by object. */

import { copiedTables } from "../engines/convert/data.ts";
import type { ConversionNote } from "../engines/convert/neutral.ts";
import type { Unlike } from "../engines/convert/compare.ts";
import type { ModelReport } from "../core/outcome.ts";
import type { Model, Usage } from "../models/model.ts";
import type { SourceFile } from "../formats/format.ts";
import type { ScratchDatabase } from "../runtimes/runtime.ts";
import {
  type Converted,
  convertingOf,
  convertSnapshot,
  runConverted,
} from "./convert/convert_snapshot.ts";
import { convertByModel } from "./convert/by_model.ts";
import { dataPlan } from "./convert/data_plan.ts";
import { type CopyProof, proveCopy } from "./convert/prove_copy.ts";
import { note, type Project } from "./project.ts";
import { createDatabase } from "./scratch/create_database.ts";
import { loadSchema } from "./scratch/load_schema.ts";
import { snapshotSchema } from "./scratch/snapshot.ts";
import { startServer } from "./serve.ts";
import { readSchemaAlone, type Sources } from "./sources.ts";

/** What `aim convert` made. */
export interface ConvertOutcome {
  /** `differs`: what the target holds is not what was meant. */
  readonly outcome: "converted" | "differs";
  /** DDL of the target. */
  readonly sql: string;
  /** What has no equal, and what became of it. */
  readonly conversions: readonly ConversionNote[];
  readonly unlike: readonly Unlike[];
  /** How many tables of the source are there. */
  readonly tables: number;
  readonly from: Ran;
  readonly to: Ran;
  /** Null where no plan was asked for. */
  readonly data: { readonly files: readonly SourceFile[]; readonly proof: CopyProof } | null;
  /** Present when a model was asked for what no rule converts. */
  readonly model?: ModelReport & { readonly usage: Usage };
  readonly notes: readonly string[];
}

/** Where a side ran. */
export interface Ran {
  readonly dialect: string;
  readonly runtime: string;
  readonly version: string;
}

/** Converts the schema of `source` to the dialect of `target`. Throws UsageError for SQL that does not load. */
export async function convert(
  source: Project,
  target: Project,
  { data, openModel }: {
    readonly data: boolean;
    /** Opens the model that writes what no rule converts; absent where that stays named as left. */
    readonly openModel?: () => Promise<Model>;
  },
): Promise<ConvertOutcome> {
  await convertingOf(source.engine);
  await convertingOf(target.engine);
  const sources = await readSchemaAlone(source);
  await using here = await startServer(source, sources);
  const { snapshot } = await snapshotSchema(source, here, {
    schema: sources.schema,
    ...sources.before === undefined ? {} : { before: sources.before },
  });
  await using there = await startServer(target, NOTHING);
  const begun = performance.now();
  const stage = { type: "stage", stage: "verify" } as const;
  target.emit({ ...stage, state: "start", text: `loading it on ${there.runtime}` });
  const byRule = await convertSnapshot(snapshot, source.engine, {
    project: target,
    server: there,
  });
  target.emit({ ...stage, state: "done", text: summary(byRule), ms: performance.now() - begun });
  const isLeft = byRule.notes.some(({ outcome }) => outcome === "dropped");
  const completed = openModel === undefined || !isLeft ? null : await convertByModel({
    source,
    target,
    snapshot,
    converted: byRule,
    here,
    there,
    model: await openModel(),
    loaded: async () => {
      const database = await createDatabase(source, here, sources);
      await loadSchema(source, database, sources.schema, 0);
      return database;
    },
  });
  const converted = completed === null
    ? byRule
    : { ...byRule, text: completed.text, notes: completed.notes };
  const proven = data
    ? await (async () => {
      await using rows = await seeded(source, await createDatabase(source, here, sources), sources);
      await using empty = await there.create();
      await runConverted(target, empty, converted.text);
      return await planned(source, target, converted, { source: rows, target: empty });
    })()
    : null;
  return {
    outcome: converted.unlike.length === 0 && (proven?.proof.unequal.length ?? 0) === 0
      ? "converted"
      : "differs",
    sql: converted.text,
    conversions: converted.notes,
    unlike: converted.unlike,
    tables: converted.found.tables.length,
    from: { dialect: source.engine.dialect, runtime: here.runtime, version: here.version },
    to: { dialect: target.engine.dialect, runtime: there.runtime, version: there.version },
    data: proven,
    ...completed === null ? {} : { model: completed.model },
    notes: [...new Set([...source.notes, ...target.notes])],
  };
}

const NOTHING: Sources = { schema: [], files: [], history: { migrations: [], notes: [] } };

function summary({ found, unlike }: Converted): string {
  const { length } = found.tables;
  const tables = `${length} ${length === 1 ? "table" : "tables"}`;
  return unlike.length === 0 ? `${tables}, all as meant` : `${tables}, ${unlike.length} unlike`;
}

/** The schema of the source with rows in its tables. */
async function seeded(
  project: Project,
  database: ScratchDatabase,
  sources: Sources,
): Promise<ScratchDatabase> {
  await loadSchema(project, database, sources.schema, 0);
  await project.engine.rows.seed(database);
  return database;
}

async function planned(
  source: Project,
  target: Project,
  converted: Converted,
  databases: { readonly source: ScratchDatabase; readonly target: ScratchDatabase },
): Promise<NonNullable<ConvertOutcome["data"]>> {
  const input = {
    from: await convertingOf(source.engine),
    to: await convertingOf(target.engine),
    source: converted.source,
    target: converted.found,
  };
  const begun = performance.now();
  const stage = { type: "stage", stage: "write" } as const;
  target.emit({ ...stage, state: "start", text: "copying rows" });
  const proof = await proveCopy(input, databases);
  const text = `${proof.rows} rows of ${proof.filled} tables copied`;
  target.emit({ ...stage, state: "done", text, ms: performance.now() - begun });
  const left = converted.source.tables.length - copiedTables(input.source, input.target).length;
  if (left > 0) note(target, `${left} tables are not there, and their rows are not copied`);
  return { files: dataPlan(input), proof };
}
