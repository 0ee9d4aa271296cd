/** Renames written into a schema's text, where the new names stand. */

import type { Rename } from "../../core/choice.ts";
import { lastName, splitName } from "../../core/name.ts";
import type { Engine } from "../../engines/engine.ts";
import type { SourceFile } from "../../formats/format.ts";
import { annotationAt } from "../../requests/edit_rename.ts";
import { tablesOf } from "../../requests/find.ts";
import { goesByParts, isSame, readSchemaText } from "../../requests/schema_text.ts";
import { withEdits } from "../../requests/text_edits.ts";

/** The files with an annotation before each table and column that got its name by a rename; others are left to the plan. */
export function annotated(
  files: readonly SourceFile[],
  renames: readonly Rename[],
  engine: Engine,
): readonly SourceFile[] {
  const schema = readSchemaText(files, engine);
  const edits = renames.flatMap(({ kind, from, to }) => {
    const name = lastName(to);
    const home = splitName(from).slice(0, -1);
    for (const table of tablesOf(schema)) {
      if (kind === "table" && isSame(table.own.parts.at(-1) ?? "", name, engine)) {
        return [annotationAt(schema, table, table.start, from)];
      }
      if (kind !== "column") continue;
      const renamed = renames.find((one) =>
        one.kind === "table" && isSame(lastName(one.to), table.own.parts.at(-1) ?? "", engine)
      );
      const old = renamed === undefined ? table.own.parts : splitName(renamed.from);
      const isHome = goesByParts(old, home, engine) || goesByParts(home, old, engine) ||
        goesByParts(table.own.parts, home, engine);
      const member = table.members.find(({ column }) =>
        column !== null && isSame(column, name, engine)
      );
      if (isHome && member !== undefined) {
        return [annotationAt(schema, table, member.start, lastName(from))];
      }
    }
    return [];
  });
  return withEdits(files, edits);
}
