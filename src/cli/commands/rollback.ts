/** `aim rollback`. */

import { EXIT } from "../../core/error.ts";
import type { Command } from "../command.ts";
import { exits } from "../exits.ts";
import { SCRATCH_KEYS } from "../flags.ts";
import { numberOf, RUN_FLAGS, RUN_MORE, runAgreed, runOptions } from "../live_run_flags.ts";
import { liveAddress } from "../live_url.ts";
import { open } from "../open.ts";

/** Takes the last applied migrations back. */
export const rollback: Command = {
  name: "rollback",
  summary: "Take the last applied migrations of a live database back, by their DOWN",
  more: [
    "Only where a scratch database shows that DOWN leads back to the very schema before. Where it would destroy what is in the tables now (rows of a table that it drops, values of a column), it is refused unless --allow-loss says that this is wanted.",
    ...RUN_MORE,
  ],
  flags: [
    { name: "steps", value: "N", summary: "How many migrations; 1 when absent" },
    { name: "allow-loss", summary: "Take back also what destroys rows that are there" },
    ...RUN_FLAGS,
  ],
  settings: SCRATCH_KEYS,
  examples: [
    { line: "aim rollback --dry-run", what: "show what would be run" },
    { line: "aim rollback --steps 2 --yes", what: "take the last two back" },
  ],
  exits: exits({
    [EXIT.ok]: "All was taken back, or there was nothing to take back",
    [EXIT.no]: "One failed, it would lose something, or nobody agreed",
    [EXIT.setup]: "The database cannot be reached, or another session runs migrations there",
  }),
  run: async (context) => {
    const { flags } = context;
    const project = await open(context);
    const { rollback } = await import("../../pipeline/mod.ts");
    return await runAgreed(context, (agrees) =>
      rollback(project, liveAddress(context, project), {
        ...runOptions(context),
        steps: numberOf(flags.text("steps") ?? "1", "--steps", 1),
        allowLoss: flags.on("allow-loss"),
        agrees,
      }));
  },
};
