/** What the readers of a Postgres schema share. */

import { splitName } from "../../../core/name.ts";
import type { Notes } from "../../convert/notes.ts";
import type { Reading } from "../../convert/reading.ts";
import type { PostgresSnapshot } from "../objects.ts";

/** What reading goes by. */
export interface PostgresScope {
  readonly snapshot: PostgresSnapshot;
  readonly reading: Reading;
  readonly enums: ReadonlyMap<string, readonly string[]>;
  readonly notes: Notes;
}

/** A name without the schema `public`; that of any other is joined to it. */
export function flatName(name: string): string {
  const parts = splitName(name);
  return (parts[0] === "public" ? parts.slice(1) : parts).join("_");
}
