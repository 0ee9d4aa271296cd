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
