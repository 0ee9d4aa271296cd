/** Names as they were declared, where a dialect does not tell capitals from small letters. */

import type { NeutralSchema } from "./neutral.ts";

/** The schema with each name of a table or column as its declaration has it. */
export function respelled(schema: NeutralSchema): NeutralSchema {
  const declared = new Map<string, string | null>();
  const declare = (name: string) => {
    const key = name.toLowerCase();
    const known = declared.get(key);
    declared.set(key, known === undefined || known === name ? name : null);
  };
  for (const { name, columns } of schema.tables) {
    declare(name);
    for (const column of columns) declare(column.name);
  }
  for (const { name } of schema.views) declare(name);
  return walk(schema, (name) => declared.get(name.toLowerCase()) ?? name) as NeutralSchema;
}

/** Keys whose text is a name, and those whose texts are. */
const ONE = new Set(["table", "column"]);
const SEVERAL = new Set(["path", "references", "columns", "using"]);

function walk(value: unknown, spell: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((one) => walk(one, spell));
  if (value === null || typeof value !== "object") return value;
  const isTable = "node" in value && value.node === "table";
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (typeof inner === "string" && (ONE.has(key) || (isTable && key === "name"))) {
        return [key, spell(inner)];
      }
      if (
        Array.isArray(inner) && SEVERAL.has(key) && inner.every((one) => typeof one === "string")
      ) {
        return [key, inner.map(spell)];
      }
      return [key, walk(inner, spell)];
    }),
  );
}
