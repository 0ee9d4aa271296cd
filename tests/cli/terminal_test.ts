import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { rm, writeFile } from "node:fs/promises";
import test from "node:test";
import { runAim, temporaryFolder } from "../run_aim.ts";

const USERS = "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, email TEXT);\n";

function project(schema: string, up = USERS, settings = 'engine = "sqlite"\n') {
  return temporaryFolder({
    "aim.toml": settings,
    "migrations/000001_users.up.sql": up,
    "migrations/000001_users.down.sql": "DROP TABLE users;\n",
    "schema.sql": schema,
  });
}

for (const width of [40, 60, 96, 300]) {
  test(`help is wrapped to a width of ${width}, and no wider than people read`, async () => {
    const most = Math.min(width, 96);
    for (const args of [["--help"], ["diff", "--help"], ["help", "exit-codes"]]) {
      const { stdout } = await runAim(args, { variables: { COLUMNS: String(width) } });
      for (const line of stdout.split("\n")) assert(line.length <= most, `${args}: ${line}`);
    }
  });
}

test("a command's help lists the settings that it goes by, and no others", async () => {
  const help = async (name: string) => (await runAim([name, "--help"])).stdout;
  assert.match(await help("diff"), /--column-order/);
  assert.doesNotMatch(await help("diff"), /--model|--max-retries/);
  assert.doesNotMatch(await help("completions"), /--engine|Settings/);
  assert.match(await help("generate"), /--max-retries/);
});

test("the schema is read from stdin, within bounds", async () => {
  await using folder = await project("");
  const diff = (stdin: string) =>
    runAim(["diff", "--schema", "-", "-q"], { cwd: folder.path, stdin });
  assert.equal((await diff(USERS)).stdout, "");
  assert.match((await diff(`${USERS}CREATE TABLE t (a INT);`)).stdout, /^\+ table {2}t /);
  const wrong = await diff("CREATE TABEL t (a INT);");
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /^ {2}--> stdin:1:/m);
  const large = await diff("-".repeat(32 * 1024 * 1024 + 1));
  assert.equal(large.code, 2);
  assert.match(large.stderr, /^error: Cannot read "stdin": it is larger than 32 MB$/m);
});

for (
  const [path, message] of [
    ["/dev/null", /it is a device, not a file/],
    ["nothere.sql", /Cannot find the schema "nothere\.sql"/],
    ["pipe", /it is a named pipe, not a file/],
  ] as const
) {
  test(`--schema ${path} is refused in words`, async () => {
    await using folder = await project("");
    if (path === "pipe") {
      await new Promise((resolve) => execFile("mkfifo", [join(folder.path, path)], resolve));
    }
    const { code, stderr } = await runAim(["diff", "--schema", path], { cwd: folder.path });
    assert.equal(code, 2);
    assert.match(stderr, message);
    assert.doesNotMatch(stderr, /^ {4}at /m);
  });
}

test("settings in a named pipe are refused in words, and nobody waits for them", async () => {
  await using folder = await project("");
  await rm(join(folder.path, "aim.toml"));
  await new Promise((resolve) => execFile("mkfifo", [join(folder.path, "aim.toml")], resolve));
  const { code, stderr } = await runAim(["diff"], { cwd: folder.path });
  assert.equal(code, 2);
  assert.match(stderr, /Cannot read "aim\.toml": it is a named pipe, not a file/);
});

/** Code of each dialect that holds lines of its own, and whether its catalog keeps their ends. */
const code: readonly (readonly [engine: string, code: string, kept: boolean])[] = [
  [
    "sqlite",
    `CREATE VIEW v AS\nSELECT id,\n  name\nFROM users;
CREATE TRIGGER t AFTER INSERT ON users BEGIN\n  SELECT 1;\n  SELECT 2;\nEND;\n`,
    false,
  ],
  [
    "postgres",
    `CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$\nSELECT 1\n$$;
CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n  RETURN NEW;\nEND\n$$;\n`,
    true,
  ],
];

for (const [engine, text, kept] of code) {
  test(`${engine}: other line ends of code are at most one note and no difference`, async () => {
    const unix = USERS + text;
    const settings = `engine = "${engine}"\n`;
    await using folder = await project(unix.replaceAll("\n", "\r\n"), unix, settings);
    for (const args of [["diff", "--exit-code"], ["generate"]]) {
      const { code, stdout, stderr } = await runAim(args, { cwd: folder.path });
      assert.equal(code, 0, stdout);
      assert.equal(stdout, "");
      assert.equal(stderr.split("Line ends differ (CRLF").length, kept ? 2 : 1, stderr);
    }
  });
}

test("line ends inside of values are a difference", async () => {
  const table = "CREATE TABLE notes (a TEXT DEFAULT 'x\ny');\n";
  await using folder = await project(
    USERS + table.replace("\n", "\r\n"),
    USERS + table,
  );
  const { code } = await runAim(["diff", "--exit-code", "-q"], { cwd: folder.path });
  assert.equal(code, 1);
});

test("an order of columns that does not count fills no diff", async () => {
  await using folder = await project(
    `CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, name TEXT, phone TEXT);
CREATE TABLE other (b INT, a INT);\n`,
    `${USERS}CREATE TABLE other (a INT, b INT);\n`,
  );
  const { stdout } = await runAim(["diff", "-q"], { cwd: folder.path });
  const changed = stdout.split("\n").filter((line) =>
    /^[-+][^-+]/.test(line) && /TEXT|INT/.test(line)
  );
  assert.deepEqual(changed.filter((line) => !/phone|name/.test(line)), [], stdout);
  assert.doesNotMatch(stdout, /other/);
});

for (
  const [name, args, slug] of [
    ["a sentence", ["--name", "Add Email!"], "add_email"],
    ["signs", ["--name=-- drop it;"], "drop_it"],
  ] as const
) {
  test(`--name of ${name} becomes a slug`, async () => {
    await using folder = await project(`${USERS}CREATE TABLE t (a INT);\n`);
    const { code, stdout, stderr } = await runAim(["generate", ...args], { cwd: folder.path });
    assert.equal(code, 0, stderr);
    assert.match(stdout, new RegExp(`^migrations/000002_${slug}\\.up\\.sql$`, "m"));
  });
}

test("an empty or unusable --name is a wrong request, also where there is nothing to migrate", async () => {
  await using folder = await project(USERS);
  for (const name of ["", "!!!", "x".repeat(200)]) {
    const { code } = await runAim(["generate", `--name=${name}`], { cwd: folder.path });
    assert.equal(code, 2, name);
  }
});

test("a dry run has BEGIN and COMMIT where the runner makes a transaction", async () => {
  const schema = `${USERS}CREATE TABLE t (a INT);\n`;
  const goose = (marker: string) => ({
    "aim.toml": 'engine = "sqlite"\nformat = "goose"\n',
    "migrations/00001_users.sql":
      `${marker}-- +goose Up\n${USERS}-- +goose Down\nDROP TABLE users;\n`,
    "schema.sql": schema,
  });
  await using folder = await temporaryFolder(goose(""));
  const { stdout } = await runAim(["generate", "--dry-run", "-q"], { cwd: folder.path });
  assert.match(
    stdout,
    /^BEGIN;\nCREATE TABLE t [^]*^COMMIT;\n\n-- [^]*^-- BEGIN;\n[^]*^-- DROP[^]*^-- COMMIT;\n$/m,
  );
});

test("bash offers commands first, and providers, models and runtimes where they stand", async () => {
  const { stdout } = await runAim(["completions", "bash"]);
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, "aim.bash"), stdout);
  const complete = (...words: string[]) =>
    new Promise<string>((resolve) => {
      const script =
        `source aim.bash; COMP_WORDS=(aim "$@"); COMP_CWORD=$#; _aim; echo "\${COMPREPLY[*]}"`;
      execFile("bash", ["-c", script, "bash", ...words], { cwd: folder.path }, (_error, out) =>
        resolve(out.trim()));
    });
  assert.match(await complete(""), /^init diff generate [a-z ]+$/);
  assert.match(await complete("--"), /^--engine /);
  assert.match(await complete("models", "anth"), /^anthropic$/);
  assert.match(await complete("auth", ""), /^anthropic openai /);
  assert.match(await complete("diff", "--runtime", ""), /pglite/);
  assert.match(await complete("generate", "--model", "anthropic/claude-h"), /^anthropic\/claude-h/);
  assert.doesNotMatch(await complete("diff", "--"), /--max-retries|--model/);
});

test("questions show no number of the planner and no JSON", async () => {
  await using folder = await project(
    "CREATE TABLE users (id INTEGER PRIMARY KEY, full_name TEXT, email TEXT);\n",
  );
  const { code, stderr } = await runAim(["generate"], { cwd: folder.path });
  assert.equal(code, 1);
  assert.match(stderr, /--rename users\.name=full_name/);
  assert.doesNotMatch(stderr, /similarity|likeness|position|usedBy|[{}]|\[object/);
});
