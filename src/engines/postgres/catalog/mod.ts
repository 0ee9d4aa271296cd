/** All readers of the Postgres catalog. */

import { columns } from "./columns.ts";
import type { Reader } from "./reader.ts";
import { extensions, schemas } from "./schemas.ts";
import { sequences } from "./sequences.ts";
import { tables } from "./tables.ts";

// deno-lint-ignore no-explicit-any -- each reader knows the shape of its own rows
export const READERS: readonly Reader<any>[] = [
  schemas,
  extensions,
  tables,
  columns,
  sequences,
];
