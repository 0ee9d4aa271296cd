/** `aim baseline`. */

import { EXIT } from "../../core/error.ts";
import type { BaselineOutcome } from "../../pipeline/mod.ts";
import { alert, type Command, exactAnswer, talk } from "../command.ts";
import { exits } from "../exits.ts";
import { SCRATCH_KEYS } from "../flags.ts";
import { LIVE_FLAGS, LIVE_MORE, liveAddress, PRIVILEGES_FLAG } from "../live_url.ts";
import { open } from "../open.ts";
import type { Paint } from "../paint.ts";

/** Writes the first migration of a database that was there before. */
export const baseline: Command = {
  name: "baseline",
  summary: "Write the first migration from a live database, and how to call it applied there",
  more: [
    "The migration makes an empty database what the live one is, is proven in both directions like any other, and written in the runner's format. The live database has all that already: the last lines say how the runner is told so, by its own command, or by SQL where it has none. With --mark its table is written at once.",
    LIVE_MORE,
  ],
  flags: [
    ...LIVE_FLAGS,
    { name: "name", value: "N", summary: "Name of the migration; baseline when absent" },
    { name: "dry-run", summary: "Print the SQL and write nothing" },
    { name: "mark", summary: "Call it applied there, in the runner's own table" },
    PRIVILEGES_FLAG,
  ],
  settings: SCRATCH_KEYS,
  examples: [
    { line: "aim baseline", what: "from the database of AIM_DATABASE_URL" },
    { line: "aim baseline --dry-run", what: "look at it first" },
  ],
  exits: exits({
    [EXIT.ok]: "Written and proven, or the database is empty",
    [EXIT.no]: "It is not proven, or a choice is open; nothing was written",
    [EXIT.setup]: "The database cannot be reached or read, or no runtime can serve the engine",
  }),
  run: async (context) => {
    const project = await open(context);
    const { baseline, runnable, slugOf } = await import("../../pipeline/mod.ts");
    const { generateJson } = await import("../report/outcome_json.ts");
    const { renderDryRun, renderFiles, renderProof } = await import("../report/migration.ts");
    const { renderOpenChoices } = await import("../report/choices.ts");
    const dryRun = context.flags.on("dry-run");
    const outcome = await baseline(project, liveAddress(context, project), {
      name: slugOf(context.flags.text("name") ?? "baseline") ?? "baseline",
      dryRun,
      mark: context.flags.on("mark"),
    });
    const { migration, mark, marked, database, version } = outcome;
    const { draft, proof } = migration;
    const isFine = migration.outcome === "proven" || migration.outcome === "in-sync";
    return {
      exit: isFine ? EXIT.ok : EXIT.no,
      lasting: migration.written,
      json: { ...generateJson(migration), mark, marked, database, version },
      pieces: [
        exactAnswer((paint) =>
          migration.written
            ? renderFiles(migration, project.config.migrations, context.folder)
            : dryRun && isFine && draft !== null
            ? renderDryRun(draft, paint, {
              explain: false,
              wrapping: { up: false, down: false },
              runnable,
            })
            : ""
        ),
        (isFine ? talk : alert)((paint) =>
          proof === null ? "" : `\n${renderProof(proof, paint, { goal: "what the database has" })}`
        ),
        alert((paint, _, room) => renderOpenChoices(migration.choices, paint, room)),
        alert((paint) => lastLines(outcome, dryRun, paint)),
      ],
    };
  },
};

function lastLines(
  { migration, mark, marked, database }: BaselineOutcome,
  dryRun: boolean,
  paint: Paint,
) {
  if (migration.outcome === "in-sync") {
    return `${paint.green("in sync")}: ${database} is empty; there is nothing to write\n`;
  }
  if (migration.outcome !== "proven") {
    return `${paint.red(migration.outcome)}: nothing was written\n`;
  }
  const done = dryRun ? "proven" : "proven and written";
  const how = marked
    ? `called applied on ${database}\n`
    : mark === null
    ? ""
    : "command" in mark
    ? `this calls it applied there, without running it:\n  ${mark.command}\n`
    : `this calls it applied on ${database}, without running it (--mark does the same):\n${mark.sql}`;
  return `${paint.green(done)}\n${how}`;
}
