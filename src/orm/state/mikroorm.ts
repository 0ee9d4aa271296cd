/** MikroORM's snapshot of its entities: the script of the project says it when it is asked. */

import { readdir } from "node:fs/promises";
import { resolve } from "node:path";
import type { ModelState, OrmState } from "../orm.ts";
import { answerIn, olderScript } from "./answer.ts";

/** The file that `migration:check` and `migration:create` compare the entities with. */
export const mikroormState: OrmState = {
  format: "mikroorm",
  prepare: ({ command, root, migrations }) =>
    Promise.resolve({
      command,
      env: { AIM_STATE: "mikroorm" },
      read: async (stdout) => stateIn(stdout, await snapshotsIn(resolve(root, migrations))),
    }),
};

async function snapshotsIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => /^\.snapshot-.*\.json$/.test(name));
}

function stateIn(stdout: string, there: readonly string[]): ModelState {
  const answer = answerIn(stdout);
  if (answer === null || !("snapshot" in answer)) {
    return { text: null, unsaid: [olderScript("mikroorm")] };
  }
  if (answer.file === null && there.length !== 1) {
    return {
      text: null,
      unsaid: [
        "its settings name the database by a variable that is not set here, and the snapshot after it: set migrations.snapshotName, or name the variable in orm.pass",
      ],
    };
  }
  // Settings that keep no snapshot have nothing that could be found again.
  return { text: answer.snapshot === null ? null : JSON.stringify(answer), unsaid: [] };
}
