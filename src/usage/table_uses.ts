/** Uses of a table in code: its model, and what is called as it is. */

import { nextSigns, receiverOf } from "./around.ts";
import type { CodeText, Model } from "./models.ts";
import { wordsIn } from "./spelling.ts";
import type { Names } from "./target.ts";
import { useAt } from "./use_at.ts";
import { MOST_USES, type Use } from "./use.ts";

/** The places, at most `MOST_USES`. `models` are those of the table in this text, `all` those of the whole program. */
export function tableUses(
  code: CodeText,
  names: Names,
  models: readonly Model[],
  all: readonly Model[],
): readonly Use[] {
  const { text, tokens, language } = code;
  const { target } = names;
  if (language.isPlain === true) return [];
  const called = new Set(all.map(({ name }) => name));
  // Where a table is renamed, the model's declaration is what must say so; all else keeps the model's name.
  const follows = target.change === "drop";
  const found = models.map((model) =>
    useAt(code, model.at, {
      names,
      via: "model",
      why: `the model ${model.name} is that of the table ${target.table}`,
    })
  );
  const isTelling = wordsIn(target.table).length > 1;
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== "word") continue;
    if (found.length >= MOST_USES) break;
    const word = text.slice(token.start, token.end);
    const isModel = follows && called.has(word);
    const isTable = word === target.table &&
      (isTelling || isReceived(text, tokens, index) || nextSigns(text, tokens, index) === "::");
    if (!isModel && !isTable) continue;
    const why = isModel ? `it uses the model ${word}` : `it names ${target.table}`;
    found.push(useAt(code, token.start, { names, via: "code", why }));
  }
  return found;
}

/** Clients by which tables are reached: `prisma.user`, `db.users`, `schema.users`. */
function isReceived(text: string, tokens: CodeText["tokens"], index: number): boolean {
  const receiver = receiverOf(text, tokens, index);
  return receiver !== null &&
    /^(?:prisma|db|tx|trx|schema|tables?|client|database|context)$/i.test(receiver);
}
