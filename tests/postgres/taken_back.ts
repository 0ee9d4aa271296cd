/** Alterations of everything that a Postgres database holds, each with the one that takes it back. */

/** Statements that change one thing of what is there: each must give another digest, and the one after it that takes it back the old one. */
export const TAKEN_BACK: readonly (readonly [name: string, then: string, back: string])[] = [
  [
    "the statistics of a column",
    "ALTER TABLE t ALTER a SET STATISTICS 9",
    "ALTER TABLE t ALTER a SET STATISTICS -1",
  ],
  [
    "options of a column",
    "ALTER TABLE t ALTER a SET (n_distinct = 5)",
    "ALTER TABLE t ALTER a RESET (n_distinct)",
  ],
  [
    "a storage",
    "ALTER TABLE t ALTER b SET STORAGE EXTERNAL",
    "ALTER TABLE t ALTER b SET STORAGE EXTENDED",
  ],
  ["NOT NULL", "ALTER TABLE t ALTER a SET NOT NULL", "ALTER TABLE t ALTER a DROP NOT NULL"],
  ["a default", "ALTER TABLE t ALTER a SET DEFAULT 2", "ALTER TABLE t ALTER a SET DEFAULT 1"],
  ["a name of a column", "ALTER TABLE t RENAME a TO z", "ALTER TABLE t RENAME z TO a"],
  ["a name of a table", "ALTER TABLE t RENAME TO t2", "ALTER TABLE t2 RENAME TO t"],
  ["a schema", "ALTER TABLE t SET SCHEMA s", "ALTER TABLE s.t SET SCHEMA public"],
  ["unlogged", "ALTER TABLE t SET UNLOGGED", "ALTER TABLE t SET LOGGED"],
  [
    "an option of a table",
    "ALTER TABLE t SET (fillfactor = 50)",
    "ALTER TABLE t RESET (fillfactor)",
  ],
  [
    "row security",
    "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE t DISABLE ROW LEVEL SECURITY",
  ],
  [
    "the replica identity",
    "ALTER TABLE t REPLICA IDENTITY FULL",
    "ALTER TABLE t REPLICA IDENTITY DEFAULT",
  ],
  ["a cluster", "ALTER TABLE t CLUSTER ON i", "ALTER TABLE t SET WITHOUT CLUSTER"],
  [
    "an expression of an index",
    "DROP INDEX i; CREATE INDEX i ON t ((a + 2))",
    "DROP INDEX i; CREATE INDEX i ON t ((a + 1))",
  ],
  [
    "an order of an index",
    "DROP INDEX j; CREATE INDEX j ON t (a DESC)",
    "DROP INDEX j; CREATE INDEX j ON t (a)",
  ],
  [
    "a condition of an index",
    "DROP INDEX j; CREATE INDEX j ON t (a) WHERE a > 1",
    "DROP INDEX j; CREATE INDEX j ON t (a)",
  ],
  [
    "an option of an index",
    "ALTER INDEX j SET (fillfactor = 50)",
    "ALTER INDEX j RESET (fillfactor)",
  ],
  [
    "the statistics of an index",
    "ALTER INDEX i ALTER 1 SET STATISTICS 9",
    "ALTER INDEX i ALTER 1 SET STATISTICS -1",
  ],
  [
    "a check",
    "ALTER TABLE t DROP CONSTRAINT k, ADD CONSTRAINT k CHECK (a > 1)",
    "ALTER TABLE t DROP CONSTRAINT k, ADD CONSTRAINT k CHECK (a > 0)",
  ],
  [
    "a check that is not valid",
    "ALTER TABLE t DROP CONSTRAINT k, ADD CONSTRAINT k CHECK (a > 0) NOT VALID",
    "ALTER TABLE t VALIDATE CONSTRAINT k",
  ],
  [
    "a deferrable key",
    "ALTER TABLE t ALTER CONSTRAINT f DEFERRABLE",
    "ALTER TABLE t ALTER CONSTRAINT f NOT DEFERRABLE",
  ],
  [
    "a trigger",
    "DROP TRIGGER x ON t; CREATE TRIGGER x AFTER INSERT ON t EXECUTE FUNCTION g('1')",
    "DROP TRIGGER x ON t; CREATE TRIGGER x AFTER UPDATE ON t EXECUTE FUNCTION g('1')",
  ],
  [
    "what a trigger is given",
    "DROP TRIGGER x ON t; CREATE TRIGGER x AFTER UPDATE ON t EXECUTE FUNCTION g('2')",
    "DROP TRIGGER x ON t; CREATE TRIGGER x AFTER UPDATE ON t EXECUTE FUNCTION g('1')",
  ],
  [
    "the columns of a trigger",
    "DROP TRIGGER x ON t; CREATE TRIGGER x AFTER UPDATE OF a ON t EXECUTE FUNCTION g('1')",
    "DROP TRIGGER x ON t; CREATE TRIGGER x AFTER UPDATE ON t EXECUTE FUNCTION g('1')",
  ],
  ["a trigger that is off", "ALTER TABLE t DISABLE TRIGGER x", "ALTER TABLE t ENABLE TRIGGER x"],
  [
    "the triggers of a key that are off",
    "ALTER TABLE t DISABLE TRIGGER ALL",
    "ALTER TABLE t ENABLE TRIGGER ALL",
  ],
  ["a rule that is off", "ALTER TABLE t DISABLE RULE r", "ALTER TABLE t ENABLE RULE r"],
  ["a policy", "ALTER POLICY p ON t USING (a > 2)", "ALTER POLICY p ON t USING (a > 1)"],
  [
    "a privilege",
    "GRANT SELECT ON t TO PUBLIC",
    "REVOKE SELECT ON t FROM PUBLIC; REVOKE ALL ON t FROM CURRENT_USER; GRANT ALL ON t TO CURRENT_USER",
  ],
  [
    "a privilege of a column",
    "GRANT SELECT (a) ON t TO PUBLIC",
    "REVOKE SELECT (a) ON t FROM PUBLIC",
  ],
  [
    "the body of a function",
    "CREATE OR REPLACE FUNCTION h(a int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT 2'",
    "CREATE OR REPLACE FUNCTION h(a int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT 1'",
  ],
  [
    "a default of a function",
    "CREATE OR REPLACE FUNCTION h(a int DEFAULT 2) RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE OR REPLACE FUNCTION h(a int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT 1'",
  ],
  ["what a function may do", "ALTER FUNCTION h STABLE", "ALTER FUNCTION h VOLATILE"],
  ["the cost of a function", "ALTER FUNCTION h COST 7", "ALTER FUNCTION h COST 100"],
  [
    "a setting of a function",
    "ALTER FUNCTION h SET work_mem = '1MB'",
    "ALTER FUNCTION h RESET work_mem",
  ],
  ["a default of a domain", "ALTER DOMAIN d SET DEFAULT 'y'", "ALTER DOMAIN d SET DEFAULT 'x'"],
  [
    "a check of a domain",
    "ALTER DOMAIN d DROP CONSTRAINT c; ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE <> 'b')",
    "ALTER DOMAIN d DROP CONSTRAINT c; ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE <> 'a')",
  ],
  ["a name of a type", "ALTER TYPE e RENAME TO e2", "ALTER TYPE e2 RENAME TO e"],
  ["a label", "ALTER TYPE e RENAME VALUE 'a' TO 'z'", "ALTER TYPE e RENAME VALUE 'z' TO 'a'"],
  [
    "a query of a view",
    "CREATE OR REPLACE VIEW v AS SELECT a + 2 AS a FROM t",
    "CREATE OR REPLACE VIEW v AS SELECT a + 1 AS a FROM t",
  ],
  [
    "an option of a view",
    "ALTER VIEW v SET (security_barrier)",
    "ALTER VIEW v RESET (security_barrier)",
  ],
  ["a sequence", "ALTER SEQUENCE q CACHE 9", "ALTER SEQUENCE q CACHE 1"],
  ["who owns a sequence", "ALTER SEQUENCE q OWNED BY t.a", "ALTER SEQUENCE q OWNED BY NONE"],
  ["a comment of a table", "COMMENT ON TABLE t IS 'y'", "COMMENT ON TABLE t IS 'x'"],
  ["a comment of a column", "COMMENT ON COLUMN t.a IS 'y'", "COMMENT ON COLUMN t.a IS NULL"],
  ["a comment of an index", "COMMENT ON INDEX i IS 'y'", "COMMENT ON INDEX i IS NULL"],
  [
    "a comment of a schema",
    "COMMENT ON SCHEMA public IS 'mine'",
    "COMMENT ON SCHEMA public IS 'theirs'",
  ],
  ["a parent", "ALTER TABLE c NO INHERIT t", "ALTER TABLE c INHERIT t"],
  [
    "statistics",
    "DROP STATISTICS st; CREATE STATISTICS st2 ON a, b FROM t; ALTER STATISTICS st2 RENAME TO st3",
    "DROP STATISTICS st3; CREATE STATISTICS st ON a, b FROM t",
  ],
  [
    "a default privilege",
    "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC",
    "ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM PUBLIC",
  ],
  [
    "a publication",
    "ALTER PUBLICATION pub SET (publish = 'insert')",
    "ALTER PUBLICATION pub SET (publish = 'insert, update, delete, truncate')",
  ],
  [
    "a table of a publication",
    "ALTER PUBLICATION pub ADD TABLE t",
    "ALTER PUBLICATION pub DROP TABLE t",
  ],
  ["a collation", "ALTER COLLATION co RENAME TO co2", "ALTER COLLATION co2 RENAME TO co"],
  [
    "an aggregate",
    "ALTER AGGREGATE ag(int) RENAME TO ag2",
    "ALTER AGGREGATE ag2(int) RENAME TO ag",
  ],
  [
    "an operator",
    "ALTER OPERATOR === (int, int) SET (RESTRICT = eqsel)",
    "ALTER OPERATOR === (int, int) SET (RESTRICT = NONE)",
  ],
  ["a range", "ALTER TYPE ra RENAME TO rb", "ALTER TYPE rb RENAME TO ra"],
  [
    "a text search configuration",
    "ALTER TEXT SEARCH CONFIGURATION ts DROP MAPPING FOR word",
    "ALTER TEXT SEARCH CONFIGURATION ts ADD MAPPING FOR word WITH simple",
  ],
];

/** What these change. */
export const MANY = `
  COMMENT ON SCHEMA public IS 'theirs';
  CREATE SCHEMA s;
  CREATE TYPE e AS ENUM ('a', 'b');
  CREATE TYPE ra AS RANGE (subtype = int);
  CREATE DOMAIN d AS text DEFAULT 'x' CONSTRAINT c CHECK (VALUE <> 'a');
  CREATE TABLE t (a int DEFAULT 1 CONSTRAINT k CHECK (a > 0), b text, CONSTRAINT u UNIQUE (a),
    CONSTRAINT f FOREIGN KEY (a) REFERENCES t (a));
  CREATE TABLE c () INHERITS (t);
  GRANT ALL ON t TO CURRENT_USER;
  CREATE INDEX i ON t ((a + 1));
  CREATE INDEX j ON t (a);
  CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE TRIGGER x AFTER UPDATE ON t EXECUTE FUNCTION g('1');
  CREATE RULE r AS ON DELETE TO t DO ALSO SELECT 1;
  CREATE POLICY p ON t USING (a > 1);
  CREATE FUNCTION h(a int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT 1';
  CREATE VIEW v AS SELECT a + 1 AS a FROM t;
  CREATE SEQUENCE q;
  COMMENT ON TABLE t IS 'x';
  CREATE STATISTICS st ON a, b FROM t;
  CREATE PUBLICATION pub;
  CREATE COLLATION co (locale = 'C');
  CREATE AGGREGATE ag(int) (SFUNC = int4pl, STYPE = int);
  CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq);
  CREATE TEXT SEARCH CONFIGURATION ts (COPY = simple)`;
