/** `aim generate`. */

import { relative } from "node:path";
import { EXIT, UsageError } from "../../core/error.ts";
import type { GenerateOutcome } from "../../core/outcome.ts";
import type { GenerateOptions, Project } from "../../pipeline/mod.ts";
import { readAnswers, readRename } from "../choice_flags.ts";
import { choiceAsker } from "../ask.ts";
import {
  alert,
  answer,
  type Command,
  type Context,
  exactAnswer,
  type Flag,
  type FlagValues,
  type Piece,
  type Reply,
  talk,
} from "../command.ts";
import { exits } from "../exits.ts";
import { failsByLint, lintedPieces } from "../linted.ts";
import { ALL_KEYS, MODEL_FLAGS } from "../flags.ts";
import { open } from "../open.ts";
import type { Paint } from "../paint.ts";
import { REPORT_FLAG } from "../report_flag.ts";
import { generateJson } from "../report/outcome_json.ts";
import { rowsObjection } from "../report/rows.ts";

/** The flags that say how a migration is planned, and whether it is written. */
export const PLAN_FLAGS: readonly Flag[] = [
  { name: "dry-run", summary: "Print the SQL and write nothing" },
  { name: "name", value: "N", summary: "Name of the migration, instead of one from its changes" },
  {
    name: "rename",
    value: "OLD=NEW",
    repeats: true,
    summary: "Something was renamed: users.fullname=name, table:people=users",
  },
  {
    name: "answer",
    value: "ID=OPTION",
    repeats: true,
    summary: "Settle a choice: fill:users.email=expression=lower(name)",
  },
  {
    name: "assume-empty",
    summary: "Settle every choice about rows: there are none, and the migration fails at one",
  },
  {
    name: "on-ambiguity",
    value: "WHAT",
    choices: ["ask", "drop-add", "fail"],
    summary: "When something may have been renamed: ask, drop-add or fail",
  },
  { name: "no-lint", summary: "Do not lint what is proven" },
  {
    name: "allow-empty-schema",
    summary: "Drop everything when the schema is empty, instead of stopping",
  },
];

/** Writes the migration that closes the difference, and proves it. */
export const generate: Command = {
  name: "generate",
  summary: "Write the migration from the migrations' state to schema.sql, proven up and down",
  more: [
    "The migration is planned, run on a scratch database (UP, DOWN, and UP again) and written only when it is proven. The paths of the new files go to stdout.",
    "With --dry-run nothing is written; stdout gets UP as SQL and DOWN as comments, so that it can be piped into a client, in a transaction where the runner makes one.",
    "What is proven is linted: what it locks, rewrites and scans, and what may fail over rows. It is written whatever is found, unless the run is a dry one.",
    "What only you can know is asked on a terminal: whether something was renamed, and what becomes of rows that a change may not fit. Elsewhere the run ends with exit 1 and the flags that answer. An id may leave out its kind and the schema while no other choice fits; aim.toml can hold answers in [answers].",
  ],
  flags: [
    ...PLAN_FLAGS,
    {
      name: "data",
      value: "PATH",
      completes: "file",
      summary: "Statements that move rows on the way: a file of aim:data blocks; - for stdin",
    },
    {
      name: "move",
      value: "TEXT",
      summary: 'Let the model write them: "full_name is first_name and last_name"',
    },
    {
      name: "expand",
      value: "COLUMNS",
      summary:
        "Begin a change of columns that runs beside old code: users.fullname=name, users.age, users.bio=profiles.bio",
    },
    {
      name: "contract",
      value: "COLUMNS",
      summary: "End it: the old columns go, once no code uses them",
    },
    {
      name: "value",
      value: "COLUMN=SQL",
      repeats: true,
      summary: "With either: how a column is made of those of the other side",
    },
    {
      name: "lint",
      summary: "Exit with 1 where lint finds what fail_on says; it is written all the same",
    },
    REPORT_FLAG,
    { name: "explain", summary: "Say why each statement is there" },
    ...MODEL_FLAGS,
    { name: "show-prompt", summary: "Print what would be sent to the model, and send nothing" },
  ],
  settings: ALL_KEYS,
  examples: [
    { line: "aim generate", what: "plan, prove and write" },
    { line: "aim generate --name add_email", what: "with a name of your own" },
    { line: "aim generate --dry-run | psql dev", what: "try UP on a database of your own" },
    {
      line: "aim generate --rename users.fullname=name",
      what: "keep the data of a renamed column",
    },
    {
      line: "aim generate --answer \"fill:users.timezone=expression='UTC'\"",
      what: "a value for rows that a required column finds",
    },
    { line: "aim generate --assume-empty", what: "no row is in the way of any change" },
    { line: "git add $(aim generate -q)", what: "stage what was written" },
  ],
  exits: exits({
    [EXIT.ok]: "Written and proven, or in sync already",
    [EXIT.no]:
      "Not proven, or a choice is open, and nothing was written; or written, and --lint found what fail_on says",
    [EXIT.setup]: "No runtime can serve the engine",
    [EXIT.provider]: "The model's provider failed",
  }),
  run: async (context) => {
    const wanted = context.flags.text("name");
    const name = wanted === null ? null : await checkedName(wanted);
    const project = await open(context);
    const { generate } = await import("../../pipeline/mod.ts");
    const { generateReported } = await import("../report/reported.ts");
    const dryRun = context.flags.on("dry-run");
    const options = generateOptions(context, project, name);
    const step = expandStep(context.flags);
    const data = await dataOf(context, project);
    const outcome = step === null
      ? await generate(project, { ...options, ...(data === null ? {} : { data }) })
      : await expandBy(project, step, options);
    if (context.flags.on("show-prompt")) return promptReply(outcome);
    return {
      exit: isDone(outcome) && !await failsByLint(context, project, outcome) ? EXIT.ok : EXIT.no,
      lasting: outcome.written,
      json: generateJson(outcome),
      report: generateReported(outcome),
      pieces: await generatePieces(outcome, { context, dryRun, project }),
    };
  },
};

function isDone({ outcome }: GenerateOutcome): boolean {
  return outcome === "in-sync" || outcome === "proven";
}

/** The statements of `--data`. */
export async function dataOf({ flags, signal }: Context, project: Project) {
  const path = flags.text("data");
  if (path === null) return null;
  const { MEGABYTE, readStdin, readText } = await import("../../host/read_text.ts");
  const { readData } = await import("../../pipeline/mod.ts");
  const limits = { limit: MEGABYTE, hint: "give at most a megabyte" };
  const text = path === "-" ? await readStdin(limits, signal) : await readText(path, limits);
  return readData({ path: path === "-" ? "stdin" : path, text }, project);
}

interface ExpandStep {
  readonly step: "expand" | "contract";
  readonly request: { readonly columns: string; readonly values: readonly string[] };
}

/** The step of an expansion that is asked for; null for none. Throws UsageError for two, and for values without one. */
function expandStep(flags: FlagValues): ExpandStep | null {
  const [expand, contract] = [flags.text("expand"), flags.text("contract")];
  const values = flags.all("value");
  if (expand !== null && contract !== null) {
    throw new UsageError("Cannot expand and contract in one run", {
      code: "flag-value",
      hint: "deploy what writes the new columns in between",
    });
  }
  const columns = expand ?? contract;
  if (columns !== null) {
    const step = expand === null ? "contract" : "expand";
    return { step, request: { columns, values } };
  }
  if (values.length === 0) return null;
  throw new UsageError("Cannot use --value without --expand or --contract", {
    code: "flag-value",
    hint: "--answer gives values of columns that are added",
  });
}

async function expandBy(
  project: Project,
  step: ExpandStep,
  options: GenerateOptions,
): Promise<GenerateOutcome> {
  const { expand } = await import("../../pipeline/mod.ts");
  return await expand(project, { ...step, dryRun: options.dryRun, options });
}

/** How the flags of a command settle choices. */
export function generateOptions(
  { flags, prompts, variables, emit }: Context,
  { config, engine }: Project,
  name: string | null,
): GenerateOptions {
  const wish = flags.text("on-ambiguity");
  const showPrompt = flags.on("show-prompt");
  const model = config.generator === "planner" ? null : config.model;
  const { answers, assumeEmpty } = readAnswers(flags.all("answer"), config.answers);
  const assumed = flags.on("assume-empty") ? "flag" : assumeEmpty;
  return {
    ...(name === null ? {} : { name }),
    dryRun: flags.on("dry-run"),
    answers,
    ...(assumed === null ? {} : { assumeEmpty: assumed }),
    ...(flags.text("move") === null ? {} : { move: flags.text("move") ?? "" }),
    renames: flags.all("rename").map(readRename),
    onAmbiguity: wish === "drop-add" || wish === "fail" ? wish : "ask",
    ...(prompts === null || showPrompt ? {} : { ask: choiceAsker(prompts, model, engine.lexicon) }),
    ...(model === null ? {} : {
      openModel: async () => {
        const { openModel } = await import("../../models/mod.ts");
        return await openModel(config, { variables, emit, preview: showPrompt });
      },
    }),
    lint: flags.on("lint") || !flags.on("no-lint"),
    allowEmptySchema: flags.on("allow-empty-schema"),
    showPrompt,
  };
}

/** What `--show-prompt` has to say: the prompt, or that none would be sent. */
function promptReply(outcome: GenerateOutcome): Reply {
  const preview = outcome.model?.preview ?? null;
  return {
    exit: EXIT.ok,
    json: generateJson(outcome),
    pieces: preview === null
      ? [talk(() => "Nothing would be sent: no model is needed, or none is set\n")]
      : [answer(() => preview.endsWith("\n") ? preview : `${preview}\n`)],
  };
}

/** A name that can stand in a file name of every format. */
export async function checkedName(name: string): Promise<string> {
  const { slugOf } = await import("../../pipeline/mod.ts");
  const slug = slugOf(name);
  if (slug !== null) return slug;
  throw new UsageError(`Cannot name a migration "${name}"`, {
    code: "flag-value",
    hint: "use up to 100 letters, digits and underscores: --name add_email_to_users",
  });
}

/** What people read of a migration. */
export async function generatePieces(
  outcome: GenerateOutcome,
  options: {
    context: Context;
    dryRun: boolean;
    project: Project;
    /** What is said at the end; null for what `aim generate` says. */
    last?: (paint: Paint) => string | null;
  },
): Promise<readonly Piece[]> {
  const { context, dryRun, project } = options;
  const { migrations } = project.config;
  const explain = context.flags.on("explain");
  const choices = await import("../report/choices.ts");
  const report = await import("../report/migration.ts");
  const { draft, proof } = outcome;
  const { runnable, wrappingOf } = await import("../../pipeline/mod.ts");
  const wrapping = draft === null
    ? { up: false, down: false }
    : wrappingOf(project, draft, outcome.files);
  const refused = outcome.outcome === "unproven";
  const shown = relative(context.folder, migrations) || ".";
  return [
    ...(draft !== null && dryRun && !refused
      ? [
        exactAnswer((paint: Paint) =>
          choices.renderAssumptions(outcome.choices, paint) +
          report.renderDryRun(draft, paint, { explain, wrapping, runnable })
        ),
        talk((paint, _, room) => report.renderNotes(draft, paint, room)),
      ]
      : []),
    ...(draft !== null && (!dryRun || refused)
      ? [
        talk((paint) =>
          choices.renderAssumptions(outcome.choices, paint) +
          report.renderMigration(draft, paint, explain)
        ),
      ]
      : []),
    talk((paint, _, room) => choices.renderSettledChoices(outcome.choices, paint, explain, room)),
    ...(proof !== null
      ? [
        (refused ? alert : talk)((paint) => {
          const shown = { choices: outcome.choices, verbose: context.flags.on("verbose") };
          return `\n${report.renderProof(proof, paint, shown)}`;
        }),
      ]
      : []),
    talk((paint) => report.renderRowChecks(outcome, paint)),
    talk((paint) => report.renderUsage(outcome, paint)),
    ...await lintedPieces(project, outcome.linted ?? [], context.flags.on("lint")),
    alert((paint) => stopLine(outcome, paint)),
    alert((paint) => report.renderFindings(outcome.findings.filter(isNews), paint)),
    alert((paint, _, room) => choices.renderOpenChoices(outcome.choices, paint, room)),
    ...(outcome.written
      ? [exactAnswer(() => report.renderFiles(outcome, migrations, context.folder))]
      : []),
    talk((paint) =>
      options.last?.(paint) ?? lastLine(
        { ...outcome, next: outcome.next?.replaceAll(migrations, shown) ?? null },
        dryRun,
        paint,
      )
    ),
  ];
}

/** Why a model ended without a proof. */
function stopLine({ model }: GenerateOutcome, paint: Paint): string {
  return model?.message ? `${paint.yellow("model:")} ${model.message}\n` : "";
}

function waysOut({ choices }: GenerateOutcome): string {
  const open = choices.filter(({ answer }) => answer === null);
  return open.some(({ ifEmpty }) => ifEmpty !== undefined)
    ? "answer with the flags above, or with --assume-empty where no row is in the way"
    : "answer with the flags above";
}

/** What rows have against it, where the schemas came out right. */
function why({ proof }: GenerateOutcome): string {
  const objection = proof?.rows === undefined ? null : rowsObjection(proof.rows);
  return objection === null ? "" : `${objection}; `;
}

function lastLine(outcome: GenerateOutcome, dryRun: boolean, paint: Paint): string {
  switch (outcome.outcome) {
    case "in-sync":
      return `${paint.green("in sync")}: there is nothing to migrate\n`;
    case "undecided":
      return `${paint.yellow("undecided")}: ${waysOut(outcome)}; nothing was written\n`;
    case "unproven":
      return `${paint.red("unproven")}: ${why(outcome)}nothing was written\n`;
    case "proven":
      if (dryRun) return `${paint.green("proven")}: nothing was written (--dry-run)\n`;
      return `${paint.green("proven")} and written\n` +
        (outcome.next === null ? "" : `${paint.dim(`next: ${outcome.next}`)}\n`);
  }
}

/** What the proof and the open questions do not show already. */
function isNews({ code }: GenerateOutcome["findings"][number]): boolean {
  return code !== "choice-open" && code !== "migration-unproven";
}
