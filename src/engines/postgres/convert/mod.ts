/** Conversion of schemas from Postgres and to it. */

import { adaptSchema } from "../../convert/adapt.ts";
import type { Converting } from "../../convert/converting.ts";
import { ident } from "../quote.ts";
import { data } from "./data.ts";
import { holding } from "./fit.ts";
import { readSchema } from "./read.ts";
import {
  enumsOf,
  foreignKeyText,
  indexText,
  sequenceText,
  tableText,
  triggerText,
  viewText,
} from "./write.ts";

/** How schemas are converted from Postgres and to it. */
export const converting: Converting = {
  read: readSchema,
  adapt: (schema) => adaptSchema(schema, holding),
  beforeTable: enumsOf,
  table: tableText,
  foreignKey: foreignKeyText,
  index: indexText,
  view: viewText,
  trigger: triggerText,
  sequence: sequenceText,
  dropTable: (name) => `DROP TABLE IF EXISTS ${ident(name)}`,
  terminated: (statement) => `${statement};`,
  data,
};
