/** `aim diff`. */

import { EXIT, UsageError } from "../../core/error.ts";
import type { DiffOutcome } from "../../core/outcome.ts";
import type { Project } from "../../pipeline/mod.ts";
import { alert, answer, type Command, type Context, talk } from "../command.ts";
import { exits } from "../exits.ts";
import { SCRATCH_KEYS } from "../flags.ts";
import { IF_CHANGED, openChanged, UNCHANGED } from "../if_changed.ts";
import type { Paint } from "../paint.ts";
import { REPORT_FLAG } from "../report_flag.ts";

/** Shows what differs between the migrations and the schema. */
export const diff: Command = {
  name: "diff",
  summary: "Show what schema.sql has that the migrations do not, and the other way round",
  more: [
    "Both are loaded into scratch databases and their catalogs are compared: first the list of changes, then a unified diff of their DDL.",
    "With --watch the engine stays ready, and only what has changed is run again.",
  ],
  flags: [
    { name: "exit-code", summary: "Exit with 1 when there is a difference" },
    IF_CHANGED,
    { name: "watch", summary: "Do it again whenever a file changes, until Ctrl-C" },
    REPORT_FLAG,
  ],
  settings: SCRATCH_KEYS,
  examples: [
    { line: "aim diff", what: "what `aim generate` would have to close" },
    { line: "aim diff --exit-code -q", what: "for CI: fails when a migration is missing" },
    { line: "aim diff --json", what: "the changes as data" },
    { line: "aim diff --watch", what: "beside an editor: until Ctrl-C" },
  ],
  exits: exits({
    [EXIT.ok]: "In sync, or the difference was shown",
    [EXIT.no]: "There is a difference, with --exit-code",
    [EXIT.setup]: "No runtime can serve the engine",
  }),
  run: async (context) => {
    const project = await openChanged(context);
    if (project === null) return UNCHANGED;
    if (context.flags.on("watch")) return await watch(context, project);
    const { diff } = await import("../../pipeline/mod.ts");
    const { renderChanges, renderUnifiedDiff } = await import("../report/changes.ts");
    const { diffJson } = await import("../report/outcome_json.ts");
    const { diffReported } = await import("../report/reported.ts");
    const outcome = await diff(project);
    const differs = outcome.outcome === "differs";
    return {
      exit: differs && context.flags.on("exit-code") ? EXIT.no : EXIT.ok,
      json: diffJson(outcome),
      report: diffReported(outcome),
      pieces: [
        answer((paint) => renderChanges(outcome.changes, paint)),
        answer((paint) => outcome.text === "" ? "" : `\n${renderUnifiedDiff(outcome.text, paint)}`),
        talk((paint) => lastLine(outcome, paint)),
      ],
    };
  },
};

/** Shows the difference again and again. Ends by an interrupt only. */
async function watch(context: Context, project: Project): Promise<never> {
  if (context.flags.on("json") || context.flags.all("report").length > 0) {
    throw new UsageError("Cannot watch and write JSON or a report", {
      code: "flag-value",
      hint: "leave --watch away",
    });
  }
  const { watchDiff } = await import("../../pipeline/mod.ts");
  const { renderChanges, renderUnifiedDiff } = await import("../report/changes.ts");
  const { renderError } = await import("../report/error.ts");
  return await watchDiff(project, {
    outcome: (outcome, ms) =>
      context.say([
        answer((paint) =>
          paint.dim(`${new Date().toTimeString().slice(0, 8)}  ${ms.toFixed(0)} ms\n`)
        ),
        answer((paint) => renderChanges(outcome.changes, paint)),
        answer((paint) => outcome.text === "" ? "" : `\n${renderUnifiedDiff(outcome.text, paint)}`),
        answer((paint) => lastLine(outcome, paint)),
      ]),
    refused: (error) => context.say([alert((paint, _, room) => renderError(error, paint, room))]),
  });
}

function lastLine(outcome: Pick<DiffOutcome, "outcome" | "reordered">, paint: Paint): string {
  const order = outcome.reordered.length === 0
    ? ""
    : `${paint.yellow("note:")} the order of columns differs in ${outcome.reordered.join(", ")}` +
      ` (column_order = "strict" compares it)\n`;
  return outcome.outcome === "in-sync"
    ? `${order}${paint.green("in sync")}\n`
    : `${order}${paint.dim("next: aim generate")}\n`;
}
