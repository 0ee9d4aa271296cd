/** A script as it is run on a live database: its statements, and whether they are one transaction with the books. */

import { UsageError } from "../../core/error.ts";
import type { Statement } from "../../core/statement.ts";
import type { Script } from "../../formats/format.ts";
import { folderOf, type Project } from "../project.ts";
import { psqlOnly } from "../scratch/psql_only.ts";
import { statementsOf } from "../scratch/run_script.ts";
import { isWrapped } from "../scratch/script_transaction.ts";

/** The statements of a script, and whether it is one transaction with its books. Throws UsageError for what the server would not take. */
export function readScript(
  project: Project,
  script: Script,
): { readonly statements: readonly Statement[]; readonly isOne: boolean } {
  const { engine } = project;
  const refused = psqlOnly(script, engine);
  if (refused !== null) {
    throw new UsageError(
      `Cannot run ${folderOf(project)}${script.file}: ${refused.reason.message}`,
      {
        code: "sql",
        hint: refused.reason.hint,
      },
    );
  }
  const statements = statementsOf(script, { engine, folder: folderOf(project) });
  return { statements, isOne: engine.transactionalDdl && isWrapped(script, statements) };
}
