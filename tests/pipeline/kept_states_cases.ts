/** What the migrations before the selected ones leave is kept from one run to the next, and never believed where others can write. */

import assert from "node:assert/strict";
import { chmod, readdir, readFile, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import test, { mock } from "node:test";
import { zstdCompressSync } from "node:zlib";
import type { Migration } from "../../src/formats/format.ts";
import { KeptFiles } from "../../src/host/kept_files.ts";
import { diffOn } from "../../src/pipeline/diff.ts";
import { generateOn } from "../../src/pipeline/generate.ts";
import { lintOn } from "../../src/pipeline/lint.ts";
import {
  forgetStates,
  openProject,
  type Project,
  type Sources,
  startServer,
} from "../../src/pipeline/mod.ts";
import { stateKeys } from "../../src/pipeline/scratch/kept_states.ts";
import { validateOn } from "../../src/pipeline/validate.ts";
import type { Server } from "../../src/runtimes/runtime.ts";
import { testConfig } from "../property/config.ts";

const base = process.env.XDG_CACHE_HOME ?? "";
assert.match(base, /aim-apart-/, "run by kept_states_test.ts, with a cache of its own");
const folder = join(base, "aim", "states");

type Step = readonly [up: string, down: string];

/** Tables of which each refers to the one before, and rows. */
function tables(count: number): readonly Step[] {
  return Array.from({ length: count }, (_, at): Step => [
    at === 0
      ? "CREATE TABLE t0 (id integer PRIMARY KEY); INSERT INTO t0 VALUES (7);"
      : `CREATE TABLE t${at} (id integer PRIMARY KEY REFERENCES t${at - 1} (id), note text);`,
    `DROP TABLE t${at};`,
  ]);
}

/** What a state must bring along besides tables: an extension with a library, a role that aim makes and says so, a function, an enum. */
const POSTGRES: readonly Step[] = [
  ["CREATE EXTENSION pg_trgm;", "DROP EXTENSION pg_trgm;"],
  ["CREATE TYPE mood AS ENUM ('low'); ALTER TABLE t0 OWNER TO keeper;", ""],
  ["ALTER TABLE t1 ADD mood mood; CREATE INDEX t1_note ON t1 USING gin (note gin_trgm_ops);", ""],
  [
    "CREATE FUNCTION twice(a int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN a * 2; END $$;",
    "DROP FUNCTION twice(int);",
  ],
];

/** The last two, of which one has a DOWN that does not restore. */
const LAST: readonly Step[] = [
  ["ALTER TABLE t1 ADD COLUMN late integer;", "ALTER TABLE t1 DROP COLUMN late;"],
  ["CREATE TABLE other (a integer); CREATE INDEX other_a ON other (a);", "DROP INDEX other_a;"],
];

const HISTORIES = {
  postgres: [...tables(8), ...POSTGRES, ...LAST],
  sqlite: [...tables(12), ...LAST],
};

function sourcesOf(steps: readonly Step[]): Sources {
  const migrations = steps.map(([up, down], at): Migration => {
    const file = `${at}_step`;
    const script = (direction: string, text: string) =>
      ({ file: `${file}.${direction}.sql`, text, transaction: "auto" }) as const;
    return {
      version: String(at),
      name: "step",
      up: script("up", up),
      down: down === "" ? null : script("down", down),
      files: [file],
    };
  });
  const schema = [{ path: "schema.sql", text: "CREATE TABLE t0 (id integer PRIMARY KEY);" }];
  const files = migrations.map(({ up }) => ({ path: up.file, text: up.text }));
  return { schema, files, history: { migrations, notes: [] } };
}

/** What `validate` says, and the statements of migrations that ran before the first that is proven. */
async function run(
  engine: keyof typeof HISTORIES,
  steps: readonly Step[],
  { server, latest = 2 }: { readonly server?: Server; readonly latest?: number | null } = {},
) {
  const { project, earlier } = await listening(engine);
  const sources = sourcesOf(steps);
  const own = server === undefined ? await startServer(project, sources) : null;
  try {
    const selection = latest === null ? { all: true } as const : { latest };
    const outcome = await validateOn(project, server ?? own as Server, sources, { selection });
    return { outcome, earlier };
  } finally {
    await own?.[Symbol.asyncDispose]();
  }
}

/** A project, and the statements of migrations that run before what is asked of it. */
async function listening(
  engine: keyof typeof HISTORIES,
  keptStates: "on" | "off" = "on",
): Promise<{ readonly project: Project; readonly earlier: string[] }> {
  const earlier: string[] = [];
  let isEarlier = false;
  const project = await openProject({ ...testConfig(engine, "migrate"), keptStates }, {
    emit: (event) => {
      if (event.type === "stage" && event.stage === "history") isEarlier = event.state === "start";
      if (event.type === "statement" && isEarlier) earlier.push(event.sql);
    },
    signal: new AbortController().signal,
  });
  return { project, earlier };
}

/** What the commands are asked that begin behind all migrations, or behind those before the linted ones. */
const COMMANDS = {
  diff: (project: Project, server: Server, sources: Sources) => diffOn(project, server, sources),
  generate: async (project: Project, server: Server, sources: Sources) => {
    const { proof, ...rest } = await generateOn(project, server, sources, {
      dryRun: true,
      answers: new Map(),
      renames: [],
      onAmbiguity: "drop-add",
    });
    return { ...rest, outcomes: [proof?.up.state, proof?.down.state, proof?.again.state] };
  },
  lint: (project: Project, server: Server, sources: Sources) =>
    lintOn(project, server, sources, { selection: { latest: 1 } }),
};

async function runCommand(
  name: keyof typeof COMMANDS,
  engine: keyof typeof HISTORIES,
  { server, steps, keptStates }: {
    readonly server: Server;
    readonly steps: readonly Step[];
    readonly keptStates?: "off";
  },
) {
  const { project, earlier } = await listening(engine, keptStates);
  const outcome = await COMMANDS[name](project, server, sourcesOf(steps));
  return { outcome, earlier };
}

async function serverOf(engine: keyof typeof HISTORIES): Promise<Server> {
  const { project } = await listening(engine);
  return await startServer(project, sourcesOf(HISTORIES[engine]));
}

for (const engine of ["postgres", "sqlite"] as const) {
  const steps = HISTORIES[engine];

  test(`${engine}: the second run begins with what the first left, on another server, and says the same`, async () => {
    await forgetStates();
    const whole = await run(engine, steps, { latest: null });
    const first = await run(engine, steps);
    assert.ok(first.earlier.length >= steps.length - 2);
    const second = await run(engine, steps);
    assert.deepEqual(second.earlier, []);
    assert.deepEqual(second.outcome, first.outcome);
    const { verdicts, ...rest } = { ...second.outcome, verdicts: second.outcome.migrations };
    assert.deepEqual(verdicts.map(({ down }) => down), ["exact", "differs"]);
    assert.deepEqual(verdicts, whole.outcome.migrations.slice(-2));
    assert.deepEqual(rest.changes, whole.outcome.changes);
    assert.deepEqual(rest.notes, whole.outcome.notes);
    if (engine === "postgres") assert.match(rest.notes.join("\n"), /keeper/);
  });

  for (const name of ["diff", "generate", "lint"] as const) {
    test(`${engine}: ${name} begins with what an earlier run left, and says the same as without`, async () => {
      await using server = await serverOf(engine);
      await forgetStates();
      const off = await runCommand(name, engine, { server, steps, keptStates: "off" });
      assert.deepEqual(await readdir(folder).catch(() => []), []);
      const first = await runCommand(name, engine, { server, steps });
      assert.deepEqual(first.earlier, off.earlier);
      assert.ok(first.earlier.length >= steps.length - 1);
      assert.equal((await readdir(folder)).length, 1);
      const second = await runCommand(name, engine, { server, steps });
      assert.deepEqual(second.earlier, []);
      assert.deepEqual(first.outcome, off.outcome);
      assert.deepEqual(second.outcome, off.outcome);
      const unused = await runCommand(name, engine, { server, steps, keptStates: "off" });
      assert.deepEqual(unused.earlier, off.earlier);
    });
  }

  test(`${engine}: of a history that grew, only what is new runs; of one that was changed before, all of it`, async () => {
    await using server = await serverOf(engine);
    await forgetStates();
    await run(engine, steps, { server });
    const more: Step = ["CREATE TABLE more (a integer);", "DROP TABLE more;"];
    const grown = await run(engine, [...steps, more], { server });
    assert.deepEqual(grown.earlier, [steps.at(-2)?.[0].replace(/;$/, "")]);
    assert.equal((await readdir(folder)).length, 2);
    const changed = steps.map((step, at): Step =>
      at === 1 ? [step[0].replace("note text", "note text, was text"), step[1]] : step
    );
    const other = await run(engine, changed, { server });
    assert.ok(other.earlier.length >= steps.length - 2);
    assert.match(other.outcome.text, /was text/i);
    assert.equal((await readdir(folder)).length, 3);
    assert.deepEqual((await run(engine, changed, { server })).earlier, []);
  });

  test(`${engine}: a state that is damaged, foreign or open to others is not used and no error`, async () => {
    await using server = await serverOf(engine);
    await forgetStates();
    const { outcome, earlier } = await run(engine, steps, { server });
    const [name = ""] = await readdir(folder);
    const path = join(folder, name);
    const good = await readFile(path);
    const states = new KeptFiles("states", { files: 40, bytes: 1e8 });
    const notes = new TextEncoder().encode('{"searchPath":null,"settings":"","notes":[]}');
    const damages: Record<string, () => Promise<unknown>> = {
      "another byte": () => writeFile(path, good.map((byte, at) => at === 400 ? byte ^ 1 : byte)),
      "cut off": () => writeFile(path, good.subarray(0, 300)),
      "empty": () => writeFile(path, ""),
      "whole, but nothing that was packed": () => states.write(name, new Uint8Array(500).fill(7)),
      "packed, but no database": () =>
        states.write(
          name,
          zstdCompressSync(
            new Uint8Array([notes.length, 0, 0, 0, ...notes, ...new Array(5000).fill(9)]),
          ),
        ),
    };
    for (const [what, damage] of Object.entries(damages)) {
      await damage();
      const again = await run(engine, steps, { server });
      assert.deepEqual(again.earlier, earlier, what);
      assert.deepEqual(again.outcome, outcome, what);
    }
    assert.deepEqual((await run(engine, steps, { server })).earlier, []);
    if (process.platform === "win32") return;
    await chmod(path, 0o666);
    assert.deepEqual((await run(engine, steps, { server })).earlier, earlier, "open file");
    const elsewhere = join(base, "elsewhere");
    await rename(path, elsewhere);
    await symlink(elsewhere, path);
    assert.deepEqual((await run(engine, steps, { server })).earlier, earlier, "link");
    await chmod(folder, 0o777);
    assert.deepEqual((await run(engine, steps, { server })).earlier, earlier, "open folder");
    await chmod(folder, 0o700);
  });
}

test("a folder keeps so many files and bytes, those that were used last, and gives up all of them", async () => {
  const kept = new KeptFiles("bounds", { files: 3, bytes: 1000 });
  const key = (at: number) => String(at).repeat(64);
  const pause = () => new Promise((done) => setTimeout(done, 15));
  for (const at of [1, 2, 3]) {
    await kept.write(key(at), new Uint8Array(100).fill(at));
    await pause();
  }
  assert.deepEqual([...await kept.read(key(1)) ?? []], new Array(100).fill(1));
  await pause();
  await kept.write(key(4), new Uint8Array(100));
  assert.deepEqual([...await kept.keys()].sort(), [key(1), key(3), key(4)]);
  await pause();
  await kept.write(key(5), new Uint8Array(800));
  assert.deepEqual([...await kept.keys()].sort(), [key(4), key(5)]);
  await kept.write(key(6), new Uint8Array(1001));
  await kept.write("../outside", new Uint8Array(1));
  assert.equal(await kept.read("../outside"), null);
  assert.deepEqual(
    await readdir(join(base, "aim")).then((names) => names.includes("outside")),
    false,
  );
  // One file does not pass for another.
  await rename(join(base, "aim", "bounds", key(5)), join(base, "aim", "bounds", key(7)));
  assert.equal(await kept.read(key(7)), null);
  assert.deepEqual((await kept.clear()).files, 1);
  assert.equal((await kept.keys()).size, 0);
});

/** Makes a partition for the month in which it runs. */
const MONTHLY = `CREATE TABLE log (at date NOT NULL) PARTITION BY RANGE (at);
DO $$ BEGIN
  EXECUTE format('CREATE TABLE %I PARTITION OF log FOR VALUES FROM (%L) TO (%L)', 'log_' || to_char(now(), 'YYYY_MM'),
    date_trunc('month', now()), date_trunc('month', now()) + interval '1 month');
END $$;`;

test("a state is kept for the day from where migrations make statements by the date", async () => {
  await using server = await serverOf("postgres");
  const { project } = await listening("postgres");
  const keysOn = (now: string, steps: readonly Step[]) => {
    mock.timers.enable({ apis: ["Date"], now: new Date(now) });
    try {
      return stateKeys(project, server, sourcesOf(steps), steps.length);
    } finally {
      mock.timers.reset();
    }
  };
  const plain = [...tables(2), ["ALTER TABLE t1 ADD made timestamptz DEFAULT now();", ""] as const];
  const dated = [...plain, [MONTHLY, "DROP TABLE log;"] as const, ...LAST];
  const [monday, later, tuesday] = ["2026-11-30T08:00Z", "2026-11-30T20:00Z", "2026-12-01T08:00Z"]
    .map((now) => keysOn(now, dated));
  assert.deepEqual(later, monday);
  assert.deepEqual(tuesday?.map((key, at) => key === monday?.[at]), [
    ...Array(plain.length + 1).fill(true),
    ...Array(dated.length - plain.length).fill(false),
  ]);
});
