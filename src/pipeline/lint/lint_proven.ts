/** `aim generate` lints what it has proven. */

import { DatabaseError } from "../../core/error.ts";
import type { GenerateOutcome } from "../../core/outcome.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { Migration } from "../../formats/format.ts";
import type { Checkpoint, ScratchDatabase, Server } from "../../runtimes/runtime.ts";
import { note, type Project } from "../project.ts";
import { changesIn } from "../scratch/changes.ts";
import { upScripts } from "../scratch/directions.ts";
import { intentOf } from "../scratch/rows/intent.ts";
import { scopeOf } from "../scratch/rows/scope.ts";
import type { Sources } from "../sources.ts";
import type { KnownEnds } from "./examine.ts";

/** Where migrations were proven. */
interface ProofGround {
  readonly database: ScratchDatabase;
  /** The state of it after the history. */
  readonly start: Checkpoint;
  readonly before: Snapshot;
  readonly target: Snapshot;
  /** What was read after UP; null where nobody did. */
  readonly after: Snapshot | null;
  /** Whether UP ran over rows wherever it can touch any, and nothing was refused. */
  readonly fitsRows: boolean;
}

/** What lint says of migrations that stand behind the history: on the database of their proof, which holds the history in the end, or on a new one. */
export async function lintProven(
  project: Project,
  { server, sources, proof, migrations }: {
    readonly server: Server;
    readonly sources: Sources;
    readonly proof?: ProofGround;
    readonly migrations: readonly Migration[];
  },
): Promise<Pick<GenerateOutcome, "linted">> {
  const history = {
    ...sources.history,
    migrations: [...sources.history.migrations, ...migrations],
  };
  const selection = { latest: migrations.length };
  const known = proof === undefined ? null : knownEnds(project, proof, migrations);
  const { lintOn } = await import("../lint.ts");
  try {
    await proof?.database.rewind(proof.start);
    const { migrations: linted } = await lintOn(project, server, { ...sources, history }, {
      selection,
      ...proof === undefined ? {} : {
        ground: {
          database: proof.database,
          begun: sources.history.migrations.length,
          snapshot: proof.before,
          start: proof.start,
          ...known === null ? {} : { known },
        },
      },
    });
    return { linted };
  } catch (error) {
    // What is proven is written, whatever looking at it more closely comes to.
    if (!(error instanceof DatabaseError)) throw error;
    note(project, `Not linted: ${error.message}`);
    return {};
  }
}

/** Of one migration alone: several leave the wanted schema together. */
function knownEnds(
  project: Project,
  { before, target, after, fitsRows }: ProofGround,
  migrations: readonly Migration[],
): KnownEnds | null {
  if (after === null || migrations.length !== 1) return null;
  const intent = intentOf(before, target, changesIn(project, before, target));
  return {
    after,
    tables: scopeOf(intent, upScripts(migrations).map(({ text }) => text)),
    // Rules of the project's own are asked of the state after UP.
    fitsRows: fitsRows && project.config.rules.length === 0,
  };
}
