/** `aim seed`. */

import { relative, resolve } from "node:path";
import { EXIT, UsageError } from "../../core/error.ts";
import type { SeedOutcome } from "../../pipeline/mod.ts";
import { type Command, exactAnswer, talk } from "../command.ts";
import { exits } from "../exits.ts";
import { SCRATCH_KEYS } from "../flags.ts";
import { numberOf } from "../live_run_flags.ts";
import { LIVE_FLAGS, LIVE_MORE, liveAddress } from "../live_url.ts";
import { open } from "../open.ts";
import type { Paint } from "../paint.ts";
import { counted } from "../report/changes.ts";
import { visible } from "../visible.ts";

/** Writes a sample of the rows of a live database. */
export const seed: Command = {
  name: "seed",
  summary: "Write a masked sample of the rows of a live database to seeds/, for the proof",
  more: [
    "Some rows of each table and all that they refer to. Texts, and what the name of its column calls personal or secret, are made up: equal values become equal ones, wherever foreign keys join columns. `[[mask]]` in aim.toml says otherwise. The file is written when a scratch database with the schema of the live one has loaded it; rows that do not load are left out and counted.",
    LIVE_MORE,
  ],
  flags: [
    ...LIVE_FLAGS,
    { name: "from", value: "URL", summary: "The same as --url" },
    { name: "rows", value: "N", summary: "How many rows of each table; 50 when absent" },
    { name: "mask", summary: "Make values up; so it is when nothing is said" },
    { name: "no-mask", summary: "Write the real values down" },
    {
      name: "output",
      short: "o",
      value: "FILE",
      summary: "Write this file instead of seeds/sample.sql beside aim.toml; - for stdout",
      completes: "file",
    },
    { name: "force", summary: "Write over a file that says something else" },
  ],
  settings: [...SCRATCH_KEYS.filter((key) => key !== "rows"), "mask"],
  examples: [
    { line: "aim seed", what: "50 rows of each table of AIM_DATABASE_URL, into seeds/sample.sql" },
    { line: 'aim seed --from "$DATABASE_URL" --rows 5 -o -', what: "look at a small one" },
  ],
  exits: exits({
    [EXIT.ok]: "Written, or the file says the same already",
    [EXIT.setup]: "The database cannot be reached or read, or no runtime can serve the engine",
  }),
  run: async (context) => {
    const { flags, folder } = context;
    if (flags.on("mask") && flags.on("no-mask")) {
      throw new UsageError("Cannot use --mask and --no-mask together", { code: "flag-value" });
    }
    const project = await open(context);
    const { seed } = await import("../../pipeline/mod.ts");
    const output = flags.text("output");
    const dryRun = output === "-";
    const outcome = await seed(project, liveAddress(context, project), {
      rows: numberOf(flags.text("rows") ?? "50", "--rows", 1),
      mask: !flags.on("no-mask"),
      file: output === null || dryRun ? null : resolve(folder, output),
      dryRun,
      force: flags.on("force"),
    });
    const file = outcome.file === null ? null : relative(folder, outcome.file) || ".";
    const { text, ...rest } = outcome;
    return {
      exit: EXIT.ok,
      lasting: outcome.written,
      json: { ...rest, file, ...(dryRun ? { text } : {}) },
      pieces: [
        exactAnswer(() => dryRun ? text : outcome.written ? `${file}\n` : ""),
        talk((paint) => said(outcome, file, paint)),
      ],
    };
  },
};

function said(outcome: SeedOutcome, file: string | null, paint: Paint): string {
  const { tables, database, runtime, scratch } = outcome;
  const rows = tables.reduce((sum, one) => sum + one.rows, 0);
  const columns = tables.reduce((sum, one) => sum + one.masked.length, 0);
  const lines = tables.filter(({ left, reason }) => left > 0 || reason !== null).map((one) =>
    `  ${visible(one.name)}: ${
      one.left === 0 ? "no rows" : `${counted(one.left, "row")} left out`
    }: ${visible(one.reason ?? "")}\n`
  );
  const masked = outcome.masked
    ? `values of ${counted(columns, "column")} made up`
    : paint.red("real values");
  const state = file === null
    ? paint.green("proven")
    : outcome.written
    ? `${paint.green("proven")} and written`
    : `${paint.green("in sync")}: ${file} says it already`;
  return `${lines.join("")}${state}: ${counted(rows, "row")} of ${
    counted(tables.length, "table")
  } of ${database}, ${masked}, loaded on ${runtime} ${scratch}\n`;
}
