/** What an expansion names, found in the schemas, or refused. */

import { UsageError } from "../../core/error.ts";
import { splitName } from "../../core/name.ts";
import type { ColumnShape, TableShape } from "../../core/shape.ts";

/** What the user says of an expansion. */
export interface ExpandRequest {
  /** `users.fullname=name` */
  readonly columns: string;
  /** How the columns of one side are made of those of the other: `first=split_part(fullname, ' ', 1)`. */
  readonly values: readonly string[];
}

/** The tables between which it leads. */
export interface ExpandTables {
  readonly before: readonly TableShape[];
  readonly target: readonly TableShape[];
  readonly quote: (name: string) => string;
  readonly convert: (value: string, type: string) => string;
  /** Whether the table of new columns was made by the expansion of a name; absent while that begins. */
  readonly wasMade?: (name: string) => boolean;
}

/** The table of a name, with its schema or without. Throws UsageError for none, and for several. */
export function tableNamed(
  tables: readonly TableShape[],
  name: string,
  columns: string,
  place: string,
): TableShape {
  const found = tables.filter((table) =>
    table.name === name || splitName(table.name).at(-1) === name
  );
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  throw refused(
    columns,
    only === undefined ? `${place} have no table ${name}` : `${name} is in several schemas`,
  );
}

/** A column of a table. Throws UsageError for none. */
export function columnNamed(table: TableShape, name: string, place: string): ColumnShape {
  const found = table.columns.find((column) => column.name === name);
  if (found !== undefined) return found;
  throw refused(name, `${table.name} has no such column in ${place}`);
}

/** Why columns cannot be expanded. */
export function refused(columns: string, why: string, flag?: string): UsageError {
  return new UsageError(`Cannot expand ${columns}: ${why}`, {
    code: "expand",
    ...flag === undefined ? {} : { hint: `pass ${flag}` },
  });
}
