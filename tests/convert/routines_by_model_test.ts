/** Routines and odd expressions between Postgres and MySQL or MariaDB, by a model over HTTP: what is loaded and taken, what is refused and why. */

import assert from "node:assert/strict";
import process from "node:process";
import test, { after } from "node:test";
import { chunks, sse, wireServer } from "../models/wire_server.ts";
import { runAim, temporaryFolder } from "../run_aim.ts";
import { isMissing } from "./engines.ts";

const wire = await wireServer();
after(() => wire[Symbol.asyncDispose]());

const MYSQL = `CREATE TABLE t (id int PRIMARY KEY, a varchar(50) DEFAULT (soundex('x')), n int,
  CONSTRAINT wordy CHECK (soundex(a) <> 'X000'));
CREATE VIEW v AS SELECT id, find_in_set(a, 'x,y') AS place FROM t;
CREATE FUNCTION twice(n int) RETURNS int DETERMINISTIC RETURN n * 2;
CREATE PROCEDURE clear_old(IN low int) DELETE FROM t WHERE n < low;
CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.a = soundex(NEW.a);
`;

const POSTGRES = `CREATE TABLE t (id int PRIMARY KEY, a text DEFAULT initcap('x y'), n int,
  CONSTRAINT wordy CHECK (cardinality(string_to_array(a, ' ')) < 3));
CREATE VIEW v AS SELECT id, split_part(a, ' ', 1) AS place FROM t;
CREATE FUNCTION twice(n int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN n * 2; END $$;
CREATE PROCEDURE clear_old(low int) LANGUAGE sql AS $$ DELETE FROM t WHERE n < low $$;
CREATE FUNCTION tr() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN NEW.a := initcap(NEW.a); RETURN NEW; END $$;
CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION tr();
`;

/** What a model writes for the object of a kind. */
type Written = Readonly<Record<string, readonly string[]>>;

/** In Postgres, what the schema of MySQL has. */
const IN_POSTGRES: Written = {
  "default of column": ["ALTER TABLE t ALTER COLUMN a SET DEFAULT upper('x000')"],
  check: ["ALTER TABLE t ADD CONSTRAINT wordy CHECK (upper(left(a, 1)) <> 'X')"],
  view: ["CREATE VIEW v AS SELECT id, array_position(ARRAY['x', 'y'], a::text) AS place FROM t"],
  function: [
    "CREATE FUNCTION twice(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT n * 2 $$",
  ],
  procedure: [
    "CREATE PROCEDURE clear_old(low integer) LANGUAGE sql AS $$ DELETE FROM t WHERE n < low $$",
  ],
  trigger: [
    "CREATE FUNCTION t_tr() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.a := upper(NEW.a); RETURN NEW; END $$",
    "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION t_tr()",
  ],
};

/** In MySQL, what the schema of Postgres has. */
const IN_MYSQL: Written = {
  "default of column": ["ALTER TABLE t ALTER COLUMN a SET DEFAULT (concat('X', ' Y'))"],
  check: [
    "ALTER TABLE t ADD CONSTRAINT wordy CHECK (char_length(a) - char_length(replace(a, ' ', '')) < 2)",
  ],
  view: ["CREATE VIEW v AS SELECT id, substring_index(a, ' ', 1) AS place FROM t"],
  function: ["CREATE FUNCTION twice(n int) RETURNS int DETERMINISTIC RETURN n * 2"],
  procedure: ["CREATE PROCEDURE clear_old(IN low int) DELETE FROM t WHERE n < low"],
  trigger: ["CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.a = upper(NEW.a)"],
};

/** Answers that are refused, and what the next request says of the last of them. */
const REFUSED: Readonly<
  Record<string, { readonly answers: Written[string]; readonly why: RegExp }>
> = {
  function: {
    answers: ["CREATE FUNCTION thrice(n int) RETURNS int RETURN n * 3", "DROP TABLE t"],
    why: /not one definition: DROP TABLE t/,
  },
  procedure: { answers: ["CALL clear_old(1)"], why: /not one definition: CALL clear_old/ },
  view: {
    answers: [
      "CREATE VIEW w AS SELECT 1 AS one",
      "CREATE VIEW v AS SELECT id AS other, id AS place FROM t",
    ],
    why: /its columns are other, place, not id, place/,
  },
  check: { answers: ["ALTER TABLE t DROP COLUMN n"], why: /DROP COLUMN|column/i },
};

interface Asked {
  readonly from: string;
  readonly to: string;
  readonly schema: string;
  /** By the object that is asked about, and how often it was before. */
  readonly written: (kind: string, time: number) => readonly string[];
}

async function converted(name: string, { from, to, schema, written }: Asked) {
  await using folder = await temporaryFolder({ "schema.sql": schema });
  const times = new Map<string, number>();
  const url = wire.at(name, ({ text }) => {
    const kind = /Write the (default of column|[a-z]+) /.exec(text)?.[1] ?? "";
    const time = times.get(kind) ?? 0;
    times.set(kind, time + 1);
    const answer = JSON.stringify({ plan: "the same", statements: written(kind, time) });
    return sse(chunks.answer(answer));
  });
  const args = ["convert", "--from", from, "--to", to, "schema.sql", "--json"];
  const ran = await runAim([...args, "--model", "openai-compatible/m", "--max-retries", "2"], {
    cwd: folder.path,
    variables: {
      AIM_BASE_URL: `${url}/v1`,
      ...(process.env.AIM_SERVERS === undefined ? {} : { AIM_SERVERS: process.env.AIM_SERVERS }),
    },
  });
  assert.equal(ran.code, 0, ran.stderr);
  const { sql, conversions } = JSON.parse(ran.stdout);
  const left = conversions.filter((one: { outcome: string }) => one.outcome === "dropped")
    .map((one: { object: string }) => one.object);
  return { sql, left, hits: wire.hits(name) };
}

for (const dialect of ["mariadb", "mysql"]) {
  const skip = isMissing(dialect);
  const ways = [
    { from: dialect, to: "postgres", schema: MYSQL, right: IN_POSTGRES },
    { from: "postgres", to: dialect, schema: POSTGRES, right: IN_MYSQL },
  ];
  for (const { from, to, schema, right } of ways) {
    test(
      `${from} to ${to}: what is written for each kind of object is loaded and taken`,
      { skip },
      async () => {
        const written = (kind: string) => right[kind] ?? [];
        const { sql, left, hits } = await converted(`${from}-${to}`, { from, to, schema, written });
        const rest = left.filter((object: string) => !object.startsWith("code of triggers"));
        assert.deepEqual(rest, [], hits.map(({ text }) => text.slice(-700)).join("\n====\n"));
        for (const statement of Object.values(right).flat()) {
          assert.ok(sql.includes(statement), sql);
        }
        assert.equal(hits.length, 6, "each object is asked about once, code of triggers never");
      },
    );

    test(
      `${from} to ${to}: what makes something else is refused, with what is wrong`,
      { skip },
      async () => {
        const written = (kind: string, time: number) => {
          const answer = REFUSED[kind]?.answers[time];
          return answer === undefined ? [] : [answer];
        };
        const { sql, left, hits } = await converted(`${from}-${to}-not`, {
          from,
          to,
          schema,
          written,
        });
        for (const kind of ["function", "procedure", "view", "check", "default", "trigger"]) {
          assert.ok(left.some((object: string) => object.startsWith(kind)), `${kind} in ${left}`);
        }
        assert.doesNotMatch(sql, /thrice|CALL|DROP|VIEW/);
        for (const [kind, { answers, why }] of Object.entries(REFUSED)) {
          const asked = hits.filter(({ text }) => text.includes(`Write the ${kind} `));
          assert.equal(asked.length, answers.length + 1, `${kind} is asked about again`);
          assert.match(asked.at(-1)?.text ?? "", why);
        }
      },
    );
  }
}
