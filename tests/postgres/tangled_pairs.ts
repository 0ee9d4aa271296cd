/** Pairs of schemas in which several kinds of objects hang together. */

import type { Pair } from "./type_pairs.ts";

/** Each is carried out both ways. */
export const TANGLED_PAIRS: readonly Pair[] = [
  {
    name: "two SQL functions that call each other",
    from: "",
    to: `SET check_function_bodies = off;
      CREATE FUNCTION a(n int) RETURNS int LANGUAGE sql AS 'select case when n > 0 then b(n - 1) end';
      CREATE FUNCTION b(n int) RETURNS int LANGUAGE sql AS 'select a(n)'`,
  },
  {
    name: "an enum, a table and a column in need of quotes",
    from: `CREATE SCHEMA "My App";
      CREATE TYPE "My App"."Mood X" AS ENUM ('a', 'b', 'it''s');
      CREATE TABLE "My App"."T" ("C d" "My App"."Mood X" DEFAULT 'a', e "My App"."Mood X"[]);
      CREATE VIEW v AS SELECT * FROM "My App"."T"`,
    to: `CREATE SCHEMA "My App";
      CREATE TYPE "My App"."Mood X" AS ENUM ('b', 'it''s', 'c');
      CREATE TABLE "My App"."T" ("C d" "My App"."Mood X" DEFAULT 'b', e "My App"."Mood X"[]);
      CREATE VIEW v AS SELECT * FROM "My App"."T"`,
  },
  {
    name: "columns that come to an enum and leave it while it changes",
    from: `CREATE TYPE m AS ENUM ('a','b');
      CREATE TABLE t (x m, y m, z text)`,
    to: `CREATE TYPE m AS ENUM ('b','c');
      CREATE TABLE t (x text, z m, w m DEFAULT 'c')`,
  },
  {
    name: "a changed enum under a table that goes",
    from: `CREATE TYPE m AS ENUM ('a','b');
      CREATE TABLE t (x m);
      CREATE TABLE u (x m)`,
    to: `CREATE TYPE m AS ENUM ('b');
      CREATE TABLE u (x m)`,
  },
  {
    name: "a changed enum in an inherited column",
    from: `CREATE TYPE m AS ENUM ('a','b');
      CREATE TABLE t (x m);
      CREATE TABLE u (y int) INHERITS (t);
      CREATE INDEX i ON u (x)`,
    to: `CREATE TYPE m AS ENUM ('b');
      CREATE TABLE t (x m);
      CREATE TABLE u (y int) INHERITS (t);
      CREATE INDEX i ON u (x)`,
  },
  {
    name: "a changed enum under a trigger, a rule and statistics",
    from: `CREATE TYPE m AS ENUM ('a','b');
      CREATE TABLE t (x m, y int);
      CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'begin return new;
      end';
      CREATE TRIGGER tr BEFORE UPDATE OF x ON t FOR EACH ROW WHEN (old.x IS DISTINCT FROM new.x) EXECUTE FUNCTION tf();
      CREATE RULE r AS ON DELETE TO t WHERE old.x = 'b' DO INSTEAD NOTHING;
      CREATE STATISTICS s ON x, y FROM t`,
    to: `CREATE TYPE m AS ENUM ('b');
      CREATE TABLE t (x m, y int);
      CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'begin return new;
      end';
      CREATE TRIGGER tr BEFORE UPDATE OF x ON t FOR EACH ROW WHEN (old.x IS DISTINCT FROM new.x) EXECUTE FUNCTION tf();
      CREATE RULE r AS ON DELETE TO t WHERE old.x = 'b' DO INSTEAD NOTHING;
      CREATE STATISTICS s ON x, y FROM t`,
  },
  {
    name: "a function that must be recreated under a chain of views",
    from: `CREATE FUNCTION f(a int, b int DEFAULT 2) RETURNS int LANGUAGE sql AS 'select 1';
      CREATE VIEW v AS SELECT f(1) AS x;
      CREATE VIEW w AS SELECT x FROM v;
      CREATE MATERIALIZED VIEW m AS SELECT x FROM w;
      CREATE INDEX mi ON m (x)`,
    to: `CREATE FUNCTION f(a int, b int) RETURNS int LANGUAGE sql AS 'select 1';
      CREATE VIEW v AS SELECT f(1, 2) AS x;
      CREATE VIEW w AS SELECT x FROM v;
      CREATE MATERIALIZED VIEW m AS SELECT x FROM w;
      CREATE INDEX mi ON m (x)`,
  },
  {
    name: "a trigger and its function",
    from: `CREATE TABLE t (a int);
      CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'begin return new;
      end';
      CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION tf()`,
    to: `CREATE TABLE t (a int, b int);
      CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'begin new.b := 1;
      return new;
      end';
      CREATE TRIGGER tr BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION tf()`,
  },
  {
    name: "a schema full of things",
    from: `CREATE SCHEMA s;
      CREATE TYPE s.e AS ENUM ('a');
      CREATE TABLE s.t (a s.e);
      CREATE VIEW s.v AS SELECT * FROM s.t;
      CREATE FUNCTION s.f(s.e) RETURNS s.t LANGUAGE sql AS 'select null::s.t';
      CREATE DOMAIN s.d AS int;
      CREATE SEQUENCE s.q;
      CREATE OPERATOR s.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq);
      CREATE COLLATION s.c (LOCALE='C')`,
    to: "",
  },
  {
    name: "a function that returns rows of a table that grows",
    from: `CREATE TABLE t (a int);
      CREATE FUNCTION f() RETURNS SETOF t LANGUAGE sql AS 'select * from t';
      CREATE VIEW v AS SELECT a FROM f()`,
    to: `CREATE TABLE t (a int, b text);
      CREATE FUNCTION f() RETURNS SETOF t LANGUAGE sql AS 'select * from t';
      CREATE VIEW v AS SELECT a FROM f()`,
  },
  {
    name: "an SQL-standard body over columns that change",
    from: `CREATE TABLE t (a int, b int);
      CREATE FUNCTION f() RETURNS SETOF int LANGUAGE sql BEGIN ATOMIC SELECT a FROM t;
      END`,
    to: `CREATE TABLE t (a int, c bigint);
      CREATE FUNCTION f() RETURNS SETOF int LANGUAGE sql BEGIN ATOMIC SELECT a FROM t WHERE c > 1;
      END`,
  },
  {
    name: "types of extensions",
    from: `CREATE EXTENSION citext;
      CREATE TABLE t (a citext);
      CREATE FUNCTION f(citext) RETURNS citext LANGUAGE sql AS 'select $1'`,
    to: `CREATE EXTENSION citext;
      CREATE EXTENSION hstore;
      CREATE TABLE t (a citext, h hstore);
      CREATE FUNCTION f(citext) RETURNS hstore LANGUAGE sql AS 'select null::hstore'`,
  },
  {
    name: "domains over domains over an enum",
    from: `CREATE TYPE e AS ENUM ('a','b');
      CREATE DOMAIN d1 AS e;
      CREATE DOMAIN d2 AS d1 CHECK (VALUE::text <> 'b');
      CREATE TABLE t (x d2 DEFAULT 'a', y d1[]);
      INSERT INTO t VALUES ('a', '{a,b}')`,
    to: `CREATE TYPE e AS ENUM ('b','a');
      CREATE DOMAIN d1 AS e;
      CREATE DOMAIN d2 AS d1 CHECK (VALUE::text <> 'b');
      CREATE TABLE t (x d2 DEFAULT 'a', y d1[])`,
  },
  {
    name: "a domain that gets stricter while arrays hold it",
    from: `CREATE DOMAIN d AS int;
      CREATE TABLE t (x d[]);
      INSERT INTO t VALUES ('{1}')`,
    to: `CREATE DOMAIN d AS int NOT NULL CHECK (VALUE > 0);
      CREATE TABLE t (x d[])`,
  },
  {
    name: "a composite inside another one",
    from: `CREATE TYPE a AS (x int);
      CREATE TYPE b AS (a a, y int);
      CREATE TABLE t (b b);
      INSERT INTO t VALUES (ROW(ROW(1), 2))`,
    to: `CREATE TYPE a AS (x bigint);
      CREATE TYPE b AS (a a, y int);
      CREATE TABLE t (b b)`,
  },
  {
    name: "an attribute before those there",
    from: `CREATE TYPE a AS (x int, y int);
      CREATE TABLE t (a a)`,
    to: `CREATE TYPE a AS (z int, x int, y int);
      CREATE TABLE t (a a)`,
  },
  {
    name: "views on views over a column whose type changes",
    from: `CREATE TABLE t (a int, b int);
      CREATE VIEW v1 AS SELECT a, b FROM t;
      CREATE VIEW v2 AS SELECT a, b FROM v1;
      CREATE VIEW v3 AS SELECT a FROM v2;
      GRANT SELECT ON v3 TO PUBLIC;
      COMMENT ON VIEW v3 IS 'x'`,
    to: `CREATE TABLE t (a bigint, b int);
      CREATE VIEW v1 AS SELECT a, b FROM t;
      CREATE VIEW v2 AS SELECT a, b FROM v1;
      CREATE VIEW v3 AS SELECT a FROM v2;
      GRANT SELECT ON v3 TO PUBLIC;
      COMMENT ON VIEW v3 IS 'x'`,
  },
  {
    name: "a view that becomes a materialized view",
    from: `CREATE TABLE t (a int);
      CREATE VIEW v AS SELECT a FROM t`,
    to: `CREATE TABLE t (a int);
      CREATE MATERIALIZED VIEW v AS SELECT a FROM t;
      CREATE UNIQUE INDEX vi ON v (a)`,
  },
  {
    name: "a view that becomes a table, under another view",
    from: `CREATE TABLE t (a int);
      CREATE VIEW v AS SELECT a FROM t;
      CREATE VIEW w AS SELECT a FROM v`,
    to: `CREATE TABLE t (a int);
      CREATE TABLE v (a int);
      CREATE VIEW w AS SELECT a FROM v`,
  },
  {
    name: "privileges on columns",
    roles: ["bob", "alice"],
    from: `CREATE TABLE t (a int, b int, c int);
      GRANT SELECT (a, b), INSERT (a) ON t TO bob;
      GRANT UPDATE (c) ON t TO alice WITH GRANT OPTION`,
    to: `CREATE TABLE t (a int, b int, d int);
      GRANT SELECT (a) ON t TO bob;
      GRANT SELECT (d), REFERENCES (d) ON t TO alice`,
  },
  {
    name: "privileges on all kinds of objects",
    roles: ["bob"],
    from: `CREATE TYPE e AS ENUM ('a');
      CREATE DOMAIN d AS int;
      CREATE TYPE c AS (x int);
      CREATE TYPE r AS RANGE (subtype = float8);
      CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'select 1';
      CREATE PROCEDURE p() LANGUAGE sql AS 'select 1';
      CREATE SCHEMA s;
      CREATE TRUSTED LANGUAGE l HANDLER plpgsql_call_handler`,
    to: `CREATE TYPE e AS ENUM ('a');
      GRANT USAGE ON TYPE e TO bob;
      REVOKE USAGE ON TYPE e FROM PUBLIC;
      CREATE DOMAIN d AS int;
      GRANT USAGE ON DOMAIN d TO bob WITH GRANT OPTION;
      ALTER DOMAIN d OWNER TO bob;
      CREATE TYPE c AS (x int);
      REVOKE ALL ON TYPE c FROM PUBLIC;
      ALTER TYPE c OWNER TO bob;
      CREATE TYPE r AS RANGE (subtype = float8);
      GRANT ALL ON TYPE r TO bob;
      CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'select 1';
      REVOKE ALL ON FUNCTION f() FROM PUBLIC, postgres;
      CREATE PROCEDURE p() LANGUAGE sql AS 'select 1';
      GRANT EXECUTE ON PROCEDURE p() TO bob;
      ALTER PROCEDURE p() OWNER TO bob;
      CREATE SCHEMA s;
      GRANT CREATE, USAGE ON SCHEMA s TO bob;
      CREATE TRUSTED LANGUAGE l HANDLER plpgsql_call_handler;
      REVOKE ALL ON LANGUAGE l FROM PUBLIC`,
  },
  {
    name: "privileges on schema public",
    roles: ["bob"],
    from: "",
    to: `REVOKE ALL ON SCHEMA public FROM PUBLIC;
      GRANT USAGE ON SCHEMA public TO bob;
      GRANT ALL ON SCHEMA public TO PUBLIC`,
  },
  {
    name: "a text search configuration that a generated column uses",
    from: "",
    to: `CREATE TEXT SEARCH CONFIGURATION c (COPY = english);
      ALTER TEXT SEARCH CONFIGURATION c ALTER MAPPING REPLACE english_stem WITH simple;
      CREATE TABLE t (a text, v tsvector GENERATED ALWAYS AS (to_tsvector('public.c', a)) STORED)`,
  },
  {
    name: "an operator that a view uses",
    from: `CREATE FUNCTION eq(int, int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'select true';
      CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = eq);
      CREATE VIEW v AS SELECT 1 === 2 AS x`,
    to:
      `CREATE FUNCTION eq(int, int) RETURNS bool LANGUAGE sql IMMUTABLE STRICT AS 'select $1 = $2';
      CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = eq, COMMUTATOR = ===);
      CREATE VIEW v AS SELECT 1 === 2 AS x`,
  },
  {
    name: "arguments of procedures",
    from: `CREATE PROCEDURE p(IN a int, INOUT b int) LANGUAGE plpgsql AS 'begin b := 1;
      end'`,
    to: `CREATE PROCEDURE p(IN a int, INOUT c int) LANGUAGE plpgsql AS 'begin c := 1;
      end';
      CREATE PROCEDURE q(a int DEFAULT 1, VARIADIC r int[] DEFAULT '{}') LANGUAGE plpgsql AS 'begin null;
      end'`,
  },
  {
    name: "privileges that were passed on",
    roles: ["bob", "alice"],
    from: `CREATE TABLE t (a int);
      GRANT SELECT ON t TO bob WITH GRANT OPTION;
      SET ROLE bob;
      GRANT SELECT ON t TO alice WITH GRANT OPTION;
      RESET ROLE`,
    to: `CREATE TABLE t (a int);
      GRANT SELECT ON t TO bob`,
  },
  {
    name: "constraints, generated columns and triggers of foreign tables",
    from: `CREATE FOREIGN DATA WRAPPER w;
      CREATE SERVER s FOREIGN DATA WRAPPER w;
      CREATE FOREIGN TABLE f (a int, b int GENERATED ALWAYS AS (a * 2) STORED, CONSTRAINT k CHECK (a > 0) NO INHERIT) SERVER s`,
    to: `CREATE FOREIGN DATA WRAPPER w;
      CREATE SERVER s FOREIGN DATA WRAPPER w;
      CREATE FOREIGN TABLE f (a int, b int GENERATED ALWAYS AS (a * 2) STORED, c text COLLATE "C", CONSTRAINT k CHECK (a > 1)) SERVER s;
      CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'begin return new;
      end';
      CREATE TRIGGER tr BEFORE INSERT ON f FOR EACH ROW EXECUTE FUNCTION tf()`,
  },
  {
    name: "a function and a view in a circle",
    from: "",
    to: `CREATE TABLE t (a int);
      CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS 'begin return 1;
      end';
      CREATE VIEW v AS SELECT f() AS x FROM t;
      SET check_function_bodies = off;
      CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'select x from v'`,
  },
  {
    name: "privileges on what an extension brought along",
    roles: ["bob"],
    from: `CREATE EXTENSION pgcrypto;
      GRANT EXECUTE ON FUNCTION crypt(text, text) TO bob`,
    to: `CREATE EXTENSION pgcrypto;
      REVOKE ALL ON FUNCTION crypt(text, text) FROM PUBLIC;
      CREATE EXTENSION hstore;
      GRANT USAGE ON TYPE hstore TO bob WITH GRANT OPTION;
      REVOKE ALL ON LANGUAGE plpgsql FROM PUBLIC;
      GRANT USAGE ON LANGUAGE plpgsql TO bob`,
  },
  {
    name: "comments on not-null constraints",
    from: `CREATE TABLE t (a int NOT NULL, b int NOT NULL, c int, d int PRIMARY KEY);
      COMMENT ON CONSTRAINT t_a_not_null ON t IS 'old';
      COMMENT ON CONSTRAINT t_d_not_null ON t IS 'key'`,
    to:
      `CREATE TABLE t (a int NOT NULL, b int CONSTRAINT named NOT NULL, c int NOT NULL, d int, e int NOT NULL);
      COMMENT ON CONSTRAINT t_a_not_null ON t IS 'new';
      COMMENT ON CONSTRAINT named ON t IS 'it''s named';
      COMMENT ON CONSTRAINT t_c_not_null ON t IS 'c';
      COMMENT ON CONSTRAINT t_e_not_null ON t IS 'e';
      CREATE TABLE child (id int PRIMARY KEY) INHERITS (t);
      COMMENT ON CONSTRAINT t_a_not_null ON child IS 'of the child';
      COMMENT ON CONSTRAINT child_id_not_null ON child IS 'of its key'`,
  },
  {
    name: "whole rows of a table that gets a column with a default",
    from: "CREATE TABLE t (a int)",
    to: `CREATE TABLE t (a int, b serial);
      CREATE TABLE rows_of_t (id int PRIMARY KEY, whole t, several t[])`,
  },
  {
    name: "a sequence that passes from a column to another one",
    from: "CREATE TABLE t (id bigserial NOT NULL, PRIMARY KEY (id))",
    to: `CREATE TABLE t (id bigserial NOT NULL, PRIMARY KEY (id));
      ALTER TABLE t RENAME COLUMN id TO number`,
  },
  {
    name: "a computed column that must have a value",
    from: "CREATE TABLE t (a int, b boolean GENERATED ALWAYS AS (a IS NULL) STORED)",
    to: "CREATE TABLE t (a int, b boolean GENERATED ALWAYS AS (a IS NULL) STORED NOT NULL)",
  },
  {
    name: "the columns of a published table",
    from: `CREATE TABLE t (a int PRIMARY KEY, b int, c int);
      CREATE PUBLICATION p FOR TABLE t (a, b, c)`,
    to: `CREATE TABLE t (b int, c int);
      CREATE PUBLICATION p FOR TABLE t (c, b)`,
  },
  {
    name: "comments on the indexes of constraints",
    from: `CREATE TABLE t (a int PRIMARY KEY, b int UNIQUE, c int UNIQUE);
      COMMENT ON INDEX t_pkey IS 'old';
      COMMENT ON INDEX t_c_key IS 'gone'`,
    to: `CREATE TABLE t (a int PRIMARY KEY, b int UNIQUE, c int UNIQUE);
      COMMENT ON INDEX t_pkey IS 'new';
      COMMENT ON CONSTRAINT t_pkey ON t IS 'of the constraint';
      COMMENT ON INDEX t_b_key IS 'b';
      CREATE TABLE part (a int, EXCLUDE (a WITH =)) PARTITION BY LIST (a);
      CREATE TABLE part_1 PARTITION OF part FOR VALUES IN (1);
      COMMENT ON INDEX part_a_excl IS 'whole';
      COMMENT ON INDEX part_1_a_excl IS 'part'`,
  },
  {
    name: "a sequence for a column of somebody else's table",
    roles: ["alice"],
    from: `CREATE TABLE t (a int);
      ALTER TABLE t OWNER TO alice`,
    to: `CREATE TABLE t (a int);
      ALTER TABLE t OWNER TO alice;
      CREATE SEQUENCE numbers;
      ALTER SEQUENCE numbers OWNER TO alice;
      ALTER TABLE t ADD COLUMN b bigint NOT NULL DEFAULT nextval('numbers');
      ALTER SEQUENCE numbers OWNED BY t.b`,
  },
  {
    name: "a table that takes over the name of an identity column's sequence",
    from: `CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY)`,
    to: `CREATE TABLE u (id int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME t_id_seq))`,
  },
  {
    name: "another index of a partitioned table on the same column",
    from: `CREATE TABLE p (a int, b int) PARTITION BY LIST (a);
      CREATE TABLE p_1 PARTITION OF p FOR VALUES IN (1);
      CREATE TABLE p_2 (b int, a int);
      CREATE INDEX p_2_b_idx1 ON p_2 (b) WHERE b > 5;
      ALTER TABLE p ATTACH PARTITION p_2 FOR VALUES IN (2);
      CREATE INDEX one ON p (b)`,
    to: `CREATE TABLE p (a int, b int) PARTITION BY LIST (a);
      CREATE TABLE p_1 PARTITION OF p FOR VALUES IN (1);
      CREATE TABLE p_2 (b int, a int);
      CREATE INDEX p_2_b_idx1 ON p_2 (b) WHERE b > 5;
      ALTER TABLE p ATTACH PARTITION p_2 FOR VALUES IN (2);
      CREATE INDEX one ON p (b);
      CREATE INDEX two ON p (b) WHERE b > 0`,
  },
  {
    name: "a published table that has a child, which is not published",
    from: "CREATE TABLE t (a int, b int)",
    to: `CREATE TABLE t (a int, b int);
      CREATE PUBLICATION p FOR TABLE t (a);
      CREATE TABLE child () INHERITS (t)`,
  },
  {
    name: "an inherited column that is compressed in a way of its own",
    from: "CREATE TABLE t (a text, b text COMPRESSION pglz)",
    to: `CREATE TABLE t (a text, b text COMPRESSION pglz);
      CREATE TABLE child () INHERITS (t);
      ALTER TABLE child ALTER COLUMN a SET COMPRESSION pglz;
      ALTER TABLE child ALTER COLUMN b SET COMPRESSION default`,
  },
  {
    name: "parts of indexes with options of their own",
    from: `CREATE TABLE p (a int, b int) PARTITION BY LIST (a);
      CREATE TABLE p_1 PARTITION OF p FOR VALUES IN (1)`,
    to: `CREATE TABLE p (a int, b int, UNIQUE (a)) PARTITION BY LIST (a);
      CREATE TABLE p_1 PARTITION OF p FOR VALUES IN (1);
      CREATE INDEX i ON p (b) WITH (fillfactor = 50);
      ALTER INDEX p_1_b_idx SET (fillfactor = 60);
      ALTER INDEX p_1_a_key SET (fillfactor = 70);
      CREATE TABLE p_2 PARTITION OF p FOR VALUES IN (2);
      ALTER INDEX p_2_b_idx RESET (fillfactor)`,
  },
  {
    name: "a column of a foreign table that must have a value",
    from: `CREATE FOREIGN DATA WRAPPER w;
      CREATE SERVER s FOREIGN DATA WRAPPER w;
      CREATE FOREIGN TABLE f (a int) SERVER s`,
    to: `CREATE FOREIGN DATA WRAPPER w;
      CREATE SERVER s FOREIGN DATA WRAPPER w;
      CREATE FOREIGN TABLE f (a int NOT NULL, b int NOT NULL) SERVER s`,
  },
  {
    name: "an inherited column that is numbered in the child alone",
    from: "CREATE TABLE t (id int NOT NULL)",
    to: `CREATE TABLE t (id int NOT NULL);
      CREATE TABLE child () INHERITS (t);
      ALTER TABLE child ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY`,
  },
  {
    name: "a partition that is attached when the whole becomes less strict",
    from: `CREATE TABLE p (a text PRIMARY KEY) PARTITION BY LIST (a);
      CREATE TABLE p_1 (a text)`,
    to: `CREATE TABLE p (a text) PARTITION BY LIST (a);
      CREATE TABLE p_1 PARTITION OF p FOR VALUES IN ('x')`,
  },
  {
    name: "an identity column that owns another sequence",
    from: `CREATE TABLE t (id int NOT NULL);
      CREATE SEQUENCE s MINVALUE 5 MAXVALUE 100 OWNED BY t.id`,
    to: `CREATE TABLE t (id int GENERATED BY DEFAULT AS IDENTITY);
      CREATE SEQUENCE s MINVALUE 5 MAXVALUE 100 OWNED BY t.id`,
  },
  {
    name: "a child with a primary key over a column that it inherits",
    from: "CREATE TABLE t (id int NOT NULL, a int)",
    to: `CREATE TABLE t (id int NOT NULL, a int);
      CREATE TABLE child () INHERITS (t);
      ALTER TABLE child ADD PRIMARY KEY (id);
      CREATE TABLE other (PRIMARY KEY (id)) INHERITS (t);
      CREATE TABLE third (PRIMARY KEY (a)) INHERITS (t)`,
  },
  {
    name: "a column that takes over the name of another one's NOT NULL, under a view and a policy",
    from: `CREATE TABLE t (id int NOT NULL, a int);
      CREATE VIEW v AS SELECT id, a FROM t;
      CREATE VIEW w AS SELECT * FROM v;
      CREATE POLICY p ON t USING (id > 0)`,
    to: `CREATE TABLE t (id int NOT NULL, a int);
      CREATE VIEW v AS SELECT id, a FROM t;
      CREATE VIEW w AS SELECT * FROM v;
      CREATE POLICY p ON t USING (id > 0);
      ALTER TABLE t RENAME COLUMN id TO number`,
  },
  {
    name: "constraints whose indexes are the same, which CREATE TABLE would take for one",
    from: "SELECT 1",
    to: `CREATE TABLE t (id int PRIMARY KEY, a int, b int);
      ALTER TABLE t ADD CONSTRAINT also UNIQUE (id);
      ALTER TABLE t ADD CONSTRAINT later UNIQUE (id) DEFERRABLE;
      ALTER TABLE t ADD UNIQUE (a, b);
      ALTER TABLE t ADD CONSTRAINT twice UNIQUE (a, b) WITH (fillfactor = 50);
      ALTER TABLE t ADD CONSTRAINT e EXCLUDE (a WITH =);
      ALTER TABLE t ADD CONSTRAINT f EXCLUDE (a WITH =)`,
  },
  {
    name: "a published table whose key is another column",
    from: `CREATE TABLE t (id bigint PRIMARY KEY, a int);
      CREATE PUBLICATION p FOR TABLE t`,
    to: `CREATE TABLE t (a int, number bigint PRIMARY KEY);
      CREATE PUBLICATION p FOR TABLE t`,
  },
  {
    name: "a published table without a key, with a column that need not be NOT NULL",
    from: `CREATE TABLE t (a int NOT NULL);
      CREATE TABLE u (a int NOT NULL);
      ALTER TABLE u REPLICA IDENTITY NOTHING;
      CREATE PUBLICATION p FOR ALL TABLES`,
    to: `CREATE TABLE t (a int);
      CREATE TABLE u (a int);
      ALTER TABLE u REPLICA IDENTITY NOTHING;
      CREATE PUBLICATION p FOR ALL TABLES`,
  },
  {
    name: "a new partition without a part of an index and a key that the whole has by itself",
    from: `CREATE TABLE t (id int NOT NULL, a int NOT NULL) PARTITION BY LIST (a);
      CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
      CREATE INDEX t_id ON ONLY t (id);
      CREATE INDEX t1_id ON t1 (id);
      ALTER INDEX t_id ATTACH PARTITION t1_id;
      ALTER TABLE ONLY t ADD CONSTRAINT t_key UNIQUE (id, a)`,
    to: `CREATE TABLE t (id int NOT NULL, a int NOT NULL) PARTITION BY LIST (a);
      CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
      CREATE TABLE t2 PARTITION OF t FOR VALUES IN (2);
      CREATE INDEX t_id ON ONLY t (id);
      CREATE INDEX t1_id ON t1 (id);
      ALTER INDEX t_id ATTACH PARTITION t1_id;
      ALTER TABLE ONLY t ADD CONSTRAINT t_key UNIQUE (id, a);
      COMMENT ON INDEX t_id IS 'incomplete'`,
  },
  {
    name:
      "a table that becomes a partition without a part of an index that the whole has by itself",
    from: `CREATE TABLE t (id int NOT NULL, a int NOT NULL) PARTITION BY LIST (a);
      CREATE INDEX t_id ON ONLY t (id);
      CREATE TABLE t1 (id int NOT NULL, a int NOT NULL);
      CREATE INDEX own ON t1 (id)`,
    to: `CREATE TABLE t (id int NOT NULL, a int NOT NULL) PARTITION BY LIST (a);
      CREATE TABLE t1 (id int NOT NULL, a int NOT NULL);
      ALTER TABLE t ATTACH PARTITION t1 FOR VALUES IN (1);
      CREATE INDEX t_id ON ONLY t (id);
      CREATE INDEX own ON t1 (id)`,
  },
  {
    name: "another type for the column of an index that lacks the parts of some partitions",
    from: `CREATE TABLE t (id int NOT NULL, a int NOT NULL) PARTITION BY LIST (a);
      CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
      CREATE TABLE t2 PARTITION OF t FOR VALUES IN (2);
      CREATE INDEX t_id ON ONLY t (id);
      CREATE INDEX t1_id ON t1 (id);
      ALTER INDEX t_id ATTACH PARTITION t1_id`,
    to: `CREATE TABLE t (id bigint NOT NULL, a int NOT NULL) PARTITION BY LIST (a);
      CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
      CREATE TABLE t2 PARTITION OF t FOR VALUES IN (2);
      CREATE INDEX t_id ON ONLY t (id);
      CREATE INDEX t1_id ON t1 (id);
      ALTER INDEX t_id ATTACH PARTITION t1_id`,
  },
  {
    name: "a column for a partitioned table whose NOT NULL has a name of its own in a partition",
    from: `CREATE TABLE t (id int, a text NOT NULL) PARTITION BY LIST (a);
      CREATE TABLE t1 PARTITION OF t FOR VALUES IN ('1');
      CREATE TABLE t2 PARTITION OF t FOR VALUES IN ('2')`,
    to: `CREATE TABLE t (id int, a text NOT NULL, b serial, c int NOT NULL) PARTITION BY LIST (a);
      CREATE TABLE t1 PARTITION OF t (PRIMARY KEY (a, b)) FOR VALUES IN ('1');
      CREATE TABLE t2 PARTITION OF t (CONSTRAINT own NOT NULL c) FOR VALUES IN ('2')`,
  },
  {
    name: "a key of a partitioned table whose part in one partition is another kind of key",
    from: `CREATE TABLE t (id int NOT NULL) PARTITION BY LIST (id);
      CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
      CREATE TABLE t2 PARTITION OF t FOR VALUES IN (2)`,
    to: `CREATE TABLE t (id int NOT NULL) PARTITION BY LIST (id);
      CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
      CREATE TABLE t2 PARTITION OF t FOR VALUES IN (2);
      CREATE TABLE t3 PARTITION OF t FOR VALUES IN (3);
      ALTER TABLE t1 ADD CONSTRAINT own PRIMARY KEY (id);
      ALTER TABLE t3 ADD UNIQUE (id) DEFERRABLE;
      ALTER TABLE t ADD CONSTRAINT whole UNIQUE (id)`,
  },
  {
    name: "a partition with a key that has options, under another table",
    from: `CREATE TABLE t (id int UNIQUE) PARTITION BY LIST (id);
      CREATE INDEX t_id ON t (id);
      CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1)`,
    to: `CREATE TABLE u (id int UNIQUE) PARTITION BY LIST (id);
      CREATE INDEX u_id ON u (id);
      CREATE TABLE t1 (id int);
      ALTER TABLE t1 ADD CONSTRAINT t1_id_key UNIQUE (id) WITH (fillfactor = 60);
      CREATE INDEX t1_id_idx ON t1 (id) WITH (fillfactor = 70);
      ALTER TABLE u ATTACH PARTITION t1 FOR VALUES IN (1)`,
  },
  {
    name: "a partition with two equal indexes, of which one is the part of the whole's",
    from: `CREATE TABLE t (id int NOT NULL, a int) PARTITION BY LIST (id);
      CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
      ALTER TABLE t1 ADD CONSTRAINT own UNIQUE (id)`,
    to: `CREATE TABLE t (id int NOT NULL, a int) PARTITION BY LIST (id);
      CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
      CREATE UNIQUE INDEX whole ON t (id);
      ALTER TABLE t1 ADD CONSTRAINT own UNIQUE (id)`,
  },
  {
    name:
      "a partitioned table in the schema where its partitions have a check of the name that it would get",
    from: `CREATE SCHEMA s;
      CREATE TABLE t (id int CHECK (id > 0)) PARTITION BY LIST (id);
      CREATE TABLE s.t1 PARTITION OF t FOR VALUES IN (1)`,
    to: `CREATE SCHEMA s;
      CREATE TABLE s.t (id int CONSTRAINT t_id_check CHECK (id > 0)) PARTITION BY LIST (id);
      CREATE TABLE s.t1 PARTITION OF s.t FOR VALUES IN (1)`,
  },
  {
    name: "columns that a child has by itself as well as from its parents",
    from: `CREATE TABLE a (id int, gone text, number int DEFAULT 1);
      CREATE TABLE b (name text) INHERITS (a);
      CREATE TABLE c (gone text, number int NOT NULL DEFAULT 2) INHERITS (b);
      CREATE TABLE d (gone text) INHERITS (c)`,
    to: `CREATE TABLE a (id int, fresh text DEFAULT 'a' NOT NULL, other int);
      CREATE TABLE b (name text, other int) INHERITS (a);
      CREATE TABLE c (fresh text DEFAULT 'c' NOT NULL) INHERITS (b);
      CREATE TABLE d (other int NOT NULL) INHERITS (c)`,
  },
  {
    name: "a partition with partitions, in the place of another",
    from: `CREATE TABLE t (id int, a int) PARTITION BY LIST (id);
      CREATE TABLE p PARTITION OF t FOR VALUES IN (1) PARTITION BY LIST (a);
      CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)`,
    to: `CREATE TABLE t (id int, a int) PARTITION BY LIST (id);
      CREATE TABLE q PARTITION OF t FOR VALUES IN (1) PARTITION BY LIST (a);
      CREATE TABLE p1 PARTITION OF q FOR VALUES IN (1)`,
  },
  {
    name: "a column that comes with that of a parent, with a not-null constraint of its own",
    from: `CREATE TABLE a (x int); CREATE TABLE b (y int) INHERITS (a);
      CREATE TABLE c (CONSTRAINT own CHECK (y > 0)) INHERITS (b)`,
    to: `CREATE TABLE a (x int, id int PRIMARY KEY, n text NOT NULL DEFAULT '', s serial);
      CREATE TABLE b (y int, PRIMARY KEY (id)) INHERITS (a);
      CREATE TABLE c (CONSTRAINT own CHECK (y > 0), CONSTRAINT other NOT NULL id,
        CONSTRAINT third NOT NULL n) INHERITS (b)`,
  },
  {
    name:
      "a not-null constraint of a child that its parent gets, and one that it has no longer besides",
    from: `CREATE TABLE p (a int, b int NOT NULL, c int NOT NULL);
      CREATE TABLE c () INHERITS (p); ALTER TABLE c ALTER a SET NOT NULL, ALTER b SET NOT NULL;
      CREATE TABLE d (CONSTRAINT own NOT NULL a) INHERITS (p); CREATE TABLE e () INHERITS (d)`,
    to: `CREATE TABLE p (a int NOT NULL, b int NOT NULL, c int);
      CREATE TABLE c () INHERITS (p); CREATE TABLE d (CONSTRAINT other NOT NULL c) INHERITS (p);
      CREATE TABLE e () INHERITS (d)`,
  },
  {
    name:
      "a partition with names of its own, of a table that gets another key and must be recreated",
    from: `CREATE TABLE t (foo text, a int, PRIMARY KEY (foo)) PARTITION BY LIST (foo);
      CREATE TABLE p PARTITION OF t (foo NOT NULL, a NOT NULL) FOR VALUES IN ('1')`,
    to: `CREATE TABLE t (bar text CONSTRAINT t_foo_not_null NOT NULL, a int, PRIMARY KEY (bar))
        PARTITION BY LIST (bar);
      CREATE TABLE p PARTITION OF t (CONSTRAINT p_foo_not_null NOT NULL bar, a NOT NULL)
        FOR VALUES IN ('1')`,
  },
  {
    name: "an index of a partitioned table of which keys are parts",
    from: `CREATE TABLE t (id int NOT NULL, a int) PARTITION BY LIST (id);
      CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
      CREATE TABLE t2 PARTITION OF t FOR VALUES IN (2) PARTITION BY LIST (id);
      CREATE TABLE t21 PARTITION OF t2 FOR VALUES IN (2);
      CREATE TABLE u (id int, a int)`,
    to: `CREATE TABLE t (id int NOT NULL, a int) PARTITION BY LIST (id);
      CREATE TABLE t1 PARTITION OF t (PRIMARY KEY (id, a)) FOR VALUES IN (1);
      CREATE TABLE t2 PARTITION OF t FOR VALUES IN (2) PARTITION BY LIST (id);
      CREATE TABLE t21 PARTITION OF t2 (UNIQUE (id, a)) FOR VALUES IN (2);
      CREATE UNIQUE INDEX t_key ON t (id, a);
      CREATE TABLE u (id int, a int, FOREIGN KEY (id, a) REFERENCES t (id, a),
        FOREIGN KEY (id, a) REFERENCES t1)`,
  },
  {
    name: "a partition that must leave and come back, under an index of which it has no part",
    from: `CREATE TABLE t (id int, a int NOT NULL) PARTITION BY LIST (id);
      CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
      CREATE INDEX t_a ON ONLY t (a)`,
    to: `CREATE TABLE t (id int, a int NOT NULL) PARTITION BY LIST (id);
      CREATE TABLE t1 PARTITION OF t (CONSTRAINT own NOT NULL a) FOR VALUES IN (1);
      CREATE INDEX t_a ON ONLY t (a)`,
  },
  {
    name: "columns of parts of a partition that gets another parent",
    from: `CREATE TABLE t (id int NOT NULL, name text, n int) PARTITION BY LIST (name);
      CREATE TABLE a PARTITION OF t FOR VALUES IN ('a') PARTITION BY RANGE (n);
      CREATE TABLE a1 PARTITION OF a FOR VALUES FROM (1) TO (9) PARTITION BY RANGE (n);
      CREATE TABLE a11 PARTITION OF a1 FOR VALUES FROM (1) TO (2)`,
    to:
      `CREATE TABLE u (name text, n int, other bigint NOT NULL DEFAULT 7) PARTITION BY LIST (name);
      CREATE TABLE a PARTITION OF u FOR VALUES IN ('a') PARTITION BY RANGE (n);
      CREATE TABLE a1 PARTITION OF a FOR VALUES FROM (1) TO (9) PARTITION BY RANGE (n);
      CREATE TABLE a11 PARTITION OF a1 FOR VALUES FROM (1) TO (2);
      ALTER TABLE a11 ALTER COLUMN other SET DEFAULT 8`,
  },
];
