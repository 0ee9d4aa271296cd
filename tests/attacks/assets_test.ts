import assert from "node:assert/strict";
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import process from "node:process";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { ensureAssets } from "../../src/host/assets.ts";
import { SQLJS_ASSETS } from "../../src/runtimes/sqljs_parts.ts";
import { type Finished, temporaryFolder } from "../run_aim.ts";
import { execFile } from "node:child_process";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const FILE = "sql-wasm.wasm";

/** Damage to a file of aim's own, and what is said of it. */
const DAMAGES: readonly {
  readonly name: string;
  readonly says: RegExp;
  damage(folder: string): void;
}[] = [
  { name: "truncated", says: /^$/, damage: (folder) => truncateSync(join(folder, FILE), 1000) },
  { name: "emptied", says: /^$/, damage: (folder) => truncateSync(join(folder, FILE)) },
  { name: "missing", says: /^$/, damage: (folder) => rmSync(join(folder, FILE)) },
  {
    name: "a folder instead",
    says: /^$/,
    damage: (folder) => {
      rmSync(join(folder, FILE));
      mkdirSync(join(folder, FILE));
    },
  },
  {
    name: "without its checksums",
    says: /^$/,
    damage: (folder) => truncateSync(join(folder, "checksums.json")),
  },
  {
    name: "full of other bits",
    says: /Damaged and recreated: sqljs-[\d.-]+\/sql-wasm\.wasm/,
    damage: (folder) => {
      const bytes = readFileSync(join(folder, FILE));
      for (let at = 3000; at < 60_000; at += 97) bytes[at] = (bytes[at] ?? 0) ^ 0x55;
      writeFileSync(join(folder, FILE), bytes);
    },
  },
];

test(
  "an embedded file that is damaged is recreated",
  { skip: process.env.AIM_TEST_BIN !== undefined && "a binary has no files of its own" },
  async () => {
    await ensureAssets(SQLJS_ASSETS);
    await using folder = await temporaryFolder({
      "project/aim.toml": 'engine = "sqlite"\n',
      "project/schema.sql": "CREATE TABLE users (id integer PRIMARY KEY);\n",
      "project/migrations/.keep": "",
    });
    const copy = join(folder.path, "copy");
    const group = `${SQLJS_ASSETS.name}-${SQLJS_ASSETS.key}`;
    for (const name of ["src", "main.ts", "deno.json", "deno.lock", `assets/${group}`]) {
      cpSync(join(ROOT, name), join(copy, name), { recursive: true });
    }
    symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
    const whole = readFileSync(join(copy, "assets", group, FILE));
    for (const { name, says, damage } of DAMAGES) {
      damage(join(copy, "assets", group));
      const run = await diff(join(copy, "main.ts"), join(folder.path, "project"));
      assert.equal(run.code, 0, `${name}: ${run.stderr}`);
      assert.match(run.stderr.split("\n").filter((line) => /amaged/.test(line)).join(), says, name);
      assert.deepEqual(readdirSync(join(copy, "assets")), [group], name);
      assert.ok(readFileSync(join(copy, "assets", group, FILE)).equals(whole), name);
    }
  },
);

function diff(main: string, cwd: string): Promise<Finished> {
  return new Promise((resolve) => {
    execFile(
      "deno",
      ["run", "-A", main, "diff"],
      { cwd, timeout: 60_000 },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : 1, stdout, stderr }),
    );
  });
}
