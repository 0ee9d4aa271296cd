/** `aim drift`. */

import { EXIT } from "../../core/error.ts";
import type { GenerateOutcome } from "../../core/outcome.ts";
import type { DriftOutcome } from "../../pipeline/mod.ts";
import { readAnswers, readRename } from "../choice_flags.ts";
import { alert, answer, type Command, exactAnswer, type Piece, talk } from "../command.ts";
import { exits } from "../exits.ts";
import { SCRATCH_KEYS } from "../flags.ts";
import { LIVE_FLAGS, LIVE_MORE, liveAddress, PRIVILEGES_FLAG } from "../live_url.ts";
import { open } from "../open.ts";
import type { Paint } from "../paint.ts";
import { counted, renderChanges, renderUnifiedDiff } from "../report/changes.ts";

/** Shows what a live database has that nobody wrote down, and what it lacks. */
export const drift: Command = {
  name: "drift",
  summary: "Show how a live database differs from what its migrations, or schema.sql, say",
  more: [
    "By default the migrations that the runner's table calls applied are replayed, so that what was changed by hand is told apart from what is only not yet deployed. With --against schema it is compared with schema.sql.",
    "--fix prints SQL for both directions instead: UP makes of what should be what the live database is, for a migration that takes the change over; DOWN, in comments, takes the live database back. Both are planned and proven on a scratch database; aim runs neither on the live one.",
    LIVE_MORE,
  ],
  flags: [
    ...LIVE_FLAGS,
    {
      name: "against",
      value: "WHAT",
      choices: ["migrations", "schema"],
      summary: "What the database should be: the applied migrations, or the schema file",
    },
    { name: "fix", summary: "Print the SQL of both directions" },
    {
      name: "rename",
      value: "OLD=NEW",
      repeats: true,
      summary: "With --fix: something was renamed: users.fullname=name",
    },
    {
      name: "answer",
      value: "ID=OPTION",
      repeats: true,
      summary: "With --fix: settle a choice: fill:users.email=expression=lower(name)",
    },
    {
      name: "assume-empty",
      summary: "With --fix: settle every choice about rows: there are none",
    },
    { name: "exit-code", summary: "Exit with 1 when the database has drifted" },
    PRIVILEGES_FLAG,
  ],
  settings: SCRATCH_KEYS,
  examples: [
    { line: "aim drift", what: "what was changed by hand" },
    { line: "aim drift --against schema --exit-code -q", what: "for a check every night" },
    { line: "aim drift --fix > taken_over.sql", what: "the change as SQL, and the way back" },
  ],
  exits: exits({
    [EXIT.ok]: "In sync, or the difference was shown",
    [EXIT.no]: "It has drifted, with --exit-code; or --fix is not proven, or a choice is open",
    [EXIT.setup]: "The database cannot be reached or read, or no runtime can serve the engine",
  }),
  run: async (context) => {
    const project = await open(context);
    const { drift } = await import("../../pipeline/mod.ts");
    const { changeJson, generateJson } = await import("../report/outcome_json.ts");
    const { flags } = context;
    const { answers, assumeEmpty } = readAnswers(flags.all("answer"), project.config.answers);
    const outcome = await drift(project, liveAddress(context, project), {
      against: flags.text("against") === "schema" ? "schema" : "migrations",
      fix: flags.on("fix"),
      answers,
      assumeEmpty: flags.on("assume-empty") ? "flag" : assumeEmpty,
      renames: flags.all("rename").map(readRename),
    });
    const { fix, text, changes, ...rest } = outcome;
    const isRefused = fix !== null && fix.outcome !== "proven";
    const hasDrifted = outcome.outcome === "drifted";
    return {
      exit: isRefused || hasDrifted && flags.on("exit-code") ? EXIT.no : EXIT.ok,
      json: {
        ...rest,
        changes: changes.map(changeJson),
        diff: text,
        fix: fix === null ? null : generateJson(fix),
      },
      pieces: [
        ...(fix === null
          ? [
            answer((paint) => renderChanges(changes, paint)),
            answer((paint) => text === "" ? "" : `\n${renderUnifiedDiff(text, paint)}`),
          ]
          : await fixPieces(fix)),
        talk((paint) => lastLine(outcome, paint)),
      ],
    };
  },
};

async function fixPieces(fix: GenerateOutcome): Promise<readonly Piece[]> {
  const { renderOpenChoices } = await import("../report/choices.ts");
  const { renderDryRun, renderProof } = await import("../report/migration.ts");
  const { runnable } = await import("../../pipeline/mod.ts");
  const { draft, proof } = fix;
  const wrapping = { up: false, down: false };
  return [
    exactAnswer((paint) =>
      draft === null || fix.outcome !== "proven"
        ? ""
        : renderDryRun(draft, paint, { explain: false, wrapping, runnable })
    ),
    (fix.outcome === "proven" ? talk : alert)((paint) =>
      proof === null ? "" : `\n${renderProof(proof, paint, { goal: "what the database has" })}`
    ),
    alert((paint, _, room) => renderOpenChoices(fix.choices, paint, room)),
  ];
}

function afterFix(
  { outcome }: GenerateOutcome,
  against: DriftOutcome["against"],
  paint: Paint,
): string {
  if (outcome !== "proven") return "";
  return paint.dim(
    against === "schema"
      ? "next: put UP into schema.sql, by aim pull; or run DOWN on the database\n"
      : "next: make a migration of UP and call it applied; or run DOWN on the database\n",
  );
}

function lastLine(outcome: DriftOutcome, paint: Paint): string {
  const { against, pending, applied, database, changes, fix } = outcome;
  const fixing = `aim drift${against === "schema" ? " --against schema" : ""} --fix`;
  const than = against === "schema"
    ? "schema.sql"
    : `what ${counted(applied ?? 0, "applied migration")} ${applied === 1 ? "leaves" : "leave"}`;
  switch (outcome.outcome) {
    case "in-sync":
      return `${paint.green("in sync")}: ${database} is ${than}\n`;
    case "pending":
      return `${paint.green("in sync")}: ${database} is ${than}; ${
        counted(pending ?? 0, "migration")
      } to come\n`;
    case "drifted":
      return `${paint.yellow("drifted")}: ${database} is not ${than}: ${
        counted(changes.length, "change")
      }\n${fix === null ? paint.dim(`next: ${fixing}\n`) : afterFix(fix, against, paint)}`;
  }
}
