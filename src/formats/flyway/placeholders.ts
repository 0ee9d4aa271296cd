/** Flyway's `${name}`: filled in where Flyway itself knows the value, refused where only its configuration does. */

import { quotedRanges } from "../../sql/ranges.ts";
import type { Edit, ReadOptions, SourceFile } from "../format.ts";
import { refusal } from "../format_error.ts";
import { replaceRanges } from "../script.ts";
import { defaultSchema } from "../transaction_mode.ts";

/** The text with Flyway's own placeholders filled in. Throws UsageError for one whose value stands in Flyway's configuration. */
export function fillPlaceholders(
  file: SourceFile,
  { dialect, lexicon }: ReadOptions,
): { readonly text: string; readonly edits?: readonly Edit[] } {
  if (!file.text.includes("${")) return { text: file.text };
  const comments = quotedRanges(file.text, lexicon).filter(({ kind }) => kind === "comment");
  const found = [...file.text.matchAll(/\$\{([^}\n]*)\}/g)]
    .map((match) => ({
      start: match.index,
      end: match.index + match[0].length,
      name: match[1] ?? "",
    }))
    .filter(({ start }) => !comments.some((range) => range.start <= start && start < range.end));
  const replacements = found.map((placeholder) => {
    const value = ownValue(placeholder.name, file, dialect);
    if (value !== null) return { ...placeholder, by: value };
    throw refusal(
      `Cannot replay "${file.path}": Flyway fills in \${${placeholder.name}} from its configuration`,
      file,
      placeholder.start,
      `Write the value out, or set placeholderReplacement=false in ${
        file.path.split("/").at(-1)
      }.conf where \${ is meant as it stands`,
    );
  });
  return replacements.length === 0 ? { text: file.text } : replaceRanges(file.text, replacements);
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
