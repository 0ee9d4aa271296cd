/** Variables between goose's ENVSUB ON and OFF: filled in from the settings, as its interpolation reads them. */

import type { Edit, SourceFile } from "../format.ts";
import type { Annotation } from "./annotations.ts";
import { refusal } from "../format_error.ts";
import { type Range, replaceRanges } from "../script.ts";

/**
 * The text with the variables filled in: `$NAME`, `${NAME}`, with a default `${NAME:-value}` and `${NAME-value}`, `$$` and `\$` for
 * a dollar sign. Throws UsageError for one without a value, and for what else goose's interpolation can do.
 */
export function fillVariables(
  file: SourceFile,
  annotations: readonly Annotation[],
  variables: Readonly<Record<string, string>>,
): { readonly text: string; readonly edits: readonly Edit[] } {
  const replacements = rangesOf(file, annotations).flatMap(({ start, end }) =>
    [...file.text.slice(start, end).matchAll(USE)].map((match) => {
      const at = start + match.index;
      const by = valueOf(match, variables) ?? refuse(file, at, match);
      return { start: at, end: at + match[0].length, by };
    })
  );
  return replaceRanges(file.text, replacements);
}

const USE =
  /\$\$|\\\$|\$(?<bare>[A-Za-z_]\w*)|\$\{(?<name>[A-Za-z_]\w*)(?:(?<sign>:?-)(?<fallback>[^{}\n]*))?\}|\$\{[^}\n]*\}?/g;

/** Null for one without a value. */
function valueOf(
  match: RegExpExecArray,
  variables: Readonly<Record<string, string>>,
): string | null {
  if (match[0] === "$$" || match[0] === "\\$") return "$";
  const { bare, name = bare, sign, fallback = "" } = match.groups ?? {};
  if (name === undefined) return null;
  const value = Object.hasOwn(variables, name) ? variables[name] ?? null : null;
  if (sign === undefined) return value;
  return value === null || sign === ":-" && value === "" ? fallback : value;
}

function refuse(file: SourceFile, offset: number, { 0: text, groups }: RegExpExecArray): never {
  const name = groups?.["name"] ?? groups?.["bare"];
  throw refusal(
    name === undefined
      ? `Cannot replay "${file.path}": aim does not fill in "${text}"`
      : `Cannot replay "${file.path}": goose fills in variables of the environment here, and ${name} has no value`,
    file,
    offset,
    name === undefined
      ? "Write the value out, or close the part with -- +goose ENVSUB OFF"
      : `Give it a value in aim.toml by [goose] and env = { ${name} = "..." }, or write the value out`,
  );
}

/** What lies between ON and OFF. */
function rangesOf(file: SourceFile, annotations: readonly Annotation[]): readonly Range[] {
  const out: Range[] = [];
  let on: number | null = null;
  for (const { word, start, end } of annotations) {
    if (word === "envsub on") on ??= end;
    if (word !== "envsub off" || on === null) continue;
    out.push({ start: on, end: start });
    on = null;
  }
  return on === null ? out : [...out, { start: on, end: file.text.length }];
}
