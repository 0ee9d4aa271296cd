/** The list of object kinds. */

import type { ObjectKind } from "../../object_kind.ts";
import { index } from "./index_kind.ts";
import { column, constraint } from "./column.ts";
import { table } from "./table.ts";
import { trigger } from "./trigger.ts";
import { view } from "./view.ts";
import { virtualTable } from "./virtual_table.ts";

/** Everything that a SQLite database holds. */
export const KINDS: readonly ObjectKind[] = [
  table,
  virtualTable,
  column,
  constraint,
  index,
  view,
  trigger,
];
