/** Facts as people read them: no JSON, no braces, nothing that is absent. */

import type { Json } from "../../core/snapshot.ts";

/** A value in words: lists by commas, the parts of an object by their names; empty for what is false or absent. */
export function factText(value: Json): string {
  if (value === null || value === false) return "";
  if (typeof value !== "object") return value === true ? "yes" : String(value);
  if (Array.isArray(value)) return value.map(factText).filter((text) => text !== "").join(", ");
  return Object.entries(value).flatMap(([key, inner]) => {
    const text = factText(inner);
    if (text === "") return [];
    return [inner === true ? factWords(key) : `${factWords(key)} ${text}`];
  }).join(", ");
}

/** The name of a fact in words: `not null`. */
export function factWords(key: string): string {
  return key.replaceAll("_", " ").replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter}`)
    .toLowerCase();
}
