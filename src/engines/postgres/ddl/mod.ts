/** All kinds of Postgres objects that can be planned. */

import type { ObjectKind } from "../../object_kind.ts";
import { columns } from "./columns.ts";
import { constraints } from "./constraints.ts";
import { defaults } from "./defaults.ts";
import { extensions } from "./extensions.ts";
import { indexes } from "./indexes.ts";
import { policies } from "./policies.ts";
import { rules } from "./rules.ts";
import { schemas } from "./schemas.ts";
import { sequences } from "./sequences.ts";
import { statistics } from "./statistics.ts";
import { tables } from "./tables.ts";
import { triggers } from "./triggers.ts";

/** In no particular order; each says its rank. */
export const KINDS: readonly ObjectKind[] = [
  schemas,
  extensions,
  tables,
  columns,
  defaults,
  sequences,
  constraints,
  indexes,
  statistics,
  triggers,
  rules,
  policies,
  schemas,
  extensions,
  tables,
  columns,
  defaults,
  sequences,
  constraints,
  indexes,
  statistics,
  triggers,
  rules,
  policies,
];
