/** Walking through Postgres' parse trees. */

import type { Tree } from "./postgres.ts";

/** Calls `visit` with every node of a tree: the values of keys that begin with a capital, by those keys. */
export function walk(value: unknown, visit: (type: string, node: Tree) => unknown): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, visit);
    return;
  }
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (/^[A-Z]/.test(key) && typeof inner === "object" && inner !== null) {
      visit(key, inner as Tree);
    } else if (key === "relation" || key === "rel" || key === "view") {
      visit("RangeVar", record(inner));
    }
    walk(inner, visit);
  }
}

/** The name of a RangeVar, with its schema where it has one. */
export function relationName(value: unknown): string {
  const { schemaname, relname } = record(value);
  return schemaname === undefined ? String(relname ?? "") : `${schemaname}.${relname}`;
}

/** The last part of a list of String nodes, or all of them with dots between. */
export function nameOf(value: unknown, whole = false): string {
  const parts = list(value).map((part) => String(record(record(part).String).sval ?? ""));
  return whole ? parts.join(".") : parts.at(-1) ?? "";
}

/** The value as a node; an empty one for anything else. */
export function record(value: unknown): Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value as Tree : {};
}

/** The value as a list; an empty one for anything else. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
