import assert from "node:assert/strict";
import { test } from "node:test";
import { UsageError } from "../../src/core/error.ts";
import { lexiconOf } from "../../src/engines/all.ts";
import { formatNamed } from "../../src/formats/mod.ts";

/** A folder that cannot be replayed: the message names what is wrong, the place where. */
interface Refusal {
  readonly title: string;
  readonly format: string;
  readonly dialect?: string;
  readonly files: Readonly<Record<string, string>>;
  readonly message: RegExp;
  /** `file:line`. */
  readonly at: string;
}

const UP = "-- +goose Up\n";
const PLAN =
  "%syntax-version=1.0.0\n%project=p\n\none 2024-01-01T00:00:00Z A <a@example.org> # note\n";

/** A sqitch project with one change whose script is `deploy`. */
function sqitch(deploy: string): Readonly<Record<string, string>> {
  return { "sqitch.plan": PLAN, "deploy/one.sql": deploy, "revert/one.sql": "SELECT 1;\n" };
}

const REFUSALS: readonly Refusal[] = [
  {
    title: "a Go migration",
    format: "goose",
    files: { "00001_a.sql": UP, "00002_b.go": "package migrations", "00002_b_test.go": "" },
    message: /^Cannot replay "00002_b.go": it is a Go migration$/,
    at: "00002_b.go:1",
  },
  {
    title: "a goose file without Up",
    format: "goose",
    files: { "00001_a.sql": "SELECT 1;\n" },
    message: /it has no "-- \+goose Up"/,
    at: "00001_a.sql:1",
  },
  {
    title: "an unknown goose annotation",
    format: "goose",
    files: { "00001_a.sql": `${UP}-- +goose Sideways\n` },
    message: /"-- \+goose Sideways" is no annotation/,
    at: "00001_a.sql:2",
  },
  {
    title: "an indented goose annotation",
    format: "goose",
    files: { "00001_a.sql": `${UP}  -- +goose Down\n` },
    message: /stands indented/,
    at: "00001_a.sql:2",
  },
  {
    title: "a second Up",
    format: "goose",
    files: { "00001_a.sql": `${UP}${UP}` },
    message: /"-- \+goose Up" is out of place/,
    at: "00001_a.sql:2",
  },
  {
    title: "a StatementEnd without its beginning",
    format: "goose",
    files: { "00001_a.sql": `${UP}SELECT 1;\n-- +goose StatementEnd\n` },
    message: /StatementEnd" is out of place/,
    at: "00001_a.sql:3",
  },
  {
    title: "a StatementBegin without its end",
    format: "goose",
    files: { "00001_a.sql": `${UP}-- +goose StatementBegin\nSELECT 1;\n` },
    message: /StatementBegin" has no end/,
    at: "00001_a.sql:2",
  },
  {
    title: "a goose statement without a semicolon",
    format: "goose",
    files: { "00001_a.sql": `${UP}SELECT 1;\nSELECT 2\n-- +goose Down\nSELECT 3;\n` },
    message: /has no semicolon at the end of a line/,
    at: "00001_a.sql:3",
  },
  {
    title: "SQL before goose's Up",
    format: "goose",
    files: { "00001_a.sql": `-- fine\nSELECT 1;\n${UP}` },
    message: /SQL stands before "-- \+goose Up"/,
    at: "00001_a.sql:2",
  },
  {
    title: "variables between ENVSUB ON and OFF",
    format: "goose",
    files: { "00001_a.sql": `${UP}-- +goose ENVSUB ON\nSELECT '\${USER}';\n` },
    message: /variables of the environment/,
    at: "00001_a.sql:3",
  },
  {
    title: "two goose files of one version",
    format: "goose",
    files: { "1_a.sql": UP, "00001_b.sql": UP },
    message: /^Cannot order "00001_b.sql" and "1_a.sql": both are version 0*1$/,
    at: "1_a.sql:1",
  },
  {
    title: "a goose file without a version",
    format: "goose",
    files: { "a.sql": UP },
    message: /^Cannot read a version from "a.sql"$/,
    at: "a.sql:1",
  },
  {
    title: "a golang-migrate step that is a program",
    format: "migrate",
    files: { "1_a.up.sql": "", "2_b.up.go": "package m" },
    message: /^Cannot replay "2_b.up.go": it is not SQL$/,
    at: "2_b.up.go:1",
  },
  {
    title: "two golang-migrate files of one version, whatever their names",
    format: "migrate",
    files: { "0001_a.up.sql": "", "0001_a.down.sql": "", "1_b.up.sql": "" },
    message: /^Cannot order "0001_a.up.sql" and "1_b.up.sql": both are version 1 up$/,
    at: "1_b.up.sql:1",
  },
  {
    title: "two golang-migrate ways back of one version",
    format: "migrate",
    files: { "1_a.up.sql": "", "1_a.down.sql": "", "1_b.down.sql": "" },
    message: /^Cannot order "1_a.down.sql" and "1_b.down.sql": both are version 1 down$/,
    at: "1_b.down.sql:1",
  },
  {
    title: "two golang-migrate files for one dialect",
    format: "migrate",
    dialect: "sqlite",
    files: { "1_a.sqlite3.up.sql": "", "1_b.sqlite3.up.sql": "", "1_c.mysql.up.sql": "" },
    message: /both are version 1 up$/,
    at: "1_b.sqlite3.up.sql:1",
  },
  {
    title: "a template",
    format: "migrate",
    files: {
      "1_a.up.sql":
        "-- {{ not here }}\nSELECT '{{1,2}}'::int[];\nCREATE TABLE {{ .Schema }}.a ();\n",
    },
    message: /^Cannot replay the template "1_a.up.sql": "{{" is not SQL$/,
    at: "1_a.up.sql:3",
  },
  {
    title: "a Java migration",
    format: "flyway",
    files: { "V1__a.sql": "", "V2__b.java": "class V2__b {}" },
    message: /^Cannot replay "V2__b.java": it is a compiled or scripted migration$/,
    at: "V2__b.java:1",
  },
  {
    title: "a Flyway placeholder of the project's own",
    format: "flyway",
    files: { "V1__a.sql": "-- ${comment}\nSELECT '${tenant}';\n" },
    message: /Flyway fills in \${tenant} from its configuration/,
    at: "V1__a.sql:2",
  },
  {
    title: "two Flyway versions that are equal",
    format: "flyway",
    files: { "V1__a.sql": "", "V1.0__b.sql": "" },
    message: /^Cannot order "V1.0__b.sql" and "V1__a.sql": both are version 1.0$/,
    at: "V1__a.sql:1",
  },
  {
    title: "a Rust migration",
    format: "refinery",
    files: { "V1__a.sql": "", "V2__b.rs": "" },
    message: /^Cannot replay "V2__b.rs": it is a Rust migration$/,
    at: "V2__b.rs:1",
  },
  {
    title: "a refinery version that is no whole number",
    format: "refinery",
    files: { "V1.5__a.sql": "" },
    message: /^Cannot read the version "1.5" of "V1.5__a.sql"$/,
    at: "V1.5__a.sql:1",
  },
  {
    title: "a dbmate file without markers",
    format: "dbmate",
    files: { "1_a.sql": "SELECT 1;\n" },
    message: /it has no "-- migrate:up"/,
    at: "1_a.sql:1",
  },
  {
    title: "a dbmate file without down",
    format: "dbmate",
    files: { "1_a.sql": "-- migrate:up\nSELECT 1;\n" },
    message: /it has no "-- migrate:down"/,
    at: "1_a.sql:3",
  },
  {
    title: "dbmate's markers the wrong way round",
    format: "dbmate",
    files: { "1_a.sql": "-- migrate:down\n-- migrate:up\n" },
    message: /"-- migrate:down" is out of place/,
    at: "1_a.sql:1",
  },
  {
    title: "SQL before dbmate's first marker",
    format: "dbmate",
    files: { "1_a.sql": "\nSELECT 1;\n-- migrate:up\n-- migrate:down\n" },
    message: /SQL stands before its first marker/,
    at: "1_a.sql:2",
  },
  {
    title: "two dbmate files of one version",
    format: "dbmate",
    files: {
      "1_a.sql": "-- migrate:up\n-- migrate:down\n",
      "1_b.sql": "-- migrate:up\n-- migrate:down\n",
    },
    message: /both are version 1$/,
    at: "1_b.sql:1",
  },
  {
    title: "a name that sqlx cannot read",
    format: "sqlx",
    files: { "add_users.sql": "" },
    message: /^Cannot read a version from "add_users.sql"$/,
    at: "add_users.sql:1",
  },
  {
    title: "two sqlx files of one version",
    format: "sqlx",
    files: { "1_a.sql": "", "01_b.sql": "" },
    message: /both are version 0?1$/,
    at: "1_a.sql:1",
  },
  {
    title: "two Diesel folders of one version",
    format: "diesel",
    files: { "2024-01-01-000000_a/up.sql": "", "20240101000000_b/up.sql": "" },
    message: /both are version 20240101000000$/,
    at: "20240101000000_b/up.sql:1",
  },
  {
    title: "the markers of another runner in plain files",
    format: "plain",
    files: { "1_a.sql": "-- why\n-- migrate:up\nSELECT 1;\n" },
    message: /it has the markers of dbmate$/,
    at: "1_a.sql:2",
  },
  {
    title: "SQL before the first marker of sql-migrate",
    format: "plain",
    files: { "1_a.sql": "SELECT 1;\n-- +migrate Up\n" },
    message: /SQL stands before its first "-- \+migrate" line$/,
    at: "1_a.sql:1",
  },
  {
    title: "a sqitch project without a plan",
    format: "sqitch",
    files: { "sqitch.conf": "[core]\n  top_dir = db\n" },
    message: /^Cannot find the plan "db\/sqitch.plan"$/,
    at: "db/sqitch.plan:1",
  },
  {
    title: "a plan without its project",
    format: "sqitch",
    files: { "sqitch.plan": "%syntax-version=1.0.0\none\n" },
    message: /it has no "%project=" line/,
    at: "sqitch.plan:1",
  },
  {
    title: "a plan line that is neither change nor tag",
    format: "sqitch",
    files: { "sqitch.plan": `${PLAN}two words\n` },
    message: /"two words" is neither a change nor a tag/,
    at: "sqitch.plan:5",
  },
  {
    title: "a change planned twice without a tag",
    format: "sqitch",
    files: { "sqitch.plan": `${PLAN}one 2024-01-02T00:00:00Z A <a@example.org>\n` },
    message: /change "one" occurs twice without a tag between/,
    at: "sqitch.plan:5",
  },
  {
    title: "a change without its deploy script",
    format: "sqitch",
    files: { "sqitch.plan": PLAN },
    message: /^Cannot find "deploy\/one.sql", the deploy script of "one"$/,
    at: "sqitch.plan:4",
  },
  {
    title: "a shell command of psql",
    format: "sqitch",
    files: sqitch("SELECT 1;\n  \\! rm -r /\n"),
    message: /psql's \\! is not done here/,
    at: "deploy/one.sql:2",
  },
  {
    title: "a program in backticks",
    format: "sqitch",
    files: sqitch("\\set x `curl example.org`\n"),
    message: /the shell command "curl example.org" is not run/,
    at: "deploy/one.sql:1",
  },
  {
    title: "a file outside the project",
    format: "sqitch",
    files: sqitch("\\set x `cat ../../etc/passwd`\n"),
    message: /there is no file "..\/..\/etc\/passwd" in the project/,
    at: "deploy/one.sql:1",
  },
  {
    title: "a chain of shell commands",
    format: "sqitch",
    files: sqitch("\\set x `cat a; rm b`\n"),
    message: /the shell command "cat a; rm b" is not run/,
    at: "deploy/one.sql:1",
  },
  {
    title: "a connection to another database",
    format: "sqitch",
    files: sqitch("\\c other\n"),
    message: /psql's \\c is not done here/,
    at: "deploy/one.sql:1",
  },
  {
    title: "a file that includes itself",
    format: "sqitch",
    files: sqitch("\\ir one.sql\n"),
    message: /includes itself/,
    at: "deploy/one.sql:1",
  },
  {
    title: "an \\if without its end",
    format: "sqitch",
    files: sqitch("\\if true\nSELECT 1;\n"),
    message: /an \\if has no \\endif/,
    at: "deploy/one.sql:3",
  },
  {
    title: "an unknown command of sqlite3",
    format: "sqitch",
    dialect: "sqlite",
    files: sqitch("SELECT 1;\n.import data.csv one\n"),
    message: /sqlite3's .import is not done here/,
    at: "deploy/one.sql:2",
  },
  {
    title: "what is nearly a marker of sql-migrate",
    format: "plain",
    files: { "1_a.sql": "-- +migrate Up\nSELECT 1;\n--+migrate Down\nSELECT 2;\n" },
    message: /sql-migrate takes "--\+migrate Down" for a comment/,
    at: "1_a.sql:3",
  },
  {
    title: "two undo files of one Flyway version",
    format: "flyway",
    files: { "V1__a.sql": "", "U1__a.sql": "SELECT 1;", "U1_0__b.sql": "SELECT 2;" },
    message: /^Cannot order "U1_0__b.sql" and "U1__a.sql": both are version/,
    at: "U1__a.sql:1",
  },
  {
    title: "two Flyway versions that differ in zeros",
    format: "flyway",
    files: { "V1.01__a.sql": "", "V01_1.0__b.sql": "" },
    message: /both are version/,
    at: "V1.01__a.sql:1",
  },
  {
    title: "two repeatable migrations of one description",
    format: "flyway",
    files: { "V1__a.sql": "", "x/R__views.sql": "", "y/R__views.sql": "" },
    message: /both are the repeatable migration "views"/,
    at: "y/R__views.sql:1",
  },
  {
    title: "two sqlx down files of one version",
    format: "sqlx",
    files: { "1_a.up.sql": "", "1_a.down.sql": "", "01_b.down.sql": "" },
    message: /^Cannot order "01_b.down.sql" and "1_a.down.sql": both are version/,
    at: "1_a.down.sql:1",
  },
  {
    title: "two golang-migrate down files of one migration",
    format: "migrate",
    files: { "1_a.up.sql": "", "1_a.down.sql": "", "01_a.down.sql": "" },
    message: /^Cannot order "01_a.down.sql" and "1_a.down.sql": both are version/,
    at: "1_a.down.sql:1",
  },
  ...["goose", "migrate", "sqlx", "refinery"].map((format): Refusal => {
    const path = {
      goose: "9223372036854775808_a.sql",
      migrate: "9223372036854775808_a.up.sql",
      sqlx: "9223372036854775808_a.sql",
      refinery: "V9223372036854775808__a.sql",
    }[format] ?? "";
    return {
      title: `a version of ${format} that 64 bits do not hold`,
      format,
      files: { [path]: UP },
      message: /9223372036854775808 is larger than 9223372036854775807/,
      at: `${path}:1`,
    };
  }),
];

for (const { title, format, dialect = "postgres", files, message, at } of REFUSALS) {
  test(`refuses ${title}, and says where`, async () => {
    const sources = Object.entries(files).map(([path, text]) => ({ path, text }));
    await assert.rejects(
      async () =>
        (await formatNamed(format)).parse(sources, { dialect, lexicon: lexiconOf(dialect) }),
      (error) => {
        assert.ok(error instanceof UsageError, String(error));
        assert.match(error.message, message);
        assert.equal(`${error.place?.file}:${error.place?.line}`, at);
        return true;
      },
    );
  });
}

test("strings and comments of a dialect are no templates and no placeholders", async () => {
  const texts: Readonly<Record<string, string>> = {
    mysql: "SELECT 'it\\'s {{ a }}', \"b\\\"{{\"; # it's ${c} {{\nSELECT 5--3;\n-- ${d}\n",
    sqlite: "SELECT '{{', [{{], `{{`; -- ${a}\r{{\n/* /* {{ */ SELECT 1;\n",
    postgres: "SELECT E'it\\'s {{', $a$ {{$a$; -- ${b} {{\rSELECT 1;\n",
  };
  for (const [dialect, text] of Object.entries(texts)) {
    const options = { dialect, lexicon: lexiconOf(dialect) };
    const { migrations } = (await formatNamed("flyway")).parse(
      [{ path: "V1__a.sql", text }],
      options,
    );
    assert.equal(migrations[0]?.up.text, text);
  }
});

test("a comment ends where the server ends it, and a template behind it is one", async () => {
  const text = "-- a\rSELECT {{ b }};\n";
  const parse = async (dialect: string) =>
    (await formatNamed("plain")).parse([{ path: "1_a.sql", text }], {
      dialect,
      lexicon: lexiconOf(dialect),
    });
  await assert.rejects(async () => await parse("postgres"), UsageError);
  assert.equal((await parse("sqlite")).migrations.length, 1);
});

test("SQL behind a psql command on its line is read", async () => {
  for (const command of ["\\set x 1", "\\echo 'a\\\\b'", "\\timing"]) {
    const files = sqitch(`${command} \\\\ CREATE TABLE t (id int);\n`);
    const sources = Object.entries(files).map(([path, text]) => ({ path, text }));
    const { migrations } = (await formatNamed("sqitch")).parse(sources, {
      dialect: "postgres",
      lexicon: lexiconOf("postgres"),
    });
    assert.equal(migrations[0]?.up.text.trim(), "CREATE TABLE t (id int);", command);
  }
});

test("an unknown format is refused with the nearest name", async () => {
  await assert.rejects(
    async () => await formatNamed("gose"),
    (error) => error instanceof UsageError && /goose/.test(error.hint ?? ""),
  );
});

for (
  const [format, program, after] of [
    ["goose", "00002_b.go", "00003_c.sql"],
    ["flyway", "V2__b.java", "V3__c.sql"],
    ["refinery", "V2__b.rs", "V3__c.sql"],
  ] as const
) {
  test(`${format}: with keepsPrograms a program stands in its place, for its own tool to run`, async () => {
    const first = program.replace(/b\.\w+$/, "a.sql").replace("2", "1");
    const { migrations } = (await formatNamed(format)).parse(
      [[first, UP], [program, "x"], [after, UP]].map(([path = "", text = ""]) => ({ path, text })),
      { dialect: "postgres", lexicon: lexiconOf("postgres"), keepsPrograms: true },
    );
    assert.deepEqual(migrations.map(({ up, unread }) => [up.file, unread !== undefined]), [
      [first, false],
      [program, true],
      [after, false],
    ]);
  });
}
