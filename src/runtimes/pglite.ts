/** Postgres inside this process: PGlite, started from a prepared cluster and rewound by memory images. */

import { zstdDecompressSync } from "node:zlib";
import { asset } from "../assets.ts";
import { DatabaseError } from "../errors.ts";
import type { Json } from "../schema.ts";
import { Backend, BackendCrash, type BackendParts, type Image } from "./pglite/backend.ts";
import { type FileTree, unpackTree } from "./pglite/data_directory.ts";
import { archivesOf, librariesOf, readArchive } from "./pglite/extensions.ts";
import { FILES, type Manifest, pgliteAssets } from "./pglite/recipe.ts";
import { type ArrayTypes, isUnknownType, parseValue } from "./pglite/values.ts";
import {
  type Answer,
  copyMessages,
  type ErrorFields,
  queryMessage,
  type ResultSet,
} from "./pglite/wire.ts";
import type { Checkpoint, Database, Runtime, Server, Target } from "./runtime.ts";

/** The embedded Postgres. One process can run one statement at a time: the engine is part of it. */
export const pglite: Runtime = {
  name: "pglite",

  async refuses(target: Target): Promise<string | null> {
    if (target.dialect !== DIALECT) {
      return `PGlite is a Postgres; it does not speak ${target.dialect}`;
    }
    const { version, extensions } = await readManifest();
    const [major] = version.split(".");
    if (target.version !== null && target.version.split(".")[0] !== major && !target.anyVersion) {
      return `PGlite is Postgres ${version}, not ${target.version}`;
    }
    const missing = target.needs.filter((name) =>
      name !== "plpgsql" && !Object.hasOwn(extensions, name)
    );
    if (missing.length === 0) return null;
    const names = missing.map((name) => `"${name}"`).join(", ");
    return `PGlite does not have the extension${missing.length > 1 ? "s" : ""} ${names}`;
  },

  async start(target: Target): Promise<Server> {
    const [manifest, parts, tree] = await Promise.all([readManifest(), readParts(), readCluster()]);
    const extraFiles = new Map<string, Uint8Array>();
    for (const archive of archivesOf(target.needs, manifest.extensions)) {
      const files = readArchive(await asset(pgliteAssets, FILES.archive(archive)));
      for (const [path, bytes] of files) extraFiles.set(`/pglite/${path}`, bytes);
    }
    const boot = (from: FileTree) => start(parts, from, extraFiles);
    const backend = await boot(tree);
    return new PgliteServer(manifest.version, backend, () => boot(tree));
  },
};

const DIALECT = "postgres";

class PgliteServer implements Server {
  readonly runtime = "pglite";
  readonly version: string;
  readonly #boot: () => Promise<Backend>;
  #backend: Backend;
  #empty: Image;
  #pristine = true;
  #current: PgliteDatabase | null = null;

  constructor(version: string, backend: Backend, boot: () => Promise<Backend>) {
    this.version = version;
    this.#backend = backend;
    this.#boot = boot;
    this.#empty = backend.capture();
  }

  async create(): Promise<Database> {
    await this.#current?.[Symbol.asyncDispose]();
    if (!this.#pristine) this.#backend.restore(this.#empty);
    this.#pristine = false;
    return this.#current = new PgliteDatabase(this.#backend);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#current?.[Symbol.asyncDispose]();
  }
}

/** A checkpoint carries its image, so that the garbage collector frees it with the last reference. */
class PgliteCheckpoint implements Checkpoint {
  readonly id: number;
  readonly database: PgliteDatabase;
  readonly image: Image;

  constructor(id: number, database: PgliteDatabase, image: Image) {
    this.id = id;
    this.database = database;
    this.image = image;
  }
}

class PgliteDatabase implements Database {
  readonly dialect = DIALECT;
  #backend: Backend | null;
  #checkpoints = 0;
  #arrays = new Map<number, number>();

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  exec(sql: string): Promise<void> {
    return attempt(() => void this.#send(sql));
  }

  query<Row extends object>(sql: string): Promise<Row[]> {
    return attempt(() => {
      const result = this.#send(sql).results.at(-1);
      if (result === undefined) return [];
      this.#learnArrays(result);
      return toRows(result, this.#arrays) as Row[];
    });
  }

  copy(sql: string, data: string): Promise<void> {
    return attempt(() => void this.#send(sql, copyMessages(data)));
  }

  /** Sends one message of the wire protocol and gives the bytes of the answer: the way in for pg_dump, which reads them itself. */
  exchange(message: Uint8Array): Uint8Array {
    return this.#live().exchange(message);
  }

  checkpoint(): Promise<Checkpoint> {
    return attempt(() => {
      if (this.#send("").inTransaction) {
        throw new DatabaseError("Cannot make a checkpoint inside a transaction", { code: "25001" });
      }
      const image = this.#live().capture();
      return new PgliteCheckpoint(++this.#checkpoints, this, image);
    });
  }

  rewind(to: Checkpoint): Promise<void> {
    return attempt(() => {
      if (!(to instanceof PgliteCheckpoint) || to.database !== this) {
        throw new DatabaseError("Cannot rewind to a checkpoint of another database");
      }
      this.#live().restore(to.image);
      this.#arrays.clear();
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#backend = null;
    return Promise.resolve();
  }

  #live(): Backend {
    if (this.#backend === null) {
      throw new DatabaseError("The scratch database is closed", { code: "08003" });
    }
    return this.#backend;
  }

  #send(sql: string, copyData: Uint8Array | null = null): Answer {
    let answer;
    try {
      answer = this.#live().send(queryMessage(sql), copyData);
    } catch (error) {
      throw error instanceof BackendCrash ? crashError(error) : error;
    }
    if (answer.error !== null) throw toDatabaseError(answer.error, sql);
    return answer;
  }

  /** Asks once for the types of columns that a user defined: the answer to a query has only their OIDs. */
  #learnArrays(result: ResultSet): void {
    const unknown = result.columns.map((column) => column.type)
      .filter((type) => isUnknownType(type, this.#arrays));
    if (unknown.length === 0) return;
    const types = this.#send(`
      SELECT oid, CASE WHEN typcategory = 'A' AND typlen = -1 THEN typelem ELSE 0 END
      FROM pg_catalog.pg_type
      WHERE oid IN (${unknown.join(", ")})
    `);
    for (const [type, element] of types.results[0]?.rows ?? []) {
      this.#arrays.set(Number(type), Number(element));
    }
  }
}

async function start(
  parts: BackendParts,
  tree: FileTree,
  extraFiles: ReadonlyMap<string, Uint8Array>,
): Promise<Backend> {
  const backend = await Backend.start({ parts, tree, extraFiles, database: "postgres" });
  // A library that is first loaded after an image was taken would be lost by a rewind, but not for the module's loader.
  const libraries = [...BUILT_IN_LIBRARIES, ...librariesOf(extraFiles.keys())];
  const answer = backend.send(
    queryMessage(libraries.map((library) => `LOAD '${library}'`).join(";")),
  );
  if (answer.error !== null) throw toDatabaseError(answer.error, "");
  return backend;
}

const BUILT_IN_LIBRARIES = ["plpgsql", "dict_snowball"];

async function readManifest(): Promise<Manifest> {
  return JSON.parse(new TextDecoder().decode(await asset(pgliteAssets, FILES.manifest)));
}

async function readParts(): Promise<BackendParts> {
  const wasm = asset(pgliteAssets, FILES.wasm).then((bytes) => WebAssembly.compile(bytes));
  const files = await asset(pgliteAssets, FILES.files);
  return { wasm: await wasm, files: new Blob([files]) };
}

async function readCluster(): Promise<FileTree> {
  return unpackTree(zstdDecompressSync(await asset(pgliteAssets, FILES.cluster)));
}

function toRows(result: ResultSet, arrays: ArrayTypes): Record<string, Json>[] {
  return result.rows.map((values) => {
    const row: Record<string, Json> = {};
    result.columns.forEach((column, index) => {
      const text = values[index] ?? null;
      row[column.name] = text === null ? null : parseValue(text, column.type, arrays);
    });
    return row;
  });
}

function toDatabaseError(fields: ErrorFields, sql: string): DatabaseError {
  const position = Number(fields.P);
  return new DatabaseError(fields.M ?? "unknown error", {
    code: fields.C,
    offset: position > 0 ? utf16Offset(sql, position - 1) : undefined,
    hint: fields.H,
    detail: [fields.D, fields.W].filter((part) => part !== undefined).join("\n") || undefined,
  });
}

function crashError(crash: BackendCrash): DatabaseError {
  return new DatabaseError(
    crash.tooDeep
      ? "stack depth limit exceeded"
      : `The embedded Postgres stopped: ${crash.message}`,
    {
      code: crash.tooDeep ? "54001" : "57P02",
      hint: "Prove it on a real server instead, which has a larger stack",
      cause: crash,
    },
  );
}

/** The server counts characters, JavaScript UTF-16 units. */
function utf16Offset(text: string, characters: number): number {
  let offset = 0;
  for (const character of text) {
    if (characters-- <= 0) break;
    offset += character.length;
  }
  return offset;
}

function attempt<Result>(action: () => Result): Promise<Result> {
  return new Promise((resolve) => resolve(action()));
}
