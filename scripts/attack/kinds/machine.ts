/** Machines and people: signals at any moment, full devices, closed streams, two runs at once. */

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import type { Random } from "../../../tests/property/random.ts";
import { program, temporaryFolder } from "../../../tests/run_aim.ts";
import type { Attack } from "../attack.ts";
import { runBounded, wrongEnd } from "../bounded_run.ts";
import { atQuestion, type Interruption, INTERRUPTIONS, terminalHere } from "../terminal.ts";

const FILES = {
  "aim.toml": 'engine = "sqlite"\n',
  "schema.sql": "CREATE TABLE users (id integer PRIMARY KEY, name text);\n",
  "migrations/000001_users.up.sql": "CREATE TABLE users (id integer PRIMARY KEY);\n",
  "migrations/000001_users.down.sql": "DROP TABLE users;\n",
};

/** Adds a column under another name, so that `generate` asks whether it was renamed. */
const RENAMED = {
  ...FILES,
  "schema.sql": "CREATE TABLE users (id integer PRIMARY KEY, full_name text);\n",
  "migrations/000001_users.up.sql": "CREATE TABLE users (id integer PRIMARY KEY, fullname text);\n",
};

/** Where a question is asked, and how it begins. */
const QUESTIONS = [
  { args: ["init"], files: {}, asks: "Which database" },
  { args: ["auth"], files: {}, asks: "Whose key" },
  { args: ["auth", "anthropic"], files: {}, asks: "Key of anthropic" },
  { args: ["generate"], files: RENAMED, asks: "fullname" },
] as const;

/** Fixed attacks first; those with chance in them vary by round. */
export const attacks: readonly Attack[] = [
  ...INTERRUPTIONS.map((interruption): Attack => ({
    name: `${interruption.name} at a question`,
    run: ({ random, round }) =>
      endsQuestions(interruption, round === 0 ? QUESTIONS : [random.pick(QUESTIONS)]),
  })),
  { name: "SIGHUP at random moments", run: ({ random }) => endedAt(random, "SIGHUP") },
  { name: "SIGTERM at random moments", run: ({ random }) => endedAt(random, "SIGTERM") },
  { name: "SIGKILL at random moments", run: ({ random }) => endedAt(random, "SIGKILL") },
  { name: "a full device behind stdout", run: fullStdout },
  { name: "a full device behind the migrations", run: ({ random }) => fullDevice(random) },
  { name: "a read-only project", run: readOnly },
  { name: "a reader that goes away", run: brokenPipe },
  { name: "closed streams", run: closedStreams },
  { name: "several runs at once", run: atOnce },
];

async function endsQuestions(
  interruption: Interruption,
  questions: typeof QUESTIONS | readonly (typeof QUESTIONS)[number][],
): Promise<string | null> {
  if (!terminalHere()) return null;
  for (const { args, files, asks } of questions) {
    await using folder = await temporaryFolder(files);
    const before = listing(folder.path);
    const end = await atQuestion(args, { cwd: folder.path, asks, interruption });
    const where = `aim ${args.join(" ")}`;
    if (end.hung) return `${where}: it hung: ${end.text}`;
    if (!interruption.codes.includes(end.code)) return `${where}: exit ${end.code}: ${end.text}`;
    if (interruption.visible && !end.cursor) return `${where}: the cursor is hidden: ${end.text}`;
    if (listing(folder.path) !== before) return `${where}: something was written`;
  }
  return null;
}

/** Ends `generate` somewhere; then nothing of it is left, or all, and the next run works. */
async function endedAt(
  random: Random,
  signal: "SIGHUP" | "SIGTERM" | "SIGKILL",
): Promise<string | null> {
  for (let time = 0; time < 3; time++) {
    await using folder = await temporaryFolder(FILES);
    const migrations = join(folder.path, "migrations");
    const before = listing(migrations);
    const stage = random.pick(["start", "schema", "history", "plan", "verify"]);
    const wait = random.int(0, 60);
    let sent = false;
    const run = await runBounded(["generate"], {
      cwd: folder.path,
      watch: (said, pid) => {
        if (sent || !said.includes(`  ${stage} `)) return;
        sent = true;
        setTimeout(() => kill(pid, signal), wait);
      },
    });
    const where = `${signal} ${wait} ms after ${stage}`;
    if (run.hung) return `${where}: it hung`;
    const left = readdirSync(migrations).filter((name) => name.startsWith("."));
    if (signal !== "SIGKILL") {
      if (left.length > 0) return `${where}: it left ${left.join(", ")}`;
      if (run.code !== 0 && listing(migrations) !== before) return `${where}: files were left`;
      if (run.code === 70) return `${where}: ${run.stderr}`;
    }
    const next = wrongEnd(await runBounded(["generate"], { cwd: folder.path }), { codes: [0] });
    if (next !== null) return `${where}: the next run: ${next}`;
    const names = readdirSync(migrations).sort();
    if (names.length !== 4) return `${where}: after the next run there are ${names.join(", ")}`;
  }
  return null;
}

async function fullStdout(): Promise<string | null> {
  await using folder = await temporaryFolder(FILES);
  for (const args of [["generate"], ["--help"], ["doctor", "--json"]]) {
    const written = args[0] === "generate";
    const run = await runBounded(args, { cwd: folder.path, stdout: "/dev/full" });
    const says = written
      ? /the disk is full; what was written is there: migrations\/000002_\w+\.up\.sql/
      : /the disk is full/;
    const damage = wrongEnd(run, { codes: [3], says });
    if (damage !== null) return `${args.join(" ")}: ${damage}`;
  }
  return readdirSync(join(folder.path, "migrations")).length === 4 ? null : "it is not there";
}

/** A device with room for nothing, or for one of two files. */
async function fullDevice(random: Random): Promise<string | null> {
  await using folder = await temporaryFolder(FILES);
  const migrations = join(folder.path, "migrations");
  using device = mounted(migrations, "size=24k");
  if (device === null) return null;
  for (const [path, text] of Object.entries(FILES)) {
    if (path.startsWith("migrations/")) writeFileSync(join(folder.path, path), text);
  }
  // Pages of 4 KB: some free for the new files, or none.
  const pages = random.int(1, 2);
  let filled = 0;
  try {
    for (;; filled++) writeFileSync(join(migrations, `fill${filled}`), "x".repeat(4096));
  } catch {
    for (let free = 1; free < pages; free++) {
      execFileSync("rm", [join(migrations, `fill${filled - free}`)]);
    }
  }
  const before = listing(migrations);
  const run = await runBounded(["generate"], { cwd: folder.path });
  const damage = wrongEnd(run, { codes: [3], says: /the disk is full; nothing was changed/ });
  if (damage !== null) return damage;
  return listing(migrations) === before ? null : `files were left: ${listing(migrations)}`;
}

async function readOnly(): Promise<string | null> {
  await using folder = await temporaryFolder(FILES);
  const migrations = join(folder.path, "migrations");
  using device = mounted(migrations, "size=64k");
  if (device === null) return null;
  execFileSync("mount", ["-o", "remount,ro", migrations]);
  const run = await runBounded(["generate"], { cwd: folder.path });
  return wrongEnd(run, { codes: [2], says: /read-only; nothing was changed/ });
}

async function brokenPipe(): Promise<string | null> {
  await using folder = await temporaryFolder(FILES);
  const line = `${program().map((word) => `'${word}'`).join(" ")} generate --dry-run`;
  for (const shell of [`${line} | true`, `${line} 2>&1 >/dev/null | true`]) {
    const said = execFileSync("sh", ["-c", `${shell}; echo done`], {
      cwd: folder.path,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      timeout: 60_000,
    });
    if (!said.endsWith("done\n")) return `${shell}: ${said}`;
  }
  return null;
}

async function closedStreams(): Promise<string | null> {
  await using folder = await temporaryFolder(FILES);
  const line = `${program().map((word) => `'${word}'`).join(" ")} generate <&- >&- 2>&-`;
  execFileSync("sh", ["-c", line], { cwd: folder.path, timeout: 60_000 });
  const up = readdirSync(join(folder.path, "migrations")).find((name) => /2_.*up/.test(name));
  if (up === undefined) return "nothing was written";
  const text = readFileSync(join(folder.path, "migrations", up), "utf8");
  return /^ALTER TABLE users ADD COLUMN name text;\n$/i.test(text) ? null : `it holds ${text}`;
}

/** One of them writes, and the others say which one it was. */
async function atOnce(): Promise<string | null> {
  await using folder = await temporaryFolder({ ...FILES, ".git/HEAD": "" });
  const runs = await Promise.all(
    Array.from({ length: 4 }, () => runBounded(["generate"], { cwd: folder.path })),
  );
  const winners = runs.filter(({ code, stdout }) => code === 0 && stdout !== "");
  const names = readdirSync(join(folder.path, "migrations")).sort();
  if (winners.length !== 1 || names.length !== 4) {
    return `${winners.length} wrote, and there are ${names.join(", ")}`;
  }
  for (const run of runs) {
    // One that began after the files were there is in sync.
    if (run === winners[0] || /in sync/.test(run.stderr)) continue;
    const damage = wrongEnd(run, { codes: [2], says: /process \d+ \(aim generate, since / });
    if (damage !== null) return damage;
  }
  const files = readdirSync(folder.path).sort().join(" ");
  return files === ".git aim.toml migrations schema.sql" ? null : `it left ${files}`;
}

/** Mounts a small device; null where that is not permitted. */
function mounted(at: string, options: string): Disposable | null {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", at], { stdio: "ignore" });
  } catch {
    console.error("cannot mount a device here: this attack is not tried");
    return null;
  }
  return {
    [Symbol.dispose]: () => void execFileSync("umount", [at]),
  };
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended already.
  }
}

function listing(folder: string): string {
  return readdirSync(folder, { recursive: true }).sort().join("\n");
}
