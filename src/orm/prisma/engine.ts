/** Prisma's own schema engine, as WebAssembly: models in, DDL out, without a database and without Prisma installed. */

import { zstdDecompressSync } from "node:zlib";
import { asset } from "../../host/assets.ts";
import { PRISMA_WASM, prismaAssets } from "./assets.ts";

/** A file of models. */
export interface PrismaFile {
  readonly path: string;
  readonly content: string;
}

/** What the engine answered: DDL, or what is wrong with the models. */
export type PrismaAnswer = { readonly ddl: string } | { readonly fault: string };

/** The DDL of models for a new database. `provider` is Prisma's name of the dialect; `version` the server's number, such as 170000. */
export async function prismaDdl(
  files: readonly PrismaFile[],
  { provider, version }: { readonly provider: "postgres" | "sqlite"; readonly version: number },
): Promise<PrismaAnswer> {
  const { SchemaEngine } = await loadEngine();
  const containers = files.map(({ path, content }) => ({ path, content }));
  try {
    const datamodels = files.map(({ path, content }): [string, string] => [path, content]);
    const adapter = offlineAdapter(provider, version);
    const engine = await SchemaEngine.new({ datamodels }, () => {}, adapter as never);
    const { stdout } = await engine.diff({
      from: { tag: "empty" },
      to: { tag: "schemaDatamodel", files: containers },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    });
    engine.free();
    return { ddl: stdout ?? "" };
  } catch (error) {
    // After a panic nothing can be asked of the module again.
    if (panics.length > 0) loading = undefined;
    return { fault: panics.splice(0).at(-1) ?? faultText(error) };
  }
}

type EngineModule = typeof import("@prisma/schema-engine-wasm/schema_engine_bg");

let loading: Promise<EngineModule> | undefined;

/** What the module says before it breaks off. */
const panics: string[] = [];

function loadEngine(): Promise<EngineModule> {
  return loading ??= load();
}

async function load(): Promise<EngineModule> {
  Object.assign(globalThis, {
    PRISMA_WASM_PANIC_REGISTRY: { set_message: (text: string) => void panics.push(text) },
  });
  const [engine, packed] = await Promise.all([
    import("@prisma/schema-engine-wasm/schema_engine_bg"),
    asset(prismaAssets, PRISMA_WASM),
  ]);
  const instance = await WebAssembly.instantiate(
    await WebAssembly.compile(new Uint8Array(zstdDecompressSync(packed))),
    {
      "./schema_engine_bg.js": engine as unknown as WebAssembly.ModuleImports,
    },
  );
  const { exports } = instance;
  (engine as unknown as { __wbg_set_wasm(exports: unknown): void }).__wbg_set_wasm(exports);
  (exports.__wbindgen_start as () => void)();
  return engine;
}

/** Answers the one question that the engine has of a server, which is what it is; there is no server. */
function offlineAdapter(provider: "postgres" | "sqlite", version: number) {
  const refused = () => Promise.resolve(bad("there is no database"));
  const connection = {
    adapterName: "offline",
    provider,
    errorRegistry: { consumeError: () => undefined },
    queryRaw: () => Promise.resolve(provider === "postgres" ? good(serverRow(version)) : bad("")),
    executeRaw: refused,
    executeScript: refused,
    startTransaction: refused,
    dispose: () => Promise.resolve(good(undefined)),
    getConnectionInfo: () =>
      good({
        ...(provider === "postgres" ? { schemaName: "public" } : {}),
        supportsRelationJoins: false,
      }),
  };
  const connect = () => Promise.resolve(good(connection));
  return {
    adapterName: "offline",
    provider,
    errorRegistry: { consumeError: () => undefined },
    connect,
    connectToShadowDb: connect,
  };
}

/** Whether the schema is there, and the version as text and number; the types are those of Prisma's driver adapters. */
function serverRow(version: number) {
  return {
    columnNames: ["exists", "version", "numeric_version"],
    columnTypes: [5, 7, 0],
    rows: [[true, `PostgreSQL ${Math.floor(version / 10_000)}.0`, version]],
  };
}

function good<T>(value: T) {
  return { ok: true, value };
}

function bad(message: string) {
  return { ok: false, error: { kind: "GenericJs", id: 0, message } };
}

/** The engine's errors are JSON of which one field is for people. */
function faultText(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null && "message" in parsed) {
      return String(parsed.message);
    }
  } catch {
    // It is for people already.
  }
  return text;
}
