/** Documents in columns from which a table generates other columns: they have what is taken out of them. */

import { dateBy, type DocumentPart, documentWith, keysOfPath } from "../../common/document.ts";
import { literal } from "../quote.ts";
import type { Rule } from "./tables.ts";
import { baseOf, labelsOf } from "./values.ts";

/** SQL of a document with all that the rules take out of it, as the generated columns among them want it; none where they take nothing. */
export function documentsOf(rules: readonly Rule[], row: number): readonly string[] {
  const parts = rules.flatMap(({ text, type = "text" }): readonly DocumentPart[] => {
    const texts = literalsIn(text);
    const format = texts.find((one) => /%[YymcdeHisTF]/.test(one));
    return texts.map(keysOfPath).filter((keys) => keys.length > 0)
      .map((keys) => ({ keys, value: valueOf(type, { format, row }) }));
  });
  return parts.length === 0 ? [] : [literal(documentWith(parts))];
}

/** The strings of an expression as the server writes them, with what the backslashes stand for. */
function literalsIn(text: string): readonly string[] {
  return [...text.matchAll(/'((?:[^'\\]|''|\\.)*)'/gs)].map(([, inner = ""]) =>
    inner.replaceAll("''", "'").replaceAll(/\\(.)/gs, "$1")
  );
}

function valueOf(
  type: string,
  { format, row }: { readonly format: string | undefined; readonly row: number },
): unknown {
  if (format !== undefined) return dateBy(format, row);
  const base = baseOf(type);
  if (type.startsWith("tinyint(1)")) return row % 2 === 1;
  if (/int$|^(?:decimal|float|double|bit)$/.test(base)) return row;
  if (/^(?:enum|set)$/.test(base)) {
    const labels = labelsOf(type);
    return literalsIn(labels[row % Math.max(labels.length, 1)] ?? "")[0] ?? "";
  }
  if (/^(?:date|datetime|timestamp)$/.test(base)) {
    return dateBy(base === "date" ? "%F" : "%F %T", row);
  }
  return base === "time" ? "10:20:30" : base === "year" ? 2024 : `v${row}`;
}
