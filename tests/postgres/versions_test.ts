/** Projects on the command line: a deployed version, generated names, and a schema that is the dump of its own history. */

import assert from "node:assert/strict";
import test from "node:test";
import { runAim, temporaryFolder } from "../run_aim.ts";

const BOOKS = "CREATE TABLE books (id int PRIMARY KEY, title text NOT NULL UNIQUE);\n";

/** A project of golang-migrate with one migration. */
function project(engine: string, schema: string, history = BOOKS, settings = "") {
  return temporaryFolder({
    "aim.toml": `engine = "${engine}"\nformat = "migrate"\n${settings}`,
    "schema.sql": schema,
    "migrations/000001_books.up.sql": history,
    "migrations/000001_books.down.sql": "DROP TABLE books;\n",
  });
}

test("a version that is not built in is planned for, and proven on the built-in one, which is said", async () => {
  await using folder = await project(
    "postgres-15",
    BOOKS.replace("title", "name"),
    BOOKS,
    'runtime = "pglite"\n',
  );
  const args = ["generate", "--dry-run", "--rename", "books.title=name", "--json"];
  const { code, stdout } = await runAim(args, { cwd: folder.path });
  assert.equal(code, 0, stdout);
  const { outcome, proof, migration, notes } = JSON.parse(stdout);
  assert.deepEqual([outcome, proof.exact], ["proven", false]);
  assert.deepEqual(
    migration.statements.up.map(({ sql }: { readonly sql: string }) => sql),
    ["ALTER TABLE books RENAME COLUMN title TO name"],
  );
  assert.match(notes.join("\n"), /^Proven on postgres 18\.\d+, not on 15$/m);
});

test("what the deployed version lacks is refused by name, with nothing written", async () => {
  await using folder = await project(
    "postgres-15",
    BOOKS.replace(");", ", size int GENERATED ALWAYS AS (length(title)) VIRTUAL);"),
    BOOKS,
    'runtime = "pglite"\n',
  );
  const { code, stderr } = await runAim(["generate"], { cwd: folder.path });
  assert.equal(code, 2, stderr);
  assert.match(
    stderr,
    /Cannot plan for Postgres 15: column public\.books\.size needs "virtual generated columns /,
  );
});

test("names that a rename left behind are no difference, unless they are to follow", async () => {
  const history = `${BOOKS}ALTER TABLE books RENAME COLUMN title TO name;\n`;
  const schema = BOOKS.replace("title", "name");
  await using ignoring = await project("postgres", schema, history);
  const same = await runAim(["diff", "--exit-code"], { cwd: ignoring.path });
  assert.deepEqual([same.code, same.stdout], [0, ""]);
  await using following = await project(
    "postgres",
    schema,
    history,
    'generated_names = "follow"\n',
  );
  const { code, stdout } = await runAim(["diff", "--exit-code"], { cwd: following.path });
  assert.equal(code, 1);
  assert.match(stdout, /books_name_key/);
  assert.doesNotMatch(stdout, /not_null/);
});

test("a dump of what the migrations make is in sync with them", async () => {
  const history = `
    CREATE TYPE mood AS ENUM ('good', 'bad');
    CREATE DOMAIN grade AS varchar(3) CHECK (VALUE IN ('a', 'b'));
    CREATE TABLE books (
      id int PRIMARY KEY,
      state varchar(20) NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'sold')),
      price numeric(8,2) CHECK (price IN (1, 2.5)),
      flag boolean GENERATED ALWAYS AS (state IN ('sold', 'lost')) STORED
    );
    CREATE INDEX books_open ON books (id) WHERE state NOT IN ('new', 'held');
    CREATE VIEW open_books AS SELECT id FROM books WHERE state IN ('new', 'held''s');
    ALTER TABLE books ENABLE ROW LEVEL SECURITY;
    CREATE POLICY seen ON books USING (state IN ('new', 'sold'));`;
  const dump = `
    CREATE TYPE public.mood AS ENUM ('good', 'bad');
    CREATE DOMAIN public.grade AS character varying(3)
      CONSTRAINT grade_check CHECK (((VALUE)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[])));
    CREATE TABLE public.books (
      id integer NOT NULL,
      state character varying(20) DEFAULT 'new'::character varying NOT NULL,
      price numeric(8,2),
      flag boolean GENERATED ALWAYS AS (((state)::text = ANY ((ARRAY['sold'::character varying, 'lost'::character varying])::text[]))) STORED,
      CONSTRAINT books_price_check CHECK ((price = ANY (ARRAY[(1)::numeric, 2.5]))),
      CONSTRAINT books_state_check CHECK (((state)::text = ANY ((ARRAY['new'::character varying, 'sold'::character varying])::text[])))
    );
    CREATE VIEW public.open_books AS
      SELECT id FROM public.books
      WHERE ((state)::text = ANY ((ARRAY['new'::character varying, 'held''s'::character varying])::text[]));
    ALTER TABLE ONLY public.books ADD CONSTRAINT books_pkey PRIMARY KEY (id);
    CREATE INDEX books_open ON public.books USING btree (id)
      WHERE ((state)::text <> ALL ((ARRAY['new'::character varying, 'held'::character varying])::text[]));
    CREATE POLICY seen ON public.books
      USING (((state)::text = ANY ((ARRAY['new'::character varying, 'sold'::character varying])::text[])));
    ALTER TABLE public.books ENABLE ROW LEVEL SECURITY;`;
  await using folder = await project("postgres", dump, history);
  const { code, stdout, stderr } = await runAim(["diff", "--exit-code"], { cwd: folder.path });
  assert.deepEqual([code, stdout], [0, ""], stderr);
});
