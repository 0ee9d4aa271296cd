/** `aim impact`. */

import { basename, relative, resolve } from "node:path";
import { EXIT, UsageError } from "../../core/error.ts";
import type { ImpactOptions } from "../../pipeline/mod.ts";
import type { Config } from "../../config/config.ts";
import { readAnswers, readRename } from "../choice_flags.ts";
import { answer, type Command, type Context, talk } from "../command.ts";
import { exits } from "../exits.ts";
import { SCRATCH_KEYS } from "../flags.ts";
import { open } from "../open.ts";
import { pictureFormat, pictureText, savePicture } from "../picture.ts";
import { REPORT_FLAG } from "../report_flag.ts";

/** Says who uses what a migration takes away. */
export const impact: Command = {
  name: "impact",
  summary: "Show the code, queries and views that use what a migration drops, renames or retypes",
  more: [
    "SQL in files and in strings of TypeScript, JavaScript, Python, Go, Java, Kotlin, Ruby, Rust, PHP and C#, models of ORMs by their names, views and routines of the database itself, and logs of queries that are named. A query is prepared on the scratch database before and after the migration, never run: one that the server takes before and refuses after is certain; what code says by model, table or a name of its own is likely; what has only the name is counted apart and stops nothing.",
    "PATHS are files of the migrations, of which one is looked at (the last without any), and folders or files of code; without those the project's folder is read. Logs are pg_stat_statements as CSV or JSON, and logs of slow queries. `aim.services.toml` says whose code lies where.",
  ],
  arguments: [{
    name: "paths",
    required: false,
    repeats: true,
    summary: "File of a migration; files and folders of code, SQL and logs",
    completes: "file",
  }],
  flags: [
    { name: "diff", summary: "What the way from the migrations to the schema would break" },
    {
      name: "rename",
      value: "OLD=NEW",
      repeats: true,
      summary: "With --diff: something was renamed: users.fullname=name, table:people=users",
    },
    {
      name: "by-name",
      summary: "Show each place that has only the name of what changes, not their number by file",
    },
    { name: "map", summary: "Who uses which table, whatever changes" },
    {
      name: "repo",
      value: "DIR",
      repeats: true,
      summary: "Read the code of another repository as well; can be given several times",
      completes: "folder",
    },
    {
      name: "picture",
      value: "FILE",
      summary: "Draw who depends on what into a file: .mmd, .dot, .svg or .html",
      completes: "file",
    },
    REPORT_FLAG,
  ],
  settings: SCRATCH_KEYS,
  examples: [
    { line: "aim impact", what: "of the last migration, on the code of the project" },
    { line: "aim impact --diff", what: "before the migration is written" },
    { line: "aim impact --map --picture map.svg", what: "who depends on which table, drawn" },
    { line: "aim impact --map --json", what: "who depends on which table, as data" },
  ],
  exits: exits({
    [EXIT.ok]: "Nothing is used that changes, or what is used was shown",
    [EXIT.no]: "It breaks a query for certain, or takes away what fail_on protects",
    [EXIT.setup]: "No runtime can serve the engine",
  }),
  run: async (context) => {
    const project = await open(context);
    const options = optionsOf(context, project.config);
    const file = context.flags.text("picture");
    const format = file === null ? null : pictureFormat(null, file);
    const { impact } = await import("../../pipeline/mod.ts");
    const { renderImpact, renderImpactSum, renderServices } = await import("../report/impact.ts");
    const { impactDiagram, impactReported } = await import("../report/reported_impact.ts");
    const outcome = await impact(project, options);
    const isMap = options.of === "map";
    if (file !== null && format !== null) {
      const title = basename(project.config.root);
      await savePicture(file, await pictureText(impactDiagram(outcome, isMap), format, title));
    }
    return {
      exit: outcome.outcome === "refused" ? EXIT.no : EXIT.ok,
      json: impactJson(outcome, isMap),
      report: impactReported(outcome, isMap),
      pieces: [
        answer((paint) => isMap ? "" : renderImpact(outcome, paint, context.flags.on("by-name"))),
        answer((paint) => renderServices(outcome, paint, isMap)),
        talk((paint) => renderImpactSum(outcome, paint)),
      ],
    };
  },
};

function optionsOf(
  { flags, arguments: paths, folder }: Context,
  { migrations, answers }: Pick<Config, "migrations" | "answers">,
): ImpactOptions {
  const isMigration = (path: string) => {
    const inside = relative(migrations, resolve(folder, path));
    return inside !== "" && !inside.startsWith("..");
  };
  const named = paths.filter(isMigration);
  const [file, second] = named;
  const modes = [
    ...flags.on("diff") ? ["diff" as const] : [],
    ...flags.on("map") ? ["map" as const] : [],
    ...file === undefined ? [] : [{ file }],
  ];
  if (modes.length > 1 || second !== undefined) {
    throw new UsageError("Cannot look at several changes at once", {
      code: "flag-value",
      hint: "pass one migration, or --diff, or --map",
    });
  }
  const renames = flags.all("rename").map(readRename);
  if (renames.length > 0 && !flags.on("diff")) {
    throw new UsageError("Cannot use --rename without --diff", {
      code: "flag-value",
      hint: "a migration says itself what it renames",
    });
  }
  return {
    stated: { renames, answers: readAnswers([], answers).answers },
    of: modes[0] ?? null,
    paths: paths.filter((path) => !isMigration(path)),
    repositories: flags.all("repo"),
  };
}

function impactJson(
  outcome: Awaited<ReturnType<typeof import("../../pipeline/impact.ts").impact>>,
  isMap: boolean,
): Readonly<Record<string, unknown>> {
  const { targets, uses, named, findings: _, ...rest } = outcome;
  const count = (of: typeof uses, name: string) =>
    of.filter(({ target }) => target.name === name).length;
  const placed = (of: typeof uses) =>
    of.map(({ target, ...use }) => ({ ...use, object: target.name, change: target.change }));
  return {
    ...rest,
    targets: targets.map(({ change, kind, name, to, values }) => ({
      change: isMap ? null : change,
      kind,
      name,
      to: to ?? (change === "value-drop" ? values?.gone : values?.fresh)?.join(", ") ?? null,
      uses: count(uses, name),
      named: count(named, name),
    })),
    uses: isMap ? [] : placed(uses),
    named: placed(named),
  };
}
