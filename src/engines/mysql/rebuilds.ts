/** Whether MySQL builds a table anew where it takes an ALTER with ALGORITHM=INPLACE: it says so nowhere, but its manual lists it. */

import type { Operation } from "../../core/operation.ts";

/** True for an operation that writes all rows again. `required` has the columns that are NOT NULL before it, in lower case. */
export function rebuilds(
  { action, name = "", column, constraint }: Operation,
  required: ReadonlySet<string>,
): boolean {
  switch (action) {
    case "add-column":
      return column?.generated !== "virtual";
    case "drop-column":
    case "move-column":
      return true;
    case "set-not-null":
      return !required.has(name.toLowerCase());
    case "drop-not-null":
      return required.has(name.toLowerCase());
    case "add-constraint":
      return constraint?.type === "primary key";
    case "drop-constraint":
      return name === "PRIMARY";
    case "set-option":
      return OPTIONS.has(name);
    default:
      return false;
  }
}

const OPTIONS: ReadonlySet<string> = new Set(["force", "engine", "row_format", "key_block_size"]);
