/** `aim generate` lints what it has proven. */

import { DatabaseError } from "../../core/error.ts";
import type { GenerateOutcome } from "../../core/outcome.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { Migration } from "../../formats/format.ts";
import type { Checkpoint, ScratchDatabase, Server } from "../../runtimes/runtime.ts";
import { note, type Project } from "../project.ts";
import type { Sources } from "../sources.ts";

/** Where migrations were proven. */
interface ProofGround {
  readonly database: ScratchDatabase;
  /** The state of it after the history. */
  readonly start: Checkpoint;
  readonly before: Snapshot;
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
        },
      },
    });
    await proof?.database.rewind(proof.start);
    return { linted };
  } catch (error) {
    // What is proven is written, whatever looking at it more closely comes to.
    if (!(error instanceof DatabaseError)) throw error;
    note(project, `Not linted: ${error.message}`);
    return {};
  }
}
