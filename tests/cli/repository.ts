/** A repository with a bare clone as its remote, a branch on it, and a workflow's step run as the action runs it. */

import { execFileSync, spawnSync } from "node:child_process";
import { chmod, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { program, temporaryFolder } from "../run_aim.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Files of a project on SQLite with golang-migrate; two migrations that lead to the schema. */
export const PROJECT: Readonly<Record<string, string>> = {
  "aim.toml": 'engine = "sqlite"\n',
  "schema.sql": "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT);\n" +
    "CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT);\n",
  "migrations/000001_notes.up.sql": "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT);\n",
  "migrations/000001_notes.down.sql": "DROP TABLE notes;\n",
  "migrations/000002_tags.up.sql": "CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT);\n",
  "migrations/000002_tags.down.sql": "DROP TABLE tags;\n",
};

/** What a branch changes; null deletes a file. */
export type Edits = Readonly<Record<string, string | null>>;

/** A clone whose `origin/main` holds a project. */
export interface Repository extends AsyncDisposable {
  readonly path: string;
  /** A folder with a program called aim. */
  readonly bin: string;
  git(...args: string[]): string;
  /** The exit code of git, and what it said. */
  tryGit(...args: string[]): { readonly code: number | null; readonly said: string };
  /** Changes files of the work tree. */
  write(edits: Edits): Promise<void>;
  commit(edits: Edits, message?: string): Promise<void>;
  /** The step of the action that runs aim, as action.yml has it, with these inputs, in a pull request against main. */
  step(inputs?: Readonly<Record<string, string>>): Promise<Step>;
}

/** What a step left. */
export interface Step {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The job's summary. */
  readonly summary: string;
}

/** How a runner starts `shell: bash`. */
const BASH = ["--noprofile", "--norc", "-eo", "pipefail", "-c"];

/** The step of action.yml that runs aim: its script and environment, with what the expressions in them stand for. */
async function actionStep(temporary: string, inputs: Readonly<Record<string, string>>) {
  const action = parse(await readFile(join(ROOT, "action.yml"), "utf8")) as {
    readonly inputs: Readonly<Record<string, { readonly default: string }>>;
    readonly runs: {
      readonly steps: readonly {
        readonly id?: string;
        readonly run: string;
        readonly env: Readonly<Record<string, string>>;
        readonly "working-directory": string;
      }[];
    };
  };
  const step = action.runs.steps.find(({ id }) => id === "run");
  if (step === undefined) throw new Error("action.yml has no step that runs aim");
  const valueOf = (text: string) =>
    text.replaceAll(/\$\{\{ (\S+) \}\}/g, (_, name: string) => {
      if (name === "runner.temp") return temporary;
      const input = name.replace(/^inputs\./, "");
      const value = inputs[input] ?? action.inputs[input]?.default;
      if (value === undefined) throw new Error(`action.yml names ${name}`);
      return value;
    });
  const env = Object.entries(step.env).map(([name, text]) => [name, valueOf(text)]);
  return {
    run: step.run,
    env: Object.fromEntries(env) as Record<string, string>,
    directory: valueOf(step["working-directory"]),
  };
}

/** Makes one, on the branch `work`. */
export async function repository(files: Edits = PROJECT): Promise<Repository> {
  const folder = await temporaryFolder();
  const path = join(folder.path, "clone");
  const bin = join(folder.path, "bin");
  await mkdir(bin);
  const line = program().map((word) => `'${word}'`).join(" ");
  await writeFile(join(bin, "aim"), `#!/bin/sh\nexec ${line} "$@"\n`);
  await chmod(join(bin, "aim"), 0o755);
  const environment = {
    ...process.env,
    PATH: `${bin}:${process.env.PATH}`,
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_AUTHOR_NAME: "a",
    GIT_AUTHOR_EMAIL: "a@b.c",
    GIT_COMMITTER_NAME: "a",
    GIT_COMMITTER_EMAIL: "a@b.c",
  };
  const tryGit = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync("git", args, {
      cwd: path,
      env: environment,
      encoding: "utf8",
    });
    return { code: status, said: stdout + stderr };
  };
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: path, env: environment, encoding: "utf8", stdio: "pipe" });
  const write = async (edits: Edits) => {
    for (const [name, text] of Object.entries(edits)) {
      const file = join(path, name);
      if (text === null) {
        await rm(file);
        continue;
      }
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
  };
  const commit = async (edits: Edits, message = "a change") => {
    await write(edits);
    git("add", "--all");
    git("commit", "--quiet", "--no-verify", "--message", message);
  };
  const bare = join(folder.path, "origin.git");
  execFileSync("git", ["init", "--quiet", "--bare", "--initial-branch=main", bare], {
    env: environment,
  });
  execFileSync("git", ["clone", "--quiet", bare, path], { env: environment, stdio: "pipe" });
  git("checkout", "--quiet", "-B", "main");
  await commit(files, "the project");
  git("push", "--quiet", "origin", "main");
  git("remote", "set-head", "origin", "main");
  git("checkout", "--quiet", "-b", "work");
  // The action looks for aim where its first step installs it.
  await symlink(bin, join(folder.path, "aim-bin"));
  const step = async (inputs: Readonly<Record<string, string>> = {}): Promise<Step> => {
    const summary = join(folder.path, "summary.md");
    await writeFile(summary, "");
    const { run, env, directory } = await actionStep(folder.path, inputs);
    const { status, stdout, stderr } = spawnSync("bash", [...BASH, run], {
      cwd: join(path, directory),
      encoding: "utf8",
      env: {
        ...environment,
        ...env,
        GITHUB_ACTION_PATH: ROOT,
        GITHUB_ACTIONS: "true",
        GITHUB_BASE_REF: "main",
        GITHUB_OUTPUT: join(folder.path, "output"),
        GITHUB_STEP_SUMMARY: summary,
      },
    });
    return { code: status, stdout, stderr, summary: await readFile(summary, "utf8") };
  };
  return {
    path,
    bin,
    git,
    tryGit,
    write,
    commit,
    step,
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}
