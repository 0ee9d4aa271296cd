/** Names in comments: what documents a column, or declares it (`@property string $full_name`), is to be written anew as well. */

import { firstFrom } from "./around.ts";
import { lineAt } from "./line_index.ts";
import type { CodeText } from "./models.ts";
import { plainPattern, wordsIn } from "./spelling.ts";
import type { Names } from "./target.ts";
import { useAt } from "./use_at.ts";
import type { Use } from "./use.ts";

/** Comments that name a column by a name that means nothing else, and those of a model's file that declare it as a property. */
export function commentUses(code: CodeText, names: Names, hasModel: boolean): readonly Use[] {
  const { target: { column, change }, columns } = names;
  if (column === null) return [];
  const isTelling = names.isTelling && wordsIn(column).length > 1;
  if (!isTelling && !hasModel) return [];
  if (change !== "drop" && change !== "rename") return [];
  if (code.language.isPlain === true) return [];
  const { text, tokens } = code;
  const any = [...columns].map(plainPattern).join("|");
  return [...text.matchAll(new RegExp(`(?<![\\w-])(?:${any})(?![\\w-])`, "g"))]
    .filter(({ index }) => {
      const before = tokens[firstFrom(tokens, index + 1) - 1];
      const isComment = before === undefined || before.end <= index;
      return isComment && (isTelling || PROPERTY.test(lineAt(text, index)));
    })
    .map(({ index, 0: word }) =>
      useAt(code, index, { names, via: "code", why: `a comment names ${word}` })
    );
}

/** A comment that declares a member: `@property string|null $full_name`. */
const PROPERTY = /^\s*\*?\s*@property(?:-read|-write)?\s/;
