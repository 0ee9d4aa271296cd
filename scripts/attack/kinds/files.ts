/** Files that are no files, have no end, are too many or not text, and patterns that take for ever. */

import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { temporaryFolder } from "../../../tests/run_aim.ts";
import type { Random } from "../../../tests/property/random.ts";
import type { Attack } from "../attack.ts";
import { runBounded, wrongEnd } from "../bounded_run.ts";

/** Where a file of a project or a person is expected, and the command that reads it. */
interface Place {
  readonly path: string;
  readonly settings?: string;
  readonly args: readonly string[];
}

const PLACES: readonly Place[] = [
  { path: "aim.toml", args: ["diff"] },
  { path: "schema.sql", args: ["diff"] },
  { path: "schema/a.sql", settings: 'schema = "schema"', args: ["generate"] },
  { path: "schema/a.sql", settings: 'schema = "sch*/*.sql"', args: ["diff"] },
  { path: "migrations/000001_a.up.sql", args: ["validate"] },
  { path: "migrations/sqitch.plan", settings: 'format = "sqitch"', args: ["diff"] },
  { path: "settings/aim/credentials.toml", args: ["auth", "--list"] },
  { path: "settings/aim/trusted.toml", args: ["trust", "--list"] },
  {
    path: "answers.json",
    settings: 'model = "scripted/answers.json"\ngenerator = "model"',
    args: ["generate"],
  },
];

/** Puts something at a path where a file is expected; gives how aim names it. */
interface Thing {
  readonly name: string;
  readonly says: RegExp;
  put(path: string): Promise<AsyncDisposable | void> | AsyncDisposable | void;
}

const THINGS: readonly Thing[] = [
  {
    name: "a named pipe",
    says: /it is a named pipe, not a file/,
    put: (path) => void execFileSync("mkfifo", [path]),
  },
  { name: "a socket", says: /it is a socket, not a file/, put: socketAt },
  {
    name: "a link to an endless device",
    says: /it is a device, not a file|outside of the project/,
    put: (path) => symlinkSync("/dev/zero", path),
  },
  {
    name: "a folder",
    says: /it is a folder, not a|No \.sql file|Cannot find/,
    put: (path) => mkdirSync(path),
  },
  {
    name: "a file of 50 MB",
    says: /larger than (?:1|16|32) MB/,
    put: (path) => {
      writeFileSync(path, "");
      truncateSync(path, 50 * 1024 * 1024);
    },
  },
  {
    name: "links in a loop",
    says: /links form a loop|symbolic link/i,
    put: (path) => symlinkSync(path, path),
  },
  {
    name: "a link to nothing",
    says: /link to nothing|no such file|Cannot find/,
    put: (path) => symlinkSync("nowhere", path),
  },
  {
    name: "UTF-16",
    says: /UTF-16, not UTF-8/,
    put: (path) => writeFileSync(path, new Uint8Array([0xff, 0xfe, 0x61, 0])),
  },
  {
    name: "a lone surrogate",
    says: /line 2 is not UTF-8/,
    put: (path) => writeFileSync(path, new Uint8Array([0x2d, 0x2d, 0x0a, 0xed, 0xa0, 0x80])),
  },
  {
    name: "a zero byte",
    says: /zero byte/,
    put: (path) => writeFileSync(path, "--\0"),
  },
];

/** Every thing at the places where it can do harm; later rounds pick by chance. */
export const attacks: readonly Attack[] = [
  ...THINGS.map((thing): Attack => ({
    name: `${thing.name} where a file is expected`,
    run: async ({ random, round }) => {
      const places = round === 0 ? [PLACES[0], PLACES[1], PLACES[4]] : [random.pick(PLACES)];
      for (const place of places) {
        const damage = place === undefined ? null : await putAndRun(thing, place);
        if (damage !== null) return damage;
      }
      return null;
    },
  })),
  {
    name: "a named pipe at every place",
    run: async () => {
      for (const place of PLACES) {
        const damage = THINGS[0] === undefined ? null : await putAndRun(THINGS[0], place);
        if (damage !== null) return damage;
      }
      return null;
    },
  },
  { name: "an endless stdin", run: endlessStdin },
  { name: "more files than anybody keeps", run: () => tooManyFiles() },
  { name: "folders that link to each other", run: () => linkedFolders() },
  { name: "names with line breaks and bytes that are not UTF-8", run: () => strangeNames() },
  { name: "globs that take for ever", run: ({ random, round }) => slowGlobs(random, round) },
  { name: "globs that cannot be read", run: () => badGlobs() },
  { name: "patterns of ignore_tables that take for ever", run: ({ random }) => slowTables(random) },
];

async function putAndRun(thing: Thing, place: Place): Promise<string | null> {
  await using folder = await temporaryFolder({
    "aim.toml": `engine = "sqlite"\n${place.settings ?? ""}\n`,
    "schema.sql": "CREATE TABLE a (id integer PRIMARY KEY);\n",
    "migrations/sqitch.conf": "",
    "migrations/000001_a.down.sql": "",
  });
  const path = join(folder.path, place.path);
  rmSync(path, { force: true });
  mkdirSync(dirname(path), { recursive: true });
  await using _put = await thing.put(path) ?? { [Symbol.asyncDispose]: () => Promise.resolve() };
  const settings = join(folder.path, "settings");
  const run = await runBounded(place.args, {
    cwd: folder.path,
    variables: { XDG_CONFIG_HOME: settings },
  });
  // A link to nothing is no personal file, and a folder with the name of a migration is only a folder.
  const absent = /link to nothing|a folder/.test(thing.name) &&
    !/^aim|^schema\.sql/.test(place.path);
  const damage = wrongEnd(
    run,
    absent ? { codes: [0, 1, 2] } : { codes: [2], says: thing.says },
  );
  return damage === null ? null : `${place.args.join(" ")} with ${place.path}: ${damage}`;
}

async function socketAt(path: string): Promise<AsyncDisposable> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

async function endlessStdin(): Promise<string | null> {
  await using folder = await temporaryFolder();
  const run = await runBounded(["auth", "anthropic"], {
    cwd: folder.path,
    stdin: "/dev/zero",
    variables: { XDG_CONFIG_HOME: folder.path },
  });
  return wrongEnd(run, { codes: [2], says: /stdin has more than \d+ characters/ });
}

async function tooManyFiles(): Promise<string | null> {
  await using folder = await temporaryFolder({
    "aim.toml": 'engine = "sqlite"\nschema = "schema"\n',
    "migrations/.keep": "",
    "schema/a.sql": "",
  });
  for (let at = 0; at < 20_500; at++) writeFileSync(join(folder.path, "schema", `${at}.sql`), "");
  const run = await runBounded(["diff"], { cwd: folder.path });
  return wrongEnd(run, { codes: [2], says: /more than 20000 files/ });
}

async function linkedFolders(): Promise<string | null> {
  await using folder = await temporaryFolder({
    "aim.toml": 'engine = "sqlite"\nschema = "schema"\n',
    "migrations/.keep": "",
    "schema/a.sql": "CREATE TABLE a (id integer);",
  });
  const names = Array.from({ length: 9 }, (_, at) => join(folder.path, "schema", `f${at}`));
  for (const name of names) mkdirSync(name);
  for (const from of names) {
    for (const [at, to] of names.entries()) symlinkSync(to, join(from, `to${at}`));
  }
  const run = await runBounded(["diff"], { cwd: folder.path });
  return wrongEnd(run, { codes: [2], says: /more than 1000 links to folders/ });
}

async function strangeNames(): Promise<string | null> {
  await using folder = await temporaryFolder({
    "aim.toml": 'engine = "sqlite"\nschema = "schema"\n',
    "migrations/.keep": "",
    "schema/a\nerror: b.sql": "CREATE TABLE a (id integer);",
  });
  execFileSync("sh", ["-c", "printf 'CREATE TABLE' > \"$(printf 'schema/b\\377.sql')\""], {
    cwd: folder.path,
  });
  return wrongEnd(await runBounded(["diff"], { cwd: folder.path }), { codes: [0, 2] });
}

async function slowGlobs(random: Random, round: number): Promise<string | null> {
  await using folder = await temporaryFolder({ "schema/x/a.sql": "" });
  for (let at = 0; at < 50; at++) {
    writeFileSync(join(folder.path, "schema", "a".repeat(200) + at), "");
  }
  const pieces = ["*a", "**/", "{a,*}", "?*", "[a-z]*", "{*,{*,a}}"];
  const glob = round === 0
    ? "*a".repeat(60) + "b"
    : Array.from({ length: random.int(10, 30) }, () => random.pick(pieces)).join("") + "b";
  writeFileSync(join(folder.path, "aim.toml"), `engine = "sqlite"\nschema = "schema/${glob}"\n`);
  const damage = wrongEnd(await runBounded(["diff"], { cwd: folder.path }), {
    codes: [2],
    says: /No file matches|longer than/,
  });
  return damage === null ? null : `${glob}: ${damage}`;
}

async function badGlobs(): Promise<string | null> {
  for (const glob of ["db/[a", "db/{a,b", "db/[]", "db/[z-a].sql", "*".padEnd(400, "a")]) {
    await using folder = await temporaryFolder({
      "aim.toml": `engine = "sqlite"\nschema = "${glob}"\n`,
      "migrations/.keep": "",
    });
    const damage = wrongEnd(await runBounded(["diff"], { cwd: folder.path }), {
      codes: [2],
      says: /Cannot use the glob[^]*aim\.toml:2/,
    });
    if (damage !== null) return `${glob}: ${damage}`;
  }
  return null;
}

async function slowTables(random: Random): Promise<string | null> {
  const pattern = "*a".repeat(random.int(30, 120)) + "b";
  for (const engine of ["sqlite", "postgres"]) {
    await using folder = await temporaryFolder({
      "aim.toml": `engine = "${engine}"\nignore_tables = ["${pattern}", "b*"]\n`,
      "migrations/.keep": "",
      "schema.sql": `CREATE TABLE ${
        "a".repeat(63)
      } (id integer PRIMARY KEY);\nCREATE TABLE b1 (id integer);\n`,
    });
    const run = await runBounded(["diff", "--json"], { cwd: folder.path });
    const damage = wrongEnd(run, { codes: [0], says: /aaa/ });
    if (damage !== null) return `${engine}: ${damage}`;
    if (run.stdout.includes("b1")) return `${engine}: a table that a pattern names was read`;
  }
  return null;
}
