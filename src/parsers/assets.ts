/** The WebAssembly of the SQL parsers, as files that aim embeds. */

import { readFile, writeFile } from "node:fs/promises";
import { constants, zstdCompressSync } from "node:zlib";
import { type AssetGroup, packageFile, packagePath } from "../host/assets.ts";

/** The versions that deno.json names; the files are theirs. */
const VERSIONS = { "libpg-query": "18.1.5", syntaqlite: "0.13.0" } as const;

/** Names of the files in the group, each compressed with zstd. */
export const PARSER_FILES = {
  postgres: "postgres.bin",
  sqliteRuntime: "sqlite_runtime.bin",
  sqliteWasm: "sqlite_wasm.bin",
  sqliteDialect: "sqlite_dialect.bin",
} as const;

const SOURCES: Readonly<Record<keyof typeof PARSER_FILES, string>> = {
  postgres: "libpg-query/wasm/libpg-query.wasm",
  sqliteRuntime: "syntaqlite/wasm/syntaqlite-runtime.js",
  sqliteWasm: "syntaqlite/wasm/syntaqlite-runtime.wasm",
  sqliteDialect: "syntaqlite/wasm/syntaqlite-sqlite.wasm",
};

/** The files of the parsers. */
export const parserAssets: AssetGroup = {
  name: "parsers",
  key: Object.values(VERSIONS).join("-"),
  make,
};

async function make(folder: string): Promise<void> {
  for (const [name, version] of Object.entries(VERSIONS)) {
    const installed = JSON.parse(await readFile(packagePath(`${name}/package.json`), "utf8"));
    if (installed.version !== version) {
      throw new Error(`${name} ${installed.version} is installed, not ${version}`);
    }
  }
  for (const [name, file] of Object.entries(PARSER_FILES)) {
    const bytes = await packageFile(SOURCES[name as keyof typeof PARSER_FILES]);
    const params = { [constants.ZSTD_c_compressionLevel]: 19 };
    await writeFile(`${folder}/${file}`, zstdCompressSync(bytes, { params }));
  }
}
