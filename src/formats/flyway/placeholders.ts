/** Flyway's `${name}`: filled in where Flyway itself or the settings know the value, refused where nothing does. */

import { quotedRanges } from "../../sql/ranges.ts";
import type { Edit, ReadOptions, SourceFile } from "../format.ts";
import { refusal } from "../format_error.ts";
import { replaceRanges } from "../script.ts";
import { flywaySettings } from "./settings.ts";
import { defaultSchema } from "../transaction_mode.ts";

/** The text with Flyway's placeholders filled in. Throws UsageError for one without a value. */
export function fillPlaceholders(
  file: SourceFile,
  { dialect, lexicon, settings }: ReadOptions,
): { readonly text: string; readonly edits?: readonly Edit[] } {
  const { placeholders, replaces, prefix, suffix } = settings?.flyway ?? flywaySettings();
  if (!replaces || !file.text.includes(prefix)) return { text: file.text };
  const comments = quotedRanges(file.text, lexicon).filter(({ kind }) => kind === "comment");
  const found = placesOf(file.text, prefix, suffix).filter(({ start }) =>
    !comments.some((range) => range.start <= start && start < range.end)
  );
  const replacements = found.map((placeholder) => {
    const value = placeholders.get(placeholder.name.toLowerCase()) ??
      ownValue(placeholder.name, file, dialect);
    if (value !== null) return { ...placeholder, by: value };
    throw refusal(
      `Cannot replay "${file.path}": Flyway fills in ${prefix}${placeholder.name}${suffix} from its configuration`,
      file,
      placeholder.start,
      `Give it a value in aim.toml by [flyway] and placeholders = { ${placeholder.name} = "..." }, or in flyway.toml; set placeholderReplacement=false in ${
        file.path.split("/").at(-1)
      }.conf where \${ is meant as it stands`,
    );
  });
  return replacements.length === 0 ? { text: file.text } : replaceRanges(file.text, replacements);
}

/** The placeholders of a text, which end in the same line. */
function placesOf(
  text: string,
  prefix: string,
  suffix: string,
): readonly { readonly start: number; readonly end: number; readonly name: string }[] {
  const found = [];
  for (let start = text.indexOf(prefix); start >= 0;) {
    const from = start + prefix.length;
    const close = text.indexOf(suffix, from);
    if (close < 0) break;
    const name = text.slice(from, close);
    const isOne = !name.includes("\n");
    if (isOne) found.push({ start, end: close + suffix.length, name });
    start = text.indexOf(prefix, isOne ? close + suffix.length : from);
  }
  return found;
}

function ownValue(name: string, file: SourceFile, dialect: string): string | null {
  switch (name.toLowerCase()) {
    case "flyway:filename":
      return file.path.split("/").at(-1) ?? file.path;
    case "flyway:table":
      return "flyway_schema_history";
    case "flyway:defaultschema":
      return defaultSchema(dialect);
    default:
      return null;
  }
}
