/** Tables of many made rows, to see how long statements take on them. */

import type { ColumnShape, TableShape } from "../../core/shape.ts";
import type { Sampling } from "../many_rows.ts";
import { quote } from "./quote.ts";

/** A table of four columns, and what takes as long as its rows are many. */
export const sampling: Sampling = {
  bytesPerRow: 90,
  make: (rows) => [
    "CREATE TABLE aim_sample (id int PRIMARY KEY, n int, a char(32), at datetime)",
    `INSERT INTO aim_sample SELECT g, g % 1000, md5(g), now() FROM (${numbers(rows)}) AS s`,
  ],
  rewrite: "ALTER TABLE aim_sample MODIFY COLUMN n bigint, ALGORITHM=COPY",
  scan: "ALTER TABLE aim_sample ADD CONSTRAINT aim_check CHECK (n >= 0)",
  build: "CREATE INDEX aim_index ON aim_sample (a)",
  fill: ({ name, columns }: TableShape, rows: number) => {
    const filled = columns.filter(({ isGenerated }) => !isGenerated);
    const names = filled.map((column) => quote(column.name)).join(", ");
    return [
      "SET SESSION foreign_key_checks = 0",
      `INSERT INTO ${quote(name)} (${names}) SELECT ${filled.map(valueOf).join(", ")} FROM (${
        numbers(rows)
      }) AS s`,
      "SET SESSION foreign_key_checks = 1",
    ];
  },
};

/** Numbers from 1000 on, by joining digits: both families take it. */
function numbers(rows: number): string {
  const digits =
    "(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)";
  const places = String(rows).length;
  const sum = Array.from({ length: places }, (_, at) => `d${at}.d * ${10 ** at}`).join(" + ");
  const from = Array.from({ length: places }, (_, at) => `${digits} AS d${at}`).join(", ");
  return `SELECT 1000 + ${sum} AS g FROM ${from} WHERE ${sum} < ${rows}`;
}

function valueOf({ type }: ColumnShape): string {
  const length = /\((\d+)\)/.exec(type)?.[1];
  if (/char|text/i.test(type)) {
    return length === undefined ? "md5(g)" : `left(concat(g, md5(g)), ${length})`;
  }
  if (/tinyint/i.test(type)) return "g % 100";
  if (/smallint/i.test(type)) return "g % 32000";
  if (/int|decimal|float|double/i.test(type)) return "g";
  if (/date|timestamp/i.test(type)) return "now()";
  if (/json/i.test(type)) return "json_object('n', g)";
  return "NULL";
}
