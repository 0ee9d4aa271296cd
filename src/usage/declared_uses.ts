/** Models that declare a column whose type changes, or lack one that must have a value. */

import { firstFrom } from "./around.ts";
import type { CodeText, Model } from "./models.ts";
import { spellingKey } from "./spelling.ts";
import type { Names } from "./target.ts";
import { useAt } from "./use_at.ts";
import type { Use } from "./use.ts";

/** The model's declaration, and the member for the column where it has one. */
export function declaredUses(
  code: CodeText,
  names: Names,
  models: readonly Model[],
): readonly Use[] {
  const { target } = names;
  return models.flatMap((model): readonly Use[] => {
    const member = memberOffset(code, names, model);
    if (target.change === "retype") {
      const why = `the model ${model.name} has ${target.column}, whose type becomes ${target.to}`;
      return member === null ? [] : [useAt(code, member, { names, via: "model", why })];
    }
    if (member !== null || !hasMembers(code, model)) return [];
    const why = `the model ${model.name} has nothing for ${target.column}, which must have a value`;
    return [useAt(code, model.at, { names, via: "model", why })];
  });
}

/** A model without columns of its own (ActiveRecord, Eloquent) lacks none. */
function hasMembers({ language }: CodeText, { isMapped }: Model): boolean {
  return isMapped && language.name !== "Ruby" && language.name !== "PHP";
}

/** Where a model declares its member for the column; null where it does not. */
export function memberOffset(
  { text, tokens }: CodeText,
  { columnKey }: Names,
  { at, end, members }: Model,
): number | null {
  for (let index = firstFrom(tokens, at + 1); index < tokens.length; index++) {
    const token = tokens[index];
    if (token === undefined || token.start >= end) break;
    if (token.kind !== "word") continue;
    if (isNamed(text.slice(token.start, token.end), columnKey, members)) return token.start;
  }
  return null;
}

function isNamed(word: string, columnKey: string, members: readonly string[]): boolean {
  return spellingKey(word) === columnKey || members.includes(word);
}
