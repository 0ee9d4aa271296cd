/** Migrations that went wrong at many places, each on its schema and rows, end in the right finding. */

import assert from "node:assert/strict";
import test, { after } from "node:test";
import { ACCIDENTS } from "../../scripts/accidents/accidents.ts";
import { findingsOf } from "../../scripts/accidents/find.ts";
import { CaseLinter } from "../../scripts/lintcases/case_linter.ts";
import { mysqlLocal } from "../../src/runtimes/mysql_local.ts";

const target = { dialect: "mariadb", version: null, needs: [], anyVersion: true };
const linter = new CaseLinter();
after(() => linter[Symbol.asyncDispose]());
const missing = await mysqlLocal.refuses(target);

for (const accident of ACCIDENTS) {
  const skip = accident.engine === "mariadb" && missing !== null ? missing : false;
  test(`${accident.engine}: ${accident.title}`, { skip }, async () => {
    const found = (await findingsOf(linter, accident)).map(({ code }) => code);
    assert.ok(found.includes(accident.code), `${accident.code} is not among ${found.join(", ")}`);
  });
}
