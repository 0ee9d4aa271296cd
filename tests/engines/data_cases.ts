/** Changes of schemas over rows: what is said of them, and what is there after UP and after DOWN. */

import type { Reversible } from "../../src/core/statement.ts";
import type { Pair } from "./planned.ts";

/** One change over rows. */
export interface DataCase extends Pair {
  readonly name: string;
  readonly rows: string;
  /** Asked before UP, after UP and after DOWN. */
  readonly query: string;
  /** What the query gives; `refused` where the rows do not let the direction through. */
  readonly there: readonly (readonly unknown[])[] | "refused";
  readonly back?: readonly (readonly unknown[])[] | "refused";
  readonly reversible: Reversible;
  /** Parts of the notes, one for each, in any order. */
  readonly notes: readonly string[];
}

const SEVERAL = "CREATE TYPE mood AS ENUM ('sad', 'ok', 'glad');";
const FEWER = "CREATE TYPE mood AS ENUM ('sad', 'glad');";
const HELD = `CREATE DOMAIN dm AS mood; CREATE DOMAIN moods AS mood[];
  CREATE TYPE pair AS (a dm, b varchar(3), ms mood[]); CREATE DOMAIN dp AS pair;
  CREATE TABLE t (id int PRIMARY KEY, d dm, ms moods, p pair, q dp);`;

/** Each is proven, and run over its rows. */
export const DATA_CASES: readonly DataCase[] = [
  {
    name: "a column that was generated may get other values",
    engine: "sqlite",
    from: "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) STORED)",
    to: "CREATE TABLE t (a int, b int)",
    rows: "INSERT INTO t (a) VALUES (1)",
    query: "SELECT a, b FROM t",
    there: [[1, 2]],
    back: [[1, 2]],
    reversible: "fails-on-new-data",
    notes: ["values of t.b that its expression does not give"],
  },
  {
    name: "decimals go, also in a domain, an array and a composite type",
    engine: "postgres",
    from: `CREATE DOMAIN amt AS numeric(10,4); CREATE TYPE pair AS (a text, b numeric(10,4));
      CREATE TABLE t (p numeric(10,4), d amt, l numeric(10,4)[], c pair)`,
    to: `CREATE DOMAIN amt AS numeric(10,2); CREATE TYPE pair AS (a text, b numeric(10,2));
      CREATE TABLE t (p numeric(10,2), d amt, l numeric(10,2)[], c pair)`,
    rows: "INSERT INTO t VALUES (1.2345, 1.2345, '{1.2345}', ROW('x', 1.2345))",
    query: "SELECT p::text, d::text, l::text, c::text FROM t",
    there: [["1.23", "1.23", "{1.23}", "(x,1.23)"]],
    back: [["1.2300", "1.2300", "{1.2300}", "(x,1.2300)"]],
    reversible: "structure",
    notes: [
      "the part of public.t.d that the new amt cannot hold",
      "the part of public.t.c that the new pair cannot hold",
      "the part of public.t.l that numeric(10,2)[] cannot hold",
      "the part of public.t.p that numeric(10,2) cannot hold",
      "values of public.t.d that the former amt cannot hold",
      "values of public.t.c that the former pair cannot hold",
      "values of public.t.l that numeric(10,4)[] cannot hold",
      "values of public.t.p that numeric(10,4) cannot hold",
    ],
  },
  {
    name: "what is too long for a domain is refused",
    engine: "postgres",
    from: "CREATE TABLE t (a text, n bigint)",
    to: "CREATE DOMAIN code AS varchar(3); CREATE TABLE t (a code, n code)",
    rows: "INSERT INTO t VALUES ('abcdef', 1)",
    query: "SELECT a, n::text FROM t",
    there: "refused",
    reversible: "structure",
    notes: [
      "the part of public.t.a that code cannot hold",
      "values of public.t.n that bigint cannot hold",
    ],
  },
  {
    name: "a domain of another type, by the cast that there is",
    engine: "postgres",
    from: "CREATE DOMAIN dm AS numeric(8,2); CREATE TABLE t (p dm)",
    to: "CREATE DOMAIN dm AS integer; CREATE TABLE t (p dm)",
    rows: "INSERT INTO t VALUES (8.00)",
    query: "SELECT p::text FROM t",
    there: [["8"]],
    back: [["8.00"]],
    reversible: "structure",
    notes: [
      "the part of public.t.p that the new dm cannot hold",
      "values of public.t.p that the former dm cannot hold",
    ],
  },
  {
    name: "a cast that the schema itself made",
    engine: "postgres",
    ...(() => {
      const made = `CREATE TYPE lvl AS ENUM ('lo', 'hi');
        CREATE FUNCTION num(lvl) RETURNS integer LANGUAGE sql IMMUTABLE
          AS $$ SELECT CASE $1 WHEN 'lo' THEN 0 ELSE 1 END $$;
        CREATE CAST (lvl AS integer) WITH FUNCTION num(lvl) AS ASSIGNMENT;`;
      return {
        from: `${made} CREATE TABLE t (l lvl)`,
        to: `${made} CREATE TABLE t (l integer)`,
      };
    })(),
    rows: "INSERT INTO t VALUES ('hi')",
    query: "SELECT l::text FROM t",
    there: [["1"]],
    back: [["hi"]],
    reversible: "structure",
    notes: ["the part of public.t.l", "values of public.t.l that lvl cannot hold"],
  },
  {
    name: "an answer for a value that goes, in domains, arrays and attributes",
    engine: "postgres",
    from: SEVERAL + HELD,
    to: FEWER + HELD,
    answers: ["data:enum value:public.mood.ok=map='sad'"],
    rows:
      `INSERT INTO t VALUES (1, 'ok', '{ok,glad}', ROW('ok', 'x', '{ok}'), ROW('ok', 'x', '{ok}')),
      (2, NULL, NULL, NULL, NULL)`,
    query: "SELECT d::text, ms::text, p::text, q::text FROM t ORDER BY id",
    there: [["sad", "{sad,glad}", "(sad,x,{sad})", "(sad,x,{sad})"], [null, null, null, null]],
    back: [["sad", "{sad,glad}", "(sad,x,{sad})", "(sad,x,{sad})"], [null, null, null, null]],
    reversible: "structure",
    notes: ["the values ok of public.mood"],
  },
  {
    name: "an attribute that only a cast converts",
    engine: "postgres",
    from: "CREATE TYPE pair AS (a varchar(9), b numeric(8,2)); CREATE TABLE t (p pair)",
    to: "CREATE TYPE pair AS (a varchar(9), b integer); CREATE TABLE t (p pair)",
    rows: "INSERT INTO t VALUES (ROW('x', 7.00)), (NULL)",
    query: "SELECT p::text FROM t ORDER BY 1",
    there: [["(x,7)"], [null]],
    back: [["(x,7.00)"], [null]],
    reversible: "structure",
    notes: ["the new pair", "the former pair"],
  },
  {
    name: "rows of a table in columns of others, in arrays, domains and rows again",
    engine: "postgres",
    ...(() => {
      const holding = `CREATE DOMAIN dc AS crate; CREATE TYPE hold AS (c crate, n int);
        CREATE TABLE shelf (id int PRIMARY KEY, item crate, items crate[], d dc, h hold);
        CREATE TABLE room (id int, s shelf); CREATE VIEW v AS SELECT id, (item).w FROM shelf`;
      return {
        from: `CREATE TABLE crate (w integer NOT NULL, note text); ${holding}`,
        to: `CREATE TABLE crate (w bigint NOT NULL, note text); ${holding}`,
      };
    })(),
    rows: `INSERT INTO shelf VALUES (1, ROW(3, 'x'), ARRAY[ROW(3, 'x')::crate], ROW(3, 'x')::crate,
        ROW(ROW(3, 'x')::crate, 1)::hold);
      INSERT INTO room SELECT 1, shelf FROM shelf`,
    query: "SELECT item::text, items::text, d::text, h::text FROM shelf, room",
    there: [["(3,x)", '{"(3,x)"}', "(3,x)", '("(3,x)",1)']],
    back: [["(3,x)", '{"(3,x)"}', "(3,x)", '("(3,x)",1)']],
    reversible: "fails-on-new-data",
    notes: ["crate.w", "shelf.h", "shelf.d", "shelf.items", "shelf.item", "room.s"],
  },
  {
    name: "rows of a table, converted attribute by attribute",
    engine: "postgres",
    from: "CREATE TABLE crate (w numeric(8,2), note text); CREATE TABLE t (c crate)",
    to: "CREATE TABLE crate (w integer, note text); CREATE TABLE t (c crate)",
    rows: "INSERT INTO t VALUES (ROW(7.00, 'x')), (NULL)",
    query: "SELECT c::text FROM t ORDER BY 1",
    there: [["(7,x)"], [null]],
    back: [["(7.00,x)"], [null]],
    reversible: "structure",
    notes: [
      "crate.w",
      "the part of public.t.c",
      "values of public.crate.w",
      "values of public.t.c",
    ],
  },
  {
    name: "a trigger that refuses updates does not see a backfill",
    engine: "postgres",
    ...(() => {
      const refusal = `CREATE FUNCTION forbid() RETURNS trigger LANGUAGE plpgsql
          AS $$ BEGIN RAISE EXCEPTION 'append only'; END $$;
        CREATE TRIGGER ro BEFORE UPDATE OR DELETE ON t FOR EACH ROW EXECUTE FUNCTION forbid();
        ALTER TABLE t ENABLE ALWAYS TRIGGER ro`;
      return {
        from: `CREATE TABLE t (id int PRIMARY KEY, a int); ${refusal}`,
        to: `CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL DEFAULT 0); ${refusal}`,
      };
    })(),
    rows: "INSERT INTO t VALUES (1, NULL)",
    query: "SELECT a FROM t",
    there: [[0]],
    back: [[0]],
    reversible: "exact",
    notes: [],
  },
  {
    name: "what DOWN cannot hold is not exact",
    engine: "postgres",
    from: `CREATE TYPE mood AS ENUM ('a'); CREATE DOMAIN d AS int NOT NULL CHECK (VALUE > 0);
      CREATE TABLE u (id int PRIMARY KEY);
      CREATE TABLE t (id int, n int NOT NULL, v varchar(5), m mood, p numeric(5,2), e text CONSTRAINT te UNIQUE,
        c int CONSTRAINT tc CHECK (c > 0), f int CONSTRAINT tf REFERENCES u, x d);
      CREATE UNIQUE INDEX ti ON t (n)`,
    to:
      `CREATE TYPE mood AS ENUM ('a', 'b'); CREATE DOMAIN d AS int; CREATE TABLE u (id int PRIMARY KEY);
      CREATE TABLE t (id bigint, n int, v varchar(9), m mood DEFAULT 'b', p numeric(9,2), e text, c int,
        f int, x d)`,
    rows: "INSERT INTO t VALUES (1, 1, 'x', 'a', 1.5, 'e', 1, NULL, 1)",
    query: "SELECT id::text, v, m::text, p::text FROM t",
    there: [["1", "x", "a", "1.50"]],
    back: [["1", "x", "a", "1.50"]],
    reversible: "fails-on-new-data",
    notes: [
      "rows of public.t that are equal in n",
      "rows of public.t that CHECK ((c > 0)) refuses",
      "rows of public.t that are equal in e",
      "rows of public.t whose f is not in public.u",
      "values of d that CHECK ((VALUE > 0)) refuses",
      "rows that hold 'b' of public.mood",
      "NULLs in columns of public.d",
      "values of public.t.id that integer cannot hold",
      "NULLs in public.t.n",
      "values of public.t.v that character varying(5) cannot hold",
      "values of public.t.p that numeric(5,2) cannot hold",
    ],
  },
  {
    name: "a key in the place of another one holds the same",
    engine: "postgres",
    from: "CREATE TABLE t (a int NOT NULL, b int); CREATE UNIQUE INDEX ti ON t (a)",
    to: "CREATE TABLE t (a int NOT NULL, b int, CONSTRAINT tk UNIQUE (a))",
    rows: "INSERT INTO t VALUES (1, 2)",
    query: "SELECT a, b FROM t",
    there: [[1, 2]],
    back: [[1, 2]],
    reversible: "exact",
    notes: [],
  },
  ...["REPLACE", "IGNORE", "FAIL"].map((word): DataCase => ({
    name: `a key with ON CONFLICT ${word} refuses rows that are equal`,
    engine: "sqlite",
    from: "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)",
    to: `CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT UNIQUE ON CONFLICT ${word})`,
    rows: "INSERT INTO t VALUES (1, 'x'), (2, 'x')",
    query: "SELECT id, a FROM t",
    there: "refused",
    reversible: "exact",
    notes: [],
  })),
  {
    name: "a column with NOT NULL ON CONFLICT IGNORE refuses NULLs",
    engine: "sqlite",
    from: "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)",
    to: "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL ON CONFLICT IGNORE)",
    rows: "INSERT INTO t VALUES (1, NULL)",
    query: "SELECT id, a FROM t",
    there: "refused",
    reversible: "exact",
    notes: [],
  },
  {
    name: "another affinity changes values, unless it is known not to",
    engine: "sqlite",
    from: "CREATE TABLE t (zip TEXT, big TEXT, flag BLOB, i INTEGER, r REAL, n TEXT)",
    to: "CREATE TABLE t (zip INTEGER, big NUMERIC, flag TEXT, i NUMERIC, r INTEGER, n BLOB)",
    rows: "INSERT INTO t VALUES ('00501', '12345678901234567890', x'41', 5, 1.5, '7')",
    query: "SELECT zip, CAST(big AS TEXT), i, r, n FROM t",
    there: [[501, "1.2345678901234567e+19", 5, 1.5, "7"]],
    back: [["501", "1.2345678901234567e+19", 5, 1.5, "7"]],
    reversible: "structure",
    notes: ["t.zip that INTEGER cannot hold, the part of t.big that", "values of t.zip that TEXT"],
  },
  {
    name: "what DOWN cannot hold is not exact",
    engine: "sqlite",
    from:
      `CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER NOT NULL, b TEXT UNIQUE, c INT CHECK (c > 0));
      CREATE UNIQUE INDEX ti ON t (a)`,
    to: "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b TEXT, c INT)",
    rows: "INSERT INTO t VALUES (1, 1, 'x', 1)",
    query: "SELECT id, a, b, c FROM t",
    there: [[1, 1, "x", 1]],
    back: [[1, 1, "x", 1]],
    reversible: "fails-on-new-data",
    notes: [
      "NULLs in t.a, rows of t that are equal in b, rows of t that CHECK (c > 0) refuses, rows of t that are equal in a",
    ],
  },
];
