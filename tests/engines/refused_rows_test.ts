/** New constraints over rows that are there: asked about, and answered over real rows. */

import assert from "node:assert/strict";
import test from "node:test";
import { DatabaseError } from "../../src/core/error.ts";
import { type Pair, planned, serverOf } from "./planned.ts";

const P = "CREATE TABLE p (id int PRIMARY KEY);";

interface Case extends Pick<Pair, "engine" | "from" | "to"> {
  readonly name: string;
  /** The ids of the choices that are open. */
  readonly open: readonly string[];
}

const CASES: readonly Case[] = [
  {
    name: "a check of an old column",
    engine: "postgres",
    from: "CREATE TABLE t (n int)",
    to: "CREATE TABLE t (n int CHECK (n > 0))",
    open: ["check:public.t.t_n_check"],
  },
  {
    name: "an exclusion",
    engine: "postgres",
    from: "CREATE TABLE t (n int4range)",
    to: "CREATE TABLE t (n int4range, CONSTRAINT apart EXCLUDE USING gist (n WITH &&))",
    open: ["exclude:public.t.apart"],
  },
  {
    name: "a foreign key of an old column",
    engine: "postgres",
    from: `${P} CREATE TABLE t (n int)`,
    to: `${P} CREATE TABLE t (n int REFERENCES p)`,
    open: ["reference:public.t.t_n_fkey"],
  },
  {
    name: "a domain that rows are of gets stricter",
    engine: "postgres",
    from: "CREATE DOMAIN d AS int; CREATE DOMAIN e AS int; CREATE TABLE t (n d, m e)",
    to:
      "CREATE DOMAIN d AS int CONSTRAINT pos CHECK (VALUE > 0); CREATE DOMAIN e AS int NOT NULL; CREATE TABLE t (n d, m e)",
    open: ["check:public.d.pos", "check:public.e"],
  },
  {
    name: "a partition beside the default one",
    engine: "postgres",
    from: "CREATE TABLE t (n int) PARTITION BY LIST (n); CREATE TABLE rest PARTITION OF t DEFAULT",
    to: `CREATE TABLE t (n int) PARTITION BY LIST (n); CREATE TABLE rest PARTITION OF t DEFAULT;
      CREATE TABLE one PARTITION OF t FOR VALUES IN (1)`,
    open: ["rows:public.one"],
  },
  {
    name: "what lets the same rows pass, or more of them",
    engine: "postgres",
    from:
      `CREATE TABLE t (s varchar(9) CHECK (s IN ('a', 'b')), n int, CONSTRAINT pos CHECK (n > 0), r int4range,
        CONSTRAINT apart EXCLUDE USING gist (r WITH &&))`,
    to:
      `CREATE TABLE t (s varchar(9) CHECK (s IN ('b', 'c', 'a')), n bigint, CONSTRAINT above CHECK (n > 0), r int4range,
        CONSTRAINT alone EXCLUDE USING gist (r WITH &&))`,
    open: [],
  },
  {
    name: "what no row is checked by",
    engine: "postgres",
    from: `${P} CREATE TABLE t (n int)`,
    to: `${P} CREATE TABLE t (n int, m int CHECK (m > 0), o int REFERENCES p);
      ALTER TABLE t ADD CHECK (n > 0) NOT VALID; ALTER TABLE t ADD FOREIGN KEY (n) REFERENCES p NOT VALID;
      CREATE TABLE fresh (n int CHECK (n > 0))`,
    open: [],
  },
  {
    name: "a list of values that is another one, or that forbids",
    engine: "postgres",
    from:
      "CREATE TABLE t (s text CONSTRAINT a CHECK (s IN ('a', 'b')), u text CONSTRAINT b CHECK (u NOT IN ('a', 'b')))",
    to:
      "CREATE TABLE t (s text CONSTRAINT a CHECK (s IN ('a', 'c')), u text CONSTRAINT b CHECK (u NOT IN ('a', 'b', 'c')))",
    open: ["check:public.t.a", "check:public.t.b"],
  },
  {
    name: "a check of an old column",
    engine: "sqlite",
    from: "CREATE TABLE t (n int, m int CHECK (m IN (1, 2)))",
    to: "CREATE TABLE t (n int CHECK (n > 0), m int CHECK (m IN (1, 2, 3)), o int CHECK (o > 0))",
    open: ["check:t.check (n > 0)"],
  },
  {
    name: "a table that becomes a partition",
    engine: "postgres",
    from: "CREATE TABLE t (n int) PARTITION BY LIST (n); CREATE TABLE one (n int)",
    to:
      "CREATE TABLE t (n int) PARTITION BY LIST (n); CREATE TABLE one PARTITION OF t FOR VALUES IN (1)",
    open: ["rows:public.one"],
  },
  {
    name: "keys over values that become equal",
    engine: "postgres",
    from: `CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
      CREATE TABLE t (a text UNIQUE, b numeric(8,4), c text); CREATE UNIQUE INDEX b ON t (b)`,
    to: `CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
      CREATE TABLE t (a text COLLATE ci UNIQUE, b numeric(8,2), c text COLLATE ci); CREATE UNIQUE INDEX b ON t (b)`,
    open: ["unique:public.b", "unique:public.t.t_a_key"],
  },
  {
    name: "keys over values that become equal",
    engine: "sqlite",
    from: "CREATE TABLE t (a TEXT UNIQUE, b TEXT, c TEXT UNIQUE); CREATE UNIQUE INDEX i ON t (b)",
    to:
      "CREATE TABLE t (a TEXT COLLATE NOCASE UNIQUE, b INTEGER, c TEXT UNIQUE); CREATE UNIQUE INDEX i ON t (b)",
    open: ["unique:i", "unique:t.unique (a)"],
  },
  {
    name: "a table that becomes strict, and a foreign key",
    engine: "sqlite",
    from: "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (a INTEGER, b TEXT)",
    to:
      "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (a INTEGER REFERENCES p (id), b TEXT) STRICT",
    open: ["check:t.strict", "reference:t.foreign key (a)"],
  },
  {
    name: "a key that is the rowid, and never NULL",
    engine: "sqlite",
    from: "CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT)",
    to: "CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT) WITHOUT ROWID",
    open: [],
  },
];

for (const one of CASES) {
  test(`asked (${one.engine}): ${one.name}`, async () => {
    await using server = await serverOf(one.engine);
    const { outcome, choices } = await planned(server, { ...one, assumeEmpty: false });
    const open = choices.filter(({ answer }) => answer === null).map(({ id }) => id);
    assert.deepEqual(open, one.open);
    assert.equal(outcome, one.open.length === 0 ? "proven" : "undecided");
    const settled = await planned(server, one);
    assert.equal(settled.outcome, "proven");
  });
}

interface Answered extends Pair {
  readonly rows: string;
  readonly there: readonly unknown[] | "refused";
}

const REFERS = {
  engine: "postgres",
  from: `${P} CREATE TABLE t (id int, "Of" int)`,
  to: `${P} CREATE TABLE t (id int, "Of" int, CONSTRAINT r FOREIGN KEY ("Of") REFERENCES p (id))`,
  rows: "INSERT INTO p VALUES (1); INSERT INTO t VALUES (1, 1), (2, 7), (3, NULL)",
} as const;

const CHECKED = (engine: Pair["engine"]) => ({
  engine,
  from: "CREATE TABLE t (id int, n int)",
  to: "CREATE TABLE t (id int, n int, CONSTRAINT c CHECK (n > 0 OR id = 9))",
  rows: "INSERT INTO t VALUES (1, 1), (2, -7), (3, NULL)",
});

const ANSWERED: readonly Answered[] = [
  { ...REFERS, answers: ["reference:t.r=null"], there: ["1 1", "2 -", "3 -"] },
  { ...REFERS, answers: ["reference:t.r=delete"], there: ["1 1", "3 -"] },
  { ...REFERS, answers: ["reference:t.r=assume-empty"], there: "refused" },
  ...(["postgres", "sqlite"] as const).flatMap((engine): readonly Answered[] => [
    { ...CHECKED(engine), answers: ["check:t.c=delete"], there: ["1 1", "3 -"] },
    { ...CHECKED(engine), answers: ["check:t.c=assume-empty"], there: "refused" },
  ]),
];

for (const one of ANSWERED) {
  test(`answered (${one.engine}): ${one.answers}`, async () => {
    await using server = await serverOf(one.engine);
    const { outcome, draft } = await planned(server, { ...one, assumeEmpty: false });
    assert.equal(outcome, "proven");
    const isAssumed = one.there === "refused";
    assert.equal(draft?.reversible === "structure", !isAssumed);
    assert.equal(draft?.up.some(({ destroys }) => destroys !== undefined), !isAssumed);
    await using database = await server.create();
    await database.exec(one.from);
    await database.exec(one.rows);
    const name = one.from.includes('"Of"') ? '"Of"' : "n";
    const run = async () => {
      for (const { sql } of draft?.up ?? []) await database.exec(sql);
      const rows = await database.query<{ row: string }>(
        `SELECT id || ' ' || coalesce(CAST(${name} AS text), '-') AS row FROM t ORDER BY id`,
      );
      return rows.map(({ row }) => row);
    };
    if (isAssumed) await assert.rejects(run, DatabaseError);
    else assert.deepEqual(await run(), one.there);
  });
}
