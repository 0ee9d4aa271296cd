/** The part of the Postgres wire protocol that simple queries and COPY need. */

import { Buffer } from "node:buffer";

/** A result column. */
export interface Column {
  readonly name: string;
  /** OID of its type. */
  readonly type: number;
}

/** Rows that one statement gave, in the server's text format. */
export interface ResultSet {
  readonly columns: readonly Column[];
  readonly rows: (readonly (string | null)[])[];
}

/** The fields of an error by the protocol's one-letter names: `C` SQLSTATE, `M` message, `P` position. */
export type ErrorFields = Readonly<Record<string, string>>;

/** What the server answered to one message. */
export interface Answer {
  readonly results: readonly ResultSet[];
  /** What each statement that came through did: `UPDATE 3`. */
  readonly tags: readonly string[];
  readonly error: ErrorFields | null;
  /** True once the server said that it is ready for the next query. */
  readonly ready: boolean;
  /** True inside a transaction block, a failed one included. */
  readonly inTransaction: boolean;
}

/** A simple query. */
export function queryMessage(sql: string): Uint8Array {
  return frontendMessage("Q", Buffer.from(`${sql}\0`));
}

/** The rows of a `COPY ... FROM STDIN`, whole. */
export function copyMessages(data: string): Uint8Array {
  return Buffer.concat([
    frontendMessage("d", Buffer.from(data)),
    frontendMessage("c", Buffer.alloc(0)),
  ]);
}

/** Ends a `COPY ... FROM STDIN` with an error. */
export function copyFailMessage(reason: string): Uint8Array {
  return frontendMessage("f", Buffer.from(`${reason}\0`));
}

/** The fields of an error or notice, read from the whole message. */
export function readErrorFields(message: Uint8Array): ErrorFields {
  return readFields(Buffer.from(message.buffer, message.byteOffset, message.length), HEAD);
}

/** Reads all messages of an answer. Of several errors the first counts. Throws for bytes that are no answer. */
export function readAnswer(bytes: Uint8Array): Answer {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const source = { buffer, numbers: viewOf(bytes), text: asciiOf(buffer) };
  const results: ResultSet[] = [];
  const tags: string[] = [];
  let error: ErrorFields | null = null;
  let ready = false;
  let inTransaction = false;
  for (let at = 0; at + 5 <= buffer.length;) {
    const end = at + 1 + source.numbers.getInt32(at + 1);
    if (end < at + 5) throw new Error(DAMAGED);
    const body = at + 5;
    switch (buffer[at]) {
      case 0x54: // RowDescription
        results.push({ columns: readColumns(buffer, body), rows: [] });
        break;
      case 0x44: // DataRow
        results.at(-1)?.rows.push(readRow(source, body));
        break;
      case 0x43: // CommandComplete
        tags.push(buffer.toString("utf8", body, end - 1));
        break;
      case 0x45: // ErrorResponse
        error ??= readFields(buffer, body);
        break;
      case 0x5a: // ReadyForQuery
        ready = true;
        inTransaction = buffer[body] !== 0x49;
        break;
    }
    at = end;
  }
  return { results, tags, error, ready, inTransaction };
}

/** A letter and a length. */
const HEAD = 5;

/** A server whose memory a statement damaged may send anything. */
const DAMAGED = "the server's answer is damaged";

function endOfText(buffer: Buffer, start: number): number {
  const end = buffer.indexOf(0, start);
  if (end < 0) throw new Error(DAMAGED);
  return end;
}

/** The bytes of an answer, ready to be read in several ways. */
interface Source {
  readonly buffer: Buffer;
  readonly numbers: DataView;
  /** All of it as text, where every byte is a character. */
  readonly text: string | null;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** A cut from one long text is much cheaper than a text of its own for each of thousands of values. */
function asciiOf(buffer: Buffer): string | null {
  const text = buffer.toString("latin1");
  return BEYOND_ASCII.test(text) ? null : text;
}

const BEYOND_ASCII = /[\x80-\xff]/;

/** A message of a client: its letter, its length and its body. */
export function frontendMessage(type: string, body: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, "latin1");
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

function readColumns(buffer: Buffer, start: number): Column[] {
  const columns: Column[] = [];
  let at = start + 2;
  for (let left = buffer.readInt16BE(start); left > 0; left--) {
    const end = endOfText(buffer, at);
    columns.push({ name: buffer.toString("utf8", at, end), type: buffer.readUInt32BE(end + 7) });
    at = end + 19;
  }
  return columns;
}

function readRow({ buffer, numbers, text }: Source, start: number): (string | null)[] {
  const values = new Array<string | null>(numbers.getInt16(start)).fill(null);
  let at = start + 2;
  for (let index = 0; index < values.length; index++) {
    const length = numbers.getInt32(at);
    at += 4;
    if (length < 0) continue;
    const end = at + length;
    values[index] = text === null ? buffer.toString("utf8", at, end) : text.slice(at, end);
    at = end;
  }
  return values;
}

function readFields(buffer: Buffer, start: number): ErrorFields {
  const fields: Record<string, string> = {};
  for (let at = start; buffer[at] !== 0 && at < buffer.length;) {
    const end = endOfText(buffer, at + 1);
    fields[String.fromCharCode(buffer[at] ?? 0)] = buffer.toString("utf8", at + 1, end);
    at = end + 1;
  }
  return fields;
}
