/** Documents in JSON columns from which a table generates other columns: they have what is taken out of them. */

import { type DocumentPart, documentWith } from "../../common/document.ts";
import { literal } from "../quote.ts";
import { isNamedIn, type SeedColumn, type SeedTable } from "./read_tables.ts";
import type { ColumnTexts } from "./row_plan.ts";

/** SQL of the documents that a JSON column may hold in a row; none where nothing is taken out of it by a key. */
export function documentsOf(
  table: SeedTable,
  column: SeedColumn,
  texts: ColumnTexts,
): (number: number) => readonly string[] {
  const sources = table.generated.filter(({ expression }) => isNamedIn(expression, column))
    .flatMap((generated) =>
      pathsIn(generated.expression, column).map((keys) => ({ keys, of: generated }))
    );
  if (sources.length === 0) return () => [];
  // What many things are put together from says nothing of its parts.
  const known = sources.toSorted((a, b) =>
    Number(texts.domainOf(a.of).type?.plain === "tsvector") -
    Number(texts.domainOf(b.of).type?.plain === "tsvector")
  );
  return (number) => {
    const parts = known.map(({ keys, of }): DocumentPart => ({
      keys,
      value: valueOf(texts, { table, generated: of, number }),
    }));
    return [literal(documentWith(parts))];
  };
}

function valueOf(
  texts: ColumnTexts,
  { table, generated, number }: {
    readonly table: SeedTable;
    readonly generated: SeedTable["generated"][number];
    readonly number: number;
  },
): unknown {
  const { type } = texts.domainOf(generated);
  const [text = `v${number}`] = texts.ordinaryTexts(table, generated, number);
  if (type?.category === "B") return text === "true";
  if (type?.category === "N" && /^-?\d{1,15}(?:\.\d+)?$/.test(text)) return Number(text);
  return type?.plain === "tsvector" ? `v${number}` : text;
}

/** `value -> 'a' ->> 'b'` and `value #>> '{a,b}'` as the server writes them, with or without brackets around each step. */
function pathsIn(expression: string, { quoted }: SeedColumn): readonly (readonly string[])[] {
  const name = quoted.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const chain = new RegExp(
    `(?<![\\w"$])${name}((?:[\\s)]*(?:->>?|#>>?)\\s*'(?:[^']|'')*'(?:::\\w+(?:\\[\\])?)?)+)`,
    "g",
  );
  return [...expression.matchAll(chain)].map(([, steps = ""]) =>
    [...steps.matchAll(/(->|#>)>?\s*'((?:[^']|'')*)'/g)].flatMap(([, operator, text = ""]) => {
      const key = text.replaceAll("''", "'");
      return operator === "->" ? [key] : key.replace(/^\{(.*)\}$/s, "$1").split(",");
    })
  ).filter((keys) => keys.every((key) => key !== ""));
}
