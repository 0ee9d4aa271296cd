import assert from "node:assert/strict";
import { after, test } from "node:test";
import { databaseOf, rowsOf, RUNTIMES, servers } from "./rows_bench.ts";

const started = servers();
after(() => started.end());

/** Expressions, and what is seen of their values. */
const VALUES: readonly (readonly [string, string | null])[] = [
  ["'00501'", "'00501'"],
  ["'501'", "'501'"],
  ["501", "501"],
  ["1", "1"],
  ["1.0", "1.0"],
  ["NULL", null],
  ["'NULL'", "'NULL'"],
  ["9223372036854775807", "9223372036854775807"],
  ["0.1", "0.1"],
  ["5e-324", "4.9406564584124654e-324"],
  ["X'00ff'", "X'00FF'"],
  ["X''", "X''"],
  ["''", "''"],
  ["'it''s ü 😀'", "'it''s ü 😀'"],
  ["'a' || char(0) || 'b'", "CAST(X'610062' AS TEXT)"],
];

for (const runtime of RUNTIMES) {
  test(`${runtime.name}: values are seen with their storage class`, async () => {
    const script = `CREATE TABLE t (v); ${
      VALUES.map(([sql]) => `INSERT INTO t VALUES (${sql})`).join(";")
    }`;
    const database = await databaseOf(await started.of(runtime), script);
    assert.deepEqual((await rowsOf(database, "t")).flat(), VALUES.map(([, seen]) => seen));
  });
}
