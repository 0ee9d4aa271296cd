/** SQL that wants to run JavaScript or native code with aim's rights: each link of the chain, and the whole of it by the command line. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { asset } from "../../src/host/assets.ts";
import { pglite } from "../../src/runtimes/pglite.ts";
import { LibraryGate, libraryHash } from "../../src/runtimes/pglite/library_gate.ts";
import { FILES, type Manifest, pgliteAssets } from "../../src/runtimes/pglite/recipe.ts";
import type { ScratchDatabase } from "../../src/runtimes/runtime.ts";
import { runAim, temporaryFolder } from "../run_aim.ts";
import { startEmbedded } from "./embedded.ts";
import { type Carrier, sideModule, writingTo } from "./side_module.ts";

const CARRIERS: readonly Carrier[] = ["em_js", "em_asm"];

/** Statements that put a library into a file. */
function written(bytes: Uint8Array, path: string): string {
  const hex = Buffer.from(bytes).toString("hex");
  return `SELECT lo_from_bytea(4242, '\\x${hex}'); SELECT lo_export(4242, '${path}');`;
}

for (const carrier of CARRIERS) {
  for (const file of ["schema.sql", "migrations/0001_a.sql"]) {
    test(`a library with ${carrier} that ${file} writes and loads runs nothing`, async () => {
      await using folder = await temporaryFolder();
      const canary = join(folder.path, "canary");
      const library = sideModule(writingTo(canary), carrier);
      const sql = `${written(library, "/pglite/lib/postgresql/evil.so")} LOAD 'evil';`;
      await using project = await temporaryFolder({
        "aim.toml": 'engine = "postgres"\nformat = "goose"\n',
        "schema.sql": "",
        "migrations/00001_a.sql": "-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 1;\n",
        ...(file === "schema.sql"
          ? { [file]: sql }
          : { "migrations/00001_a.sql": `-- +goose Up\n${sql}\n-- +goose Down\nSELECT 1;\n` }),
      });
      const { code, stderr } = await runAim(["diff"], { cwd: project.path });
      assert.equal(code, 2, stderr);
      assert.match(stderr, /lo_export is not available in a scratch database/);
      assert.ok(!existsSync(canary), "the library's JavaScript ran");
    });
  }
}

test("a library that is not embedded is not compiled, whoever asks for it", async () => {
  await using folder = await temporaryFolder();
  const canary = join(folder.path, "canary");
  for (const carrier of CARRIERS) {
    const backend = await startEmbedded({ functions: true });
    const library = sideModule(writingTo(canary), carrier);
    assert.equal(backend.refusal(written(library, "evil.so")), null);
    for (const load of LOADERS) {
      const refusal = backend.refusal(load);
      assert.match(refusal ?? "nothing", /not one of the embedded libraries/, load);
      backend.refusal("ROLLBACK; RESET ALL");
    }
    assert.ok(!existsSync(canary), "the library's JavaScript ran");
  }
});

const LOADERS = [
  "LOAD '/pglite/data/evil'",
  "LOAD '/pglite/data/evil.so'",
  "LOAD '/pglite/share/../data/evil.so'",
  "SET dynamic_library_path = '/pglite/data'; LOAD 'evil'",
  "CREATE FUNCTION f() RETURNS int LANGUAGE c AS '/pglite/data/evil', 'f'",
  "CREATE FUNCTION g() RETURNS int LANGUAGE c AS '/pglite/data/evil'",
  "CREATE FUNCTION l() RETURNS language_handler LANGUAGE c AS '/pglite/data/evil'",
  "DO $$ BEGIN EXECUTE 'LOAD ''/pglite/data/evil'''; END $$",
  `CREATE FUNCTION h() RETURNS int LANGUAGE sql AS 'SELECT 1';
   UPDATE pg_proc SET prolang = 13, probin = '/pglite/data/evil.so', prosrc = 'f' WHERE proname = 'h'; SELECT h()`,
];

test("a library that the disk of the host has is not read", async () => {
  await using folder = await temporaryFolder();
  const canary = join(folder.path, "canary");
  const library = sideModule(writingTo(canary), "em_js");
  const backend = await startEmbedded({
    functions: true,
    files: new Map([["/hostile/evil.so", library]]),
  });
  assert.match(backend.refusal("LOAD '/hostile/evil.so'") ?? "nothing", /not one of the embedded/);
  assert.ok(!existsSync(canary));
});

test("a library that holds JavaScript is refused even when it is known", async () => {
  await using folder = await temporaryFolder();
  const canary = join(folder.path, "canary");
  for (const carrier of CARRIERS) {
    const library = sideModule(writingTo(canary), carrier);
    const backend = await startEmbedded({
      known: [libraryHash(library)],
      files: new Map([["/pglite/lib/postgresql/evil.so", library]]),
    });
    assert.match(backend.refusal("LOAD 'evil'") ?? "nothing", /holds JavaScript/);
    assert.ok(!existsSync(canary), "the library's JavaScript ran");
  }
});

test("nothing is evaluated and no other way to the compiler is open while a library is opened", () => {
  const gate = new LibraryGate(new Set());
  const empty = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
  assert.throws(() => gate.open(() => (0, eval)("1")), /no library may evaluate/);
  assert.throws(() => gate.open(() => new WebAssembly.Module(empty)), /not one of the embedded/);
  assert.throws(() => gate.open(() => WebAssembly.compile(empty)), /not one of the embedded/);
  assert.throws(() => gate.open(() => WebAssembly.instantiate(empty)), /not one of the embedded/);
  assert.equal((0, eval)("1"), 1);
  assert.ok(new WebAssembly.Module(empty) instanceof WebAssembly.Module);
});

test("the loader's wrapper of a function passes, and nothing that begins and ends like one", () => {
  const gate = new LibraryGate(new Set());
  const start = [0, 97, 115, 109, 1, 0, 0, 0, 1];
  const end = [2, 7, 1, 1, 101, 1, 102, 0, 0, 7, 5, 1, 1, 102, 0, 0];
  const wrapper = [...start, 0x80 | 5, 0, 1, 0x60, 1, 0x7f, 0, ...end];
  const compile = (bytes: number[]) =>
    gate.open(() => new WebAssembly.Module(Uint8Array.from(bytes)));
  assert.ok(compile(wrapper) instanceof WebAssembly.Module);
  const custom = [0, 3, 1, 120, 1];
  assert.throws(
    () => compile([...start, 0x80 | 5, 0, 1, 0x60, 1, 0x7f, 0, ...custom, ...end]),
    /not one/,
  );
});

test("every embedded extension and library is loaded as before", async () => {
  const manifest: Manifest = JSON.parse(
    new TextDecoder().decode(await asset(pgliteAssets, FILES.manifest)),
  );
  const names = Object.keys(manifest.extensions);
  await using server = await scratch(names);
  const { database } = server;
  for (const name of names) await database.exec(`CREATE EXTENSION IF NOT EXISTS "${name}" CASCADE`);
  for (const library of LIBRARIES) await database.exec(`LOAD '${library}'`);
  const rows = await database.query("SELECT '[1,2]'::vector::text AS text");
  assert.deepEqual(rows, [{ text: "[1,2]" }]);
});

/** Of the main package, not of an extension. */
const LIBRARIES = ["plpgsql", "dict_snowball", "pgoutput", "utf8_and_iso8859_1", "utf8_and_win"];

const FILE_FUNCTIONS = [
  "SELECT lo_import('/etc/passwd')",
  "SELECT lo_import('/etc/passwd', 7)",
  "SELECT lo_export(1, 'x')",
  "SELECT pg_read_file('PG_VERSION')",
  "SELECT pg_read_file('PG_VERSION', true)",
  "SELECT pg_read_file('PG_VERSION', 0, 1)",
  "SELECT pg_read_binary_file('PG_VERSION')",
  "SELECT pg_stat_file('PG_VERSION')",
  "SELECT pg_ls_dir('.')",
  "SELECT * FROM pg_ls_waldir()",
  "SELECT * FROM pg_ls_logdir()",
  "SELECT * FROM pg_ls_tmpdir()",
  "CREATE FUNCTION f(oid, text) RETURNS int LANGUAGE internal AS 'be_lo_export'; SELECT f(1, 'x')",
  `CREATE FUNCTION f(text) RETURNS text LANGUAGE sql AS 'SELECT $1';
   UPDATE pg_proc SET prolang = 12, prosrc = 'pg_read_file_all' WHERE proname = 'f'; SELECT f('x')`,
  `CREATE FUNCTION f(text) RETURNS text LANGUAGE internal AS 'pg_read_file_all';
   CREATE OPERATOR !! (RIGHTARG = text, FUNCTION = f); SELECT !! 'PG_VERSION'::text`,
  "DO $$ BEGIN EXECUTE 'SELECT pg_read_file(''PG_VERSION'')'; END $$",
];

const FILES_AND_PROGRAMS = [
  ["COPY (SELECT 1) TO '/tmp/x'", /could not open file "\/tmp\/x" for writing/],
  ["COPY (SELECT 1) TO '/pglite/data/x'", /could not open file "\/pglite\/data\/x" for writing/],
  ["COPY (SELECT 1) TO '/pglite/lib/postgresql/x.so'", /could not open file/],
  ["COPY (SELECT 1) TO '/dev/stdout'", /could not open file/],
  ["COPY (SELECT 1) TO '/pglite/data/global/pg_control'", /could not open file/],
  ["CREATE TABLE t (a text); COPY t FROM '/dev/stdin'", /could not open file/],
  ["CREATE TABLE t (a text); COPY t FROM '/etc/passwd'", /could not open file/],
  ["CREATE TABLE t (a text); COPY t FROM '/proc/self/fd/0'", /could not open file/],
  ["COPY (SELECT 1) TO PROGRAM 'touch x'", /could not execute command "touch x"/],
  ["CREATE TABLE t (a text); COPY t FROM PROGRAM 'ls'", /could not execute command "ls"/],
  ["CREATE TABLE t (a text); COPY t FROM PROGRAM 'locale -a'", /could not execute command/],
  ["CREATE TABLESPACE s LOCATION '/pglite/lib'", /Permission denied/],
  ["ALTER SYSTEM SET shared_preload_libraries = 'evil'", /ALTER SYSTEM is not allowed/],
] as const;

test("what reaches files and programs of the server is an error of SQL", async () => {
  await using server = await scratch([]);
  const { database } = server;
  const start = await database.checkpoint();
  const cases: (readonly [string, RegExp])[] = [
    ...FILE_FUNCTIONS.map((sql) => [sql, /is not available in a scratch database/] as const),
    ...FILES_AND_PROGRAMS,
  ];
  for (const [sql, message] of cases) {
    await assert.rejects(database.exec(sql), { name: "DatabaseError", message }, sql);
    await database.exec("SELECT 1");
    await database.rewind(start);
  }
});

test("a schema may name those functions, grant them, and have its own of the same name", async () => {
  await using server = await scratch([]);
  const { database } = server;
  await database.exec(`
    CREATE ROLE monitor;
    GRANT EXECUTE ON FUNCTION pg_catalog.pg_ls_dir(text), pg_catalog.pg_read_file(text) TO monitor;
    CREATE FUNCTION logs() RETURNS text LANGUAGE sql AS $$ SELECT pg_read_file('log') $$;
    CREATE FUNCTION later() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM lo_export(1, 'x'); END $$;
    CREATE FUNCTION lo_export(text, text) RETURNS text LANGUAGE sql AS $$ SELECT $1 || $2 $$;
    CREATE TABLE t (a text DEFAULT lo_export('a', 'b'));
    INSERT INTO t DEFAULT VALUES;
  `);
  assert.deepEqual(await database.query("SELECT a, lo_export('c', 'd') AS b FROM t"), [
    { a: "ab", b: "cd" },
  ]);
});

test("a function of an embedded library may be declared by hand", async () => {
  await using server = await scratch(["unaccent"]);
  const { database } = server;
  await database.exec(`
    CREATE EXTENSION unaccent;
    CREATE FUNCTION plain(regdictionary, text) RETURNS text LANGUAGE c IMMUTABLE STRICT AS '$libdir/unaccent', 'unaccent_dict'
  `);
  const rows = await database.query("SELECT plain('unaccent', 'é') AS text");
  assert.deepEqual(rows, [{ text: "e" }]);
});

/** A scratch database; its server ends with it. */
async function scratch(
  needs: readonly string[],
): Promise<AsyncDisposable & { readonly database: ScratchDatabase }> {
  const target = { dialect: "postgres", version: null, anyVersion: false, needs };
  const signal = new AbortController().signal;
  const server = await pglite.start(target, { emit: () => {}, signal });
  const database = await server.create();
  return { database, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}
