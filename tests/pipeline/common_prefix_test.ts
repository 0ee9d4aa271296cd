import assert from "node:assert/strict";
import test from "node:test";
import { UsageError } from "../../src/core/error.ts";
import {
  diffOn,
  generateOn,
  openProject,
  type Sources,
  startServer,
} from "../../src/pipeline/mod.ts";
import { testConfig } from "../property/config.ts";

const signal = new AbortController().signal;
const FIRST = "CREATE TABLE t0 (a int)";

/** As many statements as are worth running once for both. */
const tables = (from = 0, to = 150) =>
  Array.from({ length: to - from }, (_, at) => `CREATE TABLE t${from + at} (a int);\n`).join("");

/** A project of texts: files of the schema, and migrations. */
async function open(engine: string, schema: readonly string[], migrations: readonly string[]) {
  const ran: string[] = [];
  const project = await openProject(testConfig(engine, "migrate"), {
    emit: (event) => event.type === "statement" && ran.push(event.sql),
    signal,
  });
  const sources: Sources = {
    schema: schema.map((text, at) => ({ path: `schema${at}.sql`, text })),
    files: [],
    history: {
      migrations: migrations.map((text, at) => {
        const file = `${at}_step.up.sql`;
        const up = { file, text, transaction: "auto" } as const;
        const down = { ...up, file: `${at}_step.down.sql`, text: "" };
        return { version: String(at), name: "step", up, down, files: [file] };
      }),
      notes: [],
    },
  };
  return { project, sources, ran, server: await startServer(project, sources) };
}

/** What `diff` says, and how often the first table was made. */
async function compare(engine: string, schema: readonly string[], migrations: readonly string[]) {
  const { project, sources, ran, server } = await open(engine, schema, migrations);
  await using _server = server;
  const { outcome, text } = await diffOn(project, server, sources);
  return { outcome, text, times: ran.filter((sql) => sql === FIRST).length };
}

for (const engine of ["postgres", "sqlite"]) {
  test(`${engine}: what schema and history begin with alike runs once, and the difference is the same`, async () => {
    const schema = `${tables()}CREATE TABLE wanted (b int);${tables(150, 160)}`;
    const history = `${tables()}CREATE TABLE given (c int);${tables(150, 160)}`;
    const once = await compare(engine, [schema], [history, "CREATE TABLE more (a int)"]);
    const twice = await compare(engine, [schema], [
      `SELECT 1;${history}`,
      "CREATE TABLE more (a int)",
    ]);
    assert.equal(once.times, 1);
    assert.equal(twice.times, 2);
    assert.equal(once.text, twice.text);
    assert.match(once.text, /wanted[^]*given[^]*more|given[^]*more[^]*wanted/);
  });

  test(`${engine}: a common beginning may be cut into files and migrations in any way`, async () => {
    const files = [tables(0, 30), "", tables(30, 140), tables(140)];
    const migrations = [tables(0, 70), "-- nothing\n", tables(70, 75), tables(75, 145)];
    const { outcome, text, times } = await compare(engine, files, migrations);
    assert.equal(times, 1);
    assert.equal(outcome, "differs");
    assert.deepEqual(
      [...text.matchAll(/^\+CREATE TABLE \S*?(t\d+)/gm)].map(([, name]) => name),
      ["t145", "t146", "t147", "t148", "t149"],
    );
    const whole = await compare(engine, files, [...migrations, tables(145)]);
    assert.deepEqual(whole, { outcome: "in-sync", text: "", times: 1 });
  });

  test(`${engine}: a failure after the common beginning has its own place`, async () => {
    const wrong = "CREATE TABLE t1 (b int);\n";
    for (
      const [schema, history, place] of [
        [tables() + wrong, tables(), { file: "schema0.sql", line: 151, column: 1 }],
        [tables(), tables() + wrong, { file: "migrations/0_step.up.sql", line: 151, column: 1 }],
        [tables(0, 140) + wrong, tables(0, 140) + wrong, {
          file: "schema0.sql",
          line: 141,
          column: 1,
        }],
      ] as const
    ) {
      await assert.rejects(compare(engine, [schema], [history]), (error: Error) => {
        assert.ok(error instanceof UsageError);
        assert.equal(error.place?.line, place.line);
        assert.ok(error.place?.file.endsWith(place.file), error.place?.file);
        return true;
      });
    }
  });

  test(`${engine}: a migration on top of a common beginning is proven`, async () => {
    const history = tables();
    const schema = history.replace("t75 (a int)", "t75 (a int, b int)");
    const { project, sources, ran, server } = await open(engine, [schema], [history]);
    await using _server = server;
    const { outcome } = await generateOn(project, server, sources, {
      dryRun: true,
      allowEmptySchema: true,
      answers: new Map(),
      renames: [],
      onAmbiguity: "fail",
    });
    assert.equal(outcome, "proven");
    assert.equal(ran.filter((sql) => sql === "CREATE TABLE t149 (a int)").length, 2);
  });
}

test("settings of the common beginning hold for what follows in the script, and end with it", async () => {
  const start = `CREATE SCHEMA s; SET search_path = s; ${FIRST}; ${tables(1)}`;
  const schema = `${start}CREATE TABLE here (a int)`;
  const one = await compare("postgres", [schema], [`${start}CREATE TABLE there (a int)`]);
  assert.equal(one.times, 1);
  assert.match(one.text, /\+CREATE TABLE s\.here/);
  assert.match(one.text, /-CREATE TABLE s\.there/);
  const cut = await compare("postgres", [schema], [start, "CREATE TABLE here (a int)"]);
  assert.equal(cut.times, 1);
  assert.match(cut.text, /\+CREATE TABLE s\.here/);
  assert.match(cut.text, /-CREATE TABLE here/);
});

test("a script in which transactions matter runs by itself", async () => {
  for (
    const statement of [
      "SET LOCAL search_path = public",
      "CREATE TEMP TABLE short (a int) ON COMMIT DROP",
      "INSERT INTO t1 VALUES (1)",
      "CREATE TYPE mood AS ENUM (); ALTER TYPE mood ADD VALUE 'glad'",
      "BEGIN; CREATE TABLE late (a int); COMMIT",
      "CREATE INDEX CONCURRENTLY i ON t1 (a)",
    ]
  ) {
    const text = `${tables()}${statement};\n`;
    const { outcome, times } = await compare("postgres", [text], [text]);
    assert.deepEqual([outcome, times], ["in-sync", 2], statement);
  }
});
