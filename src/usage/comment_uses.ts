/** Names in comments: what documents a column, or declares it (`@property string $full_name`), is to be written anew as well. */

import { firstFrom } from "./around.ts";
import { useAt } from "./code_uses.ts";
import type { CodeText } from "./models.ts";
import { wordsIn } from "./spelling.ts";
import type { Names } from "./target.ts";
import type { Use } from "./use.ts";

/** Comments that name a column by a name that means nothing else. */
export function commentUses(code: CodeText, names: Names): readonly Use[] {
  const { target: { column, change }, columns, isTelling } = names;
  if (column === null || !isTelling || wordsIn(column).length < 2) return [];
  if (change !== "drop" && change !== "rename") return [];
  if (code.language.isPlain === true) return [];
  const { text, tokens } = code;
  const any = [...columns].map((name) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
  return [...text.matchAll(new RegExp(`(?<![\\w-])(?:${any})(?![\\w-])`, "g"))]
    .filter(({ index }) => {
      const before = tokens[firstFrom(tokens, index + 1) - 1];
      return before === undefined || before.end <= index;
    })
    .map(({ index, 0: word }) =>
      useAt(code, index, { names, via: "code", why: `a comment names ${word}` })
    );
}
