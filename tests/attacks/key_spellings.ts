/** The ways in which a server can write a key that it was sent. */

import { Buffer } from "node:buffer";

/** A spelling, and the part of it that must not be shown. */
export interface Spelling {
  readonly written: string;
  readonly hidden: string;
}

/** Spellings of a key by name. */
export function spellings(key: string): Readonly<Record<string, Spelling>> {
  const percent = [...Buffer.from(key)]
    .map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
  const unicode = [...key]
    .map((sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
  const plain = (written: string) => ({ written, hidden: written });
  return {
    "as it is": plain(key),
    "in an address": plain(encodeURIComponent(key)),
    "in percent code": plain(percent),
    "in percent code, in capitals": plain(percent.toUpperCase()),
    "in percent code, twice": plain(percent.replaceAll("%", "%25")),
    "in JSON": plain(JSON.stringify(key).slice(1, -1)),
    "in JSON, escaped": plain(unicode),
    "half escaped": plain(unicode.slice(0, 60) + key.slice(10)),
    "in base64": within(Buffer.from(key).toString("base64")),
    "in Basic": within(Buffer.from(`me:${key}`).toString("base64")),
    "in Basic, with a longer name": within(Buffer.from(`user:${key}`).toString("base64")),
    "in Basic, as a name": within(Buffer.from(`${key}:x`).toString("base64")),
    "in base64 of addresses": within(Buffer.from(key).toString("base64url")),
    "in hexadecimal digits": plain(Buffer.from(key).toString("hex")),
  };
}

/** The edges of base64 belong to what stands before and behind as well. */
function within(written: string): Spelling {
  return { written, hidden: written.replace(/=+$/, "").slice(8, -8) };
}
