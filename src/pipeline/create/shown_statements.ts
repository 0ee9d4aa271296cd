/** Which statements of a schema a model is shown for a request: those that it speaks of, and what hangs on them. */

import { estimateTokens } from "../../models/model.ts";
import type { ShownStatement } from "../../models/prompts/edit.ts";
import { type Labelled, labelled, statementText } from "../../requests/label.ts";
import type { SchemaText } from "../../requests/schema_text.ts";

/** What is shown, and the labels of the rest. */
export interface Shown {
  readonly shown: readonly ShownStatement[];
  readonly others: readonly string[];
}

/** Chooses within a number of tokens; `also` are labels that must be among them. */
export function shownStatements(
  schema: SchemaText,
  request: string,
  { tokens, also = [] }: { readonly tokens: number; readonly also?: readonly string[] },
): Shown {
  const all = labelled(schema).map((one) => {
    const sql = statementText(schema, one.statement);
    return { ...one, sql, tokens: estimateTokens(`[${one.label}]\n${sql}\n\n`) };
  });
  const ranks = rankOf(all, wordsOf(request), also);
  const chosen = new Set<Labelled>();
  let left = tokens;
  for (const one of [...all].sort((a, b) => (ranks.get(b) ?? 0) - (ranks.get(a) ?? 0))) {
    if (one.tokens > left && (ranks.get(one) ?? 0) < MUST) continue;
    left -= one.tokens;
    chosen.add(one);
  }
  return {
    shown: all.filter((one) => chosen.has(one)).map(({ label, sql }) => ({ label, sql })),
    others: all.filter((one) => !chosen.has(one)).map(({ label }) => label).slice(0, MOST_OTHERS),
  };
}

const MOST_OTHERS = 300;

/** The rank of what is shown whatever it takes. */
const MUST = 5;

function rankOf(
  all: readonly (Labelled & { readonly sql: string })[],
  words: ReadonlySet<string>,
  also: readonly string[],
): ReadonlyMap<Labelled, number> {
  const isSpoken = (name: string) =>
    words.has(stemOf(name)) || partsOf(name).every((one) => words.has(one));
  const ranks = new Map<Labelled, number>();
  const names = new Set<string>();
  for (const one of all) {
    const { own, members } = one.statement;
    const name = own?.parts.at(-1) ?? "";
    if (name !== "" && isSpoken(name)) {
      ranks.set(one, MUST - 1);
      if (one.statement.kind === "table") names.add(name.toLowerCase());
    } else if (members.some(({ column }) => column !== null && isSpoken(column))) {
      ranks.set(one, 2);
    }
  }
  for (const one of all) {
    if (also.includes(one.label)) ranks.set(one, MUST);
    const about = one.statement.table?.parts.at(-1)?.toLowerCase() ?? "";
    if (one.statement.kind !== "table" && names.has(about)) raise(one, 3);
    const near = one.statement.code.some(({ text }) => names.has(text.toLowerCase()));
    if (near) raise(one, 1);
  }
  return ranks;

  function raise(one: Labelled, rank: number): void {
    ranks.set(one, Math.max(rank, ranks.get(one) ?? 0));
  }
}

function wordsOf(text: string): ReadonlySet<string> {
  const words = text.toLowerCase().split(/[^\p{L}\p{N}_]+/u);
  return new Set(words.flatMap((word) => [stemOf(word), ...partsOf(word)]));
}

function partsOf(name: string): readonly string[] {
  return name.toLowerCase().split("_").filter((part) => part !== "").map(stemOf);
}

/** `addresses` as `address`, `categories` as `categor`. */
function stemOf(word: string): string {
  return word.toLowerCase().replace(
    /(?:ies|y|es|s)$/,
    (end) => word.length - end.length < 3 ? end : "",
  );
}
