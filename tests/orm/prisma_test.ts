/** Models of Prisma, read by the embedded engine: to a proven migration, through five edits, on both dialects. */

import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { loadConfig } from "../../src/config/config.ts";
import { UsageError } from "../../src/core/error.ts";
import { readPrisma } from "../../src/orm/prisma/read_prisma.ts";
import { diff, generate, openProject, validate } from "../../src/pipeline/mod.ts";
import { temporaryFolder } from "../run_aim.ts";
import { EDITS, HEAD, POSTGRES, SQLITE } from "./shops/prisma.ts";

async function prismaProject(engine: string, models: string, more: readonly string[] = []) {
  const folder = await temporaryFolder({
    "aim.toml": [
      `engine = "${engine}"`,
      'schema = ["orm:"]',
      ...more,
      "[orm]",
      'tool = "prisma"',
      "",
    ].join("\n"),
    "prisma/schema.prisma": models,
  });
  await mkdir(join(folder.path, "migrations"));
  const open = async () => {
    const { config } = await loadConfig({ folder: folder.path, variables: {} });
    return await openProject(config, { emit: () => {}, signal: new AbortController().signal });
  };
  return {
    path: folder.path,
    diff: async () => await diff(await open()),
    validate: async () => await validate(await open()),
    write: (text: string) => writeFile(join(folder.path, "prisma/schema.prisma"), text),
    generate: async () =>
      await generate(await open(), {
        dryRun: false,
        answers: new Map(),
        renames: [],
        onAmbiguity: "fail",
      }),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

for (const [engine, models] of [["postgres", POSTGRES], ["sqlite", SQLITE]] as const) {
  test(`models of Prisma and five edits become proven migrations of ${engine}`, async () => {
    await using project = await prismaProject(engine, models);
    const first = await project.generate();
    assert.equal(first.outcome, "proven", JSON.stringify(first.proof));
    let text = models;
    for (const [what, from, to] of EDITS) {
      assert.ok(text.includes(from), from);
      text = text.replace(from, to);
      await project.write(text);
      const outcome = await project.generate();
      assert.equal(outcome.outcome, "proven", `${what}: ${JSON.stringify(outcome.proof)}`);
      assert.equal((await project.diff()).outcome, "in-sync", what);
    }
  });
}

test("what models of Prisma cannot say is kept from the migrations, and said", async () => {
  await using project = await prismaProject("postgres", POSTGRES, ['constraint_names = "ignore"']);
  await project.generate();
  await writeFile(
    join(project.path, "migrations/000002_more.up.sql"),
    `CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
     CREATE TRIGGER touched BEFORE UPDATE ON "Tag" FOR EACH ROW EXECUTE FUNCTION touch();
     CREATE VIEW admins AS SELECT id FROM "User" WHERE role = 'ADMIN';
     ALTER TABLE orders ADD CONSTRAINT total_known CHECK (total >= 0);
     ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
     CREATE POLICY own ON orders USING (true);
     COMMENT ON TABLE "Tag" IS 'labels';
     ALTER INDEX "User_email_key" RENAME TO users_email_unique;`,
  );
  const same = await project.diff();
  assert.equal(same.outcome, "in-sync", same.text);
  const kept = same.notes.find((note) => note.startsWith("Kept as the migrations have it")) ?? "";
  for (const word of ["1 trigger", "1 function", "1 view", "1 check", "1 policy"]) {
    assert.ok(kept.includes(word), kept);
  }
  assert.equal((await project.validate()).schema, "in-sync");
  await project.write(POSTGRES.replace("  name   String", "  name   String\n  color  String?"));
  const outcome = await project.generate();
  assert.equal(outcome.outcome, "proven");
  assert.deepEqual(outcome.changes.map(({ op, id }) => `${op} ${id}`), [
    "create column:public.Tag.color",
  ]);
});

test("what Prisma does not tell apart, and extensions that it does not name, are no change", async () => {
  const models = `${HEAD("postgresql")}
enum Level {
  low
  mid
  high
  top
}

model Page {
  id    Int    @id @default(autoincrement())
  slug  String
  site  Int
  level Level

  @@unique([site, slug])
  @@index([slug(ops: raw("gin_trgm_ops"))], type: Gin)
}
`;
  await using project = await prismaProject("postgres", models, ['format = "dbmate"']);
  const up = `-- migrate:up
CREATE EXTENSION pg_trgm;
CREATE TYPE "Level" AS ENUM ('low', 'high', 'mid');
CREATE TABLE "Page" (id serial PRIMARY KEY, slug text NOT NULL, site integer NOT NULL, level "Level" NOT NULL);
ALTER TABLE "Page" ADD CONSTRAINT "Page_site_slug_key" UNIQUE (site, slug);
CREATE INDEX "Page_slug_idx" ON "Page" USING gin (slug gin_trgm_ops);
-- migrate:down
DROP TABLE "Page";
DROP TYPE "Level";
DROP EXTENSION pg_trgm;
`;
  await writeFile(join(project.path, "migrations/20240101000000_page.sql"), up);
  const { changes, outcome } = await project.diff();
  assert.equal(outcome, "differs");
  // `top` is new; the others stay in the order of the migrations.
  const labels = changes.map((change) =>
    change.op === "alter" ? [change.id, change.after.facts.labels] : [change.op, change.id]
  );
  assert.deepEqual(labels, [["enum:public.Level", ["low", "high", "mid", "top"]]]);
  await project.write(models.replace("  top\n", ""));
  const same = await project.diff();
  assert.equal(same.outcome, "in-sync", same.text);
});

test("names of constraints and indexes do not count in SQLite either, where the settings say so", async () => {
  await using project = await prismaProject("sqlite", SQLITE, ['constraint_names = "ignore"']);
  await project.generate();
  await writeFile(
    join(project.path, "migrations/000002_more.up.sql"),
    'DROP INDEX "User_email_key"; CREATE UNIQUE INDEX users_email ON "User" (email);',
  );
  assert.equal((await project.diff()).outcome, "in-sync");
  await project.write(SQLITE.replace("  email     String   @unique", "  email     String"));
  const { changes } = await project.diff();
  assert.deepEqual(changes.map(({ op, id }) => `${op} ${id}`), ["drop index:users_email"]);
});

test("what stands on a table that the models drop goes with it", async () => {
  await using project = await prismaProject("postgres", POSTGRES);
  await project.generate();
  await writeFile(
    join(project.path, "migrations/000002_more.up.sql"),
    'CREATE TABLE old (id integer, CONSTRAINT old_check CHECK (id > 0)); CREATE VIEW olds AS SELECT * FROM old; CREATE VIEW tags AS SELECT * FROM "Tag";',
  );
  const { changes } = await project.diff();
  const ids = changes.map(({ op, id }) => `${op} ${id}`);
  assert.ok(
    ids.includes("drop table:public.old") && ids.includes("drop view:public.olds"),
    ids.join(),
  );
  assert.ok(!ids.some((id) => id.includes("public.tags")), ids.join());
});

test("a view in a file beside the models is the user's to change and to drop", async () => {
  await using project = await prismaProject("postgres", POSTGRES);
  await project.generate();
  await writeFile(
    join(project.path, "migrations/000002_more.up.sql"),
    'CREATE VIEW one AS SELECT id FROM "Tag"; CREATE VIEW two AS SELECT id FROM "User";',
  );
  await writeFile(join(project.path, "extra.sql"), 'CREATE VIEW one AS SELECT id FROM "Tag";');
  const settings = 'engine = "postgres"\nschema = ["orm:", "extra.sql"]\n[orm]\ntool = "prisma"\n';
  await writeFile(join(project.path, "aim.toml"), settings);
  const { changes } = await project.diff();
  assert.deepEqual(changes.map(({ op, id }) => `${op} ${id}`), ["drop view:public.two"]);
});

test("findings point at the models and their fields", async () => {
  await using project = await prismaProject("sqlite", SQLITE);
  await project.generate();
  await project.write(SQLITE.replace("  name   String", "  name   String\n  color  String?"));
  const [finding] = (await project.diff()).findings;
  const line = SQLITE.split("\n").findIndex((text) => text.startsWith("  name   String")) + 2;
  assert.match(finding?.place?.file ?? "", /prisma\/schema\.prisma$/);
  assert.deepEqual([finding?.place?.line, finding?.place?.column], [line, 3]);
});

const target = { dialect: "postgres", version: "16" } as const;

test("addresses that Prisma had in its schema until version 6 are no fault, and lines stay", async () => {
  const content = POSTGRES.replace(
    '"postgresql"\n',
    '"postgresql"\n  url = env("DATABASE_URL")\n  directUrl = env("DIRECT_URL")\n',
  );
  const { text } = await readPrisma([{ path: "schema.prisma", content }], target);
  assert.match(text, /CREATE TABLE "User"/);
  const line = content.split("\n").findIndex((one) => one.startsWith("model User")) + 1;
  assert.ok(text.includes(`-- atlas:pos User[type=table] schema.prisma:${line}:1\n`));
  assert.ok(text.includes("-- atlas:pos orders[type=table]"));
});

test("models in several files are one schema", async () => {
  const cut = POSTGRES.indexOf("model Order");
  const files = [
    { path: "a.prisma", content: POSTGRES.slice(0, cut) },
    { path: "b.prisma", content: POSTGRES.slice(cut) },
  ];
  const { text } = await readPrisma(files, target);
  assert.match(text, /CREATE TABLE "orders"/);
});

test("what Prisma refuses is an error at its place", async () => {
  const content = POSTGRES.replace("role      Role ", "role      Rolle");
  await assert.rejects(readPrisma([{ path: "schema.prisma", content }], target), (error) => {
    assert.ok(error instanceof UsageError);
    assert.match(error.message, /Type "Rolle" is neither/);
    assert.equal(error.source?.trim().startsWith("role"), true);
    assert.equal(
      error.place?.line,
      content.split("\n").findIndex((one) => one.includes("Rolle")) + 1,
    );
    return true;
  });
});

test("models for another dialect are an error that says which", async () => {
  const files = [{ path: "schema.prisma", content: SQLITE }];
  await assert.rejects(readPrisma(files, target), /their provider is "sqlite"/);
});
