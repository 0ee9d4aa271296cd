/** SQL and settings that want aim to fall over, and what a run of aim must not do with them. */

import type { Finished } from "../run_aim.ts";

/** A dialect of the statements below. */
export type Dialect = "postgres" | "sqlite";

/** Scripts by what they try. */
export const HOSTILE: Readonly<Record<Dialect, Readonly<Record<string, string>>>> = {
  postgres: {
    "endless recursion in plpgsql":
      "CREATE FUNCTION r(n int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN r(n + 1); END $$; SELECT r(1);",
    "endless recursion of triggers": `CREATE TABLE t (a int);
      CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO t VALUES (1); RETURN NEW; END $$;
      CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); INSERT INTO t VALUES (1);`,
    "5000 terms": `CREATE TABLE t (a int DEFAULT ${Array(5000).fill("1").join("+")});`,
    "a long script with 5000 terms": `${
      "CREATE TABLE IF NOT EXISTS t (a int);\n".repeat(30)
    }SELECT ${Array(5000).fill("1").join("+")};`,
    "20000 parentheses": `SELECT ${"(".repeat(20000)}1${")".repeat(20000)};`,
    "deep JSON": `SELECT '${"[".repeat(20000)}${"]".repeat(20000)}'::jsonb;`,
    "50000 open comments": "/*".repeat(50000),
    "a transaction without an end": "CREATE TABLE a (a int); BEGIN; CREATE TABLE t (a int);",
    "a chain of transactions": "BEGIN; CREATE TABLE t (a int); COMMIT AND CHAIN;",
    "a prepared transaction": "BEGIN; CREATE TABLE t (a int); PREPARE TRANSACTION 'x';",
    "no pg_class": "DELETE FROM pg_class;",
    "no pg_proc": "DELETE FROM pg_proc;",
    "no pg_type": "DELETE FROM pg_type WHERE typname = 'int4';",
    "no roles": "DELETE FROM pg_authid;",
    "no schemas": "DELETE FROM pg_namespace;",
    "a table that says that it is a view":
      "CREATE TABLE t (a int); UPDATE pg_class SET relkind = 'v' WHERE relname = 't';",
    "a column of no type":
      "CREATE TABLE t (a int); UPDATE pg_attribute SET atttypid = 99999 WHERE attrelid = 't'::regclass;",
    "a renamed catalog": "SET allow_system_table_mods = on; ALTER TABLE pg_attribute RENAME TO x;",
    "DROP SCHEMA pg_catalog": "SET allow_system_table_mods = on; DROP SCHEMA pg_catalog CASCADE;",
    "DROP DATABASE": "DROP DATABASE postgres;",
    "a built-in function with a wrong type":
      "CREATE FUNCTION f(int) RETURNS text LANGUAGE internal AS 'textcat'; SELECT f(-5);",
    "an event trigger that refuses all":
      `CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;
      CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION f();`,
    "another encoding": "SET client_encoding = 'EUC_JP'; CREATE TABLE t (a int);",
    "a read-only session":
      "SET default_transaction_read_only = on; SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY;",
    "no superuser": "ALTER ROLE postgres NOSUPERUSER; CREATE TABLE t (a int);",
    "COPY from nowhere": "CREATE TABLE t (a int); COPY t FROM STDIN;",
    "a gigabyte": "SELECT repeat('x', 1073741823);",
    "a value beyond all":
      "CREATE TABLE t AS SELECT array_agg(repeat('x', 1000000)) FROM generate_series(1, 3000);",
  },
  sqlite: {
    "a broken sqlite_schema":
      "CREATE TABLE t (a int); PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE TABLE t(((';",
    "a sqlite_schema of blobs":
      "CREATE TABLE t (a int); PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = x'ff00ff';",
    "a sqlite_schema of nulls":
      "CREATE TABLE t (a int); PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = NULL, name = NULL;",
    "a table on no page":
      "CREATE TABLE t (a int); PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 999;",
    "a view without text":
      "PRAGMA writable_schema = ON; INSERT INTO sqlite_schema VALUES ('view', 'x', 'x', 0, 'CREATE VIEW x AS SELECT');",
    "a trigger of nothing":
      "PRAGMA writable_schema = ON; INSERT INTO sqlite_schema VALUES ('trigger', 'x', 'nope', 0, 'CREATE TRIGGER x');",
    "a transaction without an end": "BEGIN EXCLUSIVE; CREATE TABLE t (a int);",
    "settings of names":
      "PRAGMA full_column_names = ON; PRAGMA short_column_names = OFF; CREATE TABLE t (a int);",
    "no pages left": "PRAGMA max_page_count = 1; CREATE TABLE t (a int); CREATE TABLE u (a int);",
    "no memory": "PRAGMA hard_heap_limit = 1000; CREATE TABLE t (a int);",
    "endless triggers":
      "PRAGMA recursive_triggers = ON; CREATE TABLE t (a int); CREATE TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO t VALUES (1); END; INSERT INTO t VALUES (1);",
    "views in a circle": "CREATE VIEW a AS SELECT * FROM b; CREATE VIEW b AS SELECT * FROM a;",
    "900 parentheses": `CREATE TABLE t (a int CHECK (${"(".repeat(900)}a${")".repeat(900)}));`,
    "5000 terms": `CREATE TABLE t (a int DEFAULT (${Array(5000).fill("1").join("+")}));`,
    "two gigabytes": "SELECT zeroblob(2000000000);",
    "names of every object": "CREATE TABLE __proto__ (constructor int, hasOwnProperty int);",
    "another file": "ATTACH 'x.db' AS x;",
  },
};

/** Bytes that are odd in a text file; each stands for itself. */
export const ODD_BYTES: readonly (readonly number[])[] = [
  [0],
  [0xed, 0xa0, 0x80],
  [0xff, 0xfe],
  [0xc0, 0x80],
  [0xef, 0xbb, 0xbf],
  [0x0d],
  [0xe2, 0x80, 0xae],
  [0x1b, 0x5b, 0x32, 0x4a],
];

/** What is wrong with how a run ended, in a sentence, or null. `files` are those that an error may name. */
export function misbehaviour(
  { code, stdout, stderr }: Finished,
  files: readonly string[],
): string | null {
  const text = stdout + stderr;
  if (code === null || ![0, 1, 2, 3].includes(code)) return `exit ${code}: ${text.slice(0, 300)}`;
  if (/^\s+at .+:\d+:\d+\)?$/m.test(text)) return `a stack is shown: ${text.slice(0, 300)}`;
  const named = code < 2 || files.some((file) => text.includes(file));
  return named ? null : `no file is named: ${text.slice(0, 300)}`;
}
