/** Writes the pages of docs/ that are made from the program's own tables. `--check` only compares. */

import { spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import process from "node:process";
import { COMMANDS } from "../src/cli/commands/mod.ts";
import { commandsText } from "../src/cli/topics/commands.ts";
import { rulesText } from "../src/cli/topics/rules.ts";
import { RULES } from "../src/rules/mod.ts";
import { settingsSchema } from "../src/cli/topics/settings_schema.ts";
import { TOPICS } from "../src/cli/topics/mod.ts";

const folder = new URL("../docs/", import.meta.url);
const pages: Readonly<Record<string, string>> = {
  "aim.schema.json": JSON.stringify(settingsSchema()),
  "commands.md": commandsText(COMMANDS),
  "config.md": await topic("config"),
  "exit-codes.md": await topic("exit-codes"),
  "rules.md": rulesText(RULES),
};

let stale = false;
for (const [name, text] of Object.entries(pages)) {
  const wanted = formatted(text, name.slice(name.lastIndexOf(".") + 1));
  const path = new URL(name, folder);
  const present = await readFile(path, "utf8").catch(() => "");
  if (present === wanted) continue;
  if (process.argv.includes("--check")) {
    stale = true;
    console.error(`docs/${name} is stale: run \`deno task docs\``);
  } else {
    await writeFile(path, wanted);
    console.log(`docs/${name}`);
  }
}
if (stale) process.exit(1);

function topic(name: string): Promise<string> {
  const found = TOPICS.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`No topic "${name}"`);
  return found.text();
}

function formatted(text: string, extension: string): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["fmt", "--ext", extension, "-"], {
    input: text,
    encoding: "utf8",
    cwd: new URL("..", import.meta.url),
  });
  if (status !== 0) throw new Error(`Cannot format: ${stderr}`);
  return stdout;
}
