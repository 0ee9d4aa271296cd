/** Which tables of a schema a model is shown in one line each: those that a request speaks of first. */

import type { TableShape } from "../../core/shape.ts";
import { lastName } from "../../core/name.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { Engine } from "../../engines/engine.ts";
import { estimateTokens } from "../../models/model.ts";
import { isSpokenOf, wordsOf } from "../../requests/stated.ts";

/** Lines such as `users(id bigint, name text)` and `view open_orders`. */
export interface ShownTables {
  readonly tables: readonly string[];
  readonly others: readonly string[];
}

/** Kinds that commands speak of besides tables. */
const OTHERS = new Set(["view", "index", "trigger"]);

/** Chooses within a number of tokens. Null where the dialect has no shape of tables, or not even one line fits. */
export function shownTables(
  snapshot: Snapshot,
  request: string,
  { engine, tokens }: { readonly engine: Engine; readonly tokens: number },
): ShownTables | null {
  const shapes = engine.shape?.(snapshot) ?? [];
  const names = shapes.map(({ name }) => lastName(name));
  const lines = shapes.map((shape, at) => {
    const isOnly = names.filter((name) => name === names[at]).length === 1;
    return { shape, line: lineOf(shape, isOnly ? names[at] ?? shape.name : shape.name, engine) };
  });
  const words = wordsOf(request);
  const chosen = new Set<TableShape>();
  let left = tokens;
  for (const { shape, line } of [...lines].sort((a, b) => rank(b.shape) - rank(a.shape))) {
    const cost = estimateTokens(`${line}\n`);
    if (cost > left) continue;
    left -= cost;
    chosen.add(shape);
  }
  if (chosen.size === 0 && shapes.length > 0) return null;
  const others = [...snapshot.objects.values()].filter(({ kind }) => OTHERS.has(kind))
    .map(({ kind, name }) => `${kind} ${lastName(name)}`)
    .filter((line) => (left -= estimateTokens(`${line}\n`)) >= 0);
  return { tables: lines.filter(({ shape }) => chosen.has(shape)).map(({ line }) => line), others };

  function rank({ name, columns }: TableShape): number {
    if (isSpokenOf(name, words)) return 2;
    return columns.some((column) => isSpokenOf(column.name, words)) ? 1 : 0;
  }
}

function lineOf({ columns }: TableShape, name: string, { lexicon }: Engine): string {
  const quote = lexicon.quotes.find(({ kind }) => kind === "name");
  const written = (own: string) =>
    PLAIN.test(own) || quote === undefined ? own : `${quote.open}${own}${quote.close}`;
  return `${name}(${columns.map((one) => `${written(one.name)} ${one.type}`).join(", ")})`;
}

/** A name that needs no quotes to be read as one. */
const PLAIN = /^[\p{L}_][\p{L}\p{N}_$]*$/u;
