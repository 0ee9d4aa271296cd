/** What a language, a runner or a driver may take for something else, written in every format and run as it is read back. */

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import test from "node:test";
import type { Draft } from "../../src/core/plan.ts";
import type { PlannedStatement } from "../../src/core/statement.ts";
import { UsageError } from "../../src/core/error.ts";
import { lexiconOf } from "../../src/engines/all.ts";
import { FORMATS } from "../../src/formats/all.ts";

const TEXTS: readonly string[] = [
  "it's",
  'a "name" """ \\"""',
  "\\ \\\\ \\n \\: ends in \\",
  "$$ $1 $body$",
  "`b` \\`",
  "${x} $${x} \\${x}",
  "#{x} #$x #@x",
  ":x :x:y 12:30:x \\:x :1",
  "now()::date ::",
  "? ?? ???",
  "% %s %(x)s %%",
  "a\nb\n;\nc",
  "a\r\nb",
  "é ✓ 😀 \u2028 \u00a0",
  "{{x}} <%= x %> {% x %}",
  "/* c */ // d -- e # f",
  "--> a; GO",
];

/** What a format cannot say, and refuses to write. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  liquibase: /\$\{|\r/,
};

function statement(sql: string): PlannedStatement {
  const reason = { action: "describe", text: "a" } as const;
  return { sql, serves: ["view:v"], reason, transactional: true };
}

const options = { dialect: "sqlite", lexicon: lexiconOf("sqlite") };

for (const format of FORMATS.filter(({ writes }) => writes)) {
  test(`${format.title} is written so that texts of all kinds arrive as they are`, () => {
    let seen = 0;
    for (const text of TEXTS) {
      const draft: Draft = {
        author: "planner",
        name: "odd",
        up: [statement(`CREATE VIEW v AS SELECT '${text.replaceAll("'", "''")}' AS t`)],
        down: [statement("DROP VIEW v")],
        reversible: "exact",
        notes: [],
      };
      const render = () => format.render({ draft, header: [text], ...options }, [], new Date());
      if (REFUSED[format.name]?.test(text)) {
        assert.throws(render, UsageError);
        continue;
      }
      const [migration] = format.parse(render(), options).migrations;
      const database = new DatabaseSync(":memory:");
      try {
        database.exec(migration?.up.text ?? "");
        assert.deepEqual({ ...database.prepare("SELECT t FROM v").get() }, { t: text });
        if (migration?.down) database.exec(migration.down.text);
        seen++;
      } finally {
        database.close();
      }
    }
    assert.ok(seen > TEXTS.length / 2);
  });
}

/** Changelogs of Liquibase in which a user writes SQL as a text of that language. */
const CHANGELOGS: readonly (readonly [path: string, write: (sql: string) => string])[] = [
  [
    "changelog.xml",
    (sql) =>
      `<databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog"><changeSet id="1" author="a"><sql splitStatements="false"><![CDATA[${
        sql.replaceAll("]]>", "]]]]><![CDATA[>")
      }]]></sql></changeSet></databaseChangeLog>`,
  ],
  [
    "changelog.sql",
    (sql) => `--liquibase formatted sql\n--changeset a:1 splitStatements:false\n${sql}\n`,
  ],
  [
    "changelog.yaml",
    (sql) =>
      `databaseChangeLog:\n  - changeSet:\n      id: 1\n      author: a\n      changes:\n        - sql:\n            splitStatements: false\n            sql: ${
        JSON.stringify(sql).replaceAll("\u2028", "\\u2028")
      }\n`,
  ],
];

for (const [path, write] of CHANGELOGS) {
  test(`texts of all kinds in a ${path} of Liquibase arrive as they are`, () => {
    const format = FORMATS.find(({ name }) => name === "liquibase");
    for (const text of [...TEXTS, "]]>", "a & b &amp; <c>", "- a: b #c"]) {
      const sql = `CREATE VIEW v AS SELECT '${text.replaceAll("'", "''")}' AS t`;
      const [migration] = format?.parse([{ path, text: write(sql) }], options).migrations ?? [];
      const database = new DatabaseSync(":memory:");
      try {
        database.exec(migration?.up.text ?? "");
        // Liquibase takes carriage returns out.
        const seen = { t: text.replaceAll("\r", "") };
        assert.deepEqual({ ...database.prepare("SELECT t FROM v").get() }, seen);
      } finally {
        database.close();
      }
    }
  });
}
