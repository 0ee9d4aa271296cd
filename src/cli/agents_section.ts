/** The section of AGENTS.md that tells coding agents how the schema is changed here. */

import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MEGABYTE, readText, systemCode } from "../host/read_text.ts";

const BEGIN = "<!-- aim: begin -->";
const END = "<!-- aim: end -->";

const SECTION = `${BEGIN}
## Changing the database

The schema is \`schema.sql\` (see \`aim.toml\`); migrations are made from it and proven by \`aim\`. Never
write or edit a migration by hand.

1. \`aim create --dry-run "add phone text to users"\` shows a change; \`--yes\` instead does it. For what
   it cannot read, edit the schema file and run \`aim generate\`.
2. Exit 1 with a question: answer it with one of the flags that are printed, or ask the user. Never
   answer \`assume-empty\` or drop something that may have been renamed without asking.
3. \`aim lint\` says what the new migration locks, loses and breaks; \`aim validate\` proves the history.

All commands take \`--json\`. \`aim mcp\` serves them as tools.
${END}`;

/** Writes the section into AGENTS.md of a folder, in place of an older one; gives the file, or null when it says that already. */
export async function writeAgentsSection(folder: string): Promise<string | null> {
  const path = join(folder, "AGENTS.md");
  const text = await present(path);
  const [start, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  const wanted = start >= 0 && end > start
    ? text.slice(0, start) + SECTION + text.slice(end + END.length)
    : text === ""
    ? `${SECTION}\n`
    : `${text.trimEnd()}\n\n${SECTION}\n`;
  if (wanted === text) return null;
  await writeFile(path, wanted);
  return path;
}

async function present(path: string): Promise<string> {
  try {
    await stat(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return "";
    throw error;
  }
  return await readText(path, { limit: MEGABYTE });
}
