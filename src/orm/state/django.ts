/** Django's operations on its models: the script of the project says them when it is asked. */

import { isAbsolute, join } from "node:path";
import type { ModelState, OrmState } from "../orm.ts";

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
      read: (stdout) => Promise.resolve(answerIn(stdout)),
    });
  },
};

/** The last line is the answer, whatever the project's own code prints before. */
function answerIn(stdout: string): ModelState {
  const last = stdout.trimEnd().split("\n").at(-1) ?? "";
  const answer = objectIn(last);
  if (answer === null) {
    return {
      text: null,
      unsaid: [
        "the script that reads the models is of an older aim: move it away, run `aim init --orm django`, and put your changes into the new one",
      ],
    };
  }
  const { unsaid, operations } = answer;
  return {
    text: Array.isArray(operations) ? last : null,
    unsaid: Array.isArray(unsaid) ? unsaid.filter((one) => typeof one === "string") : [],
  };
}

function objectIn(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}
