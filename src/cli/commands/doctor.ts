/** `aim doctor`. */

import { EXIT } from "../../core/error.ts";
import { answer, type Command, type Reply, talk } from "../command.ts";
import { exits } from "../exits.ts";
import { ALL_KEYS } from "../flags.ts";

/** Shows what can run here. */
export const doctor: Command = {
  name: "doctor",
  summary: "Show what can run here, the settings in force, and where each of them came from",
  flags: [
    {
      name: "clean",
      summary:
        "End the servers, containers and folders that killed runs left, and show what they were",
    },
  ],
  settings: ALL_KEYS,
  examples: [
    { line: "aim doctor", what: "runtimes, versions, settings, files" },
    { line: "aim doctor --engine postgres-16", what: "why a version cannot be served" },
    { line: "aim doctor --json", what: "the same as data" },
    { line: "aim doctor --clean", what: "what killed runs left is ended" },
  ],
  exits: exits({
    [EXIT.ok]: "All is well",
    [EXIT.no]: "Something is wrong with the settings or the files that they name",
    [EXIT.setup]: "No runtime can serve the engine in force",
  }),
  run: async (context) => {
    if (context.flags.on("clean")) return await clean();
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

/** Ends what killed runs left. */
async function clean(): Promise<Reply> {
  const { endLeftovers } = await import("../../runtimes/leftovers/mod.ts");
  const leftovers = await endLeftovers();
  const lines = leftovers.map(({ what, pid, problem }) =>
    problem === null
      ? `ended: ${what}, left by run ${pid}\n`
      : `still there: ${what}, left by run ${pid}: ${problem}\n`
  );
  const stays = leftovers.some(({ problem }) => problem !== null);
  return {
    exit: stays ? EXIT.no : EXIT.ok,
    json: { outcome: stays ? "problems" : "ok", leftovers },
    pieces: [
      answer(() => lines.join("")),
      talk(() => lines.length === 0 ? "nothing was left behind\n" : ""),
    ],
  };
}
