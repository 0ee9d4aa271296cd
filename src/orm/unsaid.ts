/** What a database holds that the models of a tool have no words for. */

import type { SchemaObject } from "../core/snapshot.ts";
import type { OrmTool, Says } from "./orm.ts";

/** Kinds that every tool's models make. */
const COMMON = new Set(["table", "column", "index", "constraint", "default", "schema", "database"]);

/** Kinds that models of some tools make, and what they must be able to say for it. */
const BY_WORD: Readonly<Record<string, Says>> = {
  "enum": "enum",
  "view": "view",
  "materialized view": "view",
  "sequence": "sequence",
  "extension": "extension",
};

/**
 * What an object is called, in the plural, where models of the tool cannot say it: `triggers`, `checks`; null for what they can. Without
 * a tool nothing is known of the models but that they make tables.
 */
export function unsaidOf(
  { kind, facts, dependsOn, parent }: SchemaObject,
  tool: OrmTool | null,
): string | null {
  const says = new Set<Says>(
    tool?.says ?? ["check", "comment", "enum", "sequence", "view", "extension"],
  );
  if (kind === "constraint") {
    if (facts.type === "exclusion") return "exclusion constraints";
    return facts.type === "check" && !says.has("check") ? "checks" : null;
  }
  // The sequence of a serial column is a part of the column.
  if (
    kind === "sequence" && (parent !== null || dependsOn.some((id) => id.startsWith("column:")))
  ) return null;
  if (COMMON.has(kind)) return null;
  const word = BY_WORD[kind];
  if (word !== undefined && says.has(word)) return null;
  return kind === "policy" ? "policies" : `${kind}s`;
}
