import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { UsageError } from "../../src/core/error.ts";
import type {
  History,
  MigrationFormat,
  ReadOptions,
  Script,
  SourceFile,
} from "../../src/formats/format.ts";
import { detectFormat, FORMATS } from "../../src/formats/all.ts";
import { formatNamed, placeIn } from "../../src/formats/mod.ts";
import { lexiconOf } from "../../src/engines/all.ts";
import { readMigrations } from "../../src/pipeline/files/read_sources.ts";
import { quotedRanges } from "../../src/sql/ranges.ts";
import type { Draft } from "../../src/core/plan.ts";
import type { PlannedStatement } from "../../src/core/statement.ts";

/** A folder of tests/formats: what a person has on disk, what is read from it and what is written next. `AIM_UPDATE=1` writes `expected.txt`. */
interface Case {
  readonly format: string;
  readonly dialect: string;
  /** The format that detection gives, where the folder tells. */
  readonly detected?: string;
  readonly requires?: readonly string[];
}

const CASES = fileURLToPath(new URL("histories/", import.meta.url));
const NOW = new Date("2031-02-03T04:05:06.789Z");
const AUTHOR = { name: "Sam Planner", email: "sam@example.org" };

for (const name of readdirSync(CASES).sort()) {
  test(`reads ${name} and writes what follows`, async () => {
    const folder = join(CASES, name);
    const data = JSON.parse(readFileSync(join(folder, "case.json"), "utf8")) as Case;
    const format = await formatNamed(data.format);
    const files = await readMigrations(join(folder, "files"), format);
    if (data.detected !== undefined) {
      const all = await readMigrations(join(folder, "files"), { wants: () => true });
      assert.equal(detectFormat(all)?.name, data.detected);
    }
    const text = [
      shownHistory(format.parse(files, optionsFor(data.dialect))),
      ...written(format, files, data),
    ]
      .join("\n");
    const expected = join(folder, "expected.txt");
    if (process.env["AIM_UPDATE"] === "1") writeFileSync(expected, text);
    assert.equal(text, existsSync(expected) ? readFileSync(expected, "utf8") : "");
  });
}

function optionsFor(dialect: string): ReadOptions {
  return { dialect, lexicon: lexiconOf(dialect) };
}

function shownHistory({ migrations, notes }: History): string {
  const shown = migrations.flatMap(({ version, name, up, down, files }) => [
    `${version} ${name} [${files.join(", ")}]`,
    ...shownScript("up", up),
    ...(down === null ? ["  down: none"] : shownScript("down", down)),
  ]);
  return [...shown, ...notes.map((note) => `note: ${note}`), ""].join("\n");
}

function shownScript(direction: string, script: Script): readonly string[] {
  const rows = script.text.split("\n").map((row) => row.trimEnd());
  let offset = 0;
  const shown = script.text.split("\n").flatMap((row, index) => {
    const { line, column } = placeIn(script, offset + row.length - row.trimStart().length);
    offset += row.length + 1;
    const text = rows[index] ?? "";
    return text === "" ? [] : [`    ${line}:${column} ${text.trimStart()}`];
  });
  const blocks = (script.blocks ?? []).map(({ start, end }) =>
    `    block ${JSON.stringify(script.text.slice(start, end))}`
  );
  return [`  ${direction}: ${script.file} transaction=${script.transaction}`, ...shown, ...blocks];
}

function written(
  format: MigrationFormat,
  files: readonly SourceFile[],
  { dialect, requires }: Case,
): readonly string[] {
  if (!format.writes) return [];
  return ["table", dialect === "sqlite" ? "pragma" : "concurrently"].flatMap((draft) => {
    const input = {
      draft: draftNamed(draft),
      header: ["Made by aim"],
      ...optionsFor(dialect),
      author: AUTHOR,
      ...(requires === undefined ? {} : { requires }),
    };
    try {
      return format.render(input, files, NOW).map(({ path, text }) =>
        `--- ${draft}: ${path}\n${text}`
      );
    } catch (error) {
      assert.ok(error instanceof UsageError, String(error));
      return [`--- ${draft}: refused\n${error.message}\n${error.hint}\n`];
    }
  });
}

function statement(
  sql: string,
  serves: readonly string[],
  transactional = true,
): PlannedStatement {
  return { sql, serves, reason: { action: "describe", text: "a test" }, transactional };
}

function draftNamed(name: string): Draft {
  const draft = DRAFTS.find((one) => one.name === name);
  assert.ok(draft !== undefined);
  return draft;
}

function draft(
  name: string,
  up: readonly PlannedStatement[],
  down: readonly PlannedStatement[],
): Draft {
  return { author: "planner", name, up, down, reversible: "exact", notes: [] };
}

const FUNCTION = `CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $body$
-- +goose Down
-- migrate:down
BEGIN
  -- it's \\ odd
  RAISE NOTICE '\${x}';
  RETURN NEW;
END;
$body$`;

const DRAFTS: readonly Draft[] = [
  draft("table", [
    statement("CREATE TABLE owls (\n  id integer PRIMARY KEY,\n  name text\n)", ["table:owls"]),
    statement("ALTER TABLE cats ADD COLUMN age integer", ["column:cats.age"]),
  ], [
    statement("ALTER TABLE cats DROP COLUMN age", ["column:cats.age"]),
    statement("DROP TABLE owls", ["table:owls"]),
  ]),
  draft("concurrently", [
    statement("CREATE TABLE owls (id integer)", ["table:public.owls"]),
    statement("ALTER TABLE cats ADD COLUMN age integer", ["column:public.cats.age"]),
    statement("CREATE INDEX CONCURRENTLY a ON cats (age)", ["index:public.a"], false),
    statement("CREATE INDEX CONCURRENTLY b ON owls (id)", ["index:public.b"], false),
    statement("COMMENT ON TABLE owls IS 'hoot'", ["comment:public.owls", "table:public.owls"]),
  ], [
    statement("DROP INDEX CONCURRENTLY b", ["index:public.b"], false),
    statement("DROP INDEX a", ["index:public.a"]),
    statement("ALTER TABLE cats DROP COLUMN age", ["column:public.cats.age"]),
    statement("DROP TABLE owls", ["table:public.owls"]),
  ]),
  draft("pragma", [
    statement("PRAGMA foreign_keys = OFF", ["table:cats"], false),
    statement("CREATE TABLE cats_new (id integer)", ["table:cats"]),
    statement("INSERT INTO cats_new SELECT id FROM cats", ["table:cats"]),
    statement("DROP TABLE cats", ["table:cats"]),
    statement("ALTER TABLE cats_new RENAME TO cats", ["table:cats"]),
    statement("PRAGMA foreign_keys = ON", ["table:cats"], false),
  ], [statement("ALTER TABLE cats ADD COLUMN age integer", ["column:cats.age"])]),
  draft("body", [
    statement(FUNCTION, ["function:f()"]),
    statement("INSERT INTO t VALUES ('a\n-- migrate:up\nit''s ${b};\n')", ["table:t"]),
  ], [statement("DROP FUNCTION f()", ["function:f()"])]),
  draft("trigger", [
    statement(
      "CREATE TRIGGER t AFTER INSERT ON cats BEGIN\n  UPDATE cats SET id = 1;\n  SELECT 'a --b';\nEND",
      ["trigger:t"],
    ),
    statement("-- migrate:up\n-- +goose Up\nSELECT 1 -- the end", ["table:cats"]),
  ], [statement("DROP TRIGGER t", ["trigger:t"])]),
  draft("steps", [
    {
      ...statement("CREATE TABLE cats_new (id integer)", ["table:cats"]),
      comment: "the new table",
    },
    {
      ...statement("DROP TABLE cats", ["table:cats"]),
      comment: "it takes the place of the old one",
      destroys: "the values of column cats.age",
    },
    statement("ALTER TABLE cats_new RENAME TO cats", ["table:cats"]),
  ], [{ ...statement("DROP TABLE cats", ["table:cats"]), comment: "gone" }]),
  draft("irreversible", [statement("DROP TABLE cats", ["table:cats"])], []),
  draft("only concurrently", [
    statement("DROP INDEX CONCURRENTLY a", ["index:a"], false),
  ], [statement("CREATE INDEX CONCURRENTLY a ON cats (id)", ["index:a"], false)]),
];

/** SQL without comments, blanks and transactions, to compare what was planned with what is read back. */
function essence(sql: string, { lexicon }: ReadOptions): string {
  let out = "";
  let at = 0;
  for (const { start, end, kind } of quotedRanges(sql, lexicon)) {
    out += sql.slice(at, start) + (kind === "comment" ? " " : decoded(sql, start, end));
    at = end;
  }
  return `${out}${sql.slice(at)};`.replaceAll(/\bE(?=")/g, "").replace(
    /\b(?:BEGIN|COMMIT|SAVEPOINT migration|RELEASE migration|SELECT 1)\s*(?=;)/g,
    "",
  )
    .replace(/\s*;[\s;]*/g, ";").replace(/\s+/g, " ").replace(/^[; ]+/, "").trim();
}

/** A quoted piece as its value, whichever way it is quoted. */
function decoded(sql: string, start: number, end: number): string {
  const text = sql.slice(start, end);
  const tag = /^\$\w*\$/.exec(text)?.[0];
  if (tag !== undefined) return JSON.stringify(text.slice(tag.length, -tag.length));
  if (!text.startsWith("'")) return text;
  const plain = text.slice(1, -1).replaceAll("''", "'");
  if (!/\be$/i.test(sql.slice(0, start))) return JSON.stringify(plain);
  return JSON.stringify(
    plain.replace(/\\(x2D|\\)/g, (_, mark: string) => mark === "x2D" ? "-" : "\\"),
  );
}

const REFUSED = new Set([
  "refinery postgres concurrently",
  "refinery postgres only concurrently",
  "refinery sqlite pragma",
  "drizzle postgres concurrently",
  "drizzle postgres only concurrently",
  "drizzle sqlite pragma",
  "migrate sqlite pragma",
  "sqlx sqlite pragma",
  "liquibase sqlite pragma",
  "liquibase postgres body",
  "liquibase sqlite body",
  "liquibase mysql body",
  "dbmate sqlite body",
  "dbmate mysql body",
  "goose mysql body",
]);

for (const format of FORMATS.filter((one) => one.writes)) {
  for (const dialect of ["postgres", "sqlite", "mysql"]) {
    for (const planned of DRAFTS) {
      if (dialect !== "sqlite" && planned.name === "pragma") continue;
      if (dialect !== "postgres" && /concurrently/.test(planned.name)) continue;
      const title = `${format.name} ${dialect} ${planned.name}`;
      test(`what ${title} writes is read back as planned`, () => {
        const input = {
          draft: planned,
          header: ["Note -- +goose Up", "migrate:down"],
          ...optionsFor(dialect),
        };
        const first = draftNamed("table");
        const render = (one: Draft, existing: readonly SourceFile[]) =>
          format.render({ ...input, draft: one, author: AUTHOR }, existing, NOW);
        if (REFUSED.has(title)) {
          assert.throws(() => render(planned, []), UsageError);
          return;
        }
        const before = render(first, []);
        const added = render(planned, before);
        const kept = before.filter((file) => added.every(({ path }) => path !== file.path));
        const { migrations } = format.parse([...kept, ...added], optionsFor(dialect));
        assert.deepEqual(
          migrations.slice(0, 1).map(({ name }) => name),
          format.parse(before, optionsFor(dialect)).migrations.map(({ name }) => name),
        );
        const own = migrations.slice(1);
        const all = (list: readonly PlannedStatement[]) =>
          essence(list.map(({ sql }) => `${sql}\n`).join(";"), input);
        assert.equal(essence(own.map(({ up }) => sqlOf(up)).join("\n"), input), all(planned.up));
        if (own.some(({ down }) => down !== null)) {
          const back = own.toReversed().map(({ down }) => down === null ? "" : sqlOf(down));
          assert.equal(essence(back.join("\n"), input), all(planned.down));
        } else assert.ok(format.forwardOnly === true || planned.down.length === 0);
      });
    }
  }
}

/** A script without what a client of mysql adds. */
function sqlOf(script: Script): string {
  return script.text.replace(/^DELIMITER .*$/gm, "").replaceAll(/^(.*[^\n])\/\/$/gm, "$1;");
}

for (
  const [name, marker] of [["dbmate", "-- migrate:down"], ["goose", "-- +goose Down"]] as const
) {
  for (const dialect of ["mysql", "mariadb"]) {
    const write = async (sql: string) => {
      const planned = draft("texts", [statement(sql, ["view:v"])], []);
      const input = { draft: planned, header: [], ...optionsFor(dialect) };
      return (await formatNamed(name)).render({ ...input, author: AUTHOR }, [], NOW);
    };
    test(`a text of ${dialect} with a line like a marker of ${name} keeps its value`, async () => {
      const files = await write(`CREATE VIEW v AS SELECT 'a\n  ${marker}\n${marker}\n;' AS t`);
      const [only] = (await formatNamed(name)).parse(files, optionsFor(dialect)).migrations;
      const value = /'([^']*)'/.exec(only?.up.text ?? "")?.[1];
      assert.equal(value?.replaceAll("\\-", "-"), `a\n  ${marker}\n${marker}\n;`);
    });
    test(`a routine of ${dialect} with a line like a marker of ${name} is refused`, async () => {
      const head = "DEFINER=`a`@`%` TRIGGER t BEFORE INSERT ON a FOR EACH ROW";
      const text = `CREATE ${head}\nBEGIN\n${marker}\n  SET NEW.a = 1;\nEND`;
      await assert.rejects(async () => await write(text), /looks like a marker/);
    });
  }
}

test("goose needs no block for a statement under comments", async () => {
  const format = await formatNamed("goose");
  const input = { draft: draftNamed("steps"), header: [], ...optionsFor("sqlite") };
  const [file] = format.render({ ...input, author: AUTHOR }, [], NOW);
  assert.equal(
    file?.text,
    `-- +goose Up
-- the new table
CREATE TABLE cats_new (id integer);

-- it takes the place of the old one
-- WARNING: destroys the values of column cats.age
DROP TABLE cats;

ALTER TABLE cats_new RENAME TO cats;

-- +goose Down
-- gone
DROP TABLE cats;
`,
  );
});

for (const name of ["migrate", "sqlx"]) {
  test(`${name}: many files without a DOWN are said in one line`, async () => {
    const files = Array.from({ length: 8 }, (_, at) => ({
      path: `000${at + 1}_step.up.sql`,
      text: "SELECT 1;\n",
    }));
    const options = { dialect: "postgres", lexicon: lexiconOf("postgres") };
    const { notes } = (await formatNamed(name)).parse(files, options);
    assert.deepEqual(notes, [
      "8 files have no .down.sql: 0001_step.up.sql, 0002_step.up.sql and others",
    ]);
  });
}
