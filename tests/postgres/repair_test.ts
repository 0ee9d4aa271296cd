import assert from "node:assert/strict";
import test from "node:test";
import { repair } from "../../src/engines/postgres/repair.ts";
import { DatabaseError } from "../../src/core/error.ts";
import { pglite } from "../../src/runtimes/pglite.ts";
import { target } from "../../src/engines/postgres/target.ts";

const server = await pglite.start(target(null, [], false), {
  emit: () => {},
  signal: new AbortController().signal,
});

/** Statements that a scratch server refuses at first, and what is done about it. */
const MENDED: readonly { sql: string; note: RegExp; skip?: true }[] = [
  { sql: `CREATE TABLE t (a int); ALTER TABLE t OWNER TO app`, note: /^Created role app,/ },
  { sql: `GRANT ALL ON SCHEMA public TO "Some One"`, note: /^Created role "Some One",/ },
  { sql: `SET ROLE app`, note: /^Created role app,/ },
  {
    sql: `ALTER DEFAULT PRIVILEGES FOR ROLE app GRANT SELECT ON TABLES TO public`,
    note: /role app/,
  },
  { sql: `SET operator_precedence_warning = off`, note: /^Left out SET operator_/, skip: true },
  { sql: `CREATE TABLE t (a int) TABLESPACE fast`, note: /^Created tablespace fast,/ },
  {
    sql: `CREATE TABLE t (a text COLLATE pg_catalog."tlh_KL")`,
    note: /^Created collation "tlh_KL",/,
  },
  {
    sql: `CREATE TABLE t (a text COLLATE "tlh-x-icu")`,
    note: /^Created collation "tlh-x-icu",/,
  },
];

for (const { sql, note, skip } of MENDED) {
  test(`repair helps "${sql}"`, async () => {
    await using database = await server.create();
    const error = await refusal(database.exec(sql));
    const mended = await repair(error, database, sql);
    assert.match(mended?.note ?? "", note);
    assert.equal(mended?.skip, skip);
    if (skip === undefined) await database.exec(sql);
  });
}

/** Statements whose errors are real. */
const REAL: readonly string[] = [
  `DROP ROLE app`,
  `DROP TABLESPACE fast`,
  `SET serch_path = public`,
  `SELECT * FROM missing`,
  `CREATE TABLE t (a text COLLATE missing)`,
  `CREATE TABLE t (a missing)`,
  `SELECT 1 +`,
  `CREATE EXTENSION missing`,
];

for (const sql of REAL) {
  test(`repair leaves the error of "${sql}" alone`, async () => {
    await using database = await server.create();
    const error = await refusal(database.exec(sql));
    assert.equal(await repair(error, database, sql), null);
  });
}

test("repair leaves errors that are not the database's alone", async () => {
  await using database = await server.create();
  assert.equal(await repair(new TypeError(`role "a" does not exist`), database, ""), null);
});

async function refusal(work: Promise<void>): Promise<DatabaseError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof DatabaseError) return error;
    throw error;
  }
  throw new Error("The statement was not refused");
}
