/** Canonical DDL: the same text for schemas that are the same. */

import type { SchemaObject, Snapshot } from "../../core/snapshot.ts";
import { describeWith } from "../planner/mod.ts";
import { KINDS } from "./ddl/mod.ts";

/** The DDL of every top-level object by id, written from the facts alone. */
export function describe(empty: Snapshot, snapshot: Snapshot): ReadonlyMap<string, string> {
  const objects = [...snapshot.objects].map(([id, { style: _, ...plain }]) =>
    [id, plain satisfies SchemaObject] as const
  );
  return describeWith(KINDS, { ...empty, dialect: snapshot.dialect }, {
    ...snapshot,
    objects: new Map(objects),
  });
}
