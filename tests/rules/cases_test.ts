/** Labelled statements of our own: which findings each must have, and which it must not, on every engine that is on this machine. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { CaseLinter, compared, type LintCase } from "../../scripts/lintcases/case_linter.ts";
import { RULES } from "../../src/rules/mod.ts";
import { mysqlLocal } from "../../src/runtimes/mysql_local.ts";
import { part } from "../depth.ts";

const CODES = new Set(RULES.map(({ code }) => code));

for (const engine of ["postgres", "sqlite", "mysql", "mariadb"]) {
  const target = { dialect: engine, version: null, needs: [], anyVersion: true };
  const isServer = engine === "mysql" || engine === "mariadb";
  const skip = isServer ? await mysqlLocal.refuses(target) ?? false : false;
  const text = await readFile(new URL(`cases/${engine}.jsonl`, import.meta.url), "utf8");
  const all = text.split("\n").filter((line) => line !== "").map((line): LintCase =>
    JSON.parse(line)
  );

  test(`the codes of the cases of ${engine} are those of rules`, () => {
    for (const { id, expect, forbid } of all) {
      for (const code of [...expect, ...forbid]) assert.ok(CODES.has(code), `${id}: ${code}`);
    }
    assert.equal(new Set(all.map(({ id }) => id)).size, all.length);
  });

  test(`findings about the cases of ${engine}`, { skip }, async (t) => {
    await using linter = new CaseLinter();
    for (const one of part(all, 6)) {
      await t.test(`${one.id}: ${one.sql.slice(0, 60)}`, async () => {
        const found = await linter.codesOf(one);
        const { missing, wrong } = compared(one, found);
        assert.deepEqual({ missing, wrong }, { missing: [], wrong: [] }, found.join(", "));
      });
    }
  });
}
