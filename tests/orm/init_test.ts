/** `aim init` in projects whose schema are models. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { runAim, temporaryFolder } from "../run_aim.ts";

const MANAGE = 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n';

interface InitCase {
  readonly tool: string;
  readonly files: Readonly<Record<string, string>>;
  /** What aim.toml must hold, each a line. */
  readonly lines: readonly string[];
  readonly script: string | null;
}

const CASES: readonly InitCase[] = [
  {
    tool: "prisma",
    files: { "prisma/schema.prisma": "model A {\n  id Int @id\n}\n" },
    lines: ['schema = "orm:"', "[orm]", 'tool = "prisma"', 'models = ["prisma/schema.prisma"]'],
    script: null,
  },
  {
    tool: "django",
    files: { "manage.py": MANAGE, "shop/models.py": "", ".venv/bin/python": "" },
    lines: [
      'tool = "django"',
      'command = [".venv/bin/python", "aim_models.py"]',
      'models = ["aim_models.py", "**/models.py"]',
    ],
    script: "aim_models.py",
  },
  {
    tool: "gorm",
    files: { "go.mod": "module a\n\nrequire (\n\tgorm.io/gorm v1.31.2\n)\n" },
    lines: ['tool = "gorm"', 'timeout = "10min"'],
    script: "aim_models/main.go",
  },
];

for (const { tool, files, lines, script } of CASES) {
  test(`a project of ${tool} is recognised, and set up with --orm ${tool}`, async () => {
    await using folder = await temporaryFolder(files);
    const aim = (...args: readonly string[]) => runAim(args, { cwd: folder.path });
    const made = await aim("init", "--engine", "postgres", "--orm", tool);
    assert.equal(made.code, 0, made.stderr);
    const written = (await readFile(join(folder.path, "aim.toml"), "utf8")).split("\n");
    for (const line of lines) assert.ok(written.includes(line), `${line}\n${written.join("\n")}`);
    assert.equal(existsSync(join(folder.path, "schema.sql")), false);
    if (script !== null) assert.ok(existsSync(join(folder.path, script)), script);
    const again = await aim("init", "--orm", tool);
    assert.equal(again.code, 0, again.stderr);
    assert.match(again.stderr, /lines for aim\.toml/);
  });
}

test("where nobody can be asked, the tool is named and nothing of it is used", async () => {
  await using folder = await temporaryFolder({ "manage.py": MANAGE });
  const made = await runAim(["init", "--engine", "sqlite"], { cwd: folder.path });
  assert.equal(made.code, 0, made.stderr);
  assert.match(made.stderr, /a project of Django; its models can be the schema: --orm django/);
  assert.match(await readFile(join(folder.path, "aim.toml"), "utf8"), /^schema = "schema\.sql"$/m);
});

test("a tool that is unknown, or has no way to the dialect, is an error before anything is written", async () => {
  await using folder = await temporaryFolder();
  const aim = (...args: readonly string[]) => runAim(args, { cwd: folder.path });
  const unknown = await aim("init", "--engine", "postgres", "--orm", "djang");
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /did you mean "django"/);
  const other = await aim("init", "--engine", "mariadb", "--orm", "prisma");
  assert.equal(other.code, 2);
  assert.match(other.stderr, /there is a way for postgres, sqlite/);
  assert.equal(existsSync(join(folder.path, "aim.toml")), false);
});
