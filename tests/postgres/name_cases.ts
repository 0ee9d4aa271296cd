/** Names that the server generated, as cases: what a history left, what the schema says, what is to be done about it. */

/** A case: the two sides as scripts, and the statements of UP; none where they are the same. */
export interface NameCase {
  readonly name: string;
  readonly history: string;
  readonly schema: string;
  readonly up: readonly string[];
  /** What a plan gives that follows generated names, where it is tried. */
  readonly following?: readonly string[];
}

/** A table whose every part is called after an earlier name of it. */
const RENAMED = `
  CREATE TABLE book (id serial PRIMARY KEY, title text NOT NULL UNIQUE CHECK (title <> ''), shelf int REFERENCES book,
    num int GENERATED ALWAYS AS IDENTITY);
  CREATE INDEX ON book (shelf);
  ALTER TABLE book RENAME TO volume;
  ALTER TABLE volume RENAME COLUMN title TO name;
  ALTER TABLE volume RENAME COLUMN shelf TO place;`;

const FRESH = `
  CREATE TABLE volume (id serial PRIMARY KEY, name text NOT NULL UNIQUE CHECK (name <> ''), place int REFERENCES volume,
    num int GENERATED ALWAYS AS IDENTITY);
  CREATE INDEX ON volume (place);`;

export const NAME_CASES: readonly NameCase[] = [
  {
    name: "keys, checks, indexes, sequences and not-null constraints of a renamed table and column",
    history: RENAMED,
    schema: FRESH,
    up: [],
    following: [
      "ALTER TABLE volume RENAME CONSTRAINT book_pkey TO volume_pkey",
      "ALTER TABLE volume RENAME CONSTRAINT book_shelf_fkey TO volume_place_fkey",
      "ALTER TABLE volume RENAME CONSTRAINT book_title_check TO volume_name_check",
      "ALTER TABLE volume RENAME CONSTRAINT book_title_key TO volume_name_key",
      "ALTER INDEX book_shelf_idx RENAME TO volume_place_idx",
    ],
  },
  {
    name: "what such a table gets and loses goes by the names that are there",
    history: RENAMED,
    schema: FRESH.replace(" UNIQUE", "").replace("CREATE INDEX ON volume (place)", ""),
    up: ["DROP INDEX book_shelf_idx", "ALTER TABLE volume DROP CONSTRAINT book_title_key"],
  },
  {
    name: "names that changed places",
    history: `
      CREATE TABLE job (id int PRIMARY KEY, name text NOT NULL);
      CREATE INDEX ON job (name);
      ALTER TABLE job RENAME COLUMN name TO short;
      ALTER TABLE job ADD COLUMN name text NOT NULL DEFAULT '';
      CREATE INDEX ON job (name);`,
    schema: `
      CREATE TABLE job (id int PRIMARY KEY, short text NOT NULL, name text NOT NULL DEFAULT '');
      CREATE INDEX ON job (name);
      CREATE INDEX ON job (short);`,
    up: [],
  },
  {
    name: "a name of the author's own",
    history: "CREATE TABLE t (a int); CREATE INDEX t_b_idx ON t (a);",
    schema: "CREATE TABLE t (a int); CREATE INDEX by_a ON t (a);",
    up: ["ALTER INDEX t_b_idx RENAME TO by_a"],
  },
  {
    name: "two names of the author's that end as generated ones do",
    history: "CREATE TABLE t (a int); CREATE INDEX t_old_idx ON t (a);",
    schema: "CREATE TABLE t (a int); CREATE INDEX t_open_idx ON t (a);",
    up: ["ALTER INDEX t_old_idx RENAME TO t_open_idx"],
  },
  {
    name: "a generated name that a function uses",
    history: `
      CREATE TABLE t (b int UNIQUE);
      ALTER TABLE t RENAME COLUMN b TO a;`,
    schema: `
      CREATE TABLE t (a int UNIQUE);
      CREATE FUNCTION put(n int) RETURNS void LANGUAGE plpgsql AS
        'BEGIN INSERT INTO t VALUES (n) ON CONFLICT ON CONSTRAINT t_a_key DO NOTHING; END';`,
    up: [
      "ALTER TABLE t RENAME CONSTRAINT t_b_key TO t_a_key",
      "CREATE FUNCTION put(n integer)\nRETURNS void\nLANGUAGE plpgsql\nAS $$BEGIN INSERT INTO t VALUES (n) ON CONFLICT ON CONSTRAINT t_a_key DO NOTHING; END$$",
    ],
  },
  {
    name: "an index that is another one",
    history: `
      CREATE TABLE t (a int, b int);
      CREATE INDEX ON t (a);
      ALTER TABLE t RENAME COLUMN a TO c;`,
    schema: "CREATE TABLE t (c int, b int); CREATE INDEX ON t (c DESC);",
    up: ["DROP INDEX t_a_idx", "CREATE INDEX t_c_idx ON t (c DESC)"],
  },
  {
    name: "the comment of a constraint whose name is an earlier one",
    history: `
      CREATE TABLE t (b int NOT NULL UNIQUE);
      ALTER TABLE t RENAME COLUMN b TO a;`,
    schema: `
      CREATE TABLE t (a int NOT NULL UNIQUE);
      COMMENT ON CONSTRAINT t_a_key ON t IS 'key'; COMMENT ON CONSTRAINT t_a_not_null ON t IS 'there';`,
    up: [
      "COMMENT ON CONSTRAINT t_b_not_null ON t IS 'there'",
      "COMMENT ON CONSTRAINT t_b_key ON t IS 'key'",
    ],
  },
  {
    name: "a not-null constraint that the author named",
    history: "CREATE TABLE t (a int NOT NULL);",
    schema: "CREATE TABLE t (a int CONSTRAINT mine NOT NULL);",
    up: ["ALTER TABLE t RENAME CONSTRAINT t_a_not_null TO mine"],
  },
  {
    name: "a partition that was attached with constraints of its own",
    history: `
      CREATE TABLE visit (id bigint NOT NULL, kind text NOT NULL) PARTITION BY LIST (kind);
      CREATE TABLE web (id bigint NOT NULL, kind text NOT NULL);
      ALTER TABLE ONLY visit ATTACH PARTITION web FOR VALUES IN ('web');`,
    schema: `
      CREATE TABLE visit (id bigint NOT NULL, kind text NOT NULL) PARTITION BY LIST (kind);
      CREATE TABLE web PARTITION OF visit FOR VALUES IN ('web');`,
    up: [],
  },
  {
    name: "a new partition whose index the server calls after the parent's old column",
    history: `
      CREATE TABLE visit (id bigint NOT NULL, kind text NOT NULL, old boolean) PARTITION BY LIST (kind);
      CREATE INDEX visit_by ON visit (old);
      CREATE TABLE web PARTITION OF visit FOR VALUES IN ('web');
      ALTER TABLE visit RENAME COLUMN old TO seen;`,
    schema: `
      CREATE TABLE visit (id bigint NOT NULL, kind text NOT NULL, seen boolean) PARTITION BY LIST (kind);
      CREATE INDEX visit_by ON visit (seen);
      CREATE TABLE web PARTITION OF visit FOR VALUES IN ('web');
      CREATE TABLE app PARTITION OF visit FOR VALUES IN ('app');`,
    up: ["CREATE TABLE app PARTITION OF visit FOR VALUES IN ('app')"],
  },
  {
    name: "children of an index whose own name is an earlier one",
    history: `
      CREATE TABLE visit (id bigint, kind text, old boolean) PARTITION BY LIST (kind);
      CREATE INDEX ON visit (old);
      CREATE TABLE web PARTITION OF visit FOR VALUES IN ('web');
      ALTER TABLE visit RENAME COLUMN old TO seen;`,
    schema: `
      CREATE TABLE visit (id bigint, kind text, seen boolean) PARTITION BY LIST (kind);
      CREATE INDEX ON visit (seen);
      CREATE TABLE web PARTITION OF visit FOR VALUES IN ('web');`,
    up: [],
  },
  {
    name: "a domain that had another name",
    history: "CREATE DOMAIN a AS int NOT NULL CHECK (VALUE > 0); ALTER DOMAIN a RENAME TO b;",
    schema: "CREATE DOMAIN b AS int NOT NULL CHECK (VALUE > 0);",
    up: [],
  },
  {
    name: "a check that has the name which the server would choose for the column",
    history: "CREATE TABLE t (id int);",
    schema:
      "CREATE TABLE t (id int, a int NOT NULL, CONSTRAINT t_a_not_null CHECK (a IS NOT NULL));",
    up: [
      "ALTER TABLE t ADD COLUMN a integer CONSTRAINT t_a_not_null1 NOT NULL",
      "ALTER TABLE t ADD CONSTRAINT t_a_not_null CHECK (a IS NOT NULL)",
    ],
  },
];
