/** Cuts a draft into as many migrations as a runner needs so that none mixes what runs in a transaction with what cannot. */

import type { Draft } from "../core/plan.ts";
import type { PlannedStatement } from "../core/statement.ts";

/** One migration of a draft: its own UP and the DOWN that undoes it. */
export interface Part {
  readonly up: readonly PlannedStatement[];
  readonly down: readonly PlannedStatement[];
}

/** How statements that cannot stand in a transaction may be written. */
export interface CutOptions {
  /** True where each needs a file of its own, because the runner sends a file as one message. */
  readonly alone: boolean;
  /** True where a file is always one transaction, so that each that needs its own needs a file of its own. */
  readonly always?: boolean;
}

/** How a statement stands to the transactions of a runner: with others, in one that others have not used before, or in none. */
export type Standing = "shared" | "own" | "none";

/** Where a statement may stand. */
export function standingOf({ transactional, ownTransaction }: PlannedStatement): Standing {
  if (transactional) return "shared";
  return ownTransaction === true ? "own" : "none";
}

/**
 * The fewest parts in which every statement undoes a statement of its own part, as far as the statements tell by what they
 * serve. All UPs in order are the draft's UP, all DOWNs from the last part to the first are its DOWN.
 */
export function cutIntoParts(draft: Draft, options: CutOptions): readonly Part[] {
  const { up, down } = draft;
  const { alone, always = false } = options;
  if ([...up, ...down].every((statement) => statement.transactional)) return [{ up, down }];
  const links = linksBetween(up, down);
  const upStops = stops(up, linkedTo(down, links, "up"), alone || always);
  const downStops = stops(down, linkedTo(up, links, "down"), alone || always).map((at) =>
    down.length - at
  )
    .reverse();
  return cheapest({ draft, links, upStops, downStops, alone, always });
}

/** How many ids the up statement `i` and the down statement `j` share: `links[i][j]`. */
type Links = readonly (readonly number[])[];

function linksBetween(
  up: readonly PlannedStatement[],
  down: readonly PlannedStatement[],
): Links {
  return up.map(({ serves }) =>
    down.map((statement) => statement.serves.filter((id) => serves.includes(id)).length)
  );
}

/** Indices on the `side` of statements that are linked to a statement of the other side that cannot stand in a transaction. */
function linkedTo(
  others: readonly PlannedStatement[],
  links: Links,
  side: "up" | "down",
): ReadonlySet<number> {
  const out = new Set<number>();
  links.forEach((row, i) =>
    row.forEach((weight, j) => {
      const [own, other] = side === "up" ? [i, j] : [j, i];
      if (weight > 0 && others[other]?.transactional === false) out.add(own);
    })
  );
  return out;
}

/** Places where a list may be cut: all of them in a short list, else those around what decides. */
function stops(
  list: readonly PlannedStatement[],
  linked: ReadonlySet<number>,
  alone: boolean,
): readonly number[] {
  const out: number[] = [];
  for (let at = 0; at <= list.length; at++) {
    const [before, after] = [list[at - 1], list[at]];
    const edge = before === undefined || after === undefined ||
      standingOf(before) !== standingOf(after) || alone && !after.transactional;
    if (edge || list.length <= 24 || linked.has(at) || linked.has(at - 1)) out.push(at);
  }
  return out;
}

interface Search {
  readonly draft: Draft;
  readonly links: Links;
  readonly upStops: readonly number[];
  /** Counted from the end: how many down statements the parts so far have taken. */
  readonly downStops: readonly number[];
  readonly alone: boolean;
  readonly always: boolean;
}

/** Dynamic programming over (statements of UP taken from the front, statements of DOWN taken from the end). */
function cheapest(search: Search): readonly Part[] {
  const { draft: { up, down }, upStops, downStops } = search;
  const best = new Map<string, { cost: number; from: string | null; part: Part | null }>();
  const key = (a: number, b: number) => `${a} ${b}`;
  best.set(key(0, 0), { cost: 0, from: null, part: null });
  for (const a of upStops) {
    for (const b of downStops) {
      const here = best.get(key(a, b));
      if (here === undefined) continue;
      for (const nextA of upStops.filter((at) => at >= a)) {
        if (!isOneKind(up.slice(a, nextA), search, false)) break;
        for (const nextB of downStops.filter((at) => at >= b)) {
          const chunk = down.slice(down.length - nextB, down.length - b);
          if (!isOneKind(chunk, search, true)) break;
          if (nextA === a && nextB === b) continue;
          const cost = here.cost + costOf(search, { a, nextA, b, nextB });
          const known = best.get(key(nextA, nextB));
          if (known !== undefined && known.cost <= cost) continue;
          best.set(key(nextA, nextB), {
            cost,
            from: key(a, b),
            part: { up: up.slice(a, nextA), down: chunk },
          });
        }
      }
    }
  }
  const parts: Part[] = [];
  let at = best.get(key(up.length, down.length));
  while (at !== undefined && at.from !== null && at.part !== null) {
    parts.unshift(at.part);
    at = best.get(at.from);
  }
  return parts;
}

/** What one part costs: itself, an empty side, and every link that leads out of it. */
function costOf(
  { draft: { up, down }, links }: Search,
  { a, nextA, b, nextB }: { a: number; nextA: number; b: number; nextB: number },
): number {
  let cost = 1;
  if (a === nextA) cost += 0.5;
  if (b === nextB && down.length > 0) cost += 0.5;
  for (let j = down.length - nextB; j < down.length - b; j++) {
    let [inside, all] = [0, 0];
    for (let i = 0; i < up.length; i++) {
      const weight = links[i]?.[j] ?? 0;
      all += weight;
      if (i >= a && i < nextA) inside += weight;
    }
    if (all > 0) cost += 10 * (all - inside) / all;
  }
  return cost;
}

function isOneKind(
  list: readonly PlannedStatement[],
  { alone, always }: Search,
  isDown: boolean,
): boolean {
  const standings = new Set(list.map(standingOf));
  if (list.length < 2 || (standings.size === 1 && standings.has("shared"))) return true;
  // Going back, what must not be left half done is written into transactions of its own beside the others.
  if (isDown && !alone && !always && list.some(isOnline)) return true;
  if (always || standings.has("shared")) return false;
  return !alone || !standings.has("none");
}

function isOnline({ ownTransaction, cleanup }: PlannedStatement): boolean {
  return ownTransaction === true || cleanup === true;
}
