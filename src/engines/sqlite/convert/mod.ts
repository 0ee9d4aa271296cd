/** Conversion of schemas from SQLite and to it. */

import { adaptSchema } from "../../convert/adapt.ts";
import type { Converting } from "../../convert/converting.ts";
import { quote } from "../quote.ts";
import { data } from "./data.ts";
import { holding } from "./fit.ts";
import { readSchema } from "./read.ts";
import { indexText, tableText, triggerText, viewText } from "./write.ts";

/** How schemas are converted from SQLite and to it. */
export const converting: Converting = {
  read: readSchema,
  adapt: (schema) => adaptSchema(schema, holding),
  beforeTable: () => [],
  table: (table) => [tableText(table)],
  foreignKey: () => null,
  index: indexText,
  view: viewText,
  trigger: (trigger) => [triggerText(trigger)],
  sequence: ({ name }) => {
    throw new Error(`SQLite has no sequences such as ${name}`);
  },
  dropTable: (name) => `DROP TABLE IF EXISTS ${quote(name)}`,
  terminated: (statement) => `${statement};`,
  data,
};
