/** What `diff --watch` says after an edit is what `diff` says of the same files. */

import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import test from "node:test";
import { loadConfig } from "../../src/config/config.ts";
import { AimError } from "../../src/core/error.ts";
import { diffOn, openProject, type Project, startServer } from "../../src/pipeline/mod.ts";
import { readSources } from "../../src/pipeline/sources.ts";
import { KeptServer } from "../../src/pipeline/watch.ts";
import { Random } from "../property/random.ts";

const base = await mkdtemp(join(tmpdir(), "aim-watch-"));
assert.match(process.env.XDG_CACHE_HOME ?? "", /aim-apart-/, "run by watch_schema_test.ts");
test.after(() => rm(base, { recursive: true, force: true }));

/** How a schema is cut into files: the numbers of statements in the first ones. */
interface Case {
  readonly engine: string;
  readonly edits: number;
  readonly cuts: readonly number[];
  /** Statements that only this engine has. */
  readonly own: readonly string[];
}

const CASES: readonly Case[] = [
  {
    engine: "postgres",
    edits: 8,
    cuts: [],
    own: [
      "CREATE TYPE mood AS ENUM ('low', 'high')",
      "CREATE FUNCTION twice(a int) RETURNS int LANGUAGE sql AS 'SELECT a * 2'",
      "COMMENT ON TABLE t3 IS 'three'",
      "SET search_path = public",
    ],
  },
  { engine: "postgres", edits: 5, cuts: [14, 9], own: ["ALTER TABLE t2 OWNER TO keeper"] },
  { engine: "sqlite", edits: 14, cuts: [], own: ["PRAGMA foreign_keys = ON"] },
  { engine: "sqlite", edits: 14, cuts: [14, 9], own: [] },
];

/** Tables of which many refer to one before, with indexes and views. */
function statementsOf({ own }: Case): string[] {
  const statements = Array.from({ length: 13 }, (_, at) => [
    `CREATE TABLE t${at} (id integer PRIMARY KEY, a text${
      at % 3 === 1 ? `, other integer REFERENCES t${at - 1} (id)` : ""
    })`,
    at % 4 === 2
      ? `CREATE VIEW v${at} AS SELECT id FROM t${at}`
      : `CREATE INDEX i${at} ON t${at} (a)`,
  ]).flat();
  return [...statements, ...own];
}

/** One edit as people make them; many leave a schema that does not load. */
function edited(statements: readonly string[], random: Random, number: number): string[] {
  const next = [...statements];
  const at = random.int(0, next.length - 1);
  const old = next[at] ?? "";
  switch (random.int(0, 5)) {
    case 0:
      next[at] = old.replace(/\)$/, `, c${number} integer)`);
      break;
    case 1:
      next.splice(at, 0, `CREATE TABLE n${number} (id integer PRIMARY KEY, x text NOT NULL)`);
      break;
    case 2:
      next.splice(at, 1);
      break;
    case 3:
      next[at] = old.replace("a text", "a integer");
      break;
    case 4:
      next.splice(at, 1);
      next.push(old);
      break;
    case 5:
      next[at] = old.replace("CREATE", random.chance(0.3) ? "CRAETE" : "CREATE  ");
  }
  return next;
}

async function write(folder: string, { cuts }: Case, statements: readonly string[]): Promise<void> {
  let from = 0;
  for (const [at, size] of [...cuts, Infinity].entries()) {
    const part = statements.slice(from, from + size);
    await writeFile(join(folder, `schema/${at}.sql`), part.map((sql) => `${sql};\n`).join(""));
    from += part.length;
  }
}

async function projectIn(folder: string, engine: string, ran?: string[]): Promise<Project> {
  const { config } = await loadConfig({
    folder,
    flags: { engine: [engine], schema: [join(folder, "schema")] },
    variables: {},
  });
  return await openProject(config, {
    emit: (event) => event.type === "statement" && ran?.push(event.sql),
    signal: new AbortController().signal,
  });
}

/** All but the findings, which are for reports alone. */
async function shownOf(work: ReturnType<typeof diffOn>) {
  const { findings: _, ...shown } = await work;
  return shown;
}

/** What it gives, or what is wrong, with its place. */
async function told<T>(work: Promise<T>): Promise<T | Record<string, unknown>> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof AimError)) throw error;
    const { message, code, hint, place } = error;
    return { message, code, hint, place };
  }
}

for (const [number, data] of CASES.entries()) {
  const { engine, edits, cuts } = data;
  test(`${engine}: after each of ${edits} edits of ${cuts.length + 1} files it says what diff says`, async () => {
    const folder = join(base, String(number));
    await mkdir(join(folder, "schema"), { recursive: true });
    await mkdir(join(folder, "migrations"));
    let statements = statementsOf(data);
    await write(folder, data, statements);
    const history = statements.slice(0, 10).map((sql) => `${sql};\n`).join("");
    await writeFile(join(folder, "migrations/000001_all.up.sql"), history);
    const first = await projectIn(folder, engine);
    await using cold = await startServer(first, await readSources(first));
    await using kept = new KeptServer();
    const random = new Random(number + 1);
    let answers = 0;
    for (let edit = 0; edit <= edits; edit++) {
      const warm = await told(kept.diff(await projectIn(folder, engine)));
      const project = await projectIn(folder, engine);
      const whole = await told(shownOf(diffOn(project, cold, await readSources(project))));
      if (warm !== null) assert.deepEqual(warm, whole, statements.join(";\n"));
      if ("outcome" in whole) answers++;
      const next = edited("outcome" in whole ? statements : statementsOf(data), random, edit);
      statements = next;
      await write(folder, data, statements);
    }
    assert.ok(answers > edits / 4, `${answers} of ${edits} loaded`);
  });
}

test("only what stands behind the first statement that changed runs again", async () => {
  const data = { engine: "sqlite", edits: 0, cuts: [], own: [] };
  const folder = join(base, "tail");
  await mkdir(join(folder, "schema"), { recursive: true });
  await mkdir(join(folder, "migrations"));
  await writeFile(join(folder, "migrations/000001_all.up.sql"), "SELECT 1;\n");
  const statements = statementsOf(data);
  await using kept = new KeptServer();
  const run = async (texts: readonly string[]) => {
    await write(folder, data, texts);
    const ran: string[] = [];
    await kept.diff(await projectIn(folder, "sqlite", ran));
    return ran;
  };
  await run(statements);
  const last = [...statements.slice(0, -1), "CREATE INDEX other ON t12 (id)"];
  const ran = await run(last);
  assert.ok(ran.includes("CREATE INDEX other ON t12 (id)"));
  assert.ok(ran.length < 15, ran.join("\n"));
  // What is wrong with a file does not make it begin anew.
  await assert.rejects(run([...last, "CREATE TABEL x (a)"]), /syntax error/);
  assert.ok((await run(last)).length <= statements.length);
});
