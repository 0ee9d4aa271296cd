/** Pairs of small schemas, by kind, that are planned in both directions. */

/** A change from one schema to another; the server plans, runs and reads back both ways. */
export interface Pair {
  readonly name: string;
  /** The only dialect that knows what stands in it; both when absent. */
  readonly only?: "mysql" | "mariadb";
  /** A version with a fault of its own that refuses it. */
  readonly not?: string;
  readonly before: string;
  readonly after: string;
  /** What the statements up must say. */
  readonly says?: RegExp;
  /** How many statements go up. */
  readonly count?: number;
}

/** Tables, their options and partitions. */
const TABLES: readonly Pair[] = [
  {
    name: "options go back to their default",
    before:
      "CREATE TABLE t (a int) COMMENT='x' ROW_FORMAT=DYNAMIC STATS_PERSISTENT=1 STATS_AUTO_RECALC=0 STATS_SAMPLE_PAGES=10 AVG_ROW_LENGTH=100 MAX_ROWS=100 MIN_ROWS=3 CHECKSUM=1 DELAY_KEY_WRITE=1 PACK_KEYS=1",
    after: "CREATE TABLE t (a int)",
    count: 1,
  },
  {
    name: "an engine and a row format",
    before: "CREATE TABLE t (a int) ENGINE=MyISAM",
    after: "CREATE TABLE t (a int) ENGINE=InnoDB ROW_FORMAT=COMPACT",
  },
  {
    name: "another size of blocks, which keys take from their table and keep",
    before:
      "CREATE TABLE t (a int NOT NULL AUTO_INCREMENT PRIMARY KEY, b int, KEY (b)) ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8",
    after: "CREATE TABLE t (a int NOT NULL AUTO_INCREMENT PRIMARY KEY, b int, KEY (b))",
    count: 1,
  },
  {
    name: "a smaller size of blocks",
    before:
      "CREATE TABLE t (a int PRIMARY KEY, b int, KEY (b), CONSTRAINT f FOREIGN KEY (b) REFERENCES t (a)) ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8",
    after:
      "CREATE TABLE t (a int PRIMARY KEY, b int, KEY (b), CONSTRAINT f FOREIGN KEY (b) REFERENCES t (a)) ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=4",
  },
  {
    name: "types that nothing but a text leads to",
    only: "mariadb",
    before:
      "CREATE TABLE t (a uuid NOT NULL, b int DEFAULT 5, g point NOT NULL, KEY (a), SPATIAL KEY s (g))",
    after: "CREATE TABLE t (a double NOT NULL, b uuid, g int NOT NULL DEFAULT 3, KEY (a))",
    says: /varbinary/,
    count: 2,
  },
  {
    name: "an option that the server forgets when it copies the table",
    only: "mariadb",
    before: "CREATE TABLE t (a int) PAGE_CHECKSUM=1",
    after: "CREATE TABLE t (a bigint) PAGE_CHECKSUM=1",
    says: /PAGE_CHECKSUM=1/,
  },
  {
    name: "two indexes of texts, of which one is built at a time",
    before: "CREATE TABLE t (a text, b text)",
    after: "CREATE TABLE t (a text, b text, FULLTEXT KEY f (a), FULLTEXT KEY g (a, b))",
    count: 2,
  },
  {
    name: "a spatial reference system that the server does not print",
    only: "mariadb",
    before: "CREATE TABLE t (g point NOT NULL, h polygon REF_SYSTEM_ID=4326, SPATIAL KEY g (g))",
    after:
      "CREATE TABLE t (g point REF_SYSTEM_ID=4326 NOT NULL, h polygon REF_SYSTEM_ID=4326 COMMENT 'x', SPATIAL KEY g (g))",
    says: /REF_SYSTEM_ID=4326 COMMENT/,
  },
  {
    name: "no default at all, of what holds long values",
    only: "mariadb",
    before: "CREATE TABLE t (a longblob, b text)",
    after:
      "CREATE TABLE t (a longblob, b text); ALTER TABLE t ALTER COLUMN a DROP DEFAULT, ALTER COLUMN b DROP DEFAULT",
  },
  {
    name: "defaults by chance, of new columns and beside them",
    before: "CREATE TABLE t (a int, d varchar(40) DEFAULT (uuid()))",
    after:
      "CREATE TABLE t (a int, d varchar(50) DEFAULT (concat('x', uuid())), e varchar(40) DEFAULT (uuid()), f varchar(40) NOT NULL DEFAULT (uuid()), KEY f (f))",
  },
  {
    name: "compression of pages",
    only: "mysql",
    before: "CREATE TABLE t (a int) COMPRESSION='zlib' AUTOEXTEND_SIZE=4M",
    after: "CREATE TABLE t (a int)",
  },
  {
    name: "options of the engine",
    only: "mariadb",
    before: "CREATE TABLE t (a int) PAGE_COMPRESSED=1 PAGE_COMPRESSION_LEVEL=3",
    after: "CREATE TABLE t (a int, b int)",
  },
  {
    name: "another character set, columns along with it",
    before:
      "CREATE TABLE t (a varchar(20), b text, c varchar(9) CHARACTER SET ascii, KEY (a)) CHARSET=latin1",
    after:
      "CREATE TABLE t (a varchar(20), b text, c varchar(9) CHARACTER SET ascii, KEY (a)) CHARSET=utf8mb4 COLLATE=utf8mb4_bin",
    count: 1,
  },
  {
    name: "another character set, the columns as they were",
    before: "CREATE TABLE t (a varchar(20)) CHARSET=latin1",
    after: "CREATE TABLE t (a varchar(20) CHARACTER SET latin1, b varchar(3)) CHARSET=utf8mb4",
  },
  {
    name: "a foreign key without a name, whose index the server made",
    before:
      "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (u int, FOREIGN KEY (u) REFERENCES p (id))",
    after:
      "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (u int, FOREIGN KEY (u) REFERENCES p (id) ON DELETE CASCADE)",
    says: /RENAME INDEX u TO u/,
  },
  {
    name: "characters under foreign keys",
    before:
      "CREATE TABLE p (a varchar(20) PRIMARY KEY, up varchar(20), CONSTRAINT own FOREIGN KEY (up) REFERENCES p (a)) CHARSET=latin1; CREATE TABLE c (a varchar(20), CONSTRAINT f FOREIGN KEY (a) REFERENCES p (a)) CHARSET=latin1",
    after:
      "CREATE TABLE p (a varchar(20) PRIMARY KEY, up varchar(20), CONSTRAINT own FOREIGN KEY (up) REFERENCES p (a)) CHARSET=utf8mb4; CREATE TABLE c (a varchar(20), CONSTRAINT f FOREIGN KEY (a) REFERENCES p (a)) CHARSET=utf8mb4",
  },
  {
    name: "tables that refer to each other",
    before: "CREATE TABLE t (a int)",
    after:
      "CREATE TABLE a (id int PRIMARY KEY, b int); CREATE TABLE b (id int PRIMARY KEY, a int, CONSTRAINT ba FOREIGN KEY (a) REFERENCES a (id)); ALTER TABLE a ADD CONSTRAINT ab FOREIGN KEY (b) REFERENCES b (id)",
  },
  {
    name: "from one partitioning to another with a new key",
    before: "CREATE TABLE t (id int PRIMARY KEY, y int) PARTITION BY HASH (id) PARTITIONS 2",
    after:
      "CREATE TABLE t (id int NOT NULL, y int NOT NULL, PRIMARY KEY (id, y)) PARTITION BY RANGE (y) (PARTITION a VALUES LESS THAN (10), PARTITION b VALUES LESS THAN MAXVALUE)",
    count: 1,
  },
  {
    name: "partitions that are split and added",
    before:
      "CREATE TABLE t (y int) PARTITION BY RANGE (y) (PARTITION a VALUES LESS THAN (10), PARTITION c VALUES LESS THAN (30))",
    after:
      "CREATE TABLE t (y int) PARTITION BY RANGE (y) (PARTITION a VALUES LESS THAN (10), PARTITION b VALUES LESS THAN (20), PARTITION c VALUES LESS THAN (30))",
    says: /REORGANIZE PARTITION/,
  },
  {
    name: "a partition at the end",
    before: "CREATE TABLE t (y int) PARTITION BY RANGE (y) (PARTITION a VALUES LESS THAN (10))",
    after:
      "CREATE TABLE t (y int, z int) PARTITION BY RANGE (y) (PARTITION a VALUES LESS THAN (10), PARTITION b VALUES LESS THAN (20) COMMENT = 'b')",
    says: /ADD PARTITION/,
  },
  {
    name: "values of lists",
    before:
      "CREATE TABLE t (y int) PARTITION BY LIST (y) (PARTITION a VALUES IN (1,2), PARTITION b VALUES IN (3))",
    after:
      "CREATE TABLE t (y int) PARTITION BY LIST (y) (PARTITION a VALUES IN (1), PARTITION b VALUES IN (2,3), PARTITION c VALUES IN (4))",
  },
  {
    name: "a number of partitions",
    before: "CREATE TABLE t (y int) PARTITION BY HASH (y) PARTITIONS 5",
    after: "CREATE TABLE t (y int) PARTITION BY HASH (y) PARTITIONS 2",
    says: /COALESCE PARTITION 3/,
  },
  {
    name: "subpartitions",
    before:
      "CREATE TABLE t (y int, d date) PARTITION BY RANGE (y) SUBPARTITION BY HASH (to_days(d)) SUBPARTITIONS 2 (PARTITION a VALUES LESS THAN (10), PARTITION b VALUES LESS THAN MAXVALUE)",
    after: "CREATE TABLE t (y int, d date)",
    says: /REMOVE PARTITIONING/,
  },
  {
    name: "partitions by columns and by key",
    before:
      "CREATE TABLE t (a date NOT NULL, b varchar(9) NOT NULL, PRIMARY KEY (a, b)) PARTITION BY RANGE COLUMNS (a, b) (PARTITION p VALUES LESS THAN ('2020-01-01', 'x'), PARTITION q VALUES LESS THAN (MAXVALUE, MAXVALUE))",
    after:
      "CREATE TABLE t (a date NOT NULL, b varchar(9) NOT NULL, PRIMARY KEY (a, b)) PARTITION BY LINEAR KEY (a) PARTITIONS 4",
  },
];

/** Columns. */
const COLUMNS: readonly Pair[] = [
  {
    name: "columns in the front, in the middle and at the end",
    before: "CREATE TABLE t (b int, d int)",
    after: "CREATE TABLE t (a int, b int, c int, d int, e int)",
    count: 1,
  },
  {
    name: "columns in another order",
    before: "CREATE TABLE t (a int, b int, c int, d int)",
    after: "CREATE TABLE t (d int, c int, x int, a int)",
    count: 1,
  },
  {
    name: "types, defaults, comments",
    before:
      "CREATE TABLE t (a int, b varchar(10) DEFAULT 'x', c timestamp NULL, d decimal(5,2), e int unsigned)",
    after:
      "CREATE TABLE t (a bigint unsigned NOT NULL DEFAULT 5 COMMENT 'it''s', b varchar(20), c timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, d decimal(8,3) DEFAULT 1.5, e int)",
  },
  {
    name: "default expressions",
    before: "CREATE TABLE t (a varchar(36), b json, c date)",
    after:
      "CREATE TABLE t (a varchar(36) DEFAULT (uuid()), b json DEFAULT (json_array()), c date DEFAULT (curdate()))",
    count: 1,
  },
  {
    name: "labels of an enumeration",
    before: "CREATE TABLE t (a enum('x','y','z'), b set('p','q'))",
    after: "CREATE TABLE t (a enum('x','z','it''s') DEFAULT 'z', b set('p','q','r'))",
    count: 1,
  },
  {
    name: "a number that counts, with its key",
    before: "CREATE TABLE t (a int)",
    after: "CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY, a int)",
    count: 1,
  },
  {
    name: "another key for a number that counts",
    before: "CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY, a int NOT NULL)",
    after: "CREATE TABLE t (id int NOT NULL, a int AUTO_INCREMENT PRIMARY KEY)",
    count: 1,
  },
  {
    name: "from VIRTUAL to STORED, with its index",
    before: "CREATE TABLE t (a int, g int AS (a + 1) VIRTUAL, b int, KEY k (g, b))",
    after: "CREATE TABLE t (a int, g int AS (a + 1) STORED, b int, KEY k (g, b))",
    count: 1,
  },
  {
    name: "what was computed becomes a value",
    before: "CREATE TABLE t (a int, g int AS (a + 1) VIRTUAL, b int, KEY k (g))",
    after: "CREATE TABLE t (a int, g int NOT NULL DEFAULT 3, b int, KEY k (g))",
  },
  {
    name: "what was computed becomes a value, and what it was computed from goes",
    before: "CREATE TABLE t (id int PRIMARY KEY, c int, g int AS (c + 1) VIRTUAL, KEY k (g))",
    after: "CREATE TABLE t (id int PRIMARY KEY, g int, KEY k (g))",
    count: 2,
  },
  {
    name: "a chain of computed columns, some of which become values",
    before:
      "CREATE TABLE t (c int, g int AS (c + 1) VIRTUAL, h int AS (g * 2) VIRTUAL, i int AS (h) VIRTUAL, KEY k (g, h), CONSTRAINT ck CHECK (g > 0))",
    after:
      "CREATE TABLE t (c int, g bigint NOT NULL, h int AS (g * 2) VIRTUAL, i int, KEY k (g, h), CONSTRAINT ck CHECK (g > 0))",
  },
  {
    name: "generated from another generated one",
    before: "CREATE TABLE t (a int, g int AS (a + 1) VIRTUAL, h int AS (g + 1) VIRTUAL)",
    after: "CREATE TABLE t (a int, g int AS (a + 1) STORED, h int AS (g + 1) VIRTUAL)",
  },
  {
    name: "another expression",
    before: "CREATE TABLE t (a int, g int AS (a + 1) STORED, h int AS (a) VIRTUAL)",
    after: "CREATE TABLE t (a int, g int AS (a + 2) STORED, h bigint AS (a * 2) VIRTUAL)",
    count: 1,
  },
  {
    name: "invisible columns",
    before: "CREATE TABLE t (a int, b int)",
    after: "CREATE TABLE t (a int INVISIBLE, b int, c int DEFAULT 4 INVISIBLE COMMENT 'c')",
    count: 1,
  },
  {
    name: "a column without a default",
    only: "mysql",
    before: "CREATE TABLE t (a int, b int)",
    after: "CREATE TABLE t (a int, b int); ALTER TABLE t ALTER b DROP DEFAULT",
    count: 1,
  },
  {
    name: "spatial columns",
    only: "mysql",
    before: "CREATE TABLE t (a int, g point NOT NULL SRID 4326, SPATIAL INDEX (g))",
    after: "CREATE TABLE t (a int, g geometry NOT NULL SRID 0, h point)",
  },
  {
    name: "checks of columns",
    only: "mariadb",
    before: "CREATE TABLE t (a int CHECK (a > 0), b int, j json)",
    after:
      "CREATE TABLE t (a int NOT NULL DEFAULT 3 CHECK (a > 1), b int CHECK (b < 5), j json NOT NULL, k json)",
  },
  {
    name: "compressed columns",
    only: "mariadb",
    before: "CREATE TABLE t (a varchar(100), b text COMPRESSED)",
    after: "CREATE TABLE t (a varchar(100) COMPRESSED CHARACTER SET latin1, b text)",
  },
  {
    name: "system versioning begins",
    only: "mariadb",
    before: "CREATE TABLE t (a int, b int)",
    after:
      "CREATE TABLE t (a int, b bigint, c int WITHOUT SYSTEM VERSIONING) WITH SYSTEM VERSIONING",
  },
  {
    name: "system versioning with columns of its own",
    only: "mariadb",
    before: "CREATE TABLE t (a int) WITH SYSTEM VERSIONING",
    after:
      "CREATE TABLE t (a int, b int, s timestamp(6) GENERATED ALWAYS AS ROW START, e timestamp(6) GENERATED ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME (s, e)) WITH SYSTEM VERSIONING",
  },
  {
    name: "a period of the application",
    only: "mariadb",
    before: "CREATE TABLE t (a int, s date NOT NULL, e date NOT NULL)",
    after:
      "CREATE TABLE t (a int, s date NOT NULL, e date NOT NULL, PERIOD FOR p (s, e), UNIQUE u (a, p WITHOUT OVERLAPS))",
  },
  {
    name: "history by partitions",
    only: "mariadb",
    before: "CREATE TABLE t (a int) WITH SYSTEM VERSIONING",
    after:
      "CREATE TABLE t (a int, b int) WITH SYSTEM VERSIONING PARTITION BY SYSTEM_TIME INTERVAL 1 MONTH STARTS TIMESTAMP'2020-01-01 00:00:00' (PARTITION p HISTORY, PARTITION q CURRENT)",
  },
];

/** What a session takes that has not the server's usual modes, as those of dumps have not. */
const permitting = (sql: string) =>
  `SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO'; ${sql}; SET SESSION sql_mode = DEFAULT`;

/** Dates of zeros, which MySQL takes in such a session alone. */
const ZEROS: readonly Pair[] = [
  {
    name: "tables with defaults of zeros come, change and go",
    only: "mysql",
    before: permitting(
      "CREATE TABLE t (a int PRIMARY KEY, d datetime NOT NULL DEFAULT '0000-00-00 00:00:00', e date); CREATE TABLE u (d date DEFAULT '0000-00-00')",
    ),
    after: permitting(
      "CREATE TABLE t (a bigint PRIMARY KEY, d datetime NOT NULL DEFAULT '0000-00-00 00:00:00', f int, KEY f (f)); CREATE TABLE v (d date NOT NULL DEFAULT '0000-00-00', a bigint, CONSTRAINT f FOREIGN KEY (a) REFERENCES t (a))",
    ),
    says: /NO_ZERO_DATE/,
  },
  {
    name: "checks and generated columns with dates of zeros",
    only: "mysql",
    before: permitting(
      "CREATE TABLE t (a int, d date, CONSTRAINT c CHECK (d > '0000-00-00')); CREATE TABLE u (a int, d date, g int AS (if(d = '2024-00-00', 1, 0)) STORED)",
    ),
    after: permitting(
      "CREATE TABLE t (b bigint, d date); CREATE TABLE u (a int, d date, g bigint AS (if(d = '2024-01-00', 1, 0)) VIRTUAL)",
    ),
    says: /NO_ZERO_IN_DATE/,
  },
  {
    name: "texts that look like a date of zeros need no other mode",
    before: "CREATE TABLE t (a varchar(10) DEFAULT '0000-00-00')",
    after: "CREATE TABLE t (a varchar(20) DEFAULT '0000-00-00')",
    count: 1,
  },
  {
    name: "dates of zeros in the usual modes of MariaDB",
    only: "mariadb",
    before: "CREATE TABLE t (a int, d date DEFAULT '0000-00-00')",
    after: "CREATE TABLE t (a bigint, d date DEFAULT '0000-00-00', CHECK (d > '0000-00-00'))",
    count: 1,
  },
];

/** Keys, indexes, checks and foreign keys. */
const KEYS: readonly Pair[] = [
  {
    name: "prefixes, directions, comments and kinds of indexes",
    before: "CREATE TABLE t (a varchar(50), b text, c int, KEY k (a), KEY m (c), KEY n (a, c))",
    after:
      "CREATE TABLE t (a varchar(50), b text, c int, KEY k (a(10)), KEY m (c) USING BTREE COMMENT 'm', KEY n (a, c DESC), FULLTEXT KEY f (b), UNIQUE KEY u (c))",
    count: 1,
  },
  {
    name: "functional indexes",
    only: "mysql",
    before: "CREATE TABLE t (a int, KEY k ((a + 1)))",
    after: "CREATE TABLE t (a int, KEY k ((a * 2), a DESC), UNIQUE KEY u ((lower(a))))",
    count: 1,
  },
  {
    name: "hidden indexes",
    only: "mysql",
    before: "CREATE TABLE t (a int, KEY k (a), KEY m (a) INVISIBLE)",
    after: "CREATE TABLE t (a int, KEY k (a) INVISIBLE, KEY m (a))",
    says: /ALTER INDEX k INVISIBLE/,
  },
  {
    name: "ignored indexes",
    only: "mariadb",
    before: "CREATE TABLE t (a int, KEY k (a), KEY m (a) IGNORED)",
    after: "CREATE TABLE t (a int, KEY k (a) IGNORED, KEY m (a))",
    says: /ALTER INDEX k IGNORED/,
  },
  {
    name: "a parser of texts",
    only: "mysql",
    before: "CREATE TABLE t (a text, FULLTEXT KEY f (a))",
    after: "CREATE TABLE t (a text, FULLTEXT KEY f (a) WITH PARSER ngram)",
  },
  {
    name: "indexes under another name",
    before: "CREATE TABLE t (a int, b int, KEY k (a), UNIQUE KEY u (b))",
    after: "CREATE TABLE t (a int, b int, KEY k2 (a), UNIQUE KEY u2 (b))",
    says: /RENAME INDEX/,
  },
  {
    name: "the primary key becomes another",
    before: "CREATE TABLE t (a int NOT NULL, b int NOT NULL, PRIMARY KEY (a))",
    after: "CREATE TABLE t (a int NOT NULL, b int NOT NULL, PRIMARY KEY (b, a) COMMENT 'pk')",
    count: 1,
  },
  {
    name: "checks",
    before: "CREATE TABLE t (a int, b int, CONSTRAINT c CHECK (a > 0), CONSTRAINT d CHECK (b > a))",
    after: "CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 1), CONSTRAINT e CHECK (a < 9))",
    count: 1,
  },
  {
    name: "checks that are enforced or not",
    only: "mysql",
    before:
      "CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0), CONSTRAINT d CHECK (a > 1) NOT ENFORCED)",
    after:
      "CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0) NOT ENFORCED, CONSTRAINT d CHECK (a > 1))",
    says: /ALTER CHECK c NOT ENFORCED/,
  },
  {
    name: "foreign keys with other actions and columns",
    before:
      "CREATE TABLE p (a int PRIMARY KEY, b int, UNIQUE KEY (b)); CREATE TABLE c (x int, y int, CONSTRAINT f FOREIGN KEY (x) REFERENCES p (a), CONSTRAINT g FOREIGN KEY (y) REFERENCES p (b))",
    after:
      "CREATE TABLE p (a int PRIMARY KEY, b int, UNIQUE KEY (b)); CREATE TABLE c (x int, y int, CONSTRAINT f FOREIGN KEY (x) REFERENCES p (a) ON DELETE CASCADE ON UPDATE SET NULL, CONSTRAINT g FOREIGN KEY (x) REFERENCES p (b))",
  },
  {
    name: "foreign keys with quotes in their names, which MariaDB does not print as such",
    before:
      "CREATE TABLE `p``q` (`i``d` int PRIMARY KEY); CREATE TABLE t (a int, `c``1` int, CONSTRAINT `x``y` FOREIGN KEY (a) REFERENCES `p``q` (`i``d`))",
    after:
      "CREATE TABLE `p``q` (`i``d` int, b int, PRIMARY KEY (`i``d`, b)); CREATE TABLE t (a int, `c``1` bigint, `i``d` int, CONSTRAINT `x``y` FOREIGN KEY (`i``d`, a) REFERENCES `p``q` (`i``d`, b) ON DELETE CASCADE)",
  },
  {
    name: "foreign keys without a name",
    before: "CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE c (x int, y int)",
    after:
      "CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE c (x int, y int, FOREIGN KEY (x) REFERENCES p (a), FOREIGN KEY (y) REFERENCES p (a))",
  },
  {
    name: "types under foreign keys",
    before:
      "CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE c (x int, KEY k (x), CONSTRAINT f FOREIGN KEY (x) REFERENCES p (a))",
    after:
      "CREATE TABLE p (a bigint unsigned PRIMARY KEY AUTO_INCREMENT); CREATE TABLE c (x bigint unsigned, KEY k (x), CONSTRAINT f FOREIGN KEY (x) REFERENCES p (a))",
  },
  {
    name: "types under a foreign key to its own table",
    before:
      "CREATE TABLE t (id int PRIMARY KEY, up int, CONSTRAINT f FOREIGN KEY (up) REFERENCES t (id))",
    after:
      "CREATE TABLE t (id bigint unsigned PRIMARY KEY, up bigint unsigned, CONSTRAINT f FOREIGN KEY (up) REFERENCES t (id))",
  },
  {
    name: "the index of a foreign key becomes another",
    before:
      "CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE c (x int, y int, KEY k (x), CONSTRAINT f FOREIGN KEY (x) REFERENCES p (a))",
    after:
      "CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE c (x int, y int, KEY k2 (x, y), CONSTRAINT f FOREIGN KEY (x) REFERENCES p (a))",
  },
  {
    name: "the index that a foreign key to its own table refers to goes with it",
    before:
      "CREATE TABLE t (a int PRIMARY KEY, b int, c int, UNIQUE KEY u (b), CONSTRAINT f FOREIGN KEY (c) REFERENCES t (b))",
    after: "CREATE TABLE t (a int PRIMARY KEY, b int, c int, KEY f (c))",
    says: /FOREIGN KEY f;/,
    count: 2,
  },
  {
    name: "the columns on both ends of a foreign key to its own table go with it",
    before:
      "CREATE TABLE t (a int PRIMARY KEY, b int, c int, UNIQUE KEY u (b), CONSTRAINT f FOREIGN KEY (c) REFERENCES t (b))",
    after: "CREATE TABLE t (a int PRIMARY KEY)",
    count: 2,
  },
  {
    name: "another primary key under a foreign key to its own table that goes",
    before:
      "CREATE TABLE t (a int NOT NULL, b int NOT NULL, c int, PRIMARY KEY (a), CONSTRAINT f FOREIGN KEY (c) REFERENCES t (a))",
    after: "CREATE TABLE t (a int NOT NULL, b int NOT NULL, c int, PRIMARY KEY (b), KEY f (c))",
  },
  {
    name: "tables and their foreign keys go",
    before:
      "CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE c (x int, z int, CONSTRAINT f FOREIGN KEY (x) REFERENCES p (a)); CREATE TABLE d (x int PRIMARY KEY, c int, CONSTRAINT g FOREIGN KEY (c) REFERENCES d (x))",
    after: "CREATE TABLE c (z int)",
  },
];

/** Views, triggers, routines, events, sequences. */
const CODE: readonly Pair[] = [
  {
    name: "views over changed tables and views",
    before:
      "CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a, b FROM t; CREATE VIEW w AS SELECT a FROM v WHERE a > 1 WITH CHECK OPTION",
    after:
      "CREATE TABLE t (a bigint, c int); CREATE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW v AS SELECT a, c FROM t; CREATE VIEW w AS SELECT a, c FROM v WHERE a > 2 WITH LOCAL CHECK OPTION",
  },
  {
    name: "views whose tables and columns are gone",
    before: "CREATE TABLE t (a int, b int); CREATE TABLE u (a int); CREATE VIEW x AS SELECT 1 AS a",
    after:
      "CREATE TABLE t (a int, b int); CREATE TABLE u (a int, `c``d` int); CREATE VIEW v AS SELECT p.a, p.b FROM t p WHERE p.b > 1; CREATE VIEW w AS SELECT v.a, u.`c``d` FROM v JOIN u ON u.a = v.b; CREATE VIEW x AS SELECT count(*) AS a FROM u; ALTER TABLE t DROP COLUMN b; DROP TABLE u",
    says: /CREATE TABLE u \(/,
  },
  {
    name: "a view that changes while its table goes needs none in its place",
    before: "CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a FROM t",
    after:
      "CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT count(*) AS n, max(b) AS m FROM t; DROP TABLE t",
    count: 2,
  },
  {
    name: "views come and go",
    before:
      "CREATE TABLE t (a int); CREATE VIEW b AS SELECT a FROM t; CREATE VIEW a AS SELECT a FROM b",
    after:
      "CREATE TABLE t2 (z int); CREATE VIEW y AS SELECT z FROM t2; CREATE VIEW x AS SELECT z FROM y",
  },
  {
    name: "the order of triggers",
    before:
      "CREATE TABLE t (a int); CREATE TRIGGER t1 BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1; CREATE TRIGGER t2 BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 2; CREATE TRIGGER t3 BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 3; CREATE TRIGGER u1 BEFORE UPDATE ON t FOR EACH ROW SET NEW.a = 3",
    after:
      "CREATE TABLE t (a int); CREATE TRIGGER t0 BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 0; CREATE TRIGGER t1 BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 11; CREATE TRIGGER t3 BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 3; CREATE TRIGGER t4 BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 4",
  },
  {
    name: "triggers in the opposite order",
    before:
      "CREATE TABLE t (a int); CREATE TRIGGER t1 BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1; CREATE TRIGGER t2 BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 2; CREATE TRIGGER t3 BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 3",
    after:
      "CREATE TABLE t (a int); CREATE TRIGGER t3 BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 3; CREATE TRIGGER t2 BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 2; CREATE TRIGGER t1 BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1",
  },
  {
    name: "routines with other bodies and characteristics",
    before:
      "CREATE PROCEDURE p(IN a int) SELECT a; CREATE FUNCTION f(a int) RETURNS int DETERMINISTIC RETURN a + 1; CREATE PROCEDURE q() COMMENT 'x' SELECT 1; CREATE PROCEDURE r() COMMENT 'r' SELECT 2",
    after:
      "CREATE PROCEDURE p(IN a int, OUT b int) SELECT a INTO b; CREATE FUNCTION f(a int) RETURNS bigint DETERMINISTIC NO SQL RETURN a + 2; CREATE PROCEDURE q() COMMENT 'y' SQL SECURITY INVOKER READS SQL DATA SELECT 1; CREATE PROCEDURE r() SELECT 2",
    says: /ALTER PROCEDURE q COMMENT 'y' READS SQL DATA SQL SECURITY INVOKER/,
  },
  {
    name: "events",
    before:
      "CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' ON COMPLETION PRESERVE DISABLE COMMENT 'x' DO SET @a = 1; CREATE EVENT f ON SCHEDULE EVERY 2 HOUR STARTS '2030-01-01 00:00:00' DO SET @a = 2",
    after:
      "CREATE EVENT e ON SCHEDULE EVERY 2 DAY STARTS '2031-01-01 00:00:00' ENDS '2032-01-01 00:00:00' DO SET @a = 3; CREATE EVENT g ON SCHEDULE AT '2035-01-01 00:00:00' DO SET @a = 2",
  },
  {
    name: "strings in code, with all that escapes in them",
    before:
      "CREATE TABLE t (a text); CREATE FUNCTION f() RETURNS varchar(20) NO SQL COMMENT 'it''s' RETURN concat('it''s', 'x'); CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 'b\\\\c'; CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01' COMMENT 'do it' DO INSERT INTO t VALUES ('it''s')",
    after:
      "CREATE TABLE t (a text); CREATE FUNCTION f() RETURNS varchar(20) NO SQL COMMENT 'it''s' RETURN concat('b\\\\c\\n', \"d\"\"q\", 'it\\'s'); CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 'it''s'; CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01' COMMENT 'do it' DO INSERT INTO t VALUES ('b\\\\c'); CREATE PROCEDURE p() SELECT '\\\\', 'it''s'",
  },
  {
    name: "sequences",
    // It asks for a right to alter the sequence that a right on the database does not give.
    not: "11.4.5",
    only: "mariadb",
    before: "CREATE SEQUENCE s; CREATE TABLE t (a bigint)",
    after:
      "CREATE SEQUENCE s START WITH 5 INCREMENT BY 2 MINVALUE 1 MAXVALUE 100 CACHE 10 CYCLE; CREATE SEQUENCE r NOCACHE; CREATE TABLE t (a bigint DEFAULT nextval(r))",
  },
];

/** All of them. */
export const PAIRS: readonly Pair[] = [...TABLES, ...COLUMNS, ...ZEROS, ...KEYS, ...CODE];
