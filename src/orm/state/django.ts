/** Django's operations on its models: the script of the project says them when it is asked. */

import { isAbsolute, join } from "node:path";
import type { ModelState, OrmState } from "../orm.ts";
import { answerIn, olderScript } from "./answer.ts";

/** `aim_models.py` compares the models with the migrations that a new one goes on from, as makemigrations does. */
export const djangoState: OrmState = {
  format: "django",
  prepare({ root, command, migrations, history, renames }) {
    const folder = isAbsolute(migrations) ? migrations : join(root, migrations);
    const names = history.map((path) => path.replace(/\.py$/, ""));
    const task = { folder, history: names, renames };
    return Promise.resolve({
      command,
      env: { AIM_STATE: JSON.stringify(task) },
      read: (stdout) => Promise.resolve(stateIn(stdout)),
    });
  },
};

function stateIn(stdout: string): ModelState {
  const answer = answerIn(stdout);
  if (answer === null) return { text: null, unsaid: [olderScript("django")] };
  const { unsaid, operations } = answer;
  return {
    text: Array.isArray(operations) ? JSON.stringify(answer) : null,
    unsaid: Array.isArray(unsaid) ? unsaid.filter((one) => typeof one === "string") : [],
  };
}
