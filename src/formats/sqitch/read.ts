/** Reading a sqitch project. */

import type { History, Migration, ReadOptions, Script, SourceFile } from "../format.ts";
import { fileRefusal, refusal } from "../format_error.ts";
import { join, type SqitchConf, sqitchConf } from "./conf.ts";
import { type PlannedChange, readPlan } from "./plan.ts";
import { expandPsql, psqlFiles } from "./psql.ts";
import { expandSqliteShell, sqliteShellFiles } from "./sqlite_shell.ts";
import { clientOf, unmarked } from "../transaction_mode.ts";

/** Paths of the files that those read so far refer to: the plan, the scripts it names, and what scripts include. */
export function sqitchReferences(files: readonly SourceFile[]): readonly string[] {
  return [
    ...planned(files),
    ...files.flatMap((file) => [...psqlFiles(file), ...sqliteShellFiles(file)]),
  ];
}

/** The plan and the scripts it names, wherever the settings put them. */
function planned(files: readonly SourceFile[]): readonly string[] {
  const conf = confOf(files);
  const plan = files.find((file) => file.path === conf.plan);
  if (plan === undefined) return [conf.plan];
  return readPlan(plan).changes.flatMap((change) => {
    const named = change.reworkTags.length === 0
      ? [change]
      : change.reworkTags.map((tag) => ({ ...change, reworkTags: [tag] }));
    return named.flatMap((one) => Object.values(scriptsOf(one, conf, () => false).paths));
  });
}

/** The changes of the plan, in its order. Throws UsageError where the plan or a deploy script is missing. */
export function parseSqitch(
  files: readonly SourceFile[],
  { dialect, lexicon }: ReadOptions,
): History {
  const texts = new Map(files.map((file) => [file.path, file.text]));
  const conf = confOf(files);
  const planText = texts.get(conf.plan);
  if (planText === undefined) {
    if (files.length === 0) return { migrations: [], notes: [] };
    throw fileRefusal(
      `Cannot find the plan "${conf.plan}"`,
      conf.plan,
      "Point migrations at the folder that holds sqitch.conf, or at the one that holds sqitch.plan",
    );
  }
  const plan = { path: conf.plan, text: planText };
  const client = clientOf(conf.engine, dialect);
  const notes: string[] = [];
  const { changes } = readPlan(plan);
  const scriptOf = (path: string, verb: "deploy" | "revert"): Script => {
    const file = { path, text: texts.get(path) ?? "" };
    const read = (name: string) => texts.get(join("", name)) ?? null;
    const expanded = client === "psql"
      ? expandPsql(file, { read, variables: conf.variables[verb], lexicon })
      : client === "sqlite3"
      ? expandSqliteShell(file, { read, lexicon })
      : { text: file.text, edits: [] };
    return {
      file: path,
      text: expanded.text,
      transaction: unmarked("sqitch", dialect),
      ...(expanded.edits.length === 0 ? {} : { edits: expanded.edits }),
    };
  };
  const exists = (path: string) => texts.has(path);
  const migrations = changes.map((change): Migration => {
    const { version, paths } = scriptsOf(change, conf, exists);
    if (!exists(paths.deploy)) {
      throw refusal(
        `Cannot find "${paths.deploy}", the deploy script of "${change.name}"`,
        plan,
        change.offset,
        "sqitch needs the script of every change in the plan",
      );
    }
    if (!exists(paths.revert)) {
      notes.push(`${change.name} has no revert script (${paths.revert})`);
    }
    return {
      version,
      name: change.name,
      up: scriptOf(paths.deploy, "deploy"),
      down: exists(paths.revert) ? scriptOf(paths.revert, "revert") : null,
      files: [paths.deploy, paths.revert, paths.verify].filter(exists),
    };
  });
  return { migrations, notes };
}

/** The project's settings. */
function confOf(files: readonly SourceFile[]): SqitchConf {
  return sqitchConf(files.find((file) => file.path === "sqitch.conf"));
}

/** The scripts of a change: `deploy/name.sql`; when the name is reworked later, `name@tag.sql` with the first tag that has a deploy script. */
function scriptsOf(
  change: PlannedChange,
  conf: SqitchConf,
  exists: (path: string) => boolean,
): { readonly version: string; readonly paths: Readonly<Record<Verb, string>> } {
  const reworked = change.reworkTags.length > 0;
  const path = (verb: Verb, version: string) =>
    join((reworked ? conf.reworked[verb] : null) ?? conf[verb], `${version}.${conf.extension}`);
  const versions = reworked
    ? change.reworkTags.map((tag) => `${change.name}@${tag}`)
    : [change.name];
  const version = versions.find((name) => exists(path("deploy", name))) ?? versions[0] ??
    change.name;
  return {
    version,
    paths: {
      deploy: path("deploy", version),
      revert: path("revert", version),
      verify: path("verify", version),
    },
  };
}

type Verb = "deploy" | "revert" | "verify";
