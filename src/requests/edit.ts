/** A request as changes of the schema's text, and what it may change in the catalog. */

import { UsageError } from "../core/error.ts";
import type { Rename } from "../core/choice.ts";
import type { Request } from "./request.ts";
import type { SchemaText } from "./schema_text.ts";
import type { TextEdit } from "./text_edits.ts";
import { addCheck, addColumn, changeColumn, dropColumn } from "./edit_column.ts";
import { addIndex, addTable, addView, dropThing } from "./edit_table.ts";
import { rename } from "./edit_rename.ts";

/** What a request names: nothing else may change. */
export interface Named {
  readonly op: "create" | "drop" | "alter" | "rename";
  readonly kind: "table" | "column" | "index" | "view" | "trigger" | "constraint";
  /** The table, or the view, as its text names it. */
  readonly object: readonly string[];
  /** The column, the index or the trigger; null also for a constraint, which the server names. */
  readonly member: string | null;
  readonly rename?: Omit<Rename, "by">;
}

/** Changes of the text. */
export interface Edited {
  readonly edits: readonly TextEdit[];
  readonly named: Named;
  /** Value for rows that are there, as SQL. */
  readonly fill: string | null;
  /** Where the annotation of a rename goes. */
  readonly annotation?: TextEdit;
}

/** What must be said more clearly, with requests that are. */
export interface Unclear {
  readonly question: string;
  readonly options: readonly string[];
}

/** Finds what a request names, and edits it. Throws UsageError for what is not there, or is so already. */
export function editFor(request: Request, schema: SchemaText): Edited | Unclear {
  const done = edit(request, schema);
  if ("question" in done) return done;
  for (const { file } of done.edits) {
    const source = schema.files[file];
    if (source === undefined || source.edits === undefined) continue;
    throw new UsageError(`Cannot edit ${source.path}: it includes other files`, {
      code: "request",
      hint: "edit the included file by hand, then run aim generate",
      place: { file: source.path, line: 1, column: 1 },
    });
  }
  return done;
}

function edit(request: Request, schema: SchemaText): Edited | Unclear {
  switch (request.kind) {
    case "add column":
      return addColumn(request, schema);
    case "drop column":
      return dropColumn(request, schema);
    case "change column":
      return changeColumn(request, schema);
    case "drop":
      return dropThing(request, schema);
    case "add index":
      return addIndex(request, schema);
    case "add table":
      return addTable(request, schema);
    case "add view":
      return addView(request, schema);
    case "add check":
      return addCheck(request, schema);
    case "rename":
      return rename(request, schema);
  }
}
