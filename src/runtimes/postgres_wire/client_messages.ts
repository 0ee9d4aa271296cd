/** The messages of a Postgres client, cut from its bytes, and those that a server begins a session with. */

import { Buffer } from "node:buffer";

/** A message of a client, whole. */
export interface ClientMessage {
  /** Its letter. */
  readonly type: string;
  readonly bytes: Buffer;
}

/** The most bytes of one message. */
const MOST_BYTES = 64 << 20;

/** Cuts the messages off that are there in full. Throws an Error for a length that no message has. */
export function cutMessages(
  bytes: Buffer,
): { readonly messages: readonly ClientMessage[]; readonly rest: Buffer } {
  const messages: ClientMessage[] = [];
  let at = 0;
  while (at + 5 <= bytes.length) {
    const end = at + 1 + checkedLength(bytes.readInt32BE(at + 1));
    if (end > bytes.length) break;
    const type = String.fromCharCode(bytes[at] ?? 0);
    messages.push({ type, bytes: bytes.subarray(at, end) });
    at = end;
  }
  return { messages, rest: bytes.subarray(at) };
}

/** What a client asks for when it connects; `code` as the protocol has it. Null while not all is there. */
export function cutStartup(bytes: Buffer): {
  readonly code: number;
  readonly parameters: Readonly<Record<string, string>>;
  readonly rest: Buffer;
} | null {
  if (bytes.length < 8) return null;
  const length = checkedLength(bytes.readInt32BE(0));
  if (length > MOST_STARTUP) throw new Error("this is no message of Postgres");
  if (bytes.length < length) return null;
  const words = bytes.subarray(8, length).toString("utf8").split("\0");
  const parameters: Record<string, string> = {};
  for (let at = 0; at + 1 < words.length; at += 2) {
    const name = words[at] ?? "";
    if (name !== "") parameters[name] = words[at + 1] ?? "";
  }
  return { code: bytes.readInt32BE(4), parameters, rest: bytes.subarray(length) };
}

const MOST_STARTUP = 10_000;

/**
 * The message with the names of statements and portals made the client's own: those of several clients stand in one session. The
 * unnamed ones last no longer than a client's turn.
 */
export function withOwnNames({ type, bytes }: ClientMessage, prefix: string): Buffer {
  const body = bytes.subarray(5);
  const own = (start: number) => {
    const end = body.indexOf(0, start);
    if (end < 0) throw new Error("this is no message of Postgres");
    const name = body.subarray(start, end);
    return {
      end: end + 1,
      bytes: Buffer.concat([Buffer.from(end > start ? prefix : ""), name, ZERO]),
    };
  };
  if (type === "P" || type === "E") {
    const first = own(0);
    return message(type, [first.bytes, body.subarray(first.end)]);
  }
  if (type === "B") {
    const portal = own(0);
    const statement = own(portal.end);
    return message(type, [portal.bytes, statement.bytes, body.subarray(statement.end)]);
  }
  if (type === "D" || type === "C") {
    const name = own(1);
    return message(type, [body.subarray(0, 1), name.bytes, body.subarray(name.end)]);
  }
  return bytes;
}

const ZERO = Buffer.from([0]);

/** A message of either side. */
export function message(type: string, parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(5);
  head.write(type, 0, "latin1");
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** Texts that end with a zero each. */
export function texts(...values: readonly string[]): Buffer {
  return Buffer.from(values.map((value) => `${value}\0`).join(""));
}

/** A whole number of four bytes. */
export function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function checkedLength(length: number): number {
  if (length < 4 || length > MOST_BYTES) throw new Error("this is no message of Postgres");
  return length;
}
