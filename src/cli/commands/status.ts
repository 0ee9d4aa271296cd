/** `aim status`. */

import { relative } from "node:path";
import { EXIT } from "../../core/error.ts";
import { answer, type Command, talk } from "../command.ts";
import { exits } from "../exits.ts";
import { PROJECT_KEYS } from "../flags.ts";
import { LIVE_FLAGS, LIVE_MORE, liveAddress } from "../live_url.ts";
import { open } from "../open.ts";
import { renderStatus, renderStatusSum } from "../report/live.ts";

/** Says what of the migrations a live database has. */
export const status: Command = {
  name: "status",
  summary: "Show which migrations a live database has: applied, pending, failed, edited, missing",
  more: [
    "The runner's own table is read and held against the files. Where the runner notes down checksums they are computed again from the files, so that one that was edited after it was applied is found. One that waits and sorts before an applied one is out of order; what the runner does about that is said.",
    LIVE_MORE,
  ],
  flags: [
    ...LIVE_FLAGS,
    { name: "exit-code", summary: "Exit with 1 when anything is pending or wrong" },
  ],
  settings: PROJECT_KEYS,
  examples: [
    { line: "aim status", what: "of the database of AIM_DATABASE_URL" },
    { line: "aim status --exit-code -q", what: "for a check before a release" },
    { line: "aim status --json", what: "a state a migration, as data" },
  ],
  exits: exits({
    [EXIT.ok]: "All is applied, or what is not was shown",
    [EXIT.no]: "Something is pending or wrong, with --exit-code",
    [EXIT.setup]: "The database cannot be reached or read",
  }),
  run: async (context) => {
    const project = await open(context);
    const { status } = await import("../../pipeline/mod.ts");
    const found = await status(project, liveAddress(context, project));
    const { migrations } = project.config;
    const shown = relative(context.folder, migrations) || ".";
    const outcome = { ...found, next: found.next?.replaceAll(migrations, shown) ?? null };
    const isDone = outcome.outcome === "applied";
    return {
      exit: !isDone && context.flags.on("exit-code") ? EXIT.no : EXIT.ok,
      json: { ...outcome },
      pieces: [
        answer((paint) => renderStatus(outcome, paint)),
        answer((paint) => renderStatusSum(outcome, paint)),
        talk((paint) => outcome.next === null ? "" : paint.dim(`next: ${outcome.next}\n`)),
      ],
    };
  },
};
