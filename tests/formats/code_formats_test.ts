import assert from "node:assert/strict";
import { test } from "node:test";
import { UsageError } from "../../src/core/error.ts";
import type { Draft } from "../../src/core/plan.ts";
import type { PlannedStatement } from "../../src/core/statement.ts";
import { lexiconOf } from "../../src/engines/all.ts";
import { codeTokens } from "../../src/formats/code_tokens.ts";
import type { Script, SourceFile } from "../../src/formats/format.ts";
import { detectFormat, FORMATS } from "../../src/formats/all.ts";
import { formatNamed, placeIn } from "../../src/formats/mod.ts";
import { escapedColons } from "../../src/formats/alembic/text.ts";
import { JAVASCRIPT, javascriptLiteral } from "../../src/formats/javascript_code.ts";
import { PYTHON, pythonLiteral } from "../../src/formats/python_code.ts";
import { ruby, rubyLiteral } from "../../src/formats/ruby_code.ts";

/** What a language, a runner or a driver may take for something else. */
const ODD: readonly string[] = [
  "it's",
  'a "name"',
  "\\",
  "\\\\",
  "\\n",
  "ends in \\",
  'ends in "',
  '"""',
  'a"""b""""',
  '\\"""',
  "$$ $1 $body$",
  "`b` \\`",
  "${x} $${x} \\${x}",
  "#{x} #$x #@x",
  ":x ::x :x:y 12:30:x now()::date \\:x \\::x :1 a:b ':é'",
  "? ?? ???",
  "% %s %(x)s %%",
  "a\nb",
  "a\r\nb\rc",
  "  indented\n\ttab\n    more\n\n  end",
  "é ✓ 😀 \u2028 \u2029 \u00a0",
  "\u0001\u007f\v\f\b",
  "SQL\nSQL_\n  SQL  \n'SQL'",
  "{{x}} <%= x %> {% x %}",
  "/* c */ // d -- e # f",
  "",
];

function bits(): readonly string[] {
  let seed = 7;
  const next = (below: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % below;
  };
  const signs = [..."'\"\\`$#{}:?%\n\r\t ax1é😀-;@(", '"""', "\\\\", "SQL\n"];
  return Array.from(
    { length: 400 },
    () => Array.from({ length: 1 + next(12) }, () => signs[next(signs.length)]).join(""),
  );
}

const TEXTS = [...ODD, ...bits()];

test("a text written as a literal of a language is read back as it was", () => {
  for (const text of TEXTS) {
    const python = codeTokens(`f(${pythonLiteral(text)})`, PYTHON);
    assert.equal(python[2]?.text, text, `Python ${JSON.stringify(text)}`);
    assert.equal(python.length, 4);
    const script = codeTokens(`f(${javascriptLiteral(text)})`, JAVASCRIPT);
    assert.equal(script[2]?.text, text, `JavaScript ${JSON.stringify(text)}`);
    for (const keepsLines of [true, false]) {
      const literal = rubyLiteral(text, { indent: "  ", keepsLines });
      const [call, value, end] = codeTokens(`execute ${literal}\nend`, ruby());
      // A heredoc ends in a line break of its own.
      const isHeredoc = literal.startsWith("<<");
      const shown = `Ruby ${JSON.stringify(text)} as ${JSON.stringify(literal)}`;
      if (isHeredoc && !keepsLines && /^[ \t]|\n[ \t]/.test(text)) continue;
      assert.equal(value?.text, isHeredoc ? `${text}\n` : text, shown);
      assert.deepEqual([call?.text, end?.text], ["execute", "end"], shown);
    }
  }
});

test("a literal of JavaScript means to JavaScript what it was written for", () => {
  for (const text of TEXTS) {
    assert.equal(new Function(`return ${javascriptLiteral(text)}`)(), text, JSON.stringify(text));
  }
});

/** SQLAlchemy's `text()`: the newest and an older one. */
const WORD = "[\\p{L}\\p{N}_]";
const TEXT_RULES = [
  { after: `(?![:]|${WORD})`, name: `${WORD}*` },
  { after: "(?!:)", name: "[\\p{L}\\p{N}_$]*" },
].map(({ after, name }) => ({
  bound: new RegExp(`(?<!:|${WORD}|\\\\):${WORD}+${after}`, "u"),
  escaped: new RegExp(`\\\\(:${name})(?!:|${name.slice(0, -1)})`, "gu"),
}));

test("escaped colons mean to SQLAlchemy what they were written for", () => {
  for (const text of TEXTS) {
    const sent = escapedColons(text);
    for (const { bound, escaped } of TEXT_RULES) {
      assert.ok(!bound.test(sent), JSON.stringify(sent));
      assert.equal(sent.replaceAll(escaped, "$1"), text, JSON.stringify(text));
    }
  }
});

function statement(sql: string): PlannedStatement {
  return {
    sql,
    serves: ["view:v"],
    reason: { action: "describe", text: "a" },
    transactional: true,
  };
}

const CODE = ["alembic", "django", "knex", "mikroorm", "rails", "sequelize", "typeorm"];

test("texts of all kinds go through every format whose files are programs", async () => {
  const now = new Date("2031-02-03T04:05:06.789Z");
  for (const name of CODE) {
    const format = await formatNamed(name);
    for (const dialect of ["postgres", "sqlite"]) {
      const options = { dialect, lexicon: lexiconOf(dialect) };
      for (const text of ODD) {
        if (name === "knex" && dialect === "postgres" && text.includes("\\?")) continue;
        const sql = `CREATE VIEW v AS SELECT '${text.replaceAll("'", "''")}' AS t`;
        const draft: Draft = {
          author: "planner",
          name: "odd",
          up: [statement(sql)],
          down: [statement("DROP VIEW v")],
          reversible: "exact",
          notes: [],
        };
        const files = format.render({ draft, header: ["a\nb"], ...options }, [], now);
        const [migration] = format.parse(files, options).migrations;
        // A heredoc ends in a line break of its own.
        const read = migration?.up.text.trim().replace(/\n+;$/, "\n;");
        assert.equal(read, `${sql}\n;`, `${name} ${JSON.stringify(text)}`);
      }
    }
  }
});

test("Knex is not given a question mark behind a backslash on Postgres", async () => {
  const options = { dialect: "postgres", lexicon: lexiconOf("postgres") };
  const up = [statement("SELECT '\\?'")];
  const draft: Draft = {
    author: "planner",
    name: "a",
    up,
    down: [],
    reversible: "none",
    notes: [],
  };
  await assert.rejects(
    async () =>
      (await formatNamed("knex")).render({ draft, header: [], ...options }, [], new Date()),
    /backslash before a question mark/,
  );
});

const POSTGRES = { dialect: "postgres", lexicon: lexiconOf("postgres") };

async function parse(format: string, files: Readonly<Record<string, string>>) {
  const all = Object.entries(files).map(([path, text]): SourceFile => ({ path, text }));
  return (await formatNamed(format)).parse(all, POSTGRES);
}

/** Where a word of a script stands in its file. */
function at(script: Script | null | undefined, word: string): string {
  assert.ok(script, word);
  const offset = script.text.indexOf(word);
  assert.ok(offset >= 0, word);
  const { line, column } = placeIn(script, offset);
  return `${line}:${column}`;
}

/** The first word `HERE` of a text stands at `HERE` of the file, whatever was written before it. */
const PLACES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  alembic: {
    "a_x.py":
      'revision = "a"\ndown_revision = None\n\ndef upgrade():\n    op.execute(\n        "SELECT \\"x\\", "\n        r"""\n  \\: HERE"""\n    )\n',
  },
  django: {
    "0001_x.py":
      'class Migration(migrations.Migration):\n    operations = [\n        migrations.RunSQL("SELECT \\x41,\\\n HERE", migrations.RunSQL.noop),\n    ]\n',
  },
  knex: {
    "1_x.js": 'exports.up = (knex) =>\n  knex.raw("SELECT \\u{1f600}, \\\\? " +\n    "HERE");\n',
  },
  sequelize: {
    "1-x.js":
      "module.exports = {\n  up: async ({ context: q }) => {\n    await q.sequelize.query(`SELECT \\`a\\`,\r\n  HERE`);\n  },\n};\n",
  },
  typeorm: {
    "1-x.ts":
      "export class X1700000000000 implements MigrationInterface {\n  public async up(q: QueryRunner): Promise<void> {\n    await q.query(String.raw`SELECT '\\n'\n , HERE`, []);\n  }\n}\n",
  },
  mikroorm: {
    "Migration20240101000000.ts":
      "export class M extends Migration {\n  override async up(): Promise<void> {\n    this.addSql('SELECT \\'x\\', HERE');\n  }\n}\n",
  },
  rails: {
    "1_x.rb":
      'class X < ActiveRecord::Migration[7.0]\n  def up\n    execute(<<~SQL)\n      SELECT \\"a\\",\n        HERE\n    SQL\n    execute "SELECT 2"\n  end\nend\n',
  },
};

for (const [format, files] of Object.entries(PLACES)) {
  test(`places in a script of ${format} are those of its file`, async () => {
    if (format === "typeorm") {
      const { "1-x.ts": text = "" } = files;
      const fixed = { "1-x.ts": text.replace(", [])", ")") };
      await check(format, fixed);
    } else await check(format, files);
  });
}

async function check(format: string, files: Readonly<Record<string, string>>): Promise<void> {
  const [text = ""] = Object.values(files);
  const before = text.slice(0, text.indexOf("HERE"));
  const line = before.split("\n").length;
  const column = before.length - before.lastIndexOf("\n");
  const [migration] = (await parse(format, files)).migrations;
  assert.equal(at(migration?.up, "HERE"), `${line}:${column}`);
}

test("a text of several literals is one statement, as the language joins them", async () => {
  const python =
    'revision = "a"\ndef upgrade():\n    op.execute("SELECT \'a" "b\'"  # c\n        \'\\n, 2\')\n';
  const [one] = (await parse("alembic", { "a.py": python })).migrations;
  assert.equal(one?.up.text.trim(), "SELECT 'ab'\n, 2\n;");
  const script = "exports.up = k => k.raw('SELECT \\'a' +\n  `b', 2`);\n";
  const [two] = (await parse("knex", { "1_a.js": script })).migrations;
  assert.equal(two?.up.text.trim(), "SELECT 'ab', 2\n;");
});

function revision(id: string, down: string, body = "    pass"): string {
  return `revision: str = "${id}"\ndown_revision: str | None = ${down}\n\ndef upgrade() -> None:\n${body}\n\ndef downgrade() -> None:\n    pass\n`;
}

test("Alembic's revisions follow down_revision, not their names; heads are said", async () => {
  const files = {
    "z.py": revision("z", "None"),
    "b.py": revision("b", '"z"'),
    "a.py": revision("a", '"z"'),
    "merge.py": revision("m", '("a", "b")'),
    "env.py": "from alembic import context\n",
  };
  const { migrations, notes } = await parse("alembic", files);
  assert.deepEqual(migrations.map(({ version }) => version), ["z", "a", "b", "m"]);
  assert.deepEqual(notes, []);
  const { "merge.py": _, ...open } = files;
  assert.match((await parse("alembic", open)).notes.join(), /2 revisions are heads \(a, b\)/);
});

test("where only some statements of a revision are apart, BEGIN and COMMIT stand between them", async () => {
  const body =
    '    op.execute("SELECT 1")\n    with op.get_context().autocommit_block():\n        op.execute("SELECT 2")\n    op.execute("SELECT 3")';
  const [one] = (await parse("alembic", { "a.py": revision("a", "None", body) })).migrations;
  assert.equal(one?.up.transaction, "none");
  assert.equal(
    one?.up.text.replaceAll(/\s+/g, " ").trim(),
    "BEGIN; SELECT 1 ; COMMIT; SELECT 2 ; BEGIN; SELECT 3 ;COMMIT;",
  );
});

test("Django's operations are taken back from the last to the first", async () => {
  const text =
    'class Migration(migrations.Migration):\n    operations = [\n        migrations.RunSQL(["SELECT 1", ("SELECT 2", None)], reverse_sql="SELECT -1"),\n        migrations.RunSQL("SELECT 3", "SELECT -3", state_operations=[migrations.AddField("a", "b", models.TextField())]),\n    ]\n';
  const [one] = (await parse("django", { "0001_a.py": text })).migrations;
  assert.deepEqual(one?.up.text.match(/SELECT -?\d/g), ["SELECT 1", "SELECT 2", "SELECT 3"]);
  assert.deepEqual(one?.down?.text.match(/SELECT -?\d/g), ["SELECT -3", "SELECT -1"]);
  assert.deepEqual([at(one?.down, "-3"), at(one?.down, "-1")], ["4:47", "3:81"]);
});

/** Files that would have to be run, and where. */
const REFUSED: readonly (readonly [string, string, string, number, RegExp])[] = [
  ["alembic", "a.py", revision("a", "None", "    op.add_column('t', 1)"), 5, /Python code/],
  ["alembic", "a.py", revision("a", "None", "    op.execute('SELECT :x')"), 5, /bound value/],
  ["alembic", "a.py", revision("a", "None", "    op.execute(f'SELECT {x}')"), 5, /Python code/],
  ["alembic", "a.py", revision("a", '"gone"'), 1, /revision "gone" that it follows/],
  [
    "django",
    "0001_a.py",
    "class Migration(migrations.Migration):\n    operations = [\n        migrations.CreateModel(name='a'),\n    ]\n",
    3,
    /migrations\.CreateModel is an operation on models/,
  ],
  [
    "django",
    "0001_a.py",
    "class Migration(migrations.Migration):\n    operations = [migrations.RunSQL([('SELECT %s', [1])])]\n",
    2,
    /has parameters/,
  ],
  ["knex", "1_a.js", "exports.up = k =>\n  k.schema.createTable('a', t => {});\n", 2, /it is code/],
  ["knex", "1_a.js", "exports.up = k =>\n  k.raw('SELECT ?');\n", 2, /bound value/],
  ["knex", "1_a.js", "exports.up = k =>\n  k.raw('SELECT \\\\?', [1]);\n", 2, /it is code/],
  ["knex", "1_a.js", "exports.up = k =>\n  k.raw(`SELECT ${x}`);\n", 2, /it is code/],
  ["knex", "1_a.js", "exports.up = k => k.raw('SELECT 1')\n  .then(() => 1);\n", 1, /it is code/],
  [
    "sequelize",
    "1-a.js",
    "module.exports = { up: async (q) => {\n  await q.addColumn('a', 'b', {});\n} };\n",
    2,
    /it is code/,
  ],
  ["typeorm", "a.ts", "export class A {\n}\n", 1, /no number at the end/],
  [
    "typeorm",
    "a.ts",
    "export class A1700000000000 {\n  async up(q) {\n    for (const a of b) await q.query('x');\n  }\n}\n",
    3,
    /it is code/,
  ],
  [
    "rails",
    "1_a.rb",
    "class A < ActiveRecord::Migration[7.0]\n  def change\n    add_column :a, :b, :text\n  end\nend\n",
    2,
    /its method change is code/,
  ],
  [
    "rails",
    "1_a.rb",
    'class A < ActiveRecord::Migration[7.0]\n  def up\n    execute "SELECT #{x}"\n  end\nend\n',
    3,
    /it is Ruby code/,
  ],
];

for (const [format, path, text, line, message] of REFUSED) {
  test(`${format} refuses ${JSON.stringify(text.slice(-60))} with its place`, async () => {
    await assert.rejects(async () => await parse(format, { [path]: text }), (error: unknown) => {
      assert.ok(error instanceof UsageError, String(error));
      assert.match(error.message, message);
      assert.equal(`${error.place?.file}:${error.place?.line}`, `${path}:${line}`);
      return true;
    });
  });
}

test("every format recognises what it writes", () => {
  const up = [statement("SELECT 1")];
  const draft: Draft = {
    author: "planner",
    name: "a",
    up,
    down: up,
    reversible: "exact",
    notes: [],
  };
  for (const format of FORMATS.filter(({ writes }) => writes)) {
    const author = { name: "A", email: "a@example.org" };
    const files = format.render({ draft, header: [], author, ...POSTGRES }, [], new Date(0));
    const all = format.name === "mikroorm"
      ? [...files, { path: ".snapshot-a.json", text: "{}" }]
      : files;
    const found = detectFormat(all)?.name;
    const same: Readonly<Record<string, string>> = { refinery: "flyway", sqlx: "migrate" };
    assert.equal(found, same[format.name] ?? format.name);
  }
});

test("atlas.sum is what Atlas' own library makes of the files", async () => {
  const files = [{ path: "20261130222639_first.sql", text: ATLAS_FILE }];
  const sum = (await formatNamed("atlas")).render(
    {
      draft: {
        author: "planner",
        name: "second",
        up: [statement("SELECT 1")],
        down: [],
        reversible: "none",
        notes: [],
      },
      header: [],
      ...POSTGRES,
    },
    files,
    new Date("2027-01-01T00:00:00Z"),
  ).find(({ path }) => path === "atlas.sum");
  assert.match(sum?.text ?? "", ATLAS_LINE);
});

const ATLAS_FILE = "CREATE TABLE a (id int);\n";
const ATLAS_LINE = /^20261130222639_first\.sql h1:5wZqBw7aLtO6hwDBu5\+8z\+A0Dq8n41VFC1mX7nPz1QM=$/m;

test("Drizzle's journal goes on with a later moment and keeps what else it says", async () => {
  const journal = {
    version: "7",
    dialect: "postgresql",
    extra: 1,
    entries: [{ idx: 4, version: "7", when: 4102444800000, tag: "0004_a", breakpoints: true }],
  };
  const files = [
    { path: "meta/_journal.json", text: JSON.stringify(journal) },
    { path: "0004_a.sql", text: "SELECT 1\n--> statement-breakpoint\nSELECT 2" },
    { path: "0009_stray.sql", text: "SELECT 9" },
  ];
  const { migrations, notes } = (await formatNamed("drizzle")).parse(files, POSTGRES);
  assert.match(migrations[0]?.up.text ?? "", /^SELECT 1\n; +\nSELECT 2$/);
  assert.match(notes.join(), /0009_stray\.sql is not in the journal/);
  const up = [statement("SELECT 1"), statement("SELECT 2")];
  const draft: Draft = {
    author: "planner",
    name: "b",
    up,
    down: [],
    reversible: "none",
    notes: [],
  };
  const [sql, written] = (await formatNamed("drizzle")).render(
    { draft, header: [], ...POSTGRES },
    files,
    new Date(0),
  );
  assert.equal(sql?.path, "0005_b.sql");
  assert.equal(sql?.text, "SELECT 1;\n--> statement-breakpoint\nSELECT 2;\n");
  assert.equal(written?.replaces, files[0]?.text);
  const { extra, entries } = JSON.parse(written?.text ?? "{}");
  assert.equal(extra, 1);
  assert.deepEqual(entries[1], {
    idx: 5,
    version: "7",
    when: 4102444800001,
    tag: "0005_b",
    breakpoints: true,
  });
});
