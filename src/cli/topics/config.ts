/** `aim help config`. */

import { CONFIG_KEYS, type ConfigKey, flagOf, variableOf } from "../../config/keys.ts";

/** The topic as Markdown. */
export function configText(): string {
  return [
    "# Configuration",
    "`aim.toml` is looked for in the working folder and then in each folder above it. A flag goes over an `AIM_*` variable, a variable over the file, the file over the default; `aim doctor` shows every value and where it came from.",
    "Relative paths in the file and in variables are relative to the folder of `aim.toml`; those of flags are relative to the working folder. A key that aim does not know, or a value of the wrong type, is an error that names the line.",
    EXAMPLE,
    "## Keys",
    ...CONFIG_KEYS.flatMap(keyText),
  ].join("\n\n") + "\n";
}

const EXAMPLE = `\`\`\`toml
engine = "postgres-16"
format = "goose"
schema = "db/schema.sql"
migrations = "db/migrations"
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
  const variable = row.type === "prices"
    ? []
    : [`variable \`${variableOf(row.key)}\`${row.type === "list" ? " (separated by commas)" : ""}`];
  const text = [...flag, ...variable].join(", ");
  return text === "" ? "In the file only" : text[0]?.toUpperCase() + text.slice(1);
}

function fallbackText(row: ConfigKey): string {
  if (row.key === "engine") return "No default";
  const { fallback } = row;
  const empty = fallback === null || (Array.isArray(fallback) && fallback.length === 0);
  return empty ? "Default: none" : `Default: \`${JSON.stringify(fallback)}\``;
}
