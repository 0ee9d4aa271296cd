import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { UsageError } from "../../src/core/error.ts";
import type { Draft } from "../../src/core/plan.ts";
import { lexiconOf } from "../../src/engines/all.ts";
import type { SourceFile } from "../../src/formats/format.ts";
import { formatNamed, placeIn } from "../../src/formats/mod.ts";

const FORMAT = await formatNamed("liquibase");

const TEXT = `--liquibase formatted sql
-- Note

--changeset aim:1_a splitStatements:true endDelimiter:--;; rollbackEndDelimiter:--;; stripComments:false
CREATE TABLE a (id int, note text DEFAULT 'x  y;');
--;;
-- the index
CREATE INDEX i ON a (id);
--;;
--rollback DROP TABLE a;
--rollback --;;

--changeset aim:2_b splitStatements:false
--comment: two
CREATE VIEW v AS SELECT 1;
/* liquibase rollback
DROP VIEW v;
*/
`;

function options(dialect = "postgres") {
  return { dialect, lexicon: lexiconOf(dialect) };
}

function parse(files: Readonly<Record<string, string>>, dialect?: string) {
  const all = Object.entries(files).map(([path, text]): SourceFile => ({ path, text }));
  return FORMAT.parse(all, options(dialect));
}

function changeset(id: string, sql = "SELECT 1;", attributes = ""): string {
  return `--liquibase formatted sql\n--changeset a:${id}${attributes}\n${sql}\n`;
}

test("the checksums of changesets are those that Liquibase 5.0.1 noted down", () => {
  const { migrations } = parse({ "d.sql": TEXT });
  const sums = migrations.map((migration) =>
    FORMAT.books?.checksums?.({ migration, bytes: Buffer.from(TEXT) })
  );
  assert.deepEqual(sums, [
    ["9:48eaf007035f803aff362d4406f37303"],
    ["9:c1ab5b6960787e339fc998d477bbada3"],
  ]);
});

test("each changeset has its statements and those that take it back, at their places", () => {
  const [one, two] = parse({ "d.sql": TEXT }).migrations;
  assert.equal(one?.version, "aim:1_a");
  assert.match(one?.up.text ?? "", /y;'\);\n; +\n-- the index\nCREATE INDEX i ON a \(id\);\n; +\n/);
  assert.equal(one?.down?.text.replaceAll(/\s+/g, " ").trim(), "DROP TABLE a; ; ;");
  assert.match(two?.up.text ?? "", /^\s*CREATE VIEW v AS SELECT 1;\s+;\s*$/);
  assert.match(two?.down?.text ?? "", /^\s*DROP VIEW v;\s+;\s*$/);
  const offset = one?.down?.text.indexOf("DROP") ?? -1;
  const place = one?.down && placeIn(one.down, offset);
  assert.deepEqual(place, { file: "d.sql", line: 10, column: 12 });
});

test("on servers whose bodies hold semicolons, the delimiter alone cuts", () => {
  const sql =
    "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW\nBEGIN\nSET @a = 1;\nEND\n//\nSELECT 2";
  const [one] = parse({ "a.sql": changeset("1", sql, " endDelimiter://") }, "mysql").migrations;
  const blocks = one?.up.blocks?.map(({ start, end }) => one.up.text.slice(start, end).trim());
  assert.deepEqual(blocks, [sql.slice(0, sql.indexOf("\n//")), "SELECT 2"]);
});

test("changesets for other databases are left out, runInTransaction is heard", () => {
  const files = {
    "a.sql": changeset("1", "SELECT 1;", " dbms:mysql,sqlite"),
    "b.sql": changeset("2", "SELECT 1;", " dbms:!postgresql"),
    "c.sql": changeset("3", "SELECT 1;", " dbms:postgresql runInTransaction:false"),
  };
  const found = parse(files).migrations;
  assert.deepEqual(found.map(({ version, up }) => [version, up.transaction]), [["a:3", "none"]]);
});

const ROOTS: Readonly<Record<string, string>> = {
  "db.changelog.yaml":
    "databaseChangeLog:\n  # first\n  - include:\n      file: db/changes/b.sql\n  - include: { file: db/changes/a.sql }\n",
  "changelog.xml":
    '<?xml version="1.0"?>\n<databaseChangeLog xmlns="x">\n  <!-- <include file="no.sql"/> -->\n  <include file="db/changes/b.sql"/>\n  <include\n    file="db/changes/a.sql"/>\n</databaseChangeLog>\n',
};

const DRAFT: Draft = {
  author: "planner",
  name: "more",
  up: [{
    sql: "SELECT 3",
    serves: ["table:t"],
    reason: { action: "describe", text: "a" },
    transactional: true,
  }],
  down: [],
  reversible: "none",
  notes: [],
};

for (const [path, text] of Object.entries(ROOTS)) {
  test(`${path} is the order, and gets an include for the next file`, () => {
    const files = [
      { path, text },
      { path: "changes/a.sql", text: changeset("1") },
      { path: "changes/b.sql", text: changeset("2") },
      { path: "changes/c.sql", text: changeset("3") },
    ];
    const { migrations, notes } = FORMAT.parse(files, options());
    assert.deepEqual(migrations.map(({ version }) => version), ["a:2", "a:1"]);
    assert.match(notes.join(), /changes\/c\.sql is included nowhere/);
    const now = new Date("2031-02-03T04:05:06Z");
    const [file, root] = FORMAT.render({ draft: DRAFT, header: [], ...options() }, files, now);
    assert.equal(file?.path, "changes/20310203040506_more.sql");
    assert.equal(root?.replaces, text);
    const next = [...files.slice(1), ...[file, root].filter((one) => one !== undefined)];
    assert.deepEqual(
      FORMAT.parse(next, options()).migrations.map(({ version }) => version),
      ["a:2", "a:1", "aim:20310203040506_more"],
    );
  });
}

const REFUSED: readonly (readonly [Readonly<Record<string, string>>, string, RegExp])[] = [
  [
    { "a.sql": changeset("1", "--ignoreLines:1\nSELECT 1;") },
    "a.sql:3",
    /depends on the database/,
  ],
  [{ "a.sql": changeset("1", "SELECT ${x};") }, "a.sql:3", /"\$\{x\}" is a parameter/],
  [{ "a.sql": changeset("1") + changeset("1") }, "a.sql:5", /both are a:1/],
  [
    { "changelog.yaml": "databaseChangeLog:\n  - changeSet:\n      id: 1\n" },
    "changelog.yaml:3",
    /<changeSet> says no author/,
  ],
  [
    {
      "changelog.xml":
        '<databaseChangeLog>\n<changeSet id="1" author="a">\n<customChange class="x"/></changeSet></databaseChangeLog>',
    },
    "changelog.xml:3",
    /what Liquibase makes of <customChange> aim does not know/,
  ],
  [
    {
      "changelog.xml":
        '<databaseChangeLog><changeSet id="1" author="a"><dropTable\ntableName="a" sneaky="b"/></changeSet></databaseChangeLog>',
    },
    "changelog.xml:1",
    /<dropTable> with sneaky/,
  ],
  [
    { "changelog.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><databaseChangeLog/>" },
    "changelog.xml:1",
    /document types are not read/,
  ],
  [
    { "changelog.yaml": "databaseChangeLog: &a\n  - include: *a\n" },
    "changelog.yaml:2",
    /nested too deep/,
  ],
  [
    {
      "changelog.xml": '<databaseChangeLog><include file="b.xml"/></databaseChangeLog>',
      "b.xml":
        '<databaseChangeLog>\n<changeSet id="1" author="a"><sql>SELECT ${who}</sql></changeSet></databaseChangeLog>',
    },
    "b.xml:2",
    /"\$\{who\}" is a parameter/,
  ],
  [
    { "changelog.xml": '<databaseChangeLog><include file="a.sql"/></databaseChangeLog>' },
    "changelog.xml:1",
    /"a\.sql": it is not there/,
  ],
];

for (const [files, at, message] of REFUSED) {
  test(`what aim cannot know is refused: ${message.source}`, () => {
    assert.throws(() => parse(files), (error: unknown) => {
      assert.ok(error instanceof UsageError, String(error));
      assert.match(error.message, message);
      assert.equal(`${error.place?.file}:${error.place?.line}`, at);
      return true;
    });
  });
}

test("a text that Liquibase would change is not written", () => {
  for (const sql of ["SELECT '${HOME}'", "SELECT 'a\r\nb'"]) {
    const up = DRAFT.up.map((one) => ({ ...one, sql }));
    const input = { draft: { ...DRAFT, up }, header: [], ...options() };
    assert.throws(() => FORMAT.render(input, [], new Date(0)), UsageError, sql);
  }
});
