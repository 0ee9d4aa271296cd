/** Migrations that went wrong at many places, each on its schema and rows, end in the right finding. */

import assert from "node:assert/strict";
import test from "node:test";
import { ACCIDENTS } from "../../scripts/accidents/accidents.ts";
import { codesOfExample } from "../../scripts/accidents/find.ts";
import { mysqlLocal } from "../../src/runtimes/mysql_local.ts";

const target = { dialect: "mariadb", version: null, needs: [], anyVersion: true };
const missing = await mysqlLocal.refuses(target);

for (const accident of ACCIDENTS) {
  const skip = accident.engine === "mariadb" && missing !== null ? missing : false;
  test(`${accident.engine}: ${accident.title}`, { skip }, async () => {
    const found = await codesOfExample(accident);
    assert.ok(found.includes(accident.code), `${accident.code} is not among ${found.join(", ")}`);
  });
}
