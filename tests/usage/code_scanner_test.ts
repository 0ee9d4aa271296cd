import assert from "node:assert/strict";
import test from "node:test";
import { codeTokens, HOLE, sourceOffset } from "../../src/usage/code_scanner.ts";
import { languageOf } from "../../src/usage/language.ts";
import { literalsOf } from "../../src/usage/literals.ts";

/** A file of a language, and the strings in it; `#` stands for an expression. */
const CASES: readonly {
  readonly title: string;
  readonly path: string;
  readonly text: string;
  readonly strings: readonly string[];
}[] = [
  {
    title: "TypeScript: templates with expressions that hold strings",
    path: "a.ts",
    text: "const a = `SELECT ${cond ? `x ${y}` : 'b'} FROM t`; // 'no'\n/* \"no\" */ f(\"it's\")",
    strings: ["SELECT # FROM t", "it's"],
  },
  {
    title: "TypeScript: a pattern between slashes opens no string, a division does not either",
    path: "a.ts",
    text: "x.match(/['\"`]/g); const b = a / 2 / c; g('s')",
    strings: ["s"],
  },
  {
    title: "TypeScript: an apostrophe in JSX ends with its line",
    path: "a.tsx",
    text: "<p>Don't</p>\n<b>{t('key')}</b>",
    strings: ["key"],
  },
  {
    title: "strings joined by + are one, with an expression between as well",
    path: "a.js",
    text: 'q("SELECT a " +\n  "FROM t " + where + " LIMIT 1")',
    strings: ["SELECT a FROM t # LIMIT 1"],
  },
  {
    title: "Python: f-strings, triple quotes, neighbours",
    path: "a.py",
    text: "# 'no'\nq = f\"\"\"SELECT {a['x']} {{}}\"\"\"\nr = ('a '\n  'b')\ns = r'\\d'",
    strings: ["SELECT # {}}", "a b", "d"],
  },
  {
    title: "Go: raw strings and tags",
    path: "a.go",
    text: 'q := `SELECT "a"\nFROM t`\nN string `db:"full_name"` // `no`\nc := \'"\'; d := "x"',
    strings: ['SELECT "a"\nFROM t', 'db:"full_name"', '"', "x"],
  },
  {
    title: "Java: text blocks",
    path: "A.java",
    text: 'String q = """\n  SELECT 1""" + "x"; char c = \'"\';',
    strings: ["\n  SELECT 1x", '"'],
  },
  {
    title: "Kotlin: names and expressions in strings",
    path: "a.kt",
    text: 'val q = "SELECT $col FROM ${t.name} WHERE"; val r = """a $b"""',
    strings: ["SELECT # FROM # WHERE", "a #"],
  },
  {
    title: "Ruby: here documents, percent strings, symbols, comments",
    path: "a.rb",
    text:
      "find_by_sql(<<~SQL, id)\n  SELECT #{a} FROM t # in it\nSQL\nx = %q{a b}\n# 'no'\ny = 'it'",
    strings: ["  SELECT # FROM t # in it\n", "a b", "it"],
  },
  {
    title: "Rust: raw strings with hashes, lifetimes",
    path: "a.rs",
    text: 'fn f<\'a>(x: &\'a str) { q(r#"SELECT "a""#); q("b"); let c = \'"\'; }',
    strings: ['SELECT "a"', "b", '"'],
  },
  {
    title: "PHP: here documents, names in strings, joined by dots",
    path: "a.php",
    text: "<?php $q = <<<SQL\nSELECT $a\nSQL;\n$r = 'a ' . $b . ' c'; # 'no'",
    strings: ["SELECT #\n", "a # c"],
  },
  {
    title: "C#: verbatim, interpolated and raw strings",
    path: "a.cs",
    text: 'var a = @"SELECT ""a"""; var b = $"x {y} {{z"; var c = """a "b" c""";',
    strings: ['SELECT "a"', "x # {z", 'a "b" c'],
  },
];

for (const { title, path, text, strings } of CASES) {
  test(title, () => {
    const language = languageOf(path);
    assert.ok(language !== null);
    const literals = literalsOf(text, codeTokens(text, language));
    assert.deepEqual(literals.map(({ value }) => value.replaceAll(HOLE, "#")), strings);
    for (const { value, parts } of literals) {
      for (const word of value.matchAll(/[a-z_]{2,}/gi)) {
        const at = sourceOffset(parts, word.index);
        assert.equal(text.slice(at, at + word[0].length), word[0]);
      }
    }
  });
}

test("what has no end is read to the end", () => {
  const language = languageOf("a.ts");
  assert.ok(language !== null);
  for (const piece of ["`${", '"', "/*", "'a", "/[", "`"]) {
    codeTokens(piece.repeat(20_000), language);
  }
});
