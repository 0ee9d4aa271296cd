/** Liquibase and Hibernate as they are: what aim reads of changelogs is what Liquibase does, and entities become proven migrations. */

import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { loadConfig } from "../../src/config/config.ts";
import { toolNamed } from "../../src/orm/mod.ts";
import { diff, generate, openProject } from "../../src/pipeline/mod.ts";
import { DEEP } from "../depth.ts";
import { temporaryFolder } from "../run_aim.ts";
import { javaWith, needed } from "./installed.ts";
import { CHANGELOGS, EDITS, ENTITIES } from "./java_cases.ts";
import { UNASKED } from "./unasked.ts";

const DRIVER = "org.postgresql:postgresql:42.7.7";
const SKIP = { skip: !DEEP && "runs in deno task deep" };
async function opened(folder: string, settings: readonly string[]) {
  await writeFile(join(folder, "aim.toml"), `${settings.join("\n")}\n`);
  const { config } = await loadConfig({ folder, variables: {} });
  const { signal } = new AbortController();
  return openProject(config, { emit: () => {}, signal, runsModels: true });
}

test("changelogs of XML, YAML and SQL leave what Liquibase makes of them", SKIP, async () => {
  const path = needed(
    await javaWith([
      "org.liquibase:liquibase-core:5.0.1",
      "info.picocli:picocli:4.7.7",
      "org.yaml:snakeyaml:2.4",
      DRIVER,
    ]),
  );
  await using folder = await temporaryFolder(CHANGELOGS);
  const words = [
    "java",
    "-cp",
    path,
    "liquibase.integration.commandline.LiquibaseCommandLine",
    "--changelog-file=db/changelog/db.changelog-master.yaml",
    "update",
  ];
  const settings = (schema: string) => [
    'engine = "postgres"',
    'format = "liquibase"',
    'migrations = "db/changelog"',
    `schema = ${schema}`,
    "[orm]",
    `command = ${JSON.stringify(words)}`,
    'door = "database"',
    'timeout = "5min"',
    'env = { LIQUIBASE_COMMAND_URL = "jdbc:postgresql://{host}:{port}/{database}", LIQUIBASE_COMMAND_USERNAME = "{user}", LIQUIBASE_COMMAND_PASSWORD = "{password}" }',
  ];
  const same = await diff(await opened(folder.path, settings('"orm:"')));
  assert.equal(same.outcome, "in-sync", same.text);
  await writeFile(join(folder.path, "more.sql"), "CREATE TABLE more (id int PRIMARY KEY);\n");
  const more = await opened(folder.path, settings('["orm:", "more.sql"]'));
  const made = await generate(more, { ...UNASKED });
  assert.equal(made.outcome, "proven", JSON.stringify(made.choices));
  const after = await diff(await opened(folder.path, settings('"orm:"')));
  assert.equal(
    after.outcome,
    "in-sync",
    `Liquibase applies the new changeset otherwise:\n${after.text}`,
  );
});

test("entities of Hibernate and five edits become proven migrations", SKIP, async () => {
  const path = needed(await javaWith(["org.hibernate.orm:hibernate-core:7.1.1.Final", DRIVER]));
  const script = toolNamed("hibernate").script;
  assert.ok(script);
  await using folder = await temporaryFolder({ ...ENTITIES, [script.file]: script.text });
  await mkdir(join(folder.path, "migrations"));
  const compile = `javac -cp '${path}' -d target/classes src/main/java/shop/*.java`;
  const program = `javac -cp '${path}' -d target/test ${script.file}`;
  const command =
    `(${compile} && ${program}) >&2 && java -cp '${path}:target/classes:target/test' aim.AimModels`;
  const open = () =>
    opened(folder.path, [
      'engine = "postgres"',
      'schema = "orm:"',
      "[orm]",
      'tool = "hibernate"',
      `command = ${JSON.stringify(command)}`,
      'timeout = "5min"',
    ]);
  const first = await generate(await open(), { ...UNASKED });
  assert.equal(first.outcome, "proven", JSON.stringify(first.proof ?? first.choices));
  for (const [name, from, to] of EDITS) {
    const file = join(folder.path, "src/main/java/shop", name);
    const text = await readFile(file, "utf8");
    assert.ok(text.includes(from), from);
    await writeFile(file, text.replace(from, to));
    const outcome = await generate(await open(), { ...UNASKED });
    assert.equal(outcome.outcome, "proven", `${to}: ${JSON.stringify(outcome.choices)}`);
  }
  assert.equal((await diff(await open())).outcome, "in-sync");
});
