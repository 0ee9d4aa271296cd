/** `aim push`. */

import { EXIT } from "../../core/error.ts";
import type { PushOutcome } from "../../pipeline/mod.ts";
import { readAnswers, readRename } from "../choice_flags.ts";
import { alert, type Command, talk } from "../command.ts";
import { exits } from "../exits.ts";
import { SCRATCH_KEYS } from "../flags.ts";
import { againWith, agreed, runOptions, unlessGivenUp } from "../live_run_flags.ts";
import { LIVE_FLAGS, liveAddress } from "../live_url.ts";
import { open } from "../open.ts";
import type { Paint } from "../paint.ts";
import { counted } from "../report/changes.ts";
import { renderNotRun, renderRefusals } from "../report/live_run.ts";
import { visible } from "../visible.ts";

/** Makes a development database what schema.sql says. */
export const push: Command = {
  name: "push",
  summary: "Make a development database what schema.sql says, without a migration",
  more: [
    "The way from the live schema to schema.sql is planned, proven on a scratch database that holds a copy of the live schema, shown, and asked for. What destroys data is refused unless --allow-loss says that it is wanted. A database in which a migration runner keeps its table is refused as well, unless --force.",
    "The address is that of `--url`, else of AIM_DATABASE_URL, else of the variable that `url_env` in `[live]` of aim.toml names.",
  ],
  flags: [
    ...LIVE_FLAGS,
    { name: "yes", short: "y", summary: "Run it without a question" },
    { name: "dry-run", summary: "Show what would be run, and run nothing" },
    { name: "allow-loss", summary: "Run also what destroys data" },
    { name: "force", summary: "Push although a migration runner keeps its table there" },
    {
      name: "lock-timeout",
      value: "TIME",
      summary: "How long a statement waits for a lock: 500ms, 5s; 5s when absent",
    },
    {
      name: "rename",
      value: "OLD=NEW",
      repeats: true,
      summary: "Something was renamed: users.fullname=name",
    },
    {
      name: "answer",
      value: "ID=OPTION",
      repeats: true,
      summary: "Settle a choice: fill:users.email=expression=lower(name)",
    },
    { name: "assume-empty", summary: "Settle every choice about rows: there are none" },
  ],
  settings: SCRATCH_KEYS,
  examples: [
    { line: "aim push --dry-run", what: "show what would be run" },
    { line: "aim push --yes", what: "run it" },
  ],
  exits: exits({
    [EXIT.ok]: "Done, or in sync",
    [EXIT.no]: "Refused, not proven, failed, a choice is open, or nobody agreed",
    [EXIT.setup]: "The database cannot be reached, or no runtime can serve the engine",
  }),
  run: async (context) => {
    const { flags, emit, signal } = context;
    const project = await open(context);
    const { push } = await import("../../pipeline/mod.ts");
    const { generateJson } = await import("../report/outcome_json.ts");
    const { renderOpenChoices } = await import("../report/choices.ts");
    const { renderProof } = await import("../report/migration.ts");
    const { answers, assumeEmpty } = readAnswers(flags.all("answer"), project.config.answers);
    const outcome = await unlessGivenUp(
      context,
      (watch) =>
        push(project, liveAddress(context, project), {
          answers,
          assumeEmpty: flags.on("assume-empty") ? "flag" : assumeEmpty,
          renames: flags.all("rename").map(readRename),
          allowLoss: flags.on("allow-loss"),
          force: flags.on("force"),
          lockTimeout: runOptions(context).lockTimeout,
          agrees: async (statements, database) => {
            emit({ type: "pushed", statements, database });
            return await watch(agreed(context, `Run this on ${database}?`));
          },
        }),
    );
    const { plan, ...rest } = outcome;
    const isFine = ["done", "in-sync"].includes(outcome.outcome) ||
      outcome.outcome === "planned" && flags.on("dry-run");
    const isWrong = outcome.outcome === "unproven";
    const { reason } = signal as { readonly reason?: { readonly exitCode?: number } };
    return {
      exit: isFine
        ? EXIT.ok
        : outcome.outcome === "interrupted"
        ? reason?.exitCode ?? EXIT.interrupted
        : EXIT.no,
      lasting: outcome.done > 0 || outcome.failure !== null,
      json: { ...rest, plan: plan === null ? null : generateJson(plan) },
      pieces: [
        (isWrong ? alert : talk)((paint) =>
          plan === null || plan.proof === null || outcome.outcome === "done"
            ? ""
            : renderProof(plan.proof, paint)
        ),
        alert((paint, _, room) =>
          plan === null ? "" : renderOpenChoices(plan.choices, paint, room)
        ),
        alert((paint, _, room) => lastLines(outcome, paint, { again: againWith(context), room })),
      ],
    };
  },
};

function lastLines(
  outcome: PushOutcome,
  paint: Paint,
  { again, room }: { readonly again: string | null; readonly room: number },
): string {
  const { database, done, failure, refusals } = outcome;
  const where = visible(database);
  switch (outcome.outcome) {
    case "in-sync":
      return `${paint.green("in sync")}: ${where} is schema.sql\n`;
    case "done":
      return `${paint.green("pushed")}: ${counted(done, "statement")} on ${where}\n`;
    case "planned":
      return renderNotRun(where, paint, again);
    case "refused":
      return renderRefusals(refusals, where, { paint, room });
    case "unproven":
    case "undecided":
      return `${paint.red(outcome.outcome)}: nothing was changed on ${where}\n`;
    case "failed":
    case "interrupted":
      return `${paint.red(outcome.outcome)}: ${visible(failure?.message ?? "")}\n${
        failure === null || failure.sql === "" ? "" : `  ${visible(failure.sql)}\n`
      }${counted(done, "statement")} ${
        done === 1 ? "is" : "are"
      } there to stay; aim push goes on from what is there\n`;
  }
}
