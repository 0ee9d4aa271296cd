/** `aim doctor`. */

import { EXIT } from "../../core/error.ts";
import { answer, type Command } from "../command.ts";
import { exits } from "../exits.ts";
import { ALL_KEYS } from "../flags.ts";

/** Shows what can run here. */
export const doctor: Command = {
  name: "doctor",
  summary: "Show what can run here, the settings in force, and where each of them came from",
  flags: [],
  settings: ALL_KEYS,
  examples: [
    { line: "aim doctor", what: "runtimes, versions, settings, files" },
    { line: "aim doctor --engine postgres-16", what: "why a version cannot be served" },
    { line: "aim doctor --json", what: "the same as data" },
  ],
  exits: exits({
    [EXIT.ok]: "All is well",
    [EXIT.no]: "Something is wrong with the settings or the files that they name",
    [EXIT.setup]: "No runtime can serve the engine in force",
  }),
  run: async (context) => {
    const { examine } = await import("../examine.ts");
    const { renderExamination } = await import("../report/examination.ts");
    const found = await examine(context);
    const outcome = !found.fit ? "unfit" : found.problems.length > 0 ? "problems" : "ok";
    return {
      exit: { ok: EXIT.ok, problems: EXIT.no, unfit: EXIT.setup }[outcome],
      json: { outcome, ...found },
      pieces: [answer((paint) => renderExamination(found, paint))],
    };
  },
};
