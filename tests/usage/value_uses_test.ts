/** Code that meets a new value of an enumeration, or NULL, unprepared, in each language whose types tell. */

import assert from "node:assert/strict";
import test from "node:test";
import { findUses } from "../../src/usage/find_uses.ts";
import type { Target } from "../../src/usage/target.ts";

const MOOD: Target = {
  change: "values",
  kind: "enum",
  name: "public.mood",
  table: "mood",
  column: null,
  isShared: false,
  values: { old: ["sad", "ok"], fresh: ["great"], gone: [] },
};

/** Code that names all values there were, and the lines where that begins; `fresh` is put where the new value would be. */
const SWITCHES:
  readonly (readonly [path: string, text: string, fresh: string, lines: readonly number[]])[] = [
    [
      "a.ts",
      'function f(m: "sad" | "ok"): number {\n  switch (m) {\n    case "sad": return 1;\n    case "ok": return 2;\n    //+\n  }\n}\n',
      'case "great": return 3;',
      [1, 3],
    ],
    [
      "a.go",
      "func f(m Mood) int {\n\tswitch m {\n\tcase MoodSad:\n\t\treturn 1\n\tcase MoodOk:\n\t\treturn 2\n\t//+\n\t}\n\treturn 0\n}\n",
      "case MoodGreat:\n\t\treturn 3",
      [3],
    ],
    [
      "A.java",
      "class A {\n int f(Mood m) {\n  return switch (m) {\n   case SAD -> 1;\n   case OK -> 2;\n   //+\n  };\n }\n}\n",
      "case GREAT -> 3;",
      [4],
    ],
    [
      "a.kt",
      "fun f(m: Mood) = when (m) {\n  Mood.SAD -> 1\n  Mood.OK -> 2\n  //+\n}\n",
      "Mood.GREAT -> 3",
      [2],
    ],
    [
      "a.rs",
      "fn f(m: Mood) -> i32 {\n  match m {\n    Mood::Sad => 1,\n    Mood::Ok => 2,\n    //+\n  }\n}\n",
      "Mood::Great => 3,",
      [3],
    ],
    [
      "A.cs",
      "class A {\n int F(Mood m) => m switch {\n  Mood.Sad => 1,\n  Mood.Ok => 2,\n  //+\n };\n}\n",
      "Mood.Great => 3,",
      [3],
    ],
    [
      "a.py",
      "def f(m: Mood) -> int:\n    match m:\n        case Mood.SAD:\n            return 1\n        case Mood.OK:\n            return 2\n        #+\n",
      "case Mood.GREAT:\n            return 3",
      [3],
    ],
  ];

for (const [path, text, fresh, wanted] of SWITCHES) {
  test(`${path}: a switch over every value that there was, and not one that has the new one`, async () => {
    const lines = async (text: string) =>
      (await findUses([{ path, text }], [MOOD])).uses.map((use) => use.line);
    assert.deepEqual(await lines(text), wanted);
    assert.deepEqual(await lines(text.replace(/(?:\/\/|#)\+/, fresh)), []);
  });
}

const NICK: Target = {
  change: "nullable",
  kind: "column",
  name: "public.users.nick",
  table: "users",
  column: "nick",
  isShared: false,
};

/** A model with a member that takes no NULL, the same with one that does, and the member's line. */
const MEMBERS: readonly (readonly [path: string, text: string, takes: string, line: number])[] = [
  [
    "a.ts",
    "interface User {\n  nick: string;\n}\n",
    "interface User {\n  nick: string | null;\n}\n",
    2,
  ],
  [
    "drizzle.ts",
    'const users = pgTable("users", {\n  nick: text("nick").notNull(),\n});\n',
    'const users = pgTable("users", {\n  nick: text("nick"),\n});\n',
    2,
  ],
  ["a.go", "type User struct {\n\tNick string\n}\n", "type User struct {\n\tNick *string\n}\n", 2],
  [
    "b.go",
    "type User struct {\n\tNick string\n}\n",
    "type User struct {\n\tNick sql.NullString\n}\n",
    2,
  ],
  ["A.java", "class User {\n  int nick;\n}\n", "class User {\n  Integer nick;\n}\n", 2],
  ["a.kt", "class User(\n  val nick: String,\n)\n", "class User(\n  val nick: String?,\n)\n", 2],
  ["a.rs", "struct User {\n  nick: String,\n}\n", "struct User {\n  nick: Option<String>,\n}\n", 2],
  [
    "A.cs",
    "class User {\n  public string Nick { get; set; }\n}\n",
    "class User {\n  public string? Nick { get; set; }\n}\n",
    2,
  ],
  [
    "a.py",
    "class User(Base):\n    nick: Mapped[str] = mapped_column()\n",
    "class User(Base):\n    nick: Mapped[Optional[str]] = mapped_column()\n",
    2,
  ],
  [
    "pydantic.py",
    "class User(BaseModel):\n    nick: str\n",
    "class User(BaseModel):\n    nick: str | None\n",
    2,
  ],
  ["a.prisma", "model User {\n  nick String\n}\n", "model User {\n  nick String?\n}\n", 2],
];

for (const [path, text, takes, line] of MEMBERS) {
  test(`${path}: a member that cannot be NULL, and not one that can`, async () => {
    const lines = async (text: string) =>
      (await findUses([{ path, text }], [NICK])).uses.map((use) => use.line);
    assert.deepEqual(await lines(text), [line]);
    assert.deepEqual(await lines(takes), []);
  });
}
