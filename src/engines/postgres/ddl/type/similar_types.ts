/** What types have in common: rows that stay as they are on disk, one operator family, values of one sort. */

import { modifiersOf, withoutModifiers } from "./shape.ts";

/** True when the rows stay as they are on disk. */
export function avoidsRewrite(before: string, after: string): boolean {
  const source = withoutModifiers(before);
  const target = withoutModifiers(after);
  const [oldLength, oldScale] = typmodOf(before);
  const [newLength, newScale] = typmodOf(after);
  if (source === "character varying" || source === "text") {
    if (target === "text") return true;
    return target === "character varying" &&
      (newLength === null || (oldLength !== null && newLength >= oldLength));
  }
  if (source !== target) return source === "cidr" && target === "inet";
  if (newLength === null) return source === "numeric" || source === "bit varying";
  if (oldLength === null) return source.startsWith("time") && newLength === 6;
  if (source === "numeric") return newLength >= oldLength && (oldScale ?? 0) === (newScale ?? 0);
  if (source === "bit varying" || source.startsWith("time")) return newLength >= oldLength;
  return false;
}

/** True when two types are in one index operator family, so that a foreign key between them stays valid. */
export function comparable(before: string, after: string): boolean {
  return areInOne(FAMILIES, before, after);
}

/** True when values of one type usually fit the other, as in a column that got another name and a wider type. */
export function compatible(before: string, after: string): boolean {
  return areInOne(COMPATIBLE, before, after);
}

function areInOne(sets: readonly ReadonlySet<string>[], before: string, after: string): boolean {
  const [source, target] = [withoutModifiers(before), withoutModifiers(after)];
  return source === target || sets.some((types) => types.has(source) && types.has(target));
}

function typmodOf(type: string): readonly [number | null, number | null] {
  const [first = null, second = null] = modifiersOf(type);
  return [first, second];
}

const TEXTS: ReadonlySet<string> = new Set(["text", "character varying", "character", "name"]);

const COMPATIBLE: readonly ReadonlySet<string>[] = [
  new Set(["smallint", "integer", "bigint", "numeric", "real", "double precision"]),
  new Set([...TEXTS, "public.citext"]),
  new Set(["date", "timestamp without time zone", "timestamp with time zone"]),
  new Set(["json", "jsonb"]),
];

const FAMILIES: readonly ReadonlySet<string>[] = [
  new Set(["smallint", "integer", "bigint"]),
  new Set(["text", "character varying", "name"]),
  new Set(["real", "double precision"]),
  new Set(["date", "timestamp without time zone", "timestamp with time zone"]),
];
