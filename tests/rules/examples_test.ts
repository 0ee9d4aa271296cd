/** The examples of every rule: what it must find, and what it must not, on the engines that are built in. */

import assert from "node:assert/strict";
import test from "node:test";
import { loadConfig } from "../../src/config/config.ts";
import { ENGINES } from "../../src/engines/all.ts";
import type { Engine } from "../../src/engines/engine.ts";
import type { Migration } from "../../src/formats/format.ts";
import { lintOn, openProject, type Sources, startServer } from "../../src/pipeline/mod.ts";
import { RULES } from "../../src/rules/mod.ts";
import type { RuleExample } from "../../src/rules/rule.ts";
import { mysqlLocal } from "../../src/runtimes/mysql_local.ts";
import type { Server } from "../../src/runtimes/runtime.ts";

const BUILT_IN = ["postgres", "sqlite", ...await hasMariadb() ? ["mariadb"] : []];

async function hasMariadb(): Promise<boolean> {
  const target = { dialect: "mariadb", version: null, needs: [], anyVersion: true };
  return await mysqlLocal.refuses(target) === null;
}

test("codes are unique, sentences end as sentences, and there is an example of each kind", () => {
  assert.equal(new Set(RULES.map(({ code }) => code)).size, RULES.length);
  for (const { code, title, why, instead, bad, good } of RULES) {
    assert.match(code, /^[a-z][a-z0-9-]+$/);
    assert.doesNotMatch(title, /\.$/, code);
    assert.match(why, /[.)]$/, code);
    assert.match(instead, /[.)]$/, code);
    assert.ok(bad.length > 0 && good.length > 0, code);
  }
});

for (const engine of ENGINES) {
  if (!BUILT_IN.includes(engine.dialect)) continue;
  // Where a rule is about several dialects, its examples are in the words of the first.
  const own = RULES.filter(({ engines }) => engines[0] === engine.dialect);
  test(`the examples of the rules of ${engine.dialect}`, async (t) => {
    const project = await projectOf(engine);
    await using server = await startServer(project, sourcesOf({ setup: "", sql: "" }));
    for (const { code, bad, good } of own) {
      await t.test(code, async () => {
        for (const example of bad) {
          const found = await codesOf(engine, server, example);
          assert.ok(found.includes(code), `${example.sql}: ${found.join(", ")}`);
        }
        for (const example of good) {
          const found = await codesOf(engine, server, example);
          assert.ok(!found.includes(code), `${example.sql}: ${found.join(", ")}`);
        }
      });
    }
  });
}

async function projectOf({ dialect }: Engine) {
  const { config } = await loadConfig({
    folder: "/",
    flags: { engine: [dialect], format: ["migrate"] },
    variables: {},
  });
  return await openProject(config, { emit: () => {}, signal: new AbortController().signal });
}

function sourcesOf({ setup, sql, outside, down }: RuleExample): Sources {
  const transaction = outside === true ? "none" : "auto";
  const migrations = [setup, sql].map((text, at): Migration => ({
    version: String(at + 1),
    name: String(at + 1),
    up: { file: `${at + 1}.sql`, text, transaction },
    down: at === 0 || down === undefined
      ? null
      : { file: `${at + 1}.down.sql`, text: down, transaction },
    files: [`${at + 1}.sql`],
  }));
  return { schema: [], files: [], history: { migrations, notes: [] } };
}

async function codesOf(engine: Engine, server: Server, example: RuleExample) {
  const options = { selection: { latest: 1 }, isStrict: true };
  const plain = await projectOf(engine);
  const policy = { ...plain.config.policy, ...example.policy };
  const project = { ...plain, config: { ...plain.config, policy } };
  const { findings } = await lintOn(project, server, sourcesOf(example), options);
  return findings.map(({ code }) => code);
}
