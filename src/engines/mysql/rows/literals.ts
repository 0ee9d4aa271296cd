/** SQL that reads a value as text. */

import { baseOf } from "./values.ts";

const BYTES =
  /^(?:bit|binary|varbinary|tinyblob|blob|mediumblob|longblob|geometry|point|linestring|polygon|multi\w+|geom\w+|vector)$/;

/** A value as text that is another one for another value. */
export function asText(column: string, type: string): string {
  return BYTES.test(baseOf(type)) ? `HEX(${column})` : `CAST(${column} AS CHAR)`;
}

/** A value as a literal; NULL as NULL. */
export function asLiteral(column: string, type: string): string {
  return BYTES.test(baseOf(type))
    ? `CONCAT('X''', HEX(${column}), '''')`
    : `QUOTE(CAST(${column} AS CHAR))`;
}
