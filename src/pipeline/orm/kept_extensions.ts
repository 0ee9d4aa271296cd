/** Extensions that the migrations make and the models use without naming them: they are there before the models are loaded. */

import type { SourceFile } from "../../formats/format.ts";
import type { Project } from "../project.ts";
import type { Sources } from "../sources.ts";

/** A file of the schema with the statements of the history that make extensions; none where the schema itself makes some, and so says which there are. */
export function extensionsBeside(
  { engine }: Pick<Project, "engine">,
  { schema, before = [], history }: Sources,
): readonly SourceFile[] {
  const needs = (text: string) => engine.target(null, [text], true).needs;
  if ([...schema, ...before].some(({ text }) => needs(text).length > 0)) return [];
  const made = new Map<string, string>();
  for (const { up } of history.migrations) {
    if (needs(up.text).length === 0) continue;
    for (const { sql } of engine.split(up.text)) {
      for (const name of needs(sql)) if (!made.has(name)) made.set(name, sql);
    }
  }
  const statements = [...new Set(made.values())];
  if (statements.length === 0) return [];
  return [{ path: "orm:extensions", text: statements.map((sql) => `${sql};\n`).join("") }];
}
