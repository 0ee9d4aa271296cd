/** Prisma's own schema engine: what `migrate deploy`, `migrate status` and `migrate diff` do. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import * as engineModule from "@prisma/schema-engine-wasm/schema_engine_bg";

/** The engine, at a database and a folder of migrations. */
export interface PrismaEngine extends Disposable {
  /** Applies what is not applied yet; gives the names. Throws an Error where the engine refuses. */
  apply(): Promise<readonly string[]>;
  /** What models have that the migrations do not leave, in its words; null for nothing. */
  ahead(models: string): Promise<string | null>;
  /** What it says of the books: history, failed and edited migrations. */
  diagnose(): Promise<PrismaDiagnosis>;
}

/** Its diagnosis, as far as it is of interest. */
export interface PrismaDiagnosis {
  readonly history: unknown;
  readonly failedMigrationNames: readonly string[];
  readonly editedMigrationNames: readonly string[];
}

/** Opens it on a file of SQLite. */
export async function openPrismaEngine(file: string, folder: string): Promise<PrismaEngine> {
  await load();
  const database = new DatabaseSync(file);
  const datamodels: [string, string][] = [[
    "schema.prisma",
    'datasource db { provider = "sqlite" }',
  ]];
  const engine = await engineModule.SchemaEngine.new(
    { datamodels },
    () => {},
    adapterOf(database) as never,
  );
  const filters = { externalTables: [], externalEnums: [] };
  return {
    apply: async () =>
      (await engine.applyMigrations({ migrationsList: listOf(folder), filters }))
        .appliedMigrationNames,
    ahead: async (models) => {
      const { exitCode, stdout } = await engine.diff({
        from: { tag: "migrations", ...listOf(folder) },
        to: { tag: "schemaDatamodel", files: [{ path: "schema.prisma", content: models }] },
        script: true,
        exitCode: true,
        filters,
      });
      return exitCode === 0 ? null : stdout ?? "";
    },
    diagnose: () =>
      engine.diagnoseMigrationHistory({
        migrationsList: listOf(folder),
        optInToShadowDatabase: false,
        filters,
      }),
    [Symbol.dispose]: () => {
      engine.free();
      database.close();
    },
  };
}

let isLoaded = false;

async function load(): Promise<void> {
  if (isLoaded) return;
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: () => {} } });
  const path = fileURLToPath(
    new URL("schema_engine_bg.wasm", import.meta.resolve("@prisma/schema-engine-wasm")),
  );
  const { instance } = await WebAssembly.instantiate(readFileSync(path), {
    "./schema_engine_bg.js": engineModule as unknown as WebAssembly.ModuleImports,
  });
  const { exports } = instance;
  (engineModule as unknown as { __wbg_set_wasm(exports: unknown): void }).__wbg_set_wasm(exports);
  (exports.__wbindgen_start as () => void)();
  isLoaded = true;
}

function listOf(folder: string) {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory()).map(({ name }) => name).sort();
  return {
    baseDir: folder,
    shadowDbInitScript: "",
    lockfile: {
      path: "migration_lock.toml",
      content: readFileSync(join(folder, "migration_lock.toml"), "utf8"),
    },
    migrationDirectories: names.map((path) => ({
      path,
      migrationFile: {
        path: "migration.sql",
        content: {
          tag: "ok" as const,
          value: readFileSync(join(folder, path, "migration.sql"), "utf8"),
        },
      },
    })),
  };
}

interface Adapter {
  connect(): Promise<unknown>;
  connectToShadowDb(): Promise<unknown>;
}

/** A driver adapter, as the engine asks for one; its shadow database is one of memory. */
function adapterOf(database: DatabaseSync): Adapter {
  const tried = <T>(work: () => T) => {
    try {
      return Promise.resolve({ ok: true, value: work() });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const fault = { kind: "sqlite", extendedCode: 1, message, originalMessage: message };
      return Promise.resolve({ ok: false, error: fault });
    }
  };
  const about = {
    adapterName: "tests",
    provider: "sqlite",
    errorRegistry: { consumeError: () => undefined },
  };
  const connection = {
    ...about,
    queryRaw: ({ sql, args }: Query) =>
      tried(() => {
        const statement = database.prepare(sql);
        const columns = statement.columns();
        const rows = statement.all(...args).map((row) => Object.values(row));
        return {
          columnNames: columns.map(({ name }) => name),
          columnTypes: columns.map(({ type }, at) => typeOf(type, rows[0]?.[at])),
          rows,
        };
      }),
    executeRaw: ({ sql, args }: Query) =>
      tried(() => {
        if (args.length > 0) return Number(database.prepare(sql).run(...args).changes);
        // A migration comes as one text.
        database.exec(sql);
        return 0;
      }),
    executeScript: (sql: string) => tried(() => database.exec(sql)),
    startTransaction: () => tried(() => Promise.reject(new Error("none"))),
    dispose: () => tried(() => undefined),
    getConnectionInfo: () => ({ ok: true, value: { supportsRelationJoins: false } }),
  };
  const connect = () => Promise.resolve({ ok: true, value: connection });
  return {
    ...about,
    connect,
    connectToShadowDb: () => adapterOf(new DatabaseSync(":memory:")).connect(),
  };
}

interface Query {
  readonly sql: string;
  readonly args: (string | number | null)[];
}

/** The numbers that driver adapters give types. */
function typeOf(declared: string | null, value: unknown): number {
  if (/date/i.test(declared ?? "")) return 10;
  if (/int/i.test(declared ?? "") || typeof value === "number") return 0;
  return 7;
}
