/** `aim stats`. */

import { relative, resolve } from "node:path";
import { EXIT } from "../../core/error.ts";
import { type Command, exactAnswer, talk } from "../command.ts";
import { exits } from "../exits.ts";
import { LIVE_FLAGS, LIVE_MORE, liveAddress } from "../live_url.ts";
import { open } from "../open.ts";
import { counted } from "../report/changes.ts";

/** Writes down how much the tables of a live database hold. */
export const stats: Command = {
  name: "stats",
  summary: "Write aim.stats.toml: rows and bytes of each table of a live database",
  more: [
    "A server's own counts are taken, which are near the truth and cost nothing; the rows of a database that is a file are counted. No row is read, and none is written down.",
    LIVE_MORE,
  ],
  flags: [
    ...LIVE_FLAGS,
    {
      name: "output",
      short: "o",
      value: "FILE",
      summary: "Write this file instead of aim.stats.toml beside aim.toml; - for stdout",
      completes: "file",
    },
  ],
  settings: ["engine", "ignore_tables"],
  examples: [
    { line: "aim stats", what: "write aim.stats.toml beside aim.toml" },
    { line: "aim stats -o -", what: "look at it" },
  ],
  exits: exits({
    [EXIT.ok]: "Written",
    [EXIT.setup]: "The database cannot be reached or read",
  }),
  run: async (context) => {
    const project = await open(context);
    const { stats, statsToml, writeStats } = await import("../../pipeline/mod.ts");
    const outcome = await stats(project, liveAddress(context, project));
    const text = statsToml(outcome);
    const output = context.flags.text("output");
    const isShown = output === "-";
    const file = resolve(
      output === null ? project.config.root : context.folder,
      output ?? "aim.stats.toml",
    );
    if (!isShown) await writeStats(file, text);
    const { tables, database, version, notes } = outcome;
    return {
      exit: EXIT.ok,
      lasting: !isShown,
      json: { outcome: "counted", tables, database, version, file: isShown ? null : file, notes },
      pieces: [
        exactAnswer(() => isShown ? text : `${relative(context.folder, file)}\n`),
        talk((paint) =>
          `${paint.green(isShown ? "counted" : "written")}: ${
            counted(tables.length, "table")
          } of ${database}\n`
        ),
      ],
    };
  },
};
