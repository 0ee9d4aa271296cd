/** All readers of the Postgres catalog. */

import { columns } from "./columns.ts";
import { constraints } from "./constraints.ts";
import { indexes } from "./indexes.ts";
import { policies } from "./policies.ts";
import type { Reader } from "./reader.ts";
import { extensions, schemas } from "./schemas.ts";
import { sequences } from "./sequences.ts";
import { statistics } from "./statistics.ts";
import { tables } from "./tables.ts";
import { rules, triggers } from "./triggers.ts";

// deno-lint-ignore no-explicit-any -- each reader knows the shape of its own rows
export const READERS: readonly Reader<any>[] = [
  schemas,
  extensions,
  tables,
  columns,
  sequences,
  constraints,
  indexes,
  statistics,
  triggers,
  rules,
  policies,
];
