/** What the conditions on a column hint at, as values of its type. */

import type { Check, SeedColumn } from "./read_tables.ts";
import type { SqlType } from "./read_types.ts";
import type { ColumnTexts } from "./row_plan.ts";
import { samplesIn } from "./samples.ts";

/** Texts that conditions ask for, as far as they are of the column's type. */
export function columnSamples(
  texts: ColumnTexts,
  column: SeedColumn,
  checks: readonly Check[],
): readonly string[] {
  const found = checks.filter((check) => check.columns.includes(column.name))
    .flatMap(({ expression }) => samplesIn(expression));
  const { type, modifier } = texts.domainOf(column);
  if (type === undefined) return [];
  const values = texts.isArray(column)
    ? [...found.map((text) => `{${quoted(text)}}`), `{${found.slice(0, 4).map(quoted).join(",")}}`]
    : texts.isJson(column)
    ? jsonSamples(found)
    : found.filter((text) => mayBe(text, type, modifier));
  return [...new Set(values)];
}

/** Whether a text is likely to be one that the type takes. */
function mayBe(
  text: string,
  { plain, kind, category, labels }: SqlType,
  modifier: number,
): boolean {
  if (kind === "e") return labels.includes(text);
  if (/^int[248]$/.test(plain)) return /^-?\d{1,18}$/.test(text);
  if (category === "N") return /^-?\d{1,18}(?:\.\d+)?$/.test(text);
  if (category === "B") return /^(?:true|false)$/.test(text);
  if (category === "S") {
    return !/^(?:varchar|bpchar)$/.test(plain) || modifier < 4 || text.length <= modifier - 4;
  }
  if (/^(?:date|timestamp)/.test(plain)) return /^-?\d{4}-\d\d-\d\d/.test(text);
  if (category === "T" || plain.startsWith("time")) {
    return /^\d+:\d\d|^\d+ (?:day|mon|year|hour)/.test(text);
  }
  if (plain === "uuid") return /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text);
  if (plain === "bytea") return true;
  if (category === "I") return /^[\da-f.:/]+$/i.test(text) && /[.:]/.test(text);
  if (category === "R") return /^[[(].*,.*[\])]$|^empty$/.test(text);
  return false;
}

function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/** Objects that have the keys that a check names, and those with the values that it names. */
function jsonSamples(texts: readonly string[]): readonly string[] {
  const few = texts.filter((text) => text !== "").slice(0, 12);
  const object = (value: (text: string) => unknown) =>
    JSON.stringify(Object.fromEntries(few.map((text) => [text, value(text)])));
  return [
    object(() => "a"),
    object(() => 1),
    object(() => []),
    ...few.map((text) => JSON.stringify(text)),
    JSON.stringify(few),
    ...few.flatMap((key) =>
      few.slice(0, 4).filter((other) => other !== key).map((other) =>
        JSON.stringify({ [key]: other })
      )
    ),
  ];
}
