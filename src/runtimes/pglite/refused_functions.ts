/** The functions of Postgres that reach the files of its machine: in a scratch server a call of one is an error. */

import { Buffer } from "node:buffer";
import type { Emscripten, WasmExports } from "./emscripten.ts";

/** A function that is compiled into the server. */
export interface BuiltIn {
  readonly oid: number;
  /** As SQL calls it, and as the server's own table of functions does. */
  readonly name: string;
  readonly symbol: string;
}

/** One that is refused. */
export interface RefusedFunction {
  readonly oid: number;
  readonly name: string;
  /** Address of its entry in the server's table of functions. */
  readonly entry: number;
}

/**
 * Gives a `BuiltIn` for each function that is refused. They stay in the catalog: a schema may grant them or name them in a body.
 * Taking them from there would not be enough, for the server finds its own by OID and by symbol (`LANGUAGE internal`) first.
 */
export const REFUSED_FUNCTIONS = `
  SELECT oid::int AS oid, proname AS name, prosrc AS symbol
  FROM pg_catalog.pg_proc
  WHERE prolang = 12
    AND (
      proname ~ '^pg_(read_(binary_)?file|stat_file|ls_.*dir)$'
      OR proname IN ('lo_import', 'lo_export', 'pg_rotate_logfile', 'pg_backup_start', 'pg_backup_stop')
    )
  ORDER BY oid
`;

/** Finds the entries of functions in the memory of a server: OID, parameters, pointer to the symbol, pointer to the code. */
export function findFunctions(heap: Uint8Array, wanted: readonly BuiltIn[]): RefusedFunction[] {
  const { buffer, byteOffset, length } = heap;
  const words = new Uint32Array(buffer, byteOffset, length >> 2);
  const bytes = Buffer.from(buffer, byteOffset, length);
  return wanted.map(({ oid, name, symbol }) => {
    const text = Buffer.from(`${symbol}\0`, "latin1");
    for (let at = words.indexOf(oid); at >= 0; at = words.indexOf(oid, at + 1)) {
      const place = words[at + 2] ?? 0;
      if (bytes.subarray(place, place + text.length).equals(text)) {
        return { oid, name, entry: at * 4 };
      }
    }
    throw new Error(`Cannot find the function "${symbol}" in Postgres`);
  });
}

/** Refuses functions in the memory of a server: their code is replaced by one that raises an error of SQL. */
export class Refusal {
  readonly #module: Emscripten;
  readonly #functions: readonly RefusedFunction[];
  readonly #code: number;

  constructor(module: Emscripten, exports: WasmExports, functions: readonly RefusedFunction[]) {
    this.#module = module;
    this.#functions = functions;
    const names = new Map(functions.map(({ oid, name }) => [oid, name]));
    this.#code = module.addFunction((call) => {
      const words = new DataView(module.HEAPU8.buffer);
      const oid = words.getUint32(words.getUint32(call, true) + FUNCTION_OID, true);
      return raise(module, exports, names.get(oid));
    }, "ii");
  }

  /** Call it again when the memory was replaced. */
  apply(): void {
    const words = new DataView(this.#module.HEAPU8.buffer);
    for (const { oid, name, entry } of this.#functions) {
      if (words.getUint32(entry, true) !== oid) {
        throw new Error(`Cannot refuse the function "${name}"`);
      }
      words.setUint32(entry + ENTRY_CODE, this.#code, true);
    }
  }
}

/** Offsets in `FmgrInfo` and in `FmgrBuiltin` of Postgres' fmgr.h and fmgrtab.h. */
const FUNCTION_OID = 4;
const ENTRY_CODE = 12;

/** What `ereport(ERROR, ...)` does. It leaves by a long jump and never returns. */
function raise(module: Emscripten, exports: WasmExports, name: string | undefined): number {
  const text = (value: string) => module.stringToUTF8OnStack(value);
  exports.errstart(ERROR, 0);
  exports.errcode(INSUFFICIENT_PRIVILEGE);
  exports.errmsg(text(`${name ?? "this function"} is not available in a scratch database`), 0);
  exports.errhint(
    text("Schemas and migrations run in a database that reads and writes no files of its server"),
    0,
  );
  exports.errfinish(0, 0, 0);
  throw new Error("The server goes on after an error");
}

const ERROR = 21;

/** The SQLSTATE 42501, six bits for each of its characters. */
const INSUFFICIENT_PRIVILEGE = [4, 2, 5, 0, 1].reduce(
  (code, digit, at) => code | digit << 6 * at,
  0,
);
