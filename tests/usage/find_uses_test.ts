import assert from "node:assert/strict";
import test from "node:test";
import { withParameters } from "../../src/usage/queries.ts";
import { loggedQueries, looksLikeLog } from "../../src/usage/query_log.ts";
import { findUses } from "../../src/usage/find_uses.ts";
import type { Target } from "../../src/usage/target.ts";
import { DEEP } from "../depth.ts";

const COLUMN: Target = {
  change: "rename",
  kind: "column",
  name: "public.users.full_name",
  table: "users",
  column: "full_name",
  to: "name",
  isShared: false,
};

/** Files, what changes, and the lines that use it. */
const CASES: readonly {
  readonly title: string;
  readonly path: string;
  readonly text: string;
  readonly target?: Partial<Target>;
  readonly lines: readonly number[];
}[] = [
  {
    title: "Prisma: a member with another name, by @map",
    path: "schema.prisma",
    text: 'model User {\n  id Int @id\n  label String @map("full_name")\n  @@map("users")\n}',
    lines: [3],
  },
  {
    title: "Drizzle: the table and what is called as its member",
    path: "schema.ts",
    text:
      'export const users = pgTable("users", {\n  label: text("full_name"),\n});\nselect(users.label);\nother.label;',
    target: { isShared: true },
    lines: [2, 4],
  },
  {
    title: "TypeORM: a member behind its annotation",
    path: "user.entity.ts",
    text:
      '@Entity("users")\nexport class Person {\n  @Column({ name: "full_name" })\n  label: string;\n}\n',
    target: { isShared: true },
    lines: [3, 4],
  },
  {
    title:
      "a variable of any name that is bound to the model, up to where it is bound to something else",
    path: "sender.py",
    text:
      "n = User(mail=1)\nx = 1\ny = 2\nz = 3\nz = 4\nn.full_name = 2\nn = Other()\nn.full_name = 3\n",
    target: { isShared: true },
    lines: [6],
  },
  {
    title: "Go: a receiver, a parameter and what is made",
    path: "a.go",
    text:
      "func (o *User) A() { o.FullName = 1 }\n\n\n\n\n\nfunc B(q Other, c *User) {\n\n\n\n\n  q.FullName = 2\n  c.FullName = 3\n  w := &models.User{}\n\n\n\n\n  w.FullName = 4\n}",
    target: { isShared: true },
    lines: [1, 13, 19],
  },
  {
    title: "Java: what is declared behind its type",
    path: "A.java",
    text:
      "class A {\n void a(User u, Other o) {\n\n\n\n\n  o.fullName = 1;\n  u.fullName = 2;\n }\n}",
    target: { isShared: true },
    lines: [8],
  },
  {
    title: "PHP: a property that the comment of a model declares, and no other comment",
    path: "Person.php",
    text:
      "<?php\n/**\n * @property string $full_name\n * the full_name of old\n */\nclass User extends Model { }\n",
    target: { isShared: true },
    lines: [3],
  },
  {
    title: "Rails: the list of a column's values",
    path: "a.rb",
    text: "agent.full_names = []\n",
    lines: [1],
  },
  {
    title: "SQLAlchemy: a class that says its table",
    path: "m.py",
    text:
      'class Person(Base):\n    __tablename__ = "users"\n    full_name = Column(String)\n\nx = 1\n',
    target: { isShared: true },
    lines: [3],
  },
  {
    title: "Django: the class Check of the folder api is api_check",
    path: "hc/api/models.py",
    text: "class Check(models.Model):\n    name = models.CharField()\n    code = 1\n\nname = 2\n",
    target: { table: "api_check", column: "name", isShared: true },
    lines: [2],
  },
  {
    title: "ActiveRecord: attributes, symbols and pieces of SQL",
    path: "app/models/user.rb",
    text:
      'class User < ApplicationRecord\n  validates :full_name, presence: true\n  scope :a, -> { where("full_name IS NULL") }\n  def x = other.title\nend\n',
    lines: [2, 3],
  },
  {
    title: "GORM: a field with its column, and one by its name",
    path: "m.go",
    text:
      'type User struct {\n\tLabel string `gorm:"column:full_name"`\n}\nfunc f(user User) { print(user.Label) }\n',
    lines: [2, 4],
  },
  {
    title: "JPA: a field, its getter and a query method",
    path: "User.java",
    text:
      '@Entity\n@Table(name = "users")\nclass Person {\n  private String fullName;\n  String getFullName() { return fullName; }\n}\ninterface R { Person findByFullName(String n); }\n',
    lines: [4, 5, 7],
  },
  {
    title: "a name that other tables have counts only near the table",
    path: "a.ts",
    text:
      'user.name;\norder.name;\nconst name = 1;\nprisma.user.update({\n  data: { name: "x" },\n});\n// user.name\n',
    target: { column: "name", isShared: true },
    lines: [1, 5],
  },
  {
    title: "every line of a statement that names it",
    path: "a.py",
    text: 'q = """\nSELECT full_name\nFROM users\nORDER BY full_name"""\n',
    lines: [2, 4],
  },
  {
    title: "templates",
    path: "a.html",
    text: "<p>{{ user.full_name }}</p>\n<!-- full_name -->\n<p>{{ user.email }}</p>",
    lines: [1],
  },
  {
    title: "a longer name is a thing of its own, its accessors and plurals are not",
    path: "a.ts",
    text:
      "isDraftActivity(a);\nisDraftChanged;\nx.isDraft;\nfindByIsDraft();\nconst isDraftIDs = 1;\n",
    target: { table: "orders", column: "is_draft" },
    lines: [2, 3, 4, 5],
  },
  {
    title: "what carries the columns of a table: forms, requests, classes that begin with its name",
    path: "a.kt",
    text:
      "data class PageHashKnown(\n  val mediaType: String,\n)\nclass PageHashService {\n  val mediaType = 1\n}\nclass CreatePageHashDto(\n  val mediaType: String,\n)\n",
    target: { table: "page_hash", column: "media_type", isShared: true },
    lines: [2, 8],
  },
  {
    title: "comments that name it, where the name means nothing else",
    path: "a.php",
    text: "<?php\n/**\n * @property string $full_name\n * a full name\n */\nclass X {}\n",
    lines: [3],
  },
  {
    title: "names that a file takes from another one are what they are there",
    path: "access.ts",
    text:
      'import { rights } from "./rights";\ncheck(rights.read);\naccess.rights;\nuser.rights;\nconst a = { rights: [] };\n',
    target: { table: "access", column: "rights", isShared: true },
    lines: [3, 5],
  },
  {
    title: "a word of SQL that is a table there, or stands in a text or a comment",
    path: "a.py",
    text:
      'q = """\nSELECT campaigns\nFROM users JOIN campaigns\n  ON campaigns.id = 1 -- campaigns\nWHERE x = \'campaigns\'"""\n',
    target: { column: "campaigns", isTableName: true },
    lines: [2],
  },
  {
    title: "a name with a thing of its own before or behind it is another",
    path: "a.java",
    text:
      "int DEFAULT_FULL_NAME = 1;\nvoid showFullName() {}\nint fullNameId = 2;\nString userFullName;\nint globalFullName;\n",
    lines: [2, 4],
  },
  {
    title: "what is given to the table's call or literal, and to no other's",
    path: "a.cs",
    text:
      "var a = new User { Name = 1 };\nvar b = new Order { Name = 1 };\nvar c = 1;\nvar d = 1;\nvar e = Make(user, Name, 1);\n",
    target: { column: "name", isShared: true },
    lines: [1],
  },
  {
    title: "Ruby: what a factory of the table is given",
    path: "a_spec.rb",
    text: 'let(:a) { create(:user, name: "x") }\nlet(:b) { create(:order, name: "x") }\n',
    target: { column: "name", isShared: true },
    lines: [1],
  },
  {
    title: "a class that is called as another table is that one's",
    path: "a.ts",
    text: "class UserItem {\n  state = 1;\n}\nclass UserForm {\n  state = 1;\n}\n",
    target: { column: "state", isShared: true, others: ["user_items"] },
    lines: [5],
  },
  {
    title: "a name made of the table's and the column's, and no type or table of that name",
    path: "a.java",
    text: "int USER_STATE_MAX = 1;\nUserState x;\nUserStateRepository y;\nint userState = 3;\n",
    target: { column: "state", isShared: true },
    lines: [1, 4],
  },
  {
    title: "Ruby: a class in the module of its folder",
    path: "app/models/account/entry.rb",
    text: "class Account::Entry < ApplicationRecord\n  scope :a, -> { where(kind: 1) }\nend\n",
    target: { table: "account_entries", column: "kind", isShared: true },
    lines: [2],
  },
  {
    title: "every list has a length",
    path: "user.ts",
    text: "users.length;\nuser.length;\n",
    target: { column: "length", isShared: true },
    lines: [2],
  },
];

for (const { title, path, text, target, lines } of CASES) {
  test(title, async () => {
    const { uses, queries } = await findUses([{ path, text }], [{ ...COLUMN, ...target }]);
    const all = [...uses, ...queries.flatMap((query) => query.uses)];
    assert.deepEqual([...new Set(all.map(({ line }) => line))].sort((a, b) => a - b), lines);
  });
}

test("what carries a model's columns is called as the model, where that is called otherwise than the table", async () => {
  const target = { ...COLUMN, table: "extras_template", column: "kind", isShared: true };
  const files = [
    { path: "app/extras/models.py", text: "class Template(Model):\n    kind = Field()\n" },
    {
      path: "app/extras/forms.py",
      text: "class TemplateForm(Form):\n    a = 1\n    b = 1\n    c = 1\n    kind = Choice()\n",
    },
    { path: "app/other/forms.py", text: "class PlainForm(Form):\n    kind = Choice()\n" },
  ];
  const { uses } = await findUses(files, [target]);
  assert.deepEqual(uses.map(({ file, line }) => `${file}:${line}`), [
    "app/extras/models.py:2",
    "app/extras/forms.py:5",
  ]);
});

test("a name of several words tells nothing where most files use it for something else", async () => {
  const file = (at: number) => ({ path: `lib/part_${at}.ts`, text: "packet.fullName = 1;\n" });
  const home = { path: "src/db.ts", text: "user.fullName = 1;\n" };
  const lines = async (count: number) => {
    const files = [home, ...Array.from({ length: count }, (_, at) => file(at))];
    return (await findUses(files, [COLUMN])).uses.length;
  };
  assert.deepEqual([await lines(3), await lines(30)], [4, 1]);
});

test("what has only the name is told apart, once a line, and not where a statement was prepared", async () => {
  const text = `// the full name
log(globalFullName);
user.fullName = 1; // fullName
q("SELECT full_name FROM orders");
const x = "fullname";
`;
  const files = [{ path: "a.ts", text }];
  const target = { ...COLUMN, isShared: true };
  const far = { path: "b.ts", text: "order.fullName = 1;\n" };
  const lines = async (targets: readonly Target[], isByName = true) => {
    const { named } = await findUses([...files, far], targets, { isByName });
    assert.ok(named.every(({ certainty }) => certainty === "named"));
    return named.map(({ file, line }) => `${file}:${line}`);
  };
  assert.deepEqual(await lines([target]), ["a.ts:1", "a.ts:2", "a.ts:5"]);
  assert.deepEqual(await lines([target], false), []);
  const dump = { path: "dump.sql", text: "CREATE TABLE users (full_name text);\n", statements: [] };
  assert.deepEqual((await findUses([dump], [target])).named.map(({ line }) => line), [1]);
});

test("a name of three words tells what is meant, however many files have it", async () => {
  const target = { ...COLUMN, column: "marked_as_old", name: "public.users.marked_as_old" };
  const files = Array.from({ length: 30 }, (_, at) => ({
    path: `lib/part_${at}.ts`,
    text: "packet.markedAsOld = 1;\n",
  }));
  assert.equal((await findUses(files, [target])).uses.length, 30);
});

test("a name of one word is found wherever it is, where it is at home with its table", async () => {
  const target = { ...COLUMN, table: "app_dishes", column: "fibres", name: "app_dishes.fibres" };
  const about = [1, 2, 3].map((number) => ({
    path: `app/dish_${number}.py`,
    text: 'x = {"fibres": 1}\n',
  }));
  const models = { path: "app/models.py", text: "class Dishes(Model):\n    fibres = Field()\n" };
  const lines = async (files: readonly { readonly path: string; readonly text: string }[]) =>
    (await findUses(files, [target])).uses.map(({ file }) => file);
  assert.deepEqual(await lines([models, ...about]), [models, ...about].map(({ path }) => path));
  const others = [1, 2, 3].map((number) => ({ path: `cloth_${number}.py`, text: "fibres = 2\n" }));
  assert.deepEqual(await lines([models, ...about, ...others]), [models.path]);
});

test("placeholders of all styles become those of the dialect", () => {
  const sql =
    "SELECT a::text, '?:x', \"?\" FROM t WHERE b = :b AND c = :b AND d = ? AND e = %s AND f = %(f)s AND g = @g AND h = $1 -- ?";
  assert.equal(
    withParameters(sql, (number) => `$${number}`),
    "SELECT a::text, '?:x', \"?\" FROM t WHERE b = $1 AND c = $1 AND d = $2 AND e = $3 AND f = $4 AND g = $5 AND h = $6 -- ?",
  );
});

/** Logs and the queries in them. */
const LOGS: readonly (readonly [title: string, text: string, queries: readonly string[]])[] = [
  [
    "pg_stat_statements as CSV",
    'calls,query\n3,"SELECT ""a"", b\nFROM t WHERE c = $1"\n1,SELECT 1\n',
    ['SELECT "a", b\nFROM t WHERE c = $1', "SELECT 1"],
  ],
  [
    "pg_stat_statements as JSON",
    '[{"calls": 3, "query": "SELECT \\"a\\" FROM t"},\n{"query": "SELECT 2", "calls": 1}]',
    ['SELECT "a" FROM t', "SELECT 2"],
  ],
  [
    "a slow log of MySQL",
    "# Time: 2026-01-01T00:00:00Z\n# User@Host: a[a] @ b\n# Query_time: 1\nSET timestamp=1;\nSELECT a\nFROM t;\n# Time: x\n# Query_time: 2\nSELECT 2;\n",
    ["SELECT a\nFROM t;", "SELECT 2;"],
  ],
  [
    "a log of Postgres",
    "2026 [1] LOG:  duration: 5 ms  statement: SELECT a\n\tFROM t\n2026 [1] LOG:  duration: 1 ms  execute <unnamed>: SELECT 2\n",
    ["SELECT a\n FROM t", "SELECT 2"],
  ],
];

for (const [title, text, queries] of LOGS) {
  test(title, () => {
    assert.ok(looksLikeLog(text));
    assert.deepEqual(loggedQueries(text).map(({ sql }) => sql), queries);
  });
}

/** Of a hostile file, in characters. */
const SIZE = DEEP ? 200_000 : 50_000;

test("hostile files take no time that grows with the square of their size", async () => {
  const pieces = [
    "func (a",
    " ",
    "/*",
    "$a$ ",
    "update ",
    "x.name name: ",
    "'sad' ",
    "a_",
    '"name", ',
    "@a(",
    "name=",
    "user name ",
    "insert into users (",
    "with ",
    "class user { name ",
    "n = User(); n.name = 1; n = 2; ",
    "`SELECT name FROM users ",
  ];
  const targets: readonly Target[] = [
    { ...COLUMN, column: "name", isShared: true },
    { ...COLUMN, change: "require" },
    { ...COLUMN, change: "nullable", column: "name" },
    { ...COLUMN, column: null, kind: "table", change: "drop" },
    { ...COLUMN, change: "value-drop", values: { old: ["sad", "name"], fresh: [], gone: ["sad"] } },
    { ...COLUMN, change: "values", values: { old: ["sad", "name"], fresh: ["x"], gone: [] } },
  ];
  for (const piece of pieces) {
    const text = `user name sad ${piece.repeat(Math.ceil(SIZE / piece.length))}`;
    for (const end of ["ts", "go", "py", "rb", "html"]) {
      await findUses([{ path: `a.${end}`, text }], targets);
    }
  }
});

test("a value that is gone: texts beside another value, and statements that name its column", async () => {
  const target: Target = {
    ...COLUMN,
    change: "value-drop",
    name: "users.mood",
    table: "users",
    column: "mood",
    values: { old: ["sad", "great"], fresh: [], gone: ["great"] },
  };
  const text = `q("SELECT id FROM users WHERE mood = 'great'");
q("SELECT id FROM orders WHERE note = 'great'");
const moods = ["sad",
  "great"];
`;
  const files = [{ path: "a.ts", text }, { path: "b.ts", text: 'say("great");\n' }];
  const { uses, queries } = await findUses(files, [target]);
  assert.deepEqual(uses.map(({ file, line }) => `${file}:${line}`), ["a.ts:4"]);
  assert.deepEqual(queries.flatMap(({ meanings }) => meanings.map(({ line }) => line)), [1]);
});
