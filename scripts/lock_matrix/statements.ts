/** Statements of Postgres, and what each locks, rewrites and reads on servers of each version: facts that the measuring is held against. */

import { features } from "../../src/engines/postgres/features.ts";
import { lexicon } from "../../src/engines/postgres/lexicon.ts";
import { usedFeature } from "../../src/engines/version_features.ts";

/** Tables with a few rows. */
export const SETUP = `
CREATE SCHEMA other;
CREATE TYPE en AS ENUM ('a', 'b');
CREATE DOMAIN dom AS int;
CREATE DOMAIN domc AS int CHECK (VALUE > 0);
CREATE DOMAIN domn AS int CHECK (VALUE > 0);
CREATE SEQUENCE s;
CREATE TABLE p (id int PRIMARY KEY);
INSERT INTO p SELECT generate_series(1, 50);
CREATE TABLE t (id int PRIMARY KEY, a int, b text, c varchar(20), d numeric(10, 2), ts timestamp, n int NOT NULL, pid int, js json, u int);
INSERT INTO t SELECT i, i, 'b' || i, 'c' || i, i, now(), i, i, '{}', i FROM generate_series(1, 50) i;
CREATE INDEX t_b ON t (b);
CREATE UNIQUE INDEX t_u ON t (u);
CREATE VIEW v AS SELECT id, a FROM t;
CREATE MATERIALIZED VIEW mv AS SELECT id FROM t;
CREATE UNIQUE INDEX mv_id ON mv (id);
CREATE TABLE ck (id int, a int CHECK (a IS NOT NULL));
CREATE TABLE part (id int, k int) PARTITION BY RANGE (id);
CREATE TABLE part1 PARTITION OF part FOR VALUES FROM (1) TO (100);
CREATE TABLE part2 (id int, k int);
CREATE TABLE part4 (id int NOT NULL, k int, CHECK (id >= 300 AND id < 400));
CREATE TABLE partd (id int, k int) PARTITION BY RANGE (id);
CREATE TABLE partdd PARTITION OF partd DEFAULT;
CREATE TABLE part5 (id int, k int);
CREATE TABLE td (id dom);
CREATE TABLE par (id int PRIMARY KEY);
INSERT INTO par SELECT generate_series(1, 50);
CREATE TABLE ch (id int, pid int CONSTRAINT ch_par REFERENCES par);
INSERT INTO ch SELECT i, i FROM generate_series(1, 50) i;
CREATE TABLE nvv (id int, pid int);
INSERT INTO nvv SELECT i, i FROM generate_series(1, 50) i;
ALTER TABLE nvv ADD CONSTRAINT nvv_check CHECK (id > 0) NOT VALID;
ALTER TABLE nvv ADD CONSTRAINT nvv_par FOREIGN KEY (pid) REFERENCES par NOT VALID;
CREATE TABLE q2 (id int PRIMARY KEY);
INSERT INTO q2 SELECT generate_series(1, 50);
CREATE TABLE q (i int, bi bigint, vc varchar(20), ch char(5), nu numeric(10, 2), tz timestamptz, t3 timestamp(3), ci cidr, e en, te text, uu text, vb varbit(10), iv interval(3), ar varchar(10)[], gi int, g int GENERATED ALWAYS AS (gi + 1) STORED, nn int NOT NULL);
INSERT INTO q (i, bi, vc, te, uu, nn) SELECT i, i, 'x', 'a', gen_random_uuid(), i FROM generate_series(1, 50) i;
CREATE INDEX q_vc ON q (vc);
CREATE UNIQUE INDEX q_nn ON q (nn);
CREATE TRIGGER trg BEFORE UPDATE ON q FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
ANALYZE;
`;

/** A statement, its locks and what it does besides, and where older servers do otherwise: until which version, and what. */
export type MatrixRow = readonly [
  sql: string,
  expected: string,
  ...older: readonly (readonly [until: number, expected: string])[],
];

/** What servers of a version do; null where they lack the statement. */
export function expectedOn(version: number, [sql, expected, ...older]: MatrixRow): string | null {
  const needed = usedFeature(sql, features, lexicon)?.since ?? "0";
  if (Number(needed) > version) return null;
  return older.find(([until]) => version <= until)?.[1] ?? expected;
}

/** Null where a place of the list is not used. */
export const STATEMENTS: readonly (MatrixRow | null)[] = [
  ["ALTER TABLE t ADD COLUMN x int", "t:AccessExclusive | meta"],
  ["ALTER TABLE t ADD COLUMN x int NOT NULL DEFAULT 5", "t:AccessExclusive | meta"],
  ["ALTER TABLE t ADD COLUMN x timestamptz NOT NULL DEFAULT now()", "t:AccessExclusive | meta"],
  ["ALTER TABLE t ADD COLUMN x uuid DEFAULT gen_random_uuid()", "t:AccessExclusive | REWRITE t"],
  ["ALTER TABLE t ADD COLUMN x float8 DEFAULT random()", "t:AccessExclusive | REWRITE t"],
  [
    "ALTER TABLE t ADD COLUMN x timestamptz DEFAULT clock_timestamp()",
    "t:AccessExclusive | REWRITE t",
  ],
  ["ALTER TABLE t ADD COLUMN x bigserial", "t:AccessExclusive | REWRITE t"],
  [
    "ALTER TABLE t ADD COLUMN x bigint GENERATED ALWAYS AS IDENTITY",
    "t:AccessExclusive | REWRITE t",
  ],
  [
    "ALTER TABLE t ADD COLUMN x int GENERATED ALWAYS AS (a + 1) STORED",
    "t:AccessExclusive | REWRITE t",
  ],
  [
    "ALTER TABLE t ADD COLUMN x int GENERATED ALWAYS AS (a + 1) VIRTUAL",
    "t:AccessExclusive | meta",
  ],
  ["ALTER TABLE t ADD COLUMN x int CHECK (x > 0)", "t:AccessExclusive | scan t"],
  ["ALTER TABLE t ADD COLUMN x int DEFAULT 1 CHECK (x > 0)", "t:AccessExclusive | scan t"],
  ["ALTER TABLE t ADD COLUMN x int REFERENCES p", "p:ShareRowExclusive;t:AccessExclusive | meta"],
  ["ALTER TABLE t ADD COLUMN x int UNIQUE", "t:AccessExclusive | scan t"],
  ["ALTER TABLE t ADD COLUMN x dom", "t:AccessExclusive | meta"],
  ["ALTER TABLE t DROP COLUMN b", "t:AccessExclusive | meta"],
  ["ALTER TABLE t DROP COLUMN a CASCADE", "t:AccessExclusive;v:AccessExclusive | meta"],
  ["ALTER TABLE t RENAME COLUMN a TO a2", "t:AccessExclusive | meta"],
  ["ALTER TABLE t RENAME TO t2", "t:AccessExclusive | meta"],
  ["ALTER TABLE t RENAME CONSTRAINT t_pkey TO tp", "t:AccessExclusive | meta"],
  ["ALTER TABLE t ALTER COLUMN a SET DEFAULT 3", "t:AccessExclusive | meta"],
  ["ALTER TABLE t ALTER COLUMN a DROP DEFAULT", "t:AccessExclusive | meta"],
  ["ALTER TABLE t ALTER COLUMN a SET NOT NULL", "t:AccessExclusive | scan t"],
  ["ALTER TABLE ck ALTER COLUMN a SET NOT NULL", "ck:AccessExclusive | meta"],
  ["ALTER TABLE t ALTER COLUMN n DROP NOT NULL", "t:AccessExclusive | meta"],
  ["ALTER TABLE t ADD CONSTRAINT nn NOT NULL a NOT VALID", "t:AccessExclusive | meta"],
  null,
  ["ALTER TABLE t ALTER COLUMN c TYPE varchar(50)", "t:AccessExclusive | meta"],
  ["ALTER TABLE t ALTER COLUMN c TYPE varchar(10)", "t:AccessExclusive | REWRITE t"],
  ["ALTER TABLE t ALTER COLUMN c TYPE text", "t:AccessExclusive | meta"],
  ["ALTER TABLE t ALTER COLUMN b TYPE varchar", "t:AccessExclusive | meta"],
  ["ALTER TABLE t ALTER COLUMN b TYPE varchar(100)", "t:AccessExclusive | REWRITE t"],
  ["ALTER TABLE t ALTER COLUMN d TYPE numeric(12, 2)", "t:AccessExclusive | meta"],
  ["ALTER TABLE t ALTER COLUMN d TYPE numeric(12, 4)", "t:AccessExclusive | REWRITE t"],
  ["ALTER TABLE t ALTER COLUMN ts TYPE timestamptz", "t:AccessExclusive | meta"],
  ["ALTER TABLE t ALTER COLUMN ts TYPE timestamp(3)", "t:AccessExclusive | REWRITE t"],
  null,
  ['ALTER TABLE t ALTER COLUMN b TYPE text COLLATE "C"', "t:AccessExclusive | scan t"],
  ["ALTER TABLE t ALTER COLUMN js TYPE jsonb", "t:AccessExclusive | REWRITE t"],
  null,
  ["ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0)", "t:AccessExclusive | scan t"],
  ["ALTER TABLE t ADD CONSTRAINT k CHECK (a > 0) NOT VALID", "t:AccessExclusive | meta"],
  [
    "ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (pid) REFERENCES p",
    "p:ShareRowExclusive;t:ShareRowExclusive | scan p,t",
  ],
  [
    "ALTER TABLE t ADD CONSTRAINT k FOREIGN KEY (pid) REFERENCES p NOT VALID",
    "p:ShareRowExclusive;t:ShareRowExclusive | meta",
  ],
  ["ALTER TABLE t ADD CONSTRAINT k UNIQUE (a)", "t:AccessExclusive | scan t"],
  ["ALTER TABLE t ADD CONSTRAINT k UNIQUE USING INDEX t_u", "t:AccessExclusive | meta"],
  [
    "ALTER TABLE t DROP CONSTRAINT t_pkey, ADD PRIMARY KEY USING INDEX t_u",
    "t:AccessExclusive | scan t",
  ],
  ["ALTER TABLE t ADD CONSTRAINT k EXCLUDE USING btree (a WITH =)", "t:AccessExclusive | scan t"],
  ["ALTER TABLE t DROP CONSTRAINT t_pkey", "t:AccessExclusive | meta"],
  ["CREATE INDEX i ON t (a)", "t:Share | scan t"],
  ["CREATE UNIQUE INDEX i ON t (a)", "t:Share | scan t"],
  ["DROP INDEX t_b", "t:AccessExclusive | meta"],
  ["REINDEX INDEX t_b", "t:Share | idx rebuild"],
  ["REINDEX TABLE t", "t:Share | idx rebuild"],
  ["ALTER TABLE t SET UNLOGGED", "t:AccessExclusive | REWRITE t"],
  ["ALTER TABLE t SET TABLESPACE pg_default", "t:AccessExclusive | meta"],
  ["ALTER TABLE t SET ACCESS METHOD heap", "t:AccessExclusive | meta"],
  ["ALTER TABLE t SET (fillfactor = 70)", "t:ShareUpdateExclusive | meta"],
  ["ALTER TABLE t SET (autovacuum_enabled = false)", "t:ShareUpdateExclusive | meta"],
  ["ALTER TABLE t ALTER COLUMN b SET STORAGE external", "t:AccessExclusive | meta"],
  ["ALTER TABLE t ALTER COLUMN b SET COMPRESSION pglz", "t:AccessExclusive | meta"],
  ["ALTER TABLE t ALTER COLUMN b SET STATISTICS 500", "t:ShareUpdateExclusive | meta"],
  ["ALTER TABLE t ENABLE ROW LEVEL SECURITY", "t:AccessExclusive | meta"],
  ["CREATE POLICY k ON t FOR SELECT USING (true)", "t:AccessExclusive | meta"],
  ["ALTER TABLE t REPLICA IDENTITY FULL", "t:AccessExclusive | meta"],
  ["ALTER TABLE t CLUSTER ON t_pkey", "t:ShareUpdateExclusive | meta"],
  ["CLUSTER t USING t_pkey", "t:AccessExclusive | REWRITE t"],
  ["ALTER TABLE t OWNER TO CURRENT_USER", "t:AccessExclusive | meta"],
  ["GRANT SELECT ON t TO PUBLIC", " | meta"],
  ["COMMENT ON TABLE t IS 'k'", "t:ShareUpdateExclusive | meta"],
  ["ALTER TABLE t SET SCHEMA other", "t:AccessExclusive | meta"],
  [
    "CREATE TRIGGER k BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "t:ShareRowExclusive | meta",
  ],
  ["ALTER TABLE t DISABLE TRIGGER ALL", "t:ShareRowExclusive | meta"],
  [
    "ALTER TABLE part ATTACH PARTITION part2 FOR VALUES FROM (200) TO (100000000)",
    "part:ShareUpdateExclusive;part2:AccessExclusive | scan part2",
  ],
  [
    "ALTER TABLE part DETACH PARTITION part1",
    "part:AccessExclusive;part1:AccessExclusive | meta",
    [13, "part:AccessExclusive;part1:ShareUpdateExclusive | meta"],
  ],
  [
    "CREATE TABLE part3 PARTITION OF part FOR VALUES FROM (100) TO (150)",
    "part:AccessExclusive | meta",
  ],
  null,
  ["TRUNCATE t", "t:AccessExclusive | REWRITE t"],
  ["DROP TABLE t CASCADE", "mv:AccessExclusive;t:AccessExclusive;v:AccessExclusive | meta"],
  ["CREATE TABLE fresh (id int REFERENCES p)", "p:ShareRowExclusive | meta"],
  ["REFRESH MATERIALIZED VIEW mv", "mv:AccessExclusive | REWRITE mv"],
  ["REFRESH MATERIALIZED VIEW CONCURRENTLY mv", "mv:Exclusive | scan mv,t"],
  ["ALTER TYPE en ADD VALUE 'c'", " | meta"],
  ["ALTER TYPE en RENAME VALUE 'a' TO 'z'", " | meta"],
  ["ALTER DOMAIN dom ADD CONSTRAINT k CHECK (VALUE > 0)", "td:Share | scan td"],
  ["ALTER DOMAIN dom SET NOT NULL", "td:Share | scan td"],
  ["CREATE OR REPLACE VIEW v AS SELECT id, a, b FROM t", "v:AccessExclusive | meta"],
  ["DROP VIEW v", "v:AccessExclusive | meta"],
  ["UPDATE t SET n = n + 1", "t:RowExclusive | scan t"],
  ["DELETE FROM t", "t:RowExclusive | scan t"],
  ["CREATE STATISTICS k ON a, n FROM t", "t:ShareUpdateExclusive | meta"],
  ["ALTER SEQUENCE s INCREMENT 10", "s:ShareRowExclusive | REWRITE s"],
  ["LOCK TABLE t IN SHARE MODE", "t:Share | meta"],
  ["ALTER TABLE q ALTER COLUMN i TYPE bigint", "q:AccessExclusive | REWRITE q"],
  ["ALTER TABLE q ALTER COLUMN i TYPE text USING i::text", "q:AccessExclusive | REWRITE q"],
  ["ALTER TABLE q ALTER COLUMN i TYPE dom", "q:AccessExclusive | meta"],
  ["ALTER TABLE q ALTER COLUMN i TYPE domc", "q:AccessExclusive | REWRITE q"],
  ["ALTER TABLE q ALTER COLUMN bi TYPE int", "q:AccessExclusive | REWRITE q"],
  ["ALTER TABLE q ALTER COLUMN vc TYPE varchar", "q:AccessExclusive | meta"],
  ["ALTER TABLE q ALTER COLUMN ch TYPE text", "q:AccessExclusive | REWRITE q"],
  ["ALTER TABLE q ALTER COLUMN ch TYPE char(9)", "q:AccessExclusive | REWRITE q"],
  ["ALTER TABLE q ALTER COLUMN nu TYPE numeric", "q:AccessExclusive | meta"],
  ["ALTER TABLE q ALTER COLUMN tz TYPE timestamp", "q:AccessExclusive | meta"],
  ["ALTER TABLE q ALTER COLUMN t3 TYPE timestamp", "q:AccessExclusive | meta"],
  ["ALTER TABLE q ALTER COLUMN ci TYPE inet", "q:AccessExclusive | meta"],
  ["ALTER TABLE q ALTER COLUMN e TYPE text", "q:AccessExclusive | REWRITE q"],
  ["ALTER TABLE q ALTER COLUMN te TYPE en USING te::en", "q:AccessExclusive | REWRITE q"],
  ["ALTER TABLE q ALTER COLUMN uu TYPE uuid USING uu::uuid", "q:AccessExclusive | REWRITE q"],
  ["ALTER TABLE q ALTER COLUMN vb TYPE varbit(20)", "q:AccessExclusive | meta"],
  ["ALTER TABLE q ALTER COLUMN iv TYPE interval(6)", "q:AccessExclusive | meta"],
  [
    "ALTER TABLE ch ALTER COLUMN pid TYPE bigint",
    "ch:AccessExclusive;par:AccessExclusive | REWRITE ch",
  ],
  [
    "ALTER TABLE par ALTER COLUMN id TYPE bigint",
    "ch:AccessExclusive;nvv:AccessExclusive;par:AccessExclusive | REWRITE par",
  ],
  ["ALTER TABLE q ALTER COLUMN ar TYPE varchar(20)[]", "q:AccessExclusive | REWRITE q"],
  ["ALTER TABLE nvv VALIDATE CONSTRAINT nvv_check", "nvv:ShareUpdateExclusive | scan nvv"],
  [
    "ALTER TABLE nvv VALIDATE CONSTRAINT nvv_par",
    "nvv:ShareUpdateExclusive;par:RowShare | scan nvv,par",
  ],
  ["ALTER TABLE q ALTER COLUMN g DROP EXPRESSION", "q:AccessExclusive | meta"],
  ["ALTER TABLE q ALTER COLUMN nn ADD GENERATED ALWAYS AS IDENTITY", "q:AccessExclusive | meta"],
  ["ALTER TABLE q ADD COLUMN x domn NOT NULL DEFAULT 1", "q:AccessExclusive | REWRITE q"],
  ["ALTER TABLE q ADD COLUMN x int DEFAULT abs(-1)", "q:AccessExclusive | meta"],
  ["ALTER TABLE q ADD COLUMN x date DEFAULT current_date", "q:AccessExclusive | meta"],
  ["ALTER TABLE q ADD COLUMN x int DEFAULT nextval('s')", "q:AccessExclusive | REWRITE q"],
  ["ALTER TABLE q ADD COLUMN x uuid DEFAULT uuidv7()", "q:AccessExclusive | REWRITE q"],
  ["ALTER TABLE q ADD PRIMARY KEY (nn)", "q:AccessExclusive | scan q"],
  ["ALTER TABLE q ADD CONSTRAINT k PRIMARY KEY USING INDEX q_nn", "q:AccessExclusive | meta"],
  ["ALTER TABLE q ADD COLUMN x int, ALTER COLUMN i TYPE bigint", "q:AccessExclusive | REWRITE q"],
  [
    "ALTER TABLE part ATTACH PARTITION part4 FOR VALUES FROM (300) TO (400)",
    "part:ShareUpdateExclusive;part4:AccessExclusive | meta",
  ],
  [
    "ALTER TABLE partd ATTACH PARTITION part5 FOR VALUES FROM (200) TO (300)",
    "part5:AccessExclusive;partd:ShareUpdateExclusive;partdd:AccessExclusive | scan part5,partdd",
  ],
  ["ALTER TABLE ch DROP CONSTRAINT ch_par", "ch:AccessExclusive;par:AccessExclusive | meta"],
  ["DROP TABLE ch", "ch:AccessExclusive;par:AccessExclusive | meta"],
  ["TRUNCATE ch", "ch:AccessExclusive | REWRITE ch"],
  ["ALTER TABLE q DROP COLUMN vc", "q:AccessExclusive | meta"],
  ["DROP TRIGGER trg ON q", "q:AccessExclusive | meta"],
  [
    "CREATE OR REPLACE TRIGGER trg BEFORE DELETE ON q FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "q:ShareRowExclusive | meta",
  ],
  ["ALTER INDEX q_nn RENAME TO q_nn2", " | meta"],
  ["ALTER INDEX q_nn SET (fillfactor = 70)", " | meta"],
  ["CREATE RULE k AS ON DELETE TO q DO ALSO SELECT 1", "q:AccessExclusive | meta"],
  ["ALTER VIEW v SET (security_barrier = true)", "v:AccessExclusive | meta"],
  ["CLUSTER q USING q_nn", "q:AccessExclusive | REWRITE q"],
  ["ALTER TABLE q SET WITHOUT OIDS", "q:AccessExclusive | meta"],
  ["ALTER TABLE q ALTER COLUMN g SET EXPRESSION AS (gi + 2)", "q:AccessExclusive | REWRITE q"],
  ["ALTER TABLE q ALTER COLUMN i SET (n_distinct = 5)", "q:ShareUpdateExclusive | meta"],
  ["CREATE PUBLICATION k FOR TABLE q", "q:ShareUpdateExclusive | meta"],
  [
    "ALTER TABLE q ADD CONSTRAINT k FOREIGN KEY (nn) REFERENCES q2",
    "q:ShareRowExclusive;q2:ShareRowExclusive | scan q,q2",
  ],
];
