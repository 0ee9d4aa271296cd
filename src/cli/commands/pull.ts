/** `aim pull`. */

import { relative, resolve } from "node:path";
import { EXIT, UsageError } from "../../core/error.ts";
import type { PullOutcome } from "../../pipeline/mod.ts";
import { counted } from "../report/changes.ts";
import { alert, type Command, exactAnswer, talk } from "../command.ts";
import { exits } from "../exits.ts";
import { SCRATCH_KEYS } from "../flags.ts";
import { hanging } from "../help.ts";
import { LIVE_FLAGS, LIVE_MORE, liveAddress, PRIVILEGES_FLAG } from "../live_url.ts";
import { openQuietly } from "../open.ts";
import { visible } from "../visible.ts";
import type { Paint } from "../paint.ts";

/** Writes the schema file of a live database. */
export const pull: Command = {
  name: "pull",
  summary: "Write schema.sql from a live database, proven by loading it",
  more: [
    "The file is for people: tables with their columns and constraints in them, an order that loads. It is written only when a scratch database that loads it has the very schema of the live one.",
    LIVE_MORE,
  ],
  flags: [
    ...LIVE_FLAGS,
    {
      name: "output",
      short: "o",
      value: "FILE",
      summary: "Write this file instead of the schema of aim.toml; - for stdout",
      completes: "file",
    },
    {
      name: "split",
      value: "WHAT",
      choices: ["table", "schema"],
      summary: "A folder of files instead of one: one for each table or each schema",
    },
    { name: "data-stats", summary: "Write aim.stats.toml as well, as aim stats does" },
    {
      name: "force",
      summary: "Write over a file, or the SQL files of a folder, that say something else",
    },
    PRIVILEGES_FLAG,
  ],
  settings: SCRATCH_KEYS,
  examples: [
    { line: "aim pull", what: "the database of AIM_DATABASE_URL, into the schema of aim.toml" },
    { line: "aim pull -o - | less", what: "look at it first" },
    {
      line: 'aim pull --url "$DATABASE_URL" -o live.sql',
      what: "of another one, into another file",
    },
    {
      line: "aim pull --split table -o schema",
      what: "a file for each table, in an order that loads",
    },
  ],
  exits: exits({
    [EXIT.ok]: "Written, or the file says the same already",
    [EXIT.no]: "The file does not give what the database has; nothing was written",
    [EXIT.setup]: "The database cannot be reached or read, or no runtime can serve the engine",
  }),
  run: async (context) => {
    const project = await openQuietly(context);
    const { prepareServer, pull } = await import("../../pipeline/mod.ts");
    const output = context.flags.text("output");
    const dryRun = output === "-";
    const by = context.flags.text("split");
    const split = by === "table" || by === "schema" ? by : null;
    if (dryRun && split !== null) {
      throw new UsageError("Cannot print several files", { hint: "pass -o FOLDER with --split" });
    }
    const outcome = await pull(project, liveAddress(context, project), {
      file: output === null || dryRun ? null : resolve(context.folder, output),
      dryRun,
      force: context.flags.on("force"),
      prepare: prepareServer,
      split,
      stats: context.flags.on("data-stats") ? resolve(project.config.root, "aim.stats.toml") : null,
    });
    const file = outcome.file === null ? null : relative(context.folder, outcome.file) || ".";
    const isProven = outcome.outcome === "proven";
    const { text, ...rest } = outcome;
    const stats = outcome.stats === null ? null : relative(context.folder, outcome.stats);
    return {
      exit: isProven ? EXIT.ok : EXIT.no,
      lasting: outcome.written,
      json: { ...rest, file, stats, ...(dryRun ? { text } : {}) },
      pieces: [
        exactAnswer(() => dryRun && isProven ? text : outcome.written ? `${file}\n` : ""),
        (isProven ? talk : alert)((paint, _, room) => lastLine(outcome, file, { paint, room })),
      ],
    };
  },
};

/** How many reasons are listed. */
const SHOWN = 20;

function lastLine(
  outcome: PullOutcome,
  file: string | null,
  { paint, room }: { readonly paint: Paint; readonly room: number },
): string {
  const { holds, database, runtime, scratch } = outcome;
  if (outcome.outcome === "unproven") {
    return `${
      paint.red("unproven")
    }: on ${runtime} ${scratch} the file does not give what ${database} has; nothing was written\n${
      outcome.wrong.slice(0, SHOWN).map((what) => `  ${visible(what)}\n`).join("")
    }`;
  }
  const from = `${holds} of ${database}, loaded on ${runtime} ${scratch} and the same`;
  const line = (word: string, rest: string) =>
    `${paint.green(word)}${hanging(rest, { first: word.length, indent: 2, width: room })}\n`;
  if (file === null) return line("proven", `: ${from}`);
  return outcome.written
    ? line("proven", ` and written${filesIn(outcome)}: ${from}`)
    : line("in sync", `: ${database} is ${file} already: ${holds}`);
}

function filesIn({ files }: PullOutcome): string {
  return files.length === 0 ? "" : `, ${counted(files.length, "file")}`;
}
