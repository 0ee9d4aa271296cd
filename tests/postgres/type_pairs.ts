/** Pairs of schemas over types, routines and views. */

import type { Answer } from "../../src/core/choice.ts";

/** One pair; an empty text means a database with nothing in it. */
export interface Pair {
  readonly name: string;
  readonly roles?: readonly string[];
  readonly from: string;
  readonly to: string;
  /** Answers by choice id, for both directions. */
  readonly answers?: readonly (readonly [string, Answer])[];
  /** The statements of UP, exactly, where their shape matters. */
  readonly up?: readonly string[];
}

/** Each is carried out both ways. */
export const TYPE_PAIRS: readonly Pair[] = [
  {
    name: "enum values at the front, between others and at the end",
    from:
      `CREATE TYPE mood AS ENUM ('sad', 'ok');CREATE TABLE t (id int PRIMARY KEY, m mood DEFAULT 'ok', ms mood[] DEFAULT '{sad}', CHECK (m <> 'sad'::mood));
      CREATE INDEX ti ON t (m) WHERE m = 'ok';
      CREATE VIEW v AS SELECT id, m FROM t WHERE m = 'ok';
      CREATE FUNCTION f(m mood) RETURNS mood LANGUAGE sql AS $$ SELECT $1 $$;
      CREATE POLICY p ON t USING (m = 'ok');
      CREATE VIEW v2 AS SELECT f(m) AS g FROM v;
      INSERT INTO t VALUES (1, 'ok', '{ok,ok}');
      CREATE TABLE u (m mood PRIMARY KEY);
      CREATE TABLE w (m mood REFERENCES u);`,
    to:
      `CREATE TYPE mood AS ENUM ('very sad', 'sad', 'soso', 'ok', 'happy', 'glad');CREATE TABLE t (id int PRIMARY KEY, m mood DEFAULT 'ok', ms mood[] DEFAULT '{sad}', CHECK (m <> 'sad'::mood));
      CREATE INDEX ti ON t (m) WHERE m = 'ok';
      CREATE VIEW v AS SELECT id, m FROM t WHERE m = 'ok';
      CREATE FUNCTION f(m mood) RETURNS mood LANGUAGE sql AS $$ SELECT $1 $$;
      CREATE POLICY p ON t USING (m = 'ok');
      CREATE VIEW v2 AS SELECT f(m) AS g FROM v;
      INSERT INTO t VALUES (1, 'ok', '{ok,ok}');
      CREATE TABLE u (m mood PRIMARY KEY);
      CREATE TABLE w (m mood REFERENCES u);`,
  },
  {
    name: "an enum value that a default uses at once",
    from: `CREATE TYPE mood AS ENUM ('sad', 'ok');CREATE TABLE t (m mood)`,
    to: `CREATE TYPE mood AS ENUM ('sad', 'ok', 'new');CREATE TABLE t (m mood DEFAULT 'new')`,
  },
  {
    name: "a renamed enum value",
    from:
      `CREATE TYPE mood AS ENUM ('sad', 'ok');CREATE TABLE t (id int PRIMARY KEY, m mood DEFAULT 'ok', ms mood[] DEFAULT '{sad}', CHECK (m <> 'sad'::mood));
      CREATE INDEX ti ON t (m) WHERE m = 'ok';
      CREATE VIEW v AS SELECT id, m FROM t WHERE m = 'ok';
      CREATE FUNCTION f(m mood) RETURNS mood LANGUAGE sql AS $$ SELECT $1 $$;
      CREATE POLICY p ON t USING (m = 'ok');
      CREATE VIEW v2 AS SELECT f(m) AS g FROM v;
      INSERT INTO t VALUES (1, 'ok', '{ok,ok}');
      CREATE TABLE u (m mood PRIMARY KEY);
      CREATE TABLE w (m mood REFERENCES u);`,
    to:
      `CREATE TYPE mood AS ENUM ('blue', 'ok');CREATE TABLE t (id int PRIMARY KEY, m mood DEFAULT 'ok', ms mood[] DEFAULT '{blue}', CHECK (m <> 'blue'::mood));
      CREATE INDEX ti ON t (m) WHERE m = 'ok';
      CREATE VIEW v AS SELECT id, m FROM t WHERE m = 'ok';
      CREATE FUNCTION f(m mood) RETURNS mood LANGUAGE sql AS $$ SELECT $1 $$;
      CREATE POLICY p ON t USING (m = 'ok');
      CREATE VIEW v2 AS SELECT f(m) AS g FROM v;
      INSERT INTO t VALUES (1, 'ok', '{ok,ok}');
      CREATE TABLE u (m mood PRIMARY KEY);
      CREATE TABLE w (m mood REFERENCES u);`,
    answers: [["rename:enum value:public.mood.sad", { "option": "blue", "by": "flag" }], [
      "rename:enum value:public.mood.blue",
      { "option": "sad", "by": "flag" },
    ]],
  },
  {
    name: "a removed enum value, with all that uses the type",
    from:
      `CREATE TYPE mood AS ENUM ('sad', 'ok', 'x');CREATE TABLE t (id int PRIMARY KEY, m mood DEFAULT 'ok', ms mood[] DEFAULT '{sad}', CHECK (m <> 'sad'::mood));
      CREATE INDEX ti ON t (m) WHERE m = 'ok';
      CREATE VIEW v AS SELECT id, m FROM t WHERE m = 'ok';
      CREATE FUNCTION f(m mood) RETURNS mood LANGUAGE sql AS $$ SELECT $1 $$;
      CREATE POLICY p ON t USING (m = 'ok');
      CREATE VIEW v2 AS SELECT f(m) AS g FROM v;
      INSERT INTO t VALUES (1, 'ok', '{ok,ok}');
      CREATE TABLE u (m mood PRIMARY KEY);
      CREATE TABLE w (m mood REFERENCES u);`,
    to:
      `CREATE TYPE mood AS ENUM ('sad', 'ok');CREATE TABLE t (id int PRIMARY KEY, m mood DEFAULT 'ok', ms mood[] DEFAULT '{sad}', CHECK (m <> 'sad'::mood));
      CREATE INDEX ti ON t (m) WHERE m = 'ok';
      CREATE VIEW v AS SELECT id, m FROM t WHERE m = 'ok';
      CREATE FUNCTION f(m mood) RETURNS mood LANGUAGE sql AS $$ SELECT $1 $$;
      CREATE POLICY p ON t USING (m = 'ok');
      CREATE VIEW v2 AS SELECT f(m) AS g FROM v;
      INSERT INTO t VALUES (1, 'ok', '{ok,ok}');
      CREATE TABLE u (m mood PRIMARY KEY);
      CREATE TABLE w (m mood REFERENCES u);`,
  },
  {
    name: "a removed enum value whose rows get another one",
    from:
      `CREATE TYPE mood AS ENUM ('sad', 'ok', 'x');CREATE TABLE t (id int PRIMARY KEY, m mood DEFAULT 'ok', ms mood[] DEFAULT '{sad}', CHECK (m <> 'sad'::mood));
      CREATE INDEX ti ON t (m) WHERE m = 'ok';
      CREATE VIEW v AS SELECT id, m FROM t WHERE m = 'ok';
      CREATE FUNCTION f(m mood) RETURNS mood LANGUAGE sql AS $$ SELECT $1 $$;
      CREATE POLICY p ON t USING (m = 'ok');
      CREATE VIEW v2 AS SELECT f(m) AS g FROM v;
      INSERT INTO t VALUES (1, 'ok', '{ok,ok}');
      CREATE TABLE u (m mood PRIMARY KEY);
      CREATE TABLE w (m mood REFERENCES u);INSERT INTO t VALUES (2, 'x', '{x,ok}')`,
    to:
      `CREATE TYPE mood AS ENUM ('sad', 'ok');CREATE TABLE t (id int PRIMARY KEY, m mood DEFAULT 'ok', ms mood[] DEFAULT '{sad}', CHECK (m <> 'sad'::mood));
      CREATE INDEX ti ON t (m) WHERE m = 'ok';
      CREATE VIEW v AS SELECT id, m FROM t WHERE m = 'ok';
      CREATE FUNCTION f(m mood) RETURNS mood LANGUAGE sql AS $$ SELECT $1 $$;
      CREATE POLICY p ON t USING (m = 'ok');
      CREATE VIEW v2 AS SELECT f(m) AS g FROM v;
      INSERT INTO t VALUES (1, 'ok', '{ok,ok}');
      CREATE TABLE u (m mood PRIMARY KEY);
      CREATE TABLE w (m mood REFERENCES u);`,
    answers: [["data:enum value:public.mood.x", {
      "option": "map",
      "expression": "'ok'",
      "by": "flag",
    }]],
  },
  {
    name: "enum values in another order",
    from:
      `CREATE TYPE mood AS ENUM ('sad', 'ok', 'x');CREATE TABLE t (id int PRIMARY KEY, m mood DEFAULT 'ok', ms mood[] DEFAULT '{sad}', CHECK (m <> 'sad'::mood));
      CREATE INDEX ti ON t (m) WHERE m = 'ok';
      CREATE VIEW v AS SELECT id, m FROM t WHERE m = 'ok';
      CREATE FUNCTION f(m mood) RETURNS mood LANGUAGE sql AS $$ SELECT $1 $$;
      CREATE POLICY p ON t USING (m = 'ok');
      CREATE VIEW v2 AS SELECT f(m) AS g FROM v;
      INSERT INTO t VALUES (1, 'ok', '{ok,ok}');
      CREATE TABLE u (m mood PRIMARY KEY);
      CREATE TABLE w (m mood REFERENCES u);`,
    to:
      `CREATE TYPE mood AS ENUM ('ok', 'sad', 'x');CREATE TABLE t (id int PRIMARY KEY, m mood DEFAULT 'ok', ms mood[] DEFAULT '{sad}', CHECK (m <> 'sad'::mood));
      CREATE INDEX ti ON t (m) WHERE m = 'ok';
      CREATE VIEW v AS SELECT id, m FROM t WHERE m = 'ok';
      CREATE FUNCTION f(m mood) RETURNS mood LANGUAGE sql AS $$ SELECT $1 $$;
      CREATE POLICY p ON t USING (m = 'ok');
      CREATE VIEW v2 AS SELECT f(m) AS g FROM v;
      INSERT INTO t VALUES (1, 'ok', '{ok,ok}');
      CREATE TABLE u (m mood PRIMARY KEY);
      CREATE TABLE w (m mood REFERENCES u);`,
  },
  {
    name: "a removed value of an enum inside a domain, a composite and an array",
    from:
      `CREATE TYPE mood AS ENUM ('sad', 'ok', 'x');CREATE DOMAIN d AS mood DEFAULT 'sad' CHECK (VALUE <> 'ok');
      CREATE TYPE c AS (a int, b d, c mood[]);
      CREATE TABLE t (d d, c c, x int);
      INSERT INTO t VALUES ('sad', ROW(1, 'sad', '{ok}'), 1);`,
    to:
      `CREATE TYPE mood AS ENUM ('sad', 'ok');CREATE DOMAIN d AS mood DEFAULT 'sad' CHECK (VALUE <> 'ok');
      CREATE TYPE c AS (a int, b d, c mood[]);
      CREATE TABLE t (d d, c c, x int);`,
  },
  {
    name: "attributes of a composite type in another order, one in the middle",
    from: `CREATE TYPE c AS (a int, b text);
      CREATE TYPE o AS (k c, l c[]);CREATE DOMAIN d AS c;CREATE DOMAIN da AS c[];
      CREATE TABLE t (x c NOT NULL DEFAULT ROW(1, 'q'), y o, z d, w da, u d[], id int, g int GENERATED ALWAYS AS ((x).a) STORED);
      CREATE INDEX i ON t (((x).a));CREATE VIEW v AS SELECT (x).b, y FROM t;`,
    to: `CREATE TYPE c AS (b text, m bool, a int);
      CREATE TYPE o AS (k c, l c[]);CREATE DOMAIN d AS c;CREATE DOMAIN da AS c[];
      CREATE TABLE t (x c NOT NULL DEFAULT ROW('q', true, 1), y o, z d, w da, u d[], id int, g int GENERATED ALWAYS AS ((x).a) STORED);
      CREATE INDEX i ON t (((x).a));CREATE VIEW v AS SELECT (x).b, y FROM t;`,
  },
  {
    name: "a composite type in another order that a table is made of and a function takes",
    from: `CREATE TYPE c AS (a int, b int);CREATE TABLE t OF c (PRIMARY KEY (a));
      CREATE FUNCTION f(c) RETURNS SETOF c LANGUAGE sql AS 'SELECT $1';INSERT INTO t VALUES (1, 2);`,
    to: `CREATE TYPE c AS (b int, a int);CREATE TABLE t OF c (PRIMARY KEY (a));
      CREATE FUNCTION f(c) RETURNS SETOF c LANGUAGE sql AS 'SELECT $1';`,
  },
  {
    name: "a removed value of an enum that a table is partitioned by",
    from:
      `CREATE TYPE mood AS ENUM ('sad', 'ok', 'x');CREATE TABLE t (m mood, x int) PARTITION BY LIST (m);
      CREATE TABLE t1 PARTITION OF t FOR VALUES IN ('sad')`,
    to:
      `CREATE TYPE mood AS ENUM ('sad', 'ok');CREATE TABLE t (m mood, x int) PARTITION BY LIST (m);
      CREATE TABLE t1 PARTITION OF t FOR VALUES IN ('sad')`,
  },
  {
    name: "a removed value of an enum in a partitioned table",
    from:
      `CREATE TYPE mood AS ENUM ('sad', 'ok', 'x');CREATE TABLE t (m mood, x int) PARTITION BY LIST (x);
      CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
      CREATE VIEW v AS SELECT m FROM t1`,
    to:
      `CREATE TYPE mood AS ENUM ('sad', 'ok');CREATE TABLE t (m mood, x int) PARTITION BY LIST (x);
      CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
      CREATE VIEW v AS SELECT m FROM t1`,
  },
  {
    name: "a removed value of an enum that a generated column reads",
    from:
      `CREATE TYPE mood AS ENUM ('sad', 'ok', 'x');CREATE TABLE t (m mood, g text GENERATED ALWAYS AS (CASE m WHEN 'sad' THEN 'a' ELSE 'b' END) STORED)`,
    to:
      `CREATE TYPE mood AS ENUM ('sad', 'ok');CREATE TABLE t (m mood, g text GENERATED ALWAYS AS (CASE m WHEN 'sad' THEN 'a' ELSE 'b' END) STORED)`,
  },
  {
    name: "an enum that gives way to text",
    from: `CREATE TYPE mood AS ENUM ('sad', 'ok', 'x');CREATE TABLE t (m mood)`,
    to: `CREATE TABLE t (m text)`,
  },
  {
    name: "default, NOT NULL, constraints and comments of a domain",
    from: `CREATE DOMAIN d AS text DEFAULT 'a' NOT NULL CONSTRAINT c1 CHECK (VALUE <> '');
      CREATE TABLE t (x d)`,
    to:
      `CREATE DOMAIN d AS text DEFAULT 'b' CONSTRAINT c1 CHECK (VALUE <> 'x') CONSTRAINT c2 CHECK (length(VALUE) > 1);
      COMMENT ON CONSTRAINT c2 ON DOMAIN d IS 'hi';
      COMMENT ON DOMAIN d IS 'dd';
      CREATE TABLE t (x d)`,
  },
  {
    name: "a domain constraint that is validated",
    from: `CREATE DOMAIN d AS text;
      ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE <> '') NOT VALID`,
    to: `CREATE DOMAIN d AS text CONSTRAINT c CHECK (VALUE <> '')`,
  },
  {
    name: "another base type of a domain, which an array holds too",
    from: `CREATE DOMAIN d AS int CONSTRAINT c1 CHECK (VALUE > 0);
      CREATE TABLE t (x d PRIMARY KEY, y d[]);
      INSERT INTO t VALUES (1, '{1}');
      CREATE VIEW v AS SELECT x FROM t;
      CREATE FUNCTION f(d) RETURNS int LANGUAGE sql AS 'select 1'`,
    to: `CREATE DOMAIN d AS bigint CONSTRAINT c1 CHECK (VALUE > 0) CONSTRAINT c2 CHECK (VALUE < 10);
      CREATE TABLE t (x d PRIMARY KEY, y d[]);
      CREATE VIEW v AS SELECT x FROM t;
      CREATE FUNCTION f(d) RETURNS int LANGUAGE sql AS 'select 1'`,
  },
  {
    name: "a domain constraint that calls a function of the domain",
    from: "",
    to: `CREATE DOMAIN d AS int;
      CREATE FUNCTION f(d) RETURNS bool LANGUAGE sql AS 'select true';
      ALTER DOMAIN d ADD CONSTRAINT q CHECK (f(VALUE));`,
  },
  {
    name: "attributes that come and go while a table holds values",
    from: `CREATE TYPE c AS (a int, b text);
      CREATE TABLE t (c c);
      INSERT INTO t VALUES (ROW(1, 'x'))`,
    to: `CREATE TYPE c AS (a int, d date);
      COMMENT ON COLUMN c.d IS 'x';
      CREATE TABLE t (c c)`,
  },
  {
    name: "another type of an attribute that no table holds",
    from: `CREATE TYPE c AS (a int, b text);
      CREATE FUNCTION f(c) RETURNS int LANGUAGE sql AS 'select 1'`,
    to:
      `CREATE TYPE c AS (a bigint, b text COLLATE "C");CREATE FUNCTION f(c) RETURNS int LANGUAGE sql AS 'select 1'`,
  },
  {
    name: "another type of an attribute while tables hold values, also in arrays",
    from: `CREATE TYPE c AS (a int, b text, z int);
      CREATE TABLE t (c c, cs c[]);
      INSERT INTO t VALUES (ROW(1, 'x', 2), ARRAY[ROW(1,'y',3)::c]);
      CREATE VIEW v AS SELECT (c).a FROM t`,
    to: `CREATE TYPE c AS (a bigint, z int, n text);
      CREATE TABLE t (c c, cs c[]);
      CREATE VIEW v AS SELECT (c).a FROM t`,
  },
  {
    name: "a new attribute of a type that a table is made of",
    from: `CREATE TYPE c AS (a int, b text);
      CREATE TABLE t OF c;
      INSERT INTO t VALUES (1, 'x')`,
    to: `CREATE TYPE c AS (a int, b text, d date);
      CREATE TABLE t OF c`,
  },
  {
    name: "another type of an attribute of a type that a table is made of",
    from: `CREATE TYPE c AS (a int, b text);
      CREATE TABLE t OF c;
      INSERT INTO t VALUES (1, 'x')`,
    to: `CREATE TYPE c AS (a bigint, b text);
      CREATE TABLE t OF c`,
  },
  {
    name:
      "another type of an attribute of a type that tables with keys, indexes and views are made of",
    from: `CREATE TYPE c AS (a int, b int);
      CREATE TABLE t OF c (a DEFAULT 1, PRIMARY KEY (a), CHECK (b > 0));
      CREATE TABLE u OF c;
      CREATE INDEX i ON t (b);
      CREATE VIEW v AS SELECT a, b FROM t`,
    to: `CREATE TYPE c AS (a bigint, b bigint);
      CREATE TABLE t OF c (a DEFAULT 3, PRIMARY KEY (a), CHECK (b > 0));
      CREATE TABLE u OF c;
      CREATE INDEX i ON t (b);
      CREATE VIEW v AS SELECT a, b FROM t`,
  },
  {
    name: "a type that needs a conversion, of an attribute of a type that tables are made of",
    from: `CREATE TYPE c AS (a boolean, b int);
      CREATE TABLE t OF c (a DEFAULT true);
      CREATE TABLE u OF c;
      CREATE INDEX i ON t (a);
      CREATE VIEW v AS SELECT a FROM t`,
    to: `CREATE TYPE c AS (a numeric, b int);
      CREATE TABLE t OF c (a DEFAULT 3);
      CREATE TABLE u OF c;
      CREATE INDEX i ON t (a);
      CREATE VIEW v AS SELECT a FROM t`,
  },
  {
    name: "another range type while a table holds values under an exclusion constraint",
    from: `CREATE TYPE r AS RANGE (subtype = float8);
      CREATE TABLE t (r r, rs r[], EXCLUDE USING gist (r WITH &&));
      INSERT INTO t VALUES ('[1,2]', '{"[1,2]"}')`,
    to:
      `CREATE TYPE r AS RANGE (subtype = float8, subtype_diff = float8mi, multirange_type_name = mr);
      CREATE TABLE t (r r, rs r[], EXCLUDE USING gist (r WITH &&))`,
  },
  {
    name: "a function that can be replaced, under a view",
    from: `CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'select 1';
      CREATE VIEW v AS SELECT f(1)`,
    to: `CREATE FUNCTION f(a int DEFAULT 5) RETURNS int LANGUAGE plpgsql STABLE AS 'begin return 1;
      end';
      COMMENT ON FUNCTION f(int) IS 'c';
      CREATE VIEW v AS SELECT f(1)`,
  },
  {
    name: "another return type keeps owner, privileges and comment, under a view",
    roles: ["bob", "alice"],
    from: `CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'select 1';
      ALTER FUNCTION f OWNER TO bob;
      GRANT EXECUTE ON FUNCTION f TO alice;
      COMMENT ON FUNCTION f IS 'a';
      CREATE VIEW v AS SELECT f(1)::text AS x`,
    to: `CREATE FUNCTION f(b int) RETURNS bigint LANGUAGE sql AS 'select 1::bigint';
      ALTER FUNCTION f OWNER TO bob;
      GRANT EXECUTE ON FUNCTION f TO alice;
      REVOKE ALL ON FUNCTION f FROM PUBLIC;
      COMMENT ON FUNCTION f IS 'a';
      CREATE VIEW v AS SELECT f(1)::text AS x`,
  },
  {
    name: "a function that becomes a procedure",
    from: `CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'select 1'`,
    to: `CREATE PROCEDURE f(a int) LANGUAGE sql AS 'select 1'`,
  },
  {
    name: "SQL-standard bodies",
    from: `CREATE TABLE t (a int, b int)`,
    to: `CREATE TABLE t (a int, b int);
      CREATE FUNCTION f() RETURNS SETOF t LANGUAGE sql BEGIN ATOMIC SELECT * FROM t;
      END;
      CREATE FUNCTION g(a int) RETURNS int LANGUAGE sql RETURN a + 1`,
  },
  {
    name: "bodies that name what the catalog does not know of",
    from: "",
    to: `CREATE TABLE z (a int);
      CREATE FUNCTION b() RETURNS SETOF z LANGUAGE sql AS 'SELECT * FROM z';
      CREATE FUNCTION a() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM b()'`,
  },
  {
    name: "names, settings and bodies in need of quotes",
    from: "",
    to: `CREATE SCHEMA "My Schema";
      CREATE FUNCTION "My Schema"."F.x(1)"("A b" int, VARIADIC "select" text[] DEFAULT '{}') RETURNS TABLE("x y" int, "from" text) LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' SET DateStyle = 'ISO, MDY' SET "my.var" = 'a''b' AS $x$ begin return query select 1, $$a$$ || '$body$';
      end $x$;
      CREATE TABLE "My Schema"."T.(x)" (a int);
      COMMENT ON TABLE "My Schema"."T.(x)" IS E'it''s \\\\ x';
      CREATE FUNCTION sp() RETURNS void LANGUAGE sql SET search_path = "$user", public, "My Schema" AS 'select 1'`,
  },
  {
    name: "one name, several signatures",
    from: `CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'select 1';
      CREATE FUNCTION f(text) RETURNS int LANGUAGE sql AS 'select 1'`,
    to: `CREATE FUNCTION f(text) RETURNS int LANGUAGE sql AS 'select 2';
      CREATE FUNCTION f(text, int) RETURNS int LANGUAGE sql AS 'select 1'`,
  },
  {
    name: "an aggregate that can be replaced",
    from: `CREATE AGGREGATE a(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0')`,
    to: `CREATE AGGREGATE a(int) (SFUNC = int4pl, STYPE = int, INITCOND = '5', PARALLEL = safe);
      COMMENT ON AGGREGATE a(int) IS 'x';
      REVOKE ALL ON FUNCTION a(int) FROM PUBLIC`,
  },
  {
    name: "another result of an aggregate",
    from: `CREATE AGGREGATE a(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0')`,
    to: `CREATE FUNCTION fin(int) RETURNS text LANGUAGE sql AS 'select $1::text';
      CREATE AGGREGATE a(int) (SFUNC = int4pl, STYPE = int, INITCOND = '5', FINALFUNC = fin)`,
  },
  {
    name: "owner and privileges of aggregates with a star and with ORDER BY",
    roles: ["bob"],
    from:
      `CREATE AGGREGATE p(float8 ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);
      CREATE AGGREGATE q(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0')`,
    to:
      `CREATE AGGREGATE p(float8 ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);  CREATE AGGREGATE q(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0');
      GRANT EXECUTE ON FUNCTION p(float8, anyelement) TO bob;
      GRANT EXECUTE ON FUNCTION q() TO bob;
      ALTER AGGREGATE p(float8 ORDER BY anyelement) OWNER TO bob`,
  },
  {
    name: "a view that gets a column at its end, under another view",
    from: `CREATE TABLE t (a int, b int);
      CREATE VIEW v AS SELECT a FROM t;
      CREATE VIEW w AS SELECT a FROM v`,
    to: `CREATE TABLE t (a int, b int);
      CREATE VIEW v AS SELECT a, b FROM t WHERE a > 1;
      CREATE VIEW w AS SELECT a FROM v`,
  },
  {
    name: "a view whose columns change places, under another view",
    from: `CREATE TABLE t (a int, b int);
      CREATE VIEW v AS SELECT a, b FROM t;
      CREATE VIEW w AS SELECT a FROM v`,
    to: `CREATE TABLE t (a int, b int);
      CREATE VIEW v AS SELECT b, a FROM t;
      CREATE VIEW w AS SELECT a FROM v`,
  },
  {
    name: "options, check option and column default of a view",
    from: `CREATE TABLE t (a int, b int);
      CREATE VIEW v WITH (security_barrier) AS SELECT a, b FROM t`,
    to: `CREATE TABLE t (a int, b int);
      CREATE VIEW v WITH (security_invoker = true) AS SELECT a, b FROM t WITH CASCADED CHECK OPTION;
      ALTER VIEW v ALTER COLUMN a SET DEFAULT 5`,
  },
  {
    name: "comments and privileges on the columns of a view",
    roles: ["bob"],
    from: `CREATE TABLE t (a int, b int);
      CREATE VIEW v AS SELECT a, b FROM t;
      COMMENT ON COLUMN v.a IS 'x';
      GRANT SELECT (b) ON v TO bob`,
    to: `CREATE TABLE t (a int, b int);
      CREATE VIEW v AS SELECT a, b FROM t;
      COMMENT ON COLUMN v.b IS 'y';
      GRANT SELECT (a), UPDATE (a) ON v TO bob;
      GRANT ALL ON v TO bob`,
  },
  {
    name: "a view that stands on a dropped column",
    from: `CREATE TABLE t (a int, b int);
      CREATE VIEW v AS SELECT a, b FROM t`,
    to: `CREATE TABLE t (a int);
      CREATE VIEW v AS SELECT a FROM t`,
  },
  {
    name: "recursive views, rules and triggers on views",
    from: "",
    to: `CREATE RECURSIVE VIEW nums (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM nums WHERE n < 10;
      CREATE TABLE t (a int);
      CREATE VIEW v AS SELECT a FROM t;
      CREATE RULE r AS ON INSERT TO v DO INSTEAD INSERT INTO t VALUES (new.a);
      CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'begin return new;
      end';
      CREATE VIEW v2 AS SELECT a FROM t;
      CREATE TRIGGER tr INSTEAD OF INSERT ON v2 FOR EACH ROW EXECUTE FUNCTION tf()`,
  },
  {
    name: "another query of a materialized view, with its index and a view on it",
    from: `CREATE TABLE t (a int, b int);
      CREATE MATERIALIZED VIEW m AS SELECT a FROM t;
      CREATE UNIQUE INDEX mi ON m (a);
      COMMENT ON MATERIALIZED VIEW m IS 'x';
      CREATE VIEW v AS SELECT a FROM m`,
    to: `CREATE TABLE t (a int, b int);
      CREATE MATERIALIZED VIEW m AS SELECT a, b FROM t WITH NO DATA;
      CREATE UNIQUE INDEX mi ON m (a);
      COMMENT ON MATERIALIZED VIEW m IS 'x';
      CREATE VIEW v AS SELECT a FROM m`,
  },
  {
    name: "options and column settings of a materialized view",
    from: `CREATE TABLE t (a int, b text);
      CREATE MATERIALIZED VIEW m WITH (fillfactor = 50) AS SELECT a, b FROM t;
      CREATE INDEX mi ON m (a)`,
    to: `CREATE TABLE t (a int, b text);
      CREATE MATERIALIZED VIEW m WITH (autovacuum_enabled = off, toast.autovacuum_enabled = off) AS SELECT a, b FROM t;
      CREATE INDEX mi ON m (a);
      ALTER MATERIALIZED VIEW m ALTER COLUMN a SET STATISTICS 5;
      ALTER MATERIALIZED VIEW m ALTER COLUMN b SET STORAGE EXTERNAL;
      ALTER MATERIALIZED VIEW m ALTER b SET (n_distinct = 5);
      ALTER MATERIALIZED VIEW m CLUSTER ON mi;
      COMMENT ON COLUMN m.a IS 'z'`,
  },
  {
    name: "another base type with its functions",
    from: `CREATE TYPE b;
      CREATE FUNCTION b_in(cstring) RETURNS b LANGUAGE internal IMMUTABLE STRICT AS 'textin';
      CREATE FUNCTION b_out(b) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
      CREATE TYPE b (INPUT = b_in, OUTPUT = b_out, LIKE = text);
      CREATE FUNCTION uses(b) RETURNS int LANGUAGE sql AS 'select 1'`,
    to: `CREATE TYPE b;
      CREATE FUNCTION b_in(cstring) RETURNS b LANGUAGE internal IMMUTABLE STRICT AS 'textin';
      CREATE FUNCTION b_out(b) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'textout';
      CREATE TYPE b (INPUT = b_in, OUTPUT = b_out, LIKE = text, CATEGORY = 'S', DELIMITER = ';', COLLATABLE = true, DEFAULT = 'a');
      CREATE FUNCTION uses(b) RETURNS int LANGUAGE sql AS 'select 1'`,
  },
  {
    name: "a window function",
    from: "",
    to:
      `CREATE FUNCTION w(anyelement) RETURNS anyelement LANGUAGE internal WINDOW AS 'window_first_value'`,
  },
  {
    name: "names that change hands between kinds",
    from: `CREATE TYPE x AS ENUM ('a');
      CREATE VIEW y AS SELECT 1 AS a;
      CREATE TABLE z (a int)`,
    to: `CREATE DOMAIN x AS int;
      CREATE TABLE y (a int);
      CREATE VIEW z AS SELECT 1 AS a`,
  },
  {
    name: "two functions that call each other",
    from: "",
    to: `CREATE FUNCTION a(n int) RETURNS int LANGUAGE plpgsql AS 'begin return b(n);
      end';
      CREATE FUNCTION b(n int) RETURNS int LANGUAGE plpgsql AS 'begin return a(n);
      end'`,
  },
  {
    name: "another return type of a function that a default and a constraint call",
    from: `CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'select 1';
      CREATE TABLE t (a int DEFAULT f(), b int, CHECK (b > f()));
      CREATE INDEX i ON t (a)`,
    to: `CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'select 1::bigint';
      CREATE TABLE t (a int DEFAULT f(), b int, CHECK (b > f()));
      CREATE INDEX i ON t (a)`,
  },
  {
    name: "another type of an attribute that a policy and a view read",
    from: `CREATE TYPE who AS (name text, number int);
      CREATE FUNCTION me() RETURNS who LANGUAGE sql STABLE AS $$ SELECT NULL::who $$;
      CREATE TABLE t (owner text);
      CREATE POLICY own ON t USING (owner = (SELECT number::text FROM me()));
      CREATE VIEW v AS SELECT number::text AS n FROM me()`,
    to: `CREATE TYPE who AS (name text, number bigint);
      CREATE FUNCTION me() RETURNS who LANGUAGE sql STABLE AS $$ SELECT NULL::who $$;
      CREATE TABLE t (owner text);
      CREATE POLICY own ON t USING (owner = (SELECT number::text FROM me()));
      CREATE VIEW v AS SELECT number::text AS n FROM me()`,
  },
  {
    name: "tables leave types that go, lose attributes or give way to others",
    from:
      `CREATE TYPE k AS (a int, b text); CREATE TYPE l AS (a int, b text); CREATE TYPE m AS (a int, b text);
      CREATE TABLE t OF k (PRIMARY KEY (a), b WITH OPTIONS DEFAULT 'x'); CREATE INDEX i ON t (b); CREATE VIEW v AS SELECT * FROM t;
      CREATE TABLE u OF l (PRIMARY KEY (a)); CREATE TABLE w OF m (PRIMARY KEY (a)); CREATE TABLE x OF m`,
    to:
      `CREATE TYPE l AS (a int); CREATE TYPE m AS (a int, b text); CREATE TYPE n AS (a int, b text, c date);
      CREATE TABLE t (a bigint PRIMARY KEY, b text DEFAULT 'x', c int); CREATE INDEX i ON t (b); CREATE VIEW v AS SELECT * FROM t;
      CREATE TABLE u (a int PRIMARY KEY, b text); CREATE TABLE w OF n (PRIMARY KEY (a)); CREATE TABLE x OF m`,
  },
];
