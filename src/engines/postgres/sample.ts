/** Tables of many made rows, to see how long statements take on them. */

import type { ColumnShape, TableShape } from "../../core/shape.ts";
import type { Sampling } from "../many_rows.ts";
import { splitName } from "./names.ts";
import { ident, reference } from "./quote.ts";

/** A table of four columns, and what takes as long as its rows are many. */
export const sampling: Sampling = {
  bytesPerRow: 90,
  make: (rows) => [
    `CREATE TABLE aim_sample AS SELECT g AS id, g % 1000 AS n, md5(g::text) AS a, now() AS at FROM generate_series(1, ${rows}) AS g`,
  ],
  rewrite: "ALTER TABLE aim_sample ALTER COLUMN id TYPE bigint",
  scan: "ALTER TABLE aim_sample ADD CHECK (n >= 0)",
  build: "CREATE INDEX ON aim_sample (a)",
  fill,
};

/** Keys get numbers that are their own; foreign keys and triggers are off meanwhile where the account may turn them off. */
function fill(
  { name, columns, primaryKey, uniques, foreignKeys }: TableShape,
  rows: number,
): readonly string[] {
  const references = new Set(foreignKeys.flatMap((key) => key.columns));
  const keys = new Set([...primaryKey, ...uniques.flat()]);
  const filled = columns.filter(({ isGenerated, hasDefault, name: column }) =>
    !isGenerated && !(hasDefault && !keys.has(column))
  );
  const table = splitName(name).length > 1 ? reference(name) : ident(name);
  const names = filled.map((column) => ident(column.name)).join(", ");
  const values = filled.map((column) =>
    references.has(column.name) && !column.isRequired ? "NULL" : valueOf(column)
  ).join(", ");
  return [
    "DO $$ BEGIN SET session_replication_role = replica; EXCEPTION WHEN insufficient_privilege THEN NULL; END $$",
    filled.length === 0
      ? `INSERT INTO ${table} DEFAULT VALUES`
      : `INSERT INTO ${table} (${names}) OVERRIDING SYSTEM VALUE SELECT ${values} FROM generate_series(1000, ${
        rows + 999
      }) AS g`,
    "DO $$ BEGIN RESET session_replication_role; EXCEPTION WHEN insufficient_privilege THEN NULL; END $$",
  ];
}

function valueOf({ type }: ColumnShape): string {
  const length = /\((\d+)\)$/.exec(type)?.[1];
  if (/^(?:character|text|citext|"char"|name)/.test(type)) {
    return length === undefined ? "md5(g::text)" : `substr(g::text || md5(g::text), 1, ${length})`;
  }
  if (/^(?:smallint|integer|bigint|numeric|real|double)/.test(type)) {
    return type === "smallint" ? `(g % 32000)::smallint` : `g::${type}`;
  }
  if (/^timestamp|^date/.test(type)) return `(now() + g * interval '1 second')::${type}`;
  if (type === "uuid") return "md5(g::text)::uuid";
  if (type === "boolean") return "g % 2 = 0";
  if (/^jsonb?$/.test(type)) return `json_build_object('n', g)::${type}`;
  return "NULL";
}
