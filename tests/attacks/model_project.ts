/** A project that must ask a model, and a person who has one key and nothing else. */

import { randomBytes } from "node:crypto";
import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { type Finished, runAim, temporaryFolder } from "../run_aim.ts";

/** Both wires, by a provider each. */
export const WIRES = ["anthropic", "openai"] as const;
export type Wire = typeof WIRES[number];

/** What a run is given besides the address. */
export interface AskSettings {
  readonly wire: Wire;
  readonly args?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
  /** Further lines of aim.toml. */
  readonly toml?: string;
}

/** The key that the provider has in every run of this process. */
export const KEY = `canary-${randomBytes(8).toString("hex")}/K+e"y`;

/** The cache of the runtime, which is no business of aim's and slow to make again. */
const DENO_DIR = process.env.DENO_DIR ??
  join(homedir(), process.platform === "darwin" ? "Library/Caches" : ".cache", "deno");

const USERS = "CREATE TABLE users (\n  id integer PRIMARY KEY";

/** A small project on SQLite in which a column is new. */
export function projectFiles(
  { wire, toml = "", files = {} }: Pick<AskSettings, "wire" | "toml" | "files">,
): Readonly<Record<string, string>> {
  return {
    "aim.toml": `engine = "sqlite"\ngenerator = "model"\nmodel = "${wire}/m"\nmax_retries = 0\n` +
      `max_tokens = 500\n${toml}\n`,
    "schema.sql": `${USERS}, email text);\n`,
    "migrations/000001_users.up.sql": `${USERS});\n`,
    "migrations/000001_users.down.sql": "DROP TABLE users;\n",
    ...files,
  };
}

/** The environment of a person whose settings are in a folder of their own. */
export function person(home: string, more: Readonly<Record<string, string>> = {}) {
  const none = Object.fromEntries(
    ["ANTHROPIC_API_KEY", "OPENAI_API_KEY", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "HF_TOKEN"]
      .map((name) => [name, ""]),
  );
  return { ...none, HOME: home, TMPDIR: home, DENO_DIR, ...more };
}

/** Runs `aim generate`, or what `args` say, with a provider at an address. */
export async function askAt(
  url: string,
  { wire, args = ["generate", "--dry-run"], variables = {}, ...files }: AskSettings,
): Promise<Finished> {
  await using folder = await temporaryFolder(projectFiles({ wire, ...files }));
  const key = wire === "anthropic" ? "ANTHROPIC_API_KEY" : "OPENAI_API_KEY";
  return await runAim(args, {
    cwd: folder.path,
    variables: person(folder.path, { AIM_BASE_URL: url, [key]: KEY, ...variables }),
  });
}

/** The answer that solves the project. */
export const GOOD_ANSWER = JSON.stringify({
  up: [{ sql: "ALTER TABLE users ADD COLUMN email text", changes: [1] }],
  down: [{ sql: "ALTER TABLE users DROP COLUMN email", changes: [1] }],
  description: "Add the address",
  warnings: [],
  question: "",
});
