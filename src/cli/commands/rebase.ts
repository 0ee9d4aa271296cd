/** `aim rebase`. */

import { join, relative } from "node:path";
import { EXIT } from "../../core/error.ts";
import type { RebaseOutcome } from "../../pipeline/mod.ts";
import { answer, type Command, exactAnswer, talk } from "../command.ts";
import { exits } from "../exits.ts";
import { SCRATCH_KEYS } from "../flags.ts";
import { hasUrl, LIVE_FLAGS, liveAddress } from "../live_url.ts";
import { open } from "../open.ts";
import type { Paint } from "../paint.ts";
import { REPORT_FLAG } from "../report_flag.ts";

/** Puts new migrations behind those of the base branch. */
export const rebase: Command = {
  name: "rebase",
  summary: "Put the new migrations behind those that the base branch has got meanwhile",
  more: [
    "The migrations that only this branch has get versions after the last one of the base branch, in their order; of Sqitch's plan their lines go to its end, also out of a conflict of a merge. They are proven there, UP, DOWN and UP again, and only then files are renamed. The texts stay as they are.",
    "Files that name each other (Alembic, Django), or hold their version inside (TypeORM), are not moved.",
    "It works before and after the base is merged. Where all of the base is here, the end is compared with schema.sql as well.",
  ],
  flags: [
    { name: "dry-run", summary: "Say what would move, prove it, and write nothing" },
    { name: "git-base", value: "REF", summary: "The branch or commit that the work is put on" },
    ...LIVE_FLAGS,
    REPORT_FLAG,
  ],
  settings: SCRATCH_KEYS,
  examples: [
    { line: "aim rebase", what: "after a fetch, when aim check finds a clash" },
    { line: "aim rebase --git-base origin/main --dry-run", what: "what would move" },
  ],
  exits: exits({
    [EXIT.ok]: "Moved and proven, or in order already",
    [EXIT.no]: "Not proven there; nothing was written",
    [EXIT.setup]: "No runtime can serve the engine",
  }),
  run: async (context) => {
    const project = await open(context);
    const { rebase, defaultBase } = await import("../../pipeline/mod.ts");
    const { renderVerdicts } = await import("../report/verdicts.ts");
    const { rebaseJson } = await import("../report/outcome_json.ts");
    const { rebaseReported } = await import("../report/reported.ts");
    const outcome = await rebase(project, {
      base: context.flags.text("git-base") ??
        await defaultBase(project.config.root, context.variables),
      dryRun: context.flags.on("dry-run"),
      live: hasUrl(context) ? liveAddress(context, project) : null,
    });
    const { migrations } = project.config;
    const shown = (path: string) => relative(context.folder, join(migrations, path));
    const { validated } = outcome;
    return {
      exit: outcome.outcome === "unproven" ? EXIT.no : EXIT.ok,
      lasting: outcome.written,
      json: rebaseJson(outcome),
      report: rebaseReported(outcome, relative(context.folder, migrations)),
      pieces: [
        exactAnswer(() =>
          outcome.outcome === "unproven" ? "" : [
            ...outcome.moved.map(({ from, to }) => `${shown(from)} -> ${shown(to)}\n`),
            ...outcome.changed.map((path) => `${shown(path)}\n`),
          ].join("")
        ),
        (outcome.outcome === "unproven" ? answer : talk)((paint) =>
          validated === null ? "" : renderVerdicts(validated, paint)
        ),
        talk((paint) => lastLine(outcome, paint)),
      ],
    };
  },
};

function lastLine({ outcome, base, written }: RebaseOutcome, paint: Paint): string {
  switch (outcome) {
    case "in-order":
      return `${
        paint.green("in order")
      }: the new migrations come after those of ${base.revision}\n`;
    case "unproven":
      return `${paint.red("unproven")}: nothing was moved\n`;
    case "rebased":
      return written
        ? `${paint.green("proven")} and moved\n${paint.dim("next: git add --all, aim check")}\n`
        : `${paint.green("proven")}: nothing was moved (--dry-run)\n`;
  }
}
