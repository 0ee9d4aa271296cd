/** `aim help config`. */

import { CONFIG_KEYS, type ConfigKey, flagOf, variableOf } from "../../config/keys.ts";
import { isOfFile } from "../../config/values.ts";

/** The topic as Markdown. */
export function configText(): string {
  return [
    "# Configuration",
    "`aim.toml` is looked for in the working folder and then in each folder above it. A flag goes over an `AIM_*` variable, a variable over the file, the file over the default; `aim doctor` shows every value and where it came from.",
    "Relative paths in the file and in variables are relative to the folder of `aim.toml`; those of flags are relative to the working folder. A key that aim does not know, or a value of the wrong type, is an error that names the line.",
    EXAMPLE,
    "Editors that know TOML complete and check the file by [its JSON schema](aim.schema.json), which is part of every release: a first line `#:schema https://.../aim.schema.json`, or `#:schema ./aim.schema.json` for a copy beside it.",
    "## Files and limits",
    "A schema, a migration, a plan and a settings file must be a file of UTF-8 text: a named pipe, a socket, a device or a folder in its place is an error and is never read. `aim.toml` and personal settings may have 1 MB, a file of answers for a scripted model 16 MB, every other file 32 MB, all files of a schema or of the migrations 512 MB and 20000 files.",
    "## Outside of the project",
    "The project is the git work tree that `aim.toml` is in, or its folder when there is none; a work tree of another owner, or one that holds your home folder, does not count, and neither does its `.git`. A `schema`, `before` or `migrations` that `aim.toml` or a link puts elsewhere is used only with `--allow-outside`, or after `aim trust` has shown where it leads; a new target needs it again. A path that you give by flag or variable is your own word; links in it that lead on are not.",
    "## Several runs at once",
    "Runs in one project may plan and prove side by side. One of them writes; the others end with exit 2 and the number, the command and the time of the process that is writing or wrote last, also when a file of the migrations was changed by hand meanwhile: what is written is what was proven. The lock is a file in your cache folder, never in the project, and one of a process that is no more does not count. What a killed run had begun to write is taken back by the next `aim generate`.",
    "## Keys",
    ...CONFIG_KEYS.flatMap(keyText),
  ].join("\n\n") + "\n";
}

const EXAMPLE = `\`\`\`toml
engine = "postgres-16"
format = "goose"
schema = "db/schema.sql"
migrations = "db/migrations"
before = ["db/roles.sql"]
ignore_tables = ["audit_*"]
\`\`\``;

function keyText(row: ConfigKey): readonly string[] {
  return [
    `### \`${row.key}\``,
    [`${row.summary}.`, ...(row.more ? [row.more] : [])].join(" "),
    `${origins(row)}. ${fallbackText(row)}.`,
  ];
}

function origins(row: ConfigKey): string {
  const flag = row.flag === "none"
    ? []
    : [`flag \`${flagOf(row.key)}\`${row.flag === "model" ? " of `aim generate`" : ""}`];
  const variable = isOfFile(row) ? [] : [
    `variable \`${variableOf(row.key)}\`${
      ["list", "paths"].includes(row.type) ? " (separated by commas)" : ""
    }`,
  ];
  const text = [...flag, ...variable].join(", ");
  return text === "" ? "In the file only" : text[0]?.toUpperCase() + text.slice(1);
}

function fallbackText(row: ConfigKey): string {
  if (row.key === "engine") return "No default";
  const { fallback } = row;
  const empty = fallback === null || (Array.isArray(fallback) && fallback.length === 0);
  return empty ? "Default: none" : `Default: \`${JSON.stringify(fallback)}\``;
}
