/** A likely use at a place of a file. */

import { lineAt, placeOf } from "./line_index.ts";
import type { CodeText } from "./models.ts";
import type { Names } from "./target.ts";
import type { Use } from "./use.ts";

/** A likely use at an offset of the file. */
export function useAt(
  { path, text }: Pick<CodeText, "path" | "text">,
  offset: number,
  { names, via, why }: { readonly names: Names; readonly via: Use["via"]; readonly why: string },
): Use {
  const { line, column } = placeOf(text, offset);
  const source = lineAt(text, offset).trim();
  return {
    target: names.target,
    certainty: "likely",
    file: path,
    line,
    column,
    via,
    why,
    text: source.slice(0, 200),
  };
}
