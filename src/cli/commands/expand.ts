/** `aim expand`. */

import { EXIT, UsageError } from "../../core/error.ts";
import type { ExpandState } from "../../pipeline/mod.ts";
import { answer, type Command } from "../command.ts";
import { exits } from "../exits.ts";
import { open } from "../open.ts";
import type { Paint } from "../paint.ts";

/** Says which phases of expansions the migrations hold. */
export const expand: Command = {
  name: "expand",
  summary: "Say which changes of columns are under way beside old code, and what comes next",
  more: [
    "`aim generate --expand COLUMNS` writes the first phases: the new columns, a trigger that keeps both sides alike, and the backfill. Then code that uses the new columns is deployed, and `aim generate --contract COLUMNS` ends it. Only files are read.",
  ],
  arguments: [{ name: "what", required: true, summary: "status" }],
  flags: [],
  settings: ["engine", "format", "migrations"],
  examples: [{ line: "aim expand status", what: "what is under way" }],
  exits: exits({ [EXIT.ok]: "Said" }),
  run: async (context) => {
    const [what] = context.arguments;
    if (what !== "status") {
      throw new UsageError(`Cannot do "aim expand ${what}"`, {
        code: "argument",
        hint: "aim expand status; aim generate --expand and --contract write the phases",
      });
    }
    const project = await open(context);
    const { expandStatus } = await import("../../pipeline/mod.ts");
    const { expansions, notes } = await expandStatus(project);
    return {
      exit: EXIT.ok,
      json: { outcome: "listed", expansions, notes },
      pieces: [answer((paint) => render(expansions, paint))],
    };
  },
};

function render(expansions: readonly ExpandState[], paint: Paint): string {
  if (expansions.length === 0) return "no expansion in the migrations\n";
  return expansions.map(({ name, phases, next }) => {
    const lines = (["add", "backfill", "contract"] as const).map((phase) => {
      const migration = phases[phase];
      return migration === undefined
        ? `  ${paint.dim(`- ${phase.padEnd(9)} not yet`)}\n`
        : `  ${paint.green("✓")} ${phase.padEnd(9)} ${migration}\n`;
    });
    const last = next === null
      ? "done"
      : next === "contract"
      ? `next: deploy code that uses the new columns alone, then aim generate --contract ${
        name.replaceAll(/(^|=)public\./g, "$1")
      }`
      : `next: ${next}`;
    return `${paint.bold(name)}\n${lines.join("")}  ${last}\n`;
  }).join("\n");
}
