/** Pairs of schemas over operators, text search, foreign data, publications, privileges and the rest. */

import type { Pair } from "./type_pairs.ts";

/** Each is carried out both ways. */
export const OBJECT_PAIRS: readonly Pair[] = [
  {
    name: "one of each kind",
    from: "",
    to: `CREATE SCHEMA app;
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
COMMENT ON TYPE mood IS 'a mood';
CREATE DOMAIN app.email AS text COLLATE "C" DEFAULT 'x@y' NOT NULL CONSTRAINT has_at CHECK (VALUE LIKE '%@%');
COMMENT ON CONSTRAINT has_at ON DOMAIN app.email IS 'at!';
CREATE TYPE addr AS (street text, "Zip Code" varchar(10), m mood);
COMMENT ON COLUMN addr.street IS 'the street';
CREATE TYPE floatrange AS RANGE (subtype = float8, subtype_diff = float8mi);
CREATE TYPE shelly;
CREATE TYPE b;
CREATE FUNCTION b_in(cstring) RETURNS b LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION b_out(b) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE b (INPUT = b_in, OUTPUT = b_out, LIKE = text);
CREATE FUNCTION add(a integer, b integer DEFAULT 1) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 5 SET search_path TO 'a', "B c" SET work_mem = '4MB' AS $$ SELECT a + b $$;
CREATE FUNCTION tab(VARIADIC xs int[]) RETURNS TABLE(id int, t text) LANGUAGE sql ROWS 5 AS $$ SELECT 1, 'a' $$;
CREATE FUNCTION outs(a int, OUT b int, INOUT c text) LANGUAGE sql AS $$ SELECT 1, 'a' $$;
CREATE PROCEDURE app.proc(a int) LANGUAGE plpgsql AS $$ BEGIN NULL;
      END $$;
CREATE FUNCTION takes_mood(m mood) RETURNS addr LANGUAGE sql AS $$ SELECT NULL::addr $$;
REVOKE EXECUTE ON FUNCTION takes_mood(mood) FROM PUBLIC;
CREATE AGGREGATE mysum(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0', COMBINEFUNC = int4pl, PARALLEL = safe);
CREATE AGGREGATE mypct(float8 ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);
CREATE AGGREGATE mycount(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0');
CREATE TABLE t (id int PRIMARY KEY, name text, m mood);
CREATE VIEW v WITH (security_barrier) AS SELECT id, name FROM t WHERE id > 0 WITH LOCAL CHECK OPTION;
COMMENT ON VIEW v IS 'vv';
COMMENT ON COLUMN v.id IS 'ii';
GRANT SELECT (id) ON v TO PUBLIC;
CREATE MATERIALIZED VIEW mv WITH (fillfactor = 70) AS SELECT m, count(*) AS n FROM t GROUP BY m WITH NO DATA;
CREATE INDEX mv_idx ON mv (m);
CREATE FUNCTION to_mood(int) RETURNS mood LANGUAGE sql AS $$ SELECT 'sad'::mood $$;
CREATE CAST (int AS mood) WITH FUNCTION to_mood(int) AS ASSIGNMENT;
CREATE CAST (varchar AS mood) WITH INOUT;
COMMENT ON CAST (int AS mood) IS 'c';
CREATE OPERATOR === (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4eq, COMMUTATOR = ===, NEGATOR = !===, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
CREATE OPERATOR !=== (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4ne, COMMUTATOR = !===, NEGATOR = ===);
CREATE OPERATOR app.@# (RIGHTARG = integer, FUNCTION = int4abs);
CREATE OPERATOR FAMILY fam USING btree;
ALTER OPERATOR FAMILY fam USING btree ADD OPERATOR 1 < (integer, bigint), FUNCTION 1 (integer, bigint) btint48cmp(integer, bigint);
CREATE OPERATOR CLASS int_ops2 FOR TYPE integer USING btree FAMILY fam AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(integer, integer);
CREATE OPERATOR CLASS int_ops3 FOR TYPE integer USING hash AS OPERATOR 1 =, FUNCTION 1 hashint4(integer);
CREATE CONVERSION app.conv FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE COLLATION c1 (LOCALE = 'C');
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple, STOPWORDS = english, ACCEPT = false);
CREATE TEXT SEARCH CONFIGURATION app.cfg (PARSER = default);
ALTER TEXT SEARCH CONFIGURATION app.cfg ADD MAPPING FOR asciiword, word WITH d, simple;
CREATE TEXT SEARCH TEMPLATE tm (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH PARSER pr (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);
CREATE FOREIGN DATA WRAPPER w OPTIONS (debug 'true');
CREATE SERVER srv TYPE 'x' VERSION '1' FOREIGN DATA WRAPPER w OPTIONS (host 'h', "A b" 'it''s');
CREATE USER MAPPING FOR PUBLIC SERVER srv OPTIONS (user 'u');
CREATE USER MAPPING FOR CURRENT_USER SERVER srv;
CREATE FOREIGN TABLE ft (id int OPTIONS (col 'x') NOT NULL, name text DEFAULT 'a', CHECK (id > 0)) SERVER srv OPTIONS (tbl 'q');
CREATE PUBLICATION pub FOR TABLE t WITH (publish = 'insert, update');
CREATE PUBLICATION puball FOR ALL TABLES;
CREATE FUNCTION et() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
CREATE EVENT TRIGGER etr ON ddl_command_end WHEN TAG IN ('DROP TABLE', 'CREATE TABLE') EXECUTE FUNCTION et();
ALTER EVENT TRIGGER etr DISABLE;
CREATE LANGUAGE sqlish HANDLER plpgsql_call_handler;
CREATE FUNCTION tr_from(internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'textin';
CREATE TRANSFORM FOR integer LANGUAGE plpgsql (FROM SQL WITH FUNCTION tr_from(internal));
CREATE ACCESS METHOD am2 TYPE INDEX HANDLER bthandler;
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;`,
  },
  {
    name: "cast change",
    from: `CREATE TYPE c AS (a int);
      CREATE FUNCTION f(c) RETURNS int LANGUAGE sql AS 'select 1';
      CREATE CAST (c AS int) WITH FUNCTION f(c)`,
    to: `CREATE TYPE c AS (a int);
      CREATE FUNCTION f(c) RETURNS int LANGUAGE sql AS 'select 1';
      CREATE CAST (c AS int) WITH FUNCTION f(c) AS IMPLICIT`,
  },
  {
    name: "operator change",
    from:
      `CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq, RESTRICT = eqsel)`,
    to: `CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq, JOIN = eqjoinsel);
      COMMENT ON OPERATOR === (int, int) IS 'x'`,
  },
  {
    name: "operator class default, index",
    from: `CREATE OPERATOR FAMILY f USING btree;
      CREATE OPERATOR CLASS c FOR TYPE int USING btree FAMILY f AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(int, int);
      CREATE TABLE t (a int);
      CREATE INDEX i ON t (a c)`,
    to: `CREATE OPERATOR FAMILY f USING btree;
      ALTER OPERATOR FAMILY f USING btree ADD OPERATOR 1 < (int, bigint), FUNCTION 1 (int, bigint) btint48cmp(int, bigint);
      CREATE OPERATOR CLASS c FOR TYPE int USING btree FAMILY f AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(int, int), FUNCTION 2 btint4sortsupport(internal);
      CREATE TABLE t (a int);
      CREATE INDEX i ON t (a c);
      COMMENT ON OPERATOR CLASS c USING btree IS 'x'`,
  },
  {
    name: "collation change",
    from: `CREATE COLLATION c (LOCALE = 'C');
      CREATE TABLE t (a text COLLATE c, b text);
      INSERT INTO t VALUES ('x', 'y');
      CREATE INDEX i ON t (b COLLATE c);
      CREATE VIEW v AS SELECT a FROM t;
      CREATE DOMAIN d AS text COLLATE c`,
    to: `CREATE COLLATION c (LOCALE = 'POSIX');
      CREATE TABLE t (a text COLLATE c, b text);
      CREATE INDEX i ON t (b COLLATE c);
      CREATE VIEW v AS SELECT a FROM t;
      CREATE DOMAIN d AS text COLLATE c`,
  },
  {
    name: "text search",
    from: `CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple, STOPWORDS = english);
      CREATE TEXT SEARCH CONFIGURATION c (PARSER = default);
      ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR asciiword, word WITH d;
      CREATE TABLE t (a text);
      CREATE INDEX i ON t USING gin (to_tsvector('c', a))`,
    to: `CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple, ACCEPT = false);
      CREATE TEXT SEARCH CONFIGURATION c (PARSER = default);
      ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR asciiword, int WITH d, simple;
      COMMENT ON TEXT SEARCH CONFIGURATION c IS 'x';
      CREATE TABLE t (a text);
      CREATE INDEX i ON t USING gin (to_tsvector('c', a))`,
  },
  {
    name: "fdw",
    roles: ["bob"],
    from: `CREATE FOREIGN DATA WRAPPER w OPTIONS (a '1', b '2');
      CREATE SERVER s VERSION '1' FOREIGN DATA WRAPPER w OPTIONS (h 'x');
      CREATE USER MAPPING FOR bob SERVER s OPTIONS (u 'x');
      CREATE FOREIGN TABLE f (a int OPTIONS (c 'x'), b text) SERVER s OPTIONS (t 'x');
      CREATE VIEW v AS SELECT a FROM f`,
    to: `CREATE FOREIGN DATA WRAPPER w OPTIONS (a '3', c '2');
      CREATE SERVER s VERSION '2' FOREIGN DATA WRAPPER w OPTIONS (h 'y', p '1');
      GRANT USAGE ON FOREIGN SERVER s TO bob;
      GRANT USAGE ON FOREIGN DATA WRAPPER w TO bob;
      COMMENT ON SERVER s IS 'x';
      CREATE USER MAPPING FOR bob SERVER s OPTIONS (p 'x');
      CREATE FOREIGN TABLE f (a bigint OPTIONS (c 'y') NOT NULL, d text DEFAULT 'x', CHECK (a > 0)) SERVER s OPTIONS (t 'y');
      ALTER FOREIGN TABLE f ALTER d SET STATISTICS 5;
      GRANT SELECT ON f TO bob;
      COMMENT ON COLUMN f.a IS 'x';
      COMMENT ON FOREIGN TABLE f IS 'x';
      CREATE VIEW v AS SELECT a FROM f`,
  },
  {
    name: "foreign partition",
    from: `CREATE FOREIGN DATA WRAPPER w;
      CREATE SERVER s FOREIGN DATA WRAPPER w;
      CREATE TABLE p (a int, b text) PARTITION BY LIST (a)`,
    to: `CREATE FOREIGN DATA WRAPPER w;
      CREATE SERVER s FOREIGN DATA WRAPPER w;
      CREATE TABLE p (a int, b text NOT NULL) PARTITION BY LIST (a);
      CREATE FOREIGN TABLE f PARTITION OF p FOR VALUES IN (1) SERVER s OPTIONS (a 'b');
      CREATE TABLE q (x int);
      CREATE FOREIGN TABLE g (y int) INHERITS (q) SERVER s`,
  },
  {
    name: "foreign server change",
    from: `CREATE FOREIGN DATA WRAPPER w;
      CREATE SERVER s FOREIGN DATA WRAPPER w;
      CREATE SERVER s2 FOREIGN DATA WRAPPER w;
      CREATE FOREIGN TABLE f (a int) SERVER s;
      CREATE VIEW v AS SELECT a FROM f`,
    to: `CREATE FOREIGN DATA WRAPPER w;
      CREATE SERVER s FOREIGN DATA WRAPPER w;
      CREATE SERVER s2 FOREIGN DATA WRAPPER w;
      CREATE FOREIGN TABLE f (a int) SERVER s2;
      CREATE VIEW v AS SELECT a FROM f`,
  },
  {
    name: "publication",
    from: `CREATE SCHEMA s;
      CREATE TABLE a (x int, y int);
      CREATE TABLE b (x int);
      CREATE PUBLICATION p FOR TABLE a, b;
      CREATE PUBLICATION q`,
    to: `CREATE SCHEMA s;
      CREATE TABLE a (x int, y int);
      CREATE TABLE c (x int);
      CREATE PUBLICATION p FOR TABLE a (x) WHERE (x > 5), c WITH (publish = 'insert');
      CREATE PUBLICATION q FOR TABLES IN SCHEMA s WITH (publish_via_partition_root);
      COMMENT ON PUBLICATION q IS 'x'`,
  },
  {
    name: "publication column type",
    from: `CREATE TABLE a (x int, y int);
      CREATE PUBLICATION p FOR TABLE a WHERE (x > 5);
      CREATE PUBLICATION z FOR ALL TABLES`,
    to: `CREATE TABLE a (x bigint, y int);
      CREATE PUBLICATION p FOR TABLE a WHERE (x > 5);
      CREATE PUBLICATION z`,
  },
  {
    name: "event trigger",
    from: `CREATE FUNCTION et() RETURNS event_trigger LANGUAGE plpgsql AS 'begin end';
      CREATE EVENT TRIGGER a ON ddl_command_end EXECUTE FUNCTION et();
      CREATE EVENT TRIGGER b ON sql_drop EXECUTE FUNCTION et()`,
    to: `CREATE FUNCTION et() RETURNS event_trigger LANGUAGE plpgsql AS 'begin null;
      end';
      CREATE EVENT TRIGGER a ON ddl_command_start WHEN TAG IN ('DROP TABLE') EXECUTE FUNCTION et();
      CREATE EVENT TRIGGER b ON sql_drop EXECUTE FUNCTION et();
      ALTER EVENT TRIGGER b ENABLE ALWAYS;
      COMMENT ON EVENT TRIGGER b IS 'x'`,
  },
  {
    name: "transform, language, access method",
    from: `CREATE FUNCTION tf(internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'textin';
      CREATE TRANSFORM FOR int LANGUAGE plpgsql (FROM SQL WITH FUNCTION tf(internal));
      CREATE LANGUAGE l HANDLER plpgsql_call_handler;
      CREATE ACCESS METHOD m TYPE INDEX HANDLER bthandler`,
    to: `CREATE FUNCTION tf(internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'textin';
      CREATE FUNCTION tf2(internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'textin';
      CREATE TRANSFORM FOR int LANGUAGE plpgsql (FROM SQL WITH FUNCTION tf2(internal));
      COMMENT ON TRANSFORM FOR int LANGUAGE plpgsql IS 'x';
      CREATE LANGUAGE l HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler;
      COMMENT ON LANGUAGE l IS 'x';
      CREATE ACCESS METHOD m TYPE INDEX HANDLER hashhandler`,
  },
  {
    name: "default privileges",
    roles: ["bob", "alice"],
    from: `CREATE SCHEMA s;
      ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO bob;
      ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO bob`,
    to: `CREATE SCHEMA s;
      ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT, INSERT ON TABLES TO bob;
      ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT ALL ON SEQUENCES TO alice WITH GRANT OPTION;
      ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
      ALTER DEFAULT PRIVILEGES FOR ROLE alice GRANT USAGE ON TYPES TO bob`,
  },
  {
    name: "created under default privileges",
    roles: ["bob", "alice"],
    from: `CREATE SCHEMA s;
      ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO bob;
      ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO alice;
      ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC`,
    to: `CREATE SCHEMA s;
      CREATE TABLE s.t (a int);
      CREATE VIEW s.v AS SELECT 1;
      GRANT SELECT ON s.v TO bob WITH GRANT OPTION;
      CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'select 1';
      ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO bob;
      ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO alice;
      ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
      CREATE TABLE s.t2 (a int);
      ALTER TABLE s.t2 OWNER TO bob;
      CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'select 1'`,
  },
  {
    name: "default privileges dropped with create",
    roles: ["bob", "alice"],
    from: `ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO alice`,
    to: `CREATE TABLE t (a int);
      ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO bob;
      CREATE TABLE u (a int)`,
  },
  {
    name: "grants",
    roles: ["bob", "alice", "carol"],
    from: `CREATE TABLE t (a int, b int);
      GRANT SELECT, INSERT ON t TO bob;
      GRANT SELECT (a) ON t TO alice;
      CREATE SEQUENCE s;
      GRANT ALL ON s TO bob;
      CREATE SCHEMA x;
      GRANT ALL ON SCHEMA x TO bob;
      CREATE TYPE e AS ENUM ('a');
      REVOKE ALL ON TYPE e FROM PUBLIC`,
    to: `CREATE TABLE t (a int, b int);
      GRANT SELECT ON t TO bob WITH GRANT OPTION;
      SET ROLE bob;
      GRANT SELECT ON t TO carol;
      RESET ROLE;
      GRANT SELECT (b), UPDATE (b) ON t TO alice;
      GRANT ALL ON t TO PUBLIC;
      REVOKE INSERT ON t FROM postgres;
      CREATE SEQUENCE s;
      CREATE SCHEMA x;
      GRANT USAGE ON SCHEMA x TO alice;
      CREATE TYPE e AS ENUM ('a');
      ALTER TYPE e OWNER TO bob;
      ALTER SCHEMA x OWNER TO bob`,
  },
  {
    name: "grants owner",
    roles: ["bob", "alice", "carol"],
    from: `CREATE TABLE t (a int, b int);
      GRANT SELECT ON t TO alice`,
    to: `CREATE TABLE t (a int, b int);
      ALTER TABLE t OWNER TO bob;
      GRANT SELECT ON t TO alice;
      CREATE VIEW v AS SELECT a FROM t;
      ALTER VIEW v OWNER TO alice;
      CREATE MATERIALIZED VIEW m AS SELECT a FROM t;
      ALTER MATERIALIZED VIEW m OWNER TO carol;
      GRANT SELECT ON m TO bob`,
  },
  {
    name: "owner grants itself",
    roles: ["bob"],
    from: `CREATE TABLE t (a int)`,
    to: `CREATE TABLE t (a int);
      ALTER TABLE t OWNER TO bob;
      REVOKE ALL ON t FROM bob;
      GRANT SELECT ON t TO bob WITH GRANT OPTION`,
  },
  {
    name: "comments",
    from: `CREATE SCHEMA s;
      CREATE EXTENSION pgcrypto;
      CREATE TABLE t (a int CONSTRAINT k CHECK (a > 0));
      CREATE INDEX i ON t (a);
      CREATE TYPE c AS (x int)`,
    to: `CREATE SCHEMA s;
      COMMENT ON SCHEMA s IS 'a';
      CREATE EXTENSION pgcrypto;
      COMMENT ON EXTENSION pgcrypto IS 'b';
      CREATE TABLE t (a int CONSTRAINT k CHECK (a > 0));
      COMMENT ON TABLE t IS 'c';
      COMMENT ON COLUMN t.a IS 'd';
      COMMENT ON CONSTRAINT k ON t IS 'e';
      CREATE INDEX i ON t (a);
      COMMENT ON INDEX i IS 'f';
      CREATE TYPE c AS (x int);
      COMMENT ON TYPE c IS 'g';
      COMMENT ON COLUMN c.x IS 'h';
      COMMENT ON SCHEMA public IS 'mine'`,
  },
  {
    name: "an operator whose commutator and negator are shells in a schema that goes",
    from: "",
    to: `CREATE SCHEMA one; CREATE SCHEMA two;
      CREATE FUNCTION one.same(int, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'select true';
      CREATE OPERATOR one.=== (FUNCTION = one.same, LEFTARG = int, RIGHTARG = text,
        COMMUTATOR = OPERATOR(two.====), NEGATOR = OPERATOR(two.!==))`,
  },
  {
    name: "what is dropped when an extension is",
    from: `CREATE EXTENSION citext; CREATE EXTENSION hstore;
      CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1';
      CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER FUNCTION g() DEPENDS ON EXTENSION hstore;
      CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
      CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a); CREATE MATERIALIZED VIEW m AS SELECT a FROM t;
      CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION tf();
      ALTER TRIGGER x ON t DEPENDS ON EXTENSION citext; ALTER FUNCTION f(int) DEPENDS ON EXTENSION hstore;
      ALTER INDEX i DEPENDS ON EXTENSION citext; ALTER MATERIALIZED VIEW m DEPENDS ON EXTENSION citext;`,
    to: `CREATE EXTENSION citext;
      CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 2'; CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1';
      CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 1';
      CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
      CREATE TABLE t (a bigint, b int); CREATE INDEX i ON t (a); CREATE MATERIALIZED VIEW m AS SELECT a FROM t;
      CREATE TRIGGER x BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION tf();
      ALTER TRIGGER x ON t DEPENDS ON EXTENSION citext; ALTER FUNCTION f(int) DEPENDS ON EXTENSION citext;
      ALTER INDEX i DEPENDS ON EXTENSION citext; ALTER MATERIALIZED VIEW m DEPENDS ON EXTENSION citext;
      ALTER PROCEDURE p() DEPENDS ON EXTENSION citext;`,
  },
];
