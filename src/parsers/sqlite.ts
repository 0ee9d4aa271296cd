/** SQLite's grammar, loaded from the embedded files. */

import * as crypto from "node:crypto";
import * as path from "node:path";
import { zstdDecompressSync } from "node:zlib";
import { asset } from "../host/assets.ts";
import { PARSER_FILES, parserAssets } from "./assets.ts";

/** A node of the parse tree. */
export interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** Parses a script; gives the tree of each statement, or the parser's complaint. */
export type ParseSqlite = (sql: string) => readonly Node[] | string;

let loading: Promise<ParseSqlite> | undefined;

/** Loads the parser once. */
export function sqliteParser(): Promise<ParseSqlite> {
  return loading ??= load();
}

async function load(): Promise<ParseSqlite> {
  const { Engine } = await import("syntaqlite");
  const file = async (name: string) => zstdDecompressSync(await asset(parserAssets, name));
  const [code, wasmBinary, dialect] = await Promise.all([
    file(PARSER_FILES.sqliteRuntime),
    file(PARSER_FILES.sqliteWasm),
    file(PARSER_FILES.sqliteDialect),
  ]);
  const options = { noInitialRun: true, wasmBinary, locateFile: (name: string) => name };
  const runtime = await runtimeFactory(code.toString("utf8"), dialect)(options);
  const engine = new Engine({ runtime });
  await engine.load();
  await engine.loadDialectFromUrl("dialect", "syntaqlite_sqlite_dialect_template");
  return (sql) => {
    const { statements, errors } = engine.parse(sql);
    const wrong = errors.find(({ severity }) => severity === "error");
    return wrong === undefined ? statements as readonly Node[] : wrong.message;
  };
}

type Runtime = NonNullable<
  NonNullable<ConstructorParameters<typeof import("syntaqlite").Engine>[0]>["runtime"]
>;

/** The package finds its script and modules beside itself, which a single binary does not have; so the script is run from its text. */
function runtimeFactory(code: string, dialect: Uint8Array): (options: object) => Promise<Runtime> {
  const module = { exports: {} as unknown };
  const modules: Readonly<Record<string, unknown>> = {
    fs: { readFileSync: () => dialect },
    path,
    "node:path": path,
    crypto,
    "node:crypto": crypto,
  };
  const run = new Function("module", "exports", "require", "__dirname", "__filename", code);
  run(module, module.exports, (name: string) => modules[name], "/", "/runtime.js");
  return module.exports as (options: object) => Promise<Runtime>;
}
