/** SQL that writes a library into the embedded Postgres and has it opened: by other names, folders, writers, loaders and settings. */

import { Buffer } from "node:buffer";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Random } from "../../../tests/property/random.ts";
import { sideModule, writingTo } from "../../../tests/attacks/side_module.ts";
import { runAim, temporaryFolder } from "../../../tests/run_aim.ts";
import type { Attack, AttackSetup } from "../attack.ts";

/** A library's path in the embedded file system, without `.so`. */
type Load = (path: string) => string;

const LOADERS: Readonly<Record<string, Load>> = {
  "LOAD": (path) => `LOAD '${path}';`,
  "LANGUAGE c": (path) =>
    `CREATE FUNCTION f() RETURNS int LANGUAGE c AS '${path}', 'f'; SELECT f();`,
  "a library path": (path) =>
    `SET dynamic_library_path = '${folderOf(path)}'; LOAD '${
      path.slice(path.lastIndexOf("/") + 1)
    }';`,
  "a changed function": (path) =>
    `CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
     UPDATE pg_proc SET prolang = 13, probin = '${path}.so', prosrc = 'f' WHERE proname = 'f'; SELECT f();`,
  "a handler of a language": (path) =>
    `CREATE FUNCTION h() RETURNS language_handler LANGUAGE c AS '${path}'; CREATE LANGUAGE l HANDLER h;`,
  "an operator": (path) =>
    `CREATE FUNCTION f(int, int) RETURNS int LANGUAGE c AS '${path}', 'f';
     CREATE OPERATOR ### (LEFTARG = int, RIGHTARG = int, FUNCTION = f); SELECT 1 ### 2;`,
  "a setting of the database": (path) =>
    `ALTER DATABASE postgres SET session_preload_libraries = '${path}';
     ALTER ROLE postgres SET local_preload_libraries = '${path}';`,
  "ALTER SYSTEM": (path) => `ALTER SYSTEM SET shared_preload_libraries = '${path}';`,
  "an output plugin": (path) => `SELECT pg_create_logical_replication_slot('s', '${path}');`,
  "a dynamic statement": (path) => `DO $$ BEGIN EXECUTE 'LO' || 'AD ''${path}'''; END $$;`,
  "an extension": (path) =>
    `SET extension_control_path = '${folderOf(path)}'; CREATE EXTENSION "${
      path.slice(path.lastIndexOf("/") + 1)
    }";`,
};

const FOLDERS = [
  "/pglite/lib/postgresql",
  "/pglite/data",
  "/pglite/data/base",
  "/pglite/share/postgresql/extension",
  "/tmp",
  "/dev/shm",
  "/home/postgres",
  "/pglite/data/../lib/postgresql",
];

/** What writes bytes into a file. */
const WRITERS: readonly ((hex: string, file: string) => string)[] = [
  (hex, file) => `SELECT lo_from_bytea(4242, '\\x${hex}'); SELECT lo_export(4242, '${file}');`,
  (hex, file) =>
    `CREATE FUNCTION w(oid, text) RETURNS int LANGUAGE internal AS 'be_lo_export';
     SELECT lo_from_bytea(4242, '\\x${hex}'); SELECT w(4242, '${file}');`,
  (hex, file) =>
    `CREATE TABLE b (a bytea); INSERT INTO b VALUES ('\\x${hex}'); COPY b TO '${file}' (FORMAT binary);`,
  (hex, file) =>
    `CREATE FUNCTION w(oid, text) RETURNS int LANGUAGE sql AS 'SELECT 1';
     UPDATE pg_proc SET prolang = 12, prosrc = 'be_lo_export' WHERE proname = 'w';
     SELECT lo_from_bytea(4242, '\\x${hex}'); SELECT w(4242, '${file}');`,
];

/** Each way to have a library opened, at random places and by random writers. */
export const attacks: readonly Attack[] = Object.entries(LOADERS).map(([name, load]) => ({
  name,
  run: async (setup) => {
    const outside = await mkdtemp(join(tmpdir(), "aim-attack-"));
    try {
      return await attack(setup, load, join(outside, "canary"));
    } finally {
      await rm(outside, { recursive: true, force: true });
    }
  },
}));

async function attack(
  { random, round }: AttackSetup,
  load: Load,
  canary: string,
): Promise<string | null> {
  const library = sideModule(
    writingTo(canary),
    round === 0 ? "em_js" : random.pick(["em_js", "em_asm"]),
    nameOf(random),
  );
  const path = `${round === 0 ? FOLDERS[0] : random.pick(FOLDERS)}/${nameOf(random)}`;
  const write = round === 0 ? WRITERS[0] : random.pick(WRITERS);
  const sql = `${write?.(Buffer.from(library).toString("hex"), `${path}.so`)}\n${load(path)}`;
  const tolerant = round > 0 && random.chance(0.5);
  const script = tolerant ? `${tolerantly(sql)}\n${load(path)}` : sql;
  const inSchema = random.chance(0.5);
  const down = random.chance(0.5) ? script : "SELECT 1;";
  await using project = await temporaryFolder({
    "aim.toml": 'engine = "postgres"\nformat = "goose"\n',
    "schema.sql": inSchema ? script : "",
    "migrations/00001_a.sql": `-- +goose Up\n-- +goose StatementBegin\n${
      inSchema ? "SELECT 1;" : script
    }\n-- +goose StatementEnd\n-- +goose Down\n${down}\n`,
  });
  const command = random.pick([["diff"], ["validate"], ["generate", "--dry-run"]]);
  const variables: Record<string, string> = random.chance(0.3)
    ? { AIM_PGLITE_SNAPSHOT: "off" }
    : {};
  const { code, stderr } = await runAim(command, { cwd: project.path, variables });
  if (existsSync(canary)) return `JavaScript of a library ran: ${sql.slice(-200)}`;
  return code === 70 ? `exit 70: ${stderr.slice(0, 200)}` : null;
}

/** Goes on after the first error. */
function tolerantly(sql: string): string {
  return `DO $outer$ BEGIN ${
    sql.replaceAll(/^\s*SELECT (?=lo_|w\()/gm, "PERFORM ")
  } EXCEPTION WHEN OTHERS THEN NULL; END $outer$;`;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

function nameOf(random: Random): string {
  return Array.from({ length: random.int(1, 8) }, () => random.pick([..."abcdefghij_"])).join("");
}
