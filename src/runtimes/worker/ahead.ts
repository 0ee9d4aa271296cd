/**
 * What a binary begins before it has read the rest of its program: the thread of a scratch engine, and the engine's own program
 * compiled, both on other processors. A guess: what is not wanted in the end is not used, and ends with the process.
 */

import { readFileSync, statSync } from "node:fs";
import { openAhead } from "./open_worker.ts";

/** Commands that need an engine whenever nothing is wrong. */
const COMMANDS = new Set(["diff", "generate", "validate", "lint"]);

/** Variables by which another engine or runtime may be asked for. */
const VARIABLES = ["AIM_ENGINE", "AIM_RUNTIME", "AIM_DEV_URL", "AIM_CONFIG"];

/** Begins what a command line in this folder will probably need. */
export async function beginAhead(
  argv: readonly string[],
  variables: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const [command = "", ...rest] = argv;
  if (!COMMANDS.has(command) || rest.some((one) => OTHERWISE.test(one))) return;
  if (VARIABLES.some((name) => (variables[name] ?? "") !== "")) return;
  const dialect = dialectIn(settings());
  if (dialect === null) return;
  openAhead();
  await begin(dialect);
}

/** Flags with which the settings of this folder do not tell what will run, or nothing runs. */
const OTHERWISE =
  /^(?:-h|--help|--version|-C.*|--(?:directory|config|engine|runtime|dev-url|help|if-changed)(?:=.*)?)$/;

/** What is no file of a usual size is left to who reads it in earnest. */
function settings(): string {
  try {
    const found = statSync("aim.toml");
    return found.isFile() && found.size <= LARGEST ? readFileSync("aim.toml", "utf8") : "";
  } catch {
    return "";
  }
}

/** Bytes. */
const LARGEST = 65_536;

/** The dialect whose embedded engine the settings ask for: with a version, or a runtime, another one may serve. */
function dialectIn(toml: string): "postgres" | "sqlite" | null {
  if (/^\s*runtime\s*=/m.test(toml)) return null;
  const [, name = ""] = /^\s*engine\s*=\s*["'](\w+)["']\s*(?:#.*)?$/m.exec(toml) ?? [];
  return name === "postgres" || name === "sqlite" ? name : null;
}

async function begin(dialect: "postgres" | "sqlite"): Promise<void> {
  if (dialect === "sqlite") {
    const { sqljsProgram } = await import("../sqljs_parts.ts");
    return await sqljsProgram.begin();
  }
  const { pgliteProgram } = await import("../pglite/parts.ts");
  await pgliteProgram.begin();
}
