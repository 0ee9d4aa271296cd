/** Walking through SQLite's parse trees. */

import type { Node } from "../../parsers/sqlite.ts";

/** Calls `visit` with every node of a tree. */
export function walk(value: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, visit);
    return;
  }
  if (typeof value !== "object" || value === null) return;
  if ("type" in value) visit(value as Node);
  for (const inner of Object.values(value)) walk(inner, visit);
}

/** A name as a string or as a node, its quotes taken off. */
export function nameOf(value: unknown): string {
  const text = typeof value === "string" ? value : String(record(value).source ?? "");
  const quoted = /^(?:"([\s\S]*)"|`([\s\S]*)`|\[([\s\S]*)\])$/.exec(text);
  return quoted === null ? text : quoted[1] ?? quoted[2] ?? quoted[3] ?? "";
}

/** The value as a node; an empty one for anything else. */
export function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
}

/** The members of a list node. */
export function children(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  const { children } = record(value);
  return Array.isArray(children) ? children.map(record) : [];
}
