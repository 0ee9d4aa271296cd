/** MikroORM's snapshot of its entities: the script of the project says it when it is asked. */

import type { ModelState, OrmState } from "../orm.ts";
import { answerIn, olderScript } from "./answer.ts";

/** The file that `migration:check` and `migration:create` compare the entities with. */
export const mikroormState: OrmState = {
  format: "mikroorm",
  prepare: ({ command }) =>
    Promise.resolve({
      command,
      env: { AIM_STATE: "mikroorm" },
      read: (stdout) => Promise.resolve(stateIn(stdout)),
    }),
};

function stateIn(stdout: string): ModelState {
  const answer = answerIn(stdout);
  if (answer === null || !("snapshot" in answer)) {
    return { text: null, unsaid: [olderScript("mikroorm")] };
  }
  // Settings that keep no snapshot have nothing that could be found again.
  return { text: answer.snapshot === null ? null : JSON.stringify(answer), unsaid: [] };
}
