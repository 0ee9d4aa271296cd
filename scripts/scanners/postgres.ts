/** Our reading of Postgres scripts against that of Postgres: its own scanner and parser as a library, and a server. */

import { split } from "../../src/engines/postgres/split.ts";
import { lexicon } from "../../src/engines/postgres/lexicon.ts";
import { packageFile } from "../../src/host/assets.ts";
import { DatabaseError, UsageError } from "../../src/core/error.ts";
import { pglite } from "../../src/runtimes/pglite.ts";
import type { Checkpoint, ScratchDatabase } from "../../src/runtimes/runtime.ts";
import type { Statement } from "../../src/core/statement.ts";
import { afterByteOrderMark, tokensOf } from "../../src/sql/scanner.ts";
import type { Judge } from "./judge.ts";

/** What of libpg-query's module is used. */
interface Library {
  lengthBytesUTF8(text: string): number;
  stringToUTF8(text: string, at: number, length: number): void;
  UTF8ToString(at: number): string;
  getValue(at: number, type: "i32"): number;
  _malloc(length: number): number;
  _free(at: number): void;
  _wasm_scan(at: number): number;
  _wasm_free_string(at: number): void;
  _wasm_parse_query_raw(at: number): number;
  _wasm_free_parse_result(at: number): void;
}

interface Scratch {
  readonly database: ScratchDatabase;
  readonly empty: Checkpoint;
}

/** Three judges in one: tokens, statements, and what a server answers. */
export async function postgresJudge(): Promise<Judge> {
  const library = await load();
  const signal = new AbortController().signal;
  const target = { dialect: "postgres", version: null, needs: [], anyVersion: true };
  const server = await pglite.start(target, { emit: () => {}, signal });
  const database = await server.create();
  await database.exec('CREATE TABLE t (a int, "end" int, "case" int)');
  const scratch = { database, empty: await database.checkpoint() };
  let count = 0;
  return {
    async differs(script) {
      const text = script.slice(afterByteOrderMark(script));
      const found = tokensDiffer(library, text) ?? statementsDiffer(library, text);
      if (found !== null || ++count % 40 !== 0) return found;
      return await answersDiffer(scratch, text, count % 80 === 0);
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function load(): Promise<Library> {
  const imported: { readonly default: unknown } = await import("libpg-query/wasm/libpg-query.js");
  const factory = imported.default as (options: object) => Promise<Library>;
  return await factory({ wasmBinary: await packageFile("libpg-query/wasm/libpg-query.wasm") });
}

/** Where the server's scanner sees quoted pieces, comments and words that ours sees otherwise; null as well where it refuses the text. */
function tokensDiffer(library: Library, text: string): string | null {
  if (text.includes("\0") || CONTINUED.test(text)) return null;
  const theirs = scanned(library, text);
  if (theirs === null) return null;
  const ours = tokensOf(text, lexicon).filter(({ kind }) =>
    !["blank", "comment", "operator"].includes(kind)
  );
  const [a, b] = [ours, theirs].map((tokens) =>
    JSON.stringify(tokens.map(({ start, end }) => text.slice(start, end)).flatMap(partsOf))
  );
  return a === b ? null : `tokens: ours ${a}, the server's ${b}`;
}

/** The library takes N and its string for two tokens, U& and its string for one. */
function partsOf(token: string): readonly string[] {
  if (/^n'/i.test(token)) return [token.slice(0, 1), token.slice(1)];
  return /^u&['"]/i.test(token) ? [token.slice(0, 1), token.slice(2)] : [token];
}

/** A string that goes on in a later line, which the library, made for comments to be tokens, does not see as the server does. */
const CONTINUED = /'(?:[ \t\f\v\r\n]|--[^\r\n]*)*[\r\n](?:[ \t\f\v\r\n]|--[^\r\n]*[\r\n])*'/;

interface Scanned {
  readonly start: number;
  readonly end: number;
}

/** The tokens of a text as the server's scanner cuts it, in UTF-16 units; null where it refuses it. */
function scanned(library: Library, text: string): readonly Scanned[] | null {
  const at = pointer(library, text);
  const result = library._wasm_scan(at);
  try {
    const answer = library.UTF8ToString(result);
    if (!answer.startsWith("{")) return null;
    const units = unitsOf(text);
    // The texts of the tokens are not escaped, so that it is no JSON.
    return [...answer.matchAll(/"start":(\d+),"end":(\d+)/g)].map((token) => {
      const [start = 0, end = 0] = [units[Number(token[1])], units[Number(token[2])]];
      return { start, end };
    }).filter(({ start, end }) =>
      !/^(?:--|\/\*)|^[~!@#^&|`?+\-*\/%<>=,()[\].;:]+$/.test(text.slice(start, end))
    );
  } finally {
    library._free(at);
    library._wasm_free_string(result);
  }
}

/** The offset in UTF-16 units of each byte offset. */
function unitsOf(text: string): readonly number[] {
  const units: number[] = [];
  let unit = 0;
  for (const sign of text) {
    const bytes = new TextEncoder().encode(sign).length;
    for (let i = 0; i < bytes; i++) units.push(unit);
    unit += sign.length;
  }
  return [...units, unit];
}

/** Whether each of our statements is the server's; where the server refuses the text, something of ours must be refused as well. */
function statementsDiffer(library: Library, text: string): string | null {
  if (setsStrings(text)) return null;
  const theirs = parsed(library, text);
  const ours = splitOrNull(text);
  if (ours === null) {
    return theirs === null || refusesMore(text) ? null : "split refuses what the server takes";
  }
  if (ours.some(({ copyData }) => copyData !== undefined)) return null;
  const each = ours.map(({ sql }) => parsed(library, sql));
  if (theirs === null) {
    return each.includes(null) || skips(text)
      ? null
      : `the server refuses it, all of ours pass: ${shown(ours)}`;
  }
  const [a, b] = [
    JSON.stringify(each.map((trees) => trees?.length === 1 ? trees[0] : trees)),
    JSON.stringify(theirs),
  ];
  return a === b ? null : `statements: ours ${shown(ours)}, the server's ${theirs.length}`;
}

/** True for what `split` refuses or skips and a server would refuse as well, though its parser as a library does not. */
function refusesMore(text: string): boolean {
  return text.includes("\0");
}

/** A psql command or the data of a COPY, of which the server knows nothing. */
function skips(text: string): boolean {
  return /\\[a-z?]/i.test(text);
}

function setsStrings(text: string): boolean {
  return /standard_conforming_strings/i.test(text);
}

function parsed(library: Library, text: string): readonly unknown[] | null {
  const at = pointer(library, text);
  const result = library._wasm_parse_query_raw(at);
  try {
    if (library.getValue(result + 8, "i32") !== 0) return null;
    const tree = JSON.parse(
      library.UTF8ToString(library.getValue(result, "i32")),
      (key, value) =>
        /location$|^stmt_len$|^name_location$|^location_/.test(key) ? undefined : value,
    );
    return (tree.stmts ?? []).map((item: { readonly stmt: unknown }) => item.stmt);
  } finally {
    library._free(at);
    library._wasm_free_parse_result(result);
  }
}

function pointer(library: Library, text: string): number {
  const length = library.lengthBytesUTF8(text) + 1;
  const at = library._malloc(length);
  library.stringToUTF8(text, at, length);
  return at;
}

/** Whether the whole text has the outcome that our statements have one by one, with plain strings as the setting has them. */
async function answersDiffer(
  server: Scratch,
  text: string,
  escapes: boolean,
): Promise<string | null> {
  if (setsStrings(text) || /\bCOPY\b|\\echo/i.test(text) || text.includes("\0")) return null;
  const first = `SET standard_conforming_strings = ${escapes ? "off" : "on"};\n`;
  const ours = splitOrNull(first + text)?.slice(1) ?? null;
  const whole = await outcome(server, first, [text]);
  if (ours?.some(({ control }) => control !== undefined)) return null;
  const each = ours === null ? "refused" : await outcome(server, first, ours.map(({ sql }) => sql));
  if (whole === each || whole.startsWith("refused") && each.startsWith("refused")) return null;
  return `escapes ${escapes}: whole ${whole}, ours ${each}: ${
    ours === null ? "refused" : shown(ours)
  }`;
}

/** What is in the catalog after some texts, or that one of them was refused. */
async function outcome(server: Scratch, first: string, texts: readonly string[]): Promise<string> {
  const { database, empty } = server;
  await database.rewind(empty);
  await database.exec(first);
  try {
    for (const text of texts) await database.exec(text);
    await database.exec("ROLLBACK");
    const rows = await database.query(
      "SELECT c.relname, (SELECT string_agg(a.attname, ',' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = c.oid) FROM pg_class c WHERE c.oid >= 16384 AND c.relkind = 'r' ORDER BY 1",
    );
    return JSON.stringify(rows);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return `refused: ${error.message}`;
  }
}

function splitOrNull(text: string): readonly Statement[] | null {
  try {
    return split(text);
  } catch (error) {
    if (error instanceof UsageError) return null;
    throw error;
  }
}

function shown(statements: readonly Statement[]): string {
  return JSON.stringify(statements.map(({ sql }) => sql));
}
