/** Postgres' own parser, loaded from the embedded files. */

import { zstdDecompressSync } from "node:zlib";
import { asset } from "../host/assets.ts";
import { PARSER_FILES, parserAssets } from "./assets.ts";

/** A node of the parse tree: an object with one key, the node's type. */
export type Tree = { readonly [key: string]: unknown };

/** Parses a script; gives the tree of each statement, or the parser's complaint. */
export type ParsePostgres = (sql: string) => readonly Tree[] | string;

let loading: Promise<ParsePostgres> | undefined;

/** Loads the parser once. */
export function postgresParser(): Promise<ParsePostgres> {
  return loading ??= load();
}

/** What the module of libpg-query exports, as far as it is used here. */
interface Library {
  lengthBytesUTF8(text: string): number;
  stringToUTF8(text: string, at: number, length: number): void;
  UTF8ToString(at: number): string;
  getValue(at: number, type: "i32"): number;
  _malloc(length: number): number;
  _free(at: number): void;
  _wasm_parse_query_raw(at: number): number;
  _wasm_free_parse_result(at: number): void;
}

async function load(): Promise<ParsePostgres> {
  const imported: { readonly default: unknown } = await import("libpg-query/wasm/libpg-query.js");
  const factory = imported.default as (options: object) => Promise<Library>;
  const wasmBinary = zstdDecompressSync(await asset(parserAssets, PARSER_FILES.postgres));
  const library = await factory({ wasmBinary });
  return (sql) => parse(library, sql);
}

/** The result is three pointers: the tree as JSON, what was printed, and the error, whose first word points to its message. */
function parse(library: Library, sql: string): readonly Tree[] | string {
  const length = library.lengthBytesUTF8(sql) + 1;
  const text = library._malloc(length);
  let result = 0;
  try {
    library.stringToUTF8(sql, text, length);
    result = library._wasm_parse_query_raw(text);
    if (result === 0) return "the parser has no memory left";
    const error = library.getValue(result + 8, "i32");
    if (error !== 0) return library.UTF8ToString(library.getValue(error, "i32"));
    const tree = JSON.parse(library.UTF8ToString(library.getValue(result, "i32")));
    return (tree.stmts ?? []).map((item: { readonly stmt: Tree }) => item.stmt);
  } finally {
    library._free(text);
    if (result !== 0) library._wasm_free_parse_result(result);
  }
}
