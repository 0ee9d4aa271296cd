/** The kinds of objects of MySQL and MariaDB. */

import type { ObjectKind } from "../../object_kind.ts";
import { column } from "./column.ts";
import { constraint } from "./constraint.ts";
import { database } from "./database.ts";
import { event } from "./event.ts";
import { index } from "./index.ts";
import { packageBody, packageHead } from "./package.ts";
import { procedure, storedFunction } from "./routine.ts";
import { sequence } from "./sequence.ts";
import { table } from "./table.ts";
import { trigger } from "./trigger.ts";
import { view } from "./view.ts";

/** All kinds that can be planned. */
export const KINDS: readonly ObjectKind[] = [
  database,
  sequence,
  table,
  column,
  index,
  constraint,
  packageHead,
  storedFunction,
  procedure,
  packageBody,
  view,
  trigger,
  event,
];
