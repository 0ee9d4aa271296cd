/** Conversion of schemas from MySQL and MariaDB and to them. */

import { adaptSchema } from "../../convert/adapt.ts";
import type { Converting } from "../../convert/converting.ts";
import { quote } from "../quote.ts";
import { dataOf } from "./data.ts";
import { holdingOf } from "./fit.ts";
import { readSchema } from "./read.ts";
import { Writer } from "./write.ts";

/** How schemas are converted from one of the family and to it. */
export function convertingOf(isMariadb: boolean): Converting {
  const holding = holdingOf(isMariadb);
  const writer = new Writer(holding.speech, isMariadb);
  return {
    read: readSchema,
    adapt: (schema) => adaptSchema(schema, holding),
    beforeTable: () => [],
    table: (table) => [writer.table(table)],
    foreignKey: (table, key) => writer.foreignKey(table, key),
    index: (table, index) => writer.isWithin(table, index) ? "" : writer.index(table, index),
    view: (view) => writer.view(view),
    trigger: (trigger) => [writer.trigger(trigger)],
    sequence: (sequence) => writer.sequence(sequence),
    dropTable: (name) => `DROP TABLE IF EXISTS ${quote(name)}`,
    terminated: (statement) =>
      statement.includes(";") ? `DELIMITER //\n${statement}//\nDELIMITER ;` : `${statement};`,
    data: dataOf(writer),
  };
}
