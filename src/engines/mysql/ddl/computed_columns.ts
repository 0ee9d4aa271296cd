/** Computed columns that the server does not change in place. */

import { lastName } from "../../../core/name.ts";
import type { TableChange } from "../../common/table_change.ts";
import { type ColumnFacts, factsOf } from "../facts.ts";
import { mentions } from "./mentioned_names.ts";

/** Columns that go from or to VIRTUAL, and the generated ones that read them. */
export function recreatedColumns({ columns }: TableChange): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { before, after } of columns.changed) {
    const [had, has] = [factsOf(before, "column"), factsOf(after, "column")];
    if (isVirtual(had) !== isVirtual(has)) names.add(lastName(after.name));
  }
  const kept = columns.from.filter(({ id }) => columns.to.some((column) => column.id === id));
  for (let size = -1; size !== names.size && names.size > 0;) {
    size = names.size;
    for (const column of kept) {
      const { generated } = factsOf(column, "column");
      if (generated === undefined) continue;
      if ([...names].some((name) => mentions(generated, name))) names.add(lastName(column.name));
    }
  }
  return names;
}

/** Columns that are computed when they are read and become plain ones. */
export function storedColumns({ columns }: TableChange): ReadonlySet<string> {
  return new Set(
    columns.changed.filter(({ before, after }) =>
      isVirtual(factsOf(before, "column")) && factsOf(after, "column").generated === undefined
    ).map(({ after }) => lastName(after.name)),
  );
}

function isVirtual({ generated, stored }: ColumnFacts): boolean {
  return generated !== undefined && stored !== true;
}
