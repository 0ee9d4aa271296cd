/** What a dialect gained with its versions, for statements that must run on an older one than the one that proves them. */

import type { Lexicon } from "../sql/lexicon.ts";
import { plainRanges } from "../sql/ranges.ts";

/** One thing that came with a version. */
export interface VersionFeature {
  /** The first version that has it: `15`, `3.35`. */
  readonly since: string;
  /** As it is told: `MERGE`. */
  readonly what: string;
  /** Finds it in a statement whose strings, quoted names and comments are blanked. */
  readonly pattern: RegExp;
}

/** What a version does not have yet. */
export function lackingFeatures(
  features: readonly VersionFeature[],
  version: string,
): readonly VersionFeature[] {
  return features.filter(({ since }) => isOlder(version, since));
}

/** The last of the features that a statement uses, the newest where they stand in order; null when it uses none. */
export function usedFeature(
  sql: string,
  features: readonly VersionFeature[],
  lexicon: Lexicon,
): VersionFeature | null {
  if (features.length === 0) return null;
  let bare = "";
  let at = 0;
  for (const { start, end } of plainRanges(sql, lexicon)) {
    bare += `${at < start ? " '' " : ""}${sql.slice(start, end)}`;
    at = end;
  }
  if (at < sql.length) bare += " '' ";
  const read = bare.slice(0, LONGEST);
  return features.findLast(({ pattern }) => pattern.test(read)) ?? null;
}

/** More of a statement, strings left out, is not looked at. */
const LONGEST = 20_000;

/** True when a version is older than another one, compared as far as both are told. */
export function isOlder(version: string, other: string): boolean {
  const [a, b] = [version, other].map((text) => /^[\d.]*/.exec(text)?.[0].split(".").map(Number));
  const length = Math.min(a?.length ?? 0, b?.length ?? 0);
  for (let at = 0; at < length; at++) {
    const [left = 0, right = 0] = [a?.[at], b?.[at]];
    if (left !== right) return left < right;
  }
  return false;
}
