/** What the main thread can ask of a SQLite that runs in a thread of its own, the same for every build. */

import { DatabaseError } from "../core/error.ts";
import { type Registered, standInCollations } from "./sqlite_registered.ts";
import { type EngineStart, type Operations, Transfer } from "./worker/serve.ts";

/** A database as bytes, and the settings of its connection that are not in them. */
export interface SqliteState {
  readonly bytes: Uint8Array;
  readonly settings: string;
}

/** One database in memory. All its errors are `DatabaseError`. */
export interface SqliteDatabase {
  exec(sql: string): void;
  query(sql: string): readonly object[];
  save(): SqliteState;
  load(state: SqliteState): void;
  close(): void;
}

/** Serves one database at a time, made by `make`, with stand-ins for the collations that are registered. */
export function sqliteOperations(
  make: () => SqliteDatabase,
  start: EngineStart,
  registered: Registered,
): Operations {
  const { hide, show } = standInCollations(registered);
  let database = make();
  const saved = new Map<number, SqliteState>();
  let last = 0;
  return {
    create: () => {
      database.close();
      saved.clear();
      database = make();
    },
    run: (statements: readonly string[]) => {
      for (const [index, sql] of statements.entries()) {
        start.enter(index);
        database.exec(hide(sql));
      }
    },
    ask: (sql: string) => {
      start.enter(0);
      return database.query(hide(sql)).map(show);
    },
    save: () => {
      saved.set(++last, withMemory(() => database.save()));
      return last;
    },
    load: (id: number) => {
      const state = saved.get(id);
      if (state === undefined) throw new DatabaseError(`Cannot rewind to unknown state ${id}`);
      withMemory(() => database.load(state));
    },
    export: () => withMemory(() => database.save()).bytes,
    import: (bytes: Uint8Array) =>
      withMemory(() => database.load({ bytes, settings: database.save().settings })),
    forget: (id: number) => void saved.delete(id),
    write: () => {
      const packed = packState(withMemory(() => database.save()));
      return new Transfer(packed, [packed.buffer]);
    },
    read: (packed: Uint8Array<ArrayBuffer>) => {
      withMemory(() => database.load(unpackState(packed)));
      // Only when it is read SQLite looks at whether it is a database.
      database.query("SELECT count(*) FROM sqlite_schema");
    },
  };
}

/** One block of bytes: how long the settings are, the settings, the database. */
function packState({ bytes, settings }: SqliteState): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(settings);
  const packed = new Uint8Array(4 + text.length + bytes.length);
  new DataView(packed.buffer).setUint32(0, text.length);
  packed.set(text, 4);
  packed.set(bytes, 4 + text.length);
  return packed;
}

function unpackState(packed: Uint8Array): SqliteState {
  const end = 4 + new DataView(packed.buffer, packed.byteOffset).getUint32(0);
  if (end > packed.length) throw new DatabaseError("It is not whole");
  return {
    settings: new TextDecoder().decode(packed.subarray(4, end)),
    bytes: packed.slice(end),
  };
}

/** Copies of a database are arrays: without memory for one JavaScript itself complains; a limit that a script set holds for new connections too. */
function withMemory<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const isMemory = error instanceof RangeError ||
      (error instanceof Error && /out of memory/.test(error.message));
    if (error instanceof DatabaseError || !isMemory) throw error;
    throw new DatabaseError("out of memory", { code: "SQLITE_NOMEM", cause: error });
  }
}

/**
 * Bounds what a connection takes: pages of databases, and all that SQLite allocates where its build counts that. A script can lift
 * the first bound; what the process takes is watched from outside as well. Sorting spills to no file.
 */
export function memoryScript(memory: number, page: number): string {
  return `PRAGMA max_page_count = ${Math.floor(memory / 2 / page)};
    PRAGMA hard_heap_limit = ${memory};
    PRAGMA temp_store = MEMORY;`;
}
