/** Downloads a file that is known beforehand: with progress, a bound, and its hash checked. */

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import type { Emit } from "../core/event.ts";
import { SetupError } from "../core/error.ts";

/** A file and where it is. */
export interface KnownFile {
  readonly address: string;
  /** For messages: the file, who gives it, and what it is: `Postgres 17`. */
  readonly file: string;
  readonly source: string;
  readonly what: string;
  /** What the source wants to see; null for nothing. */
  readonly authorization: string | null;
  /** Size in bytes, roughly. */
  readonly bytes: number;
  readonly hash: { readonly algorithm: "sha256" | "sha512"; readonly base64: string };
  /** What to look at when it cannot be fetched. */
  readonly hint: string;
}

/** What a download is done with. */
export interface DownloadOptions {
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** Throws SetupError when the file is not given, or is another one. */
export async function download(
  known: KnownFile,
  options: DownloadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const stalled = new AbortController();
  const response = await request(known, AbortSignal.any([options.signal, stalled.signal]), options);
  const bytes = await readBody(response, known, { ...options, stalled });
  const { algorithm, base64 } = known.hash;
  if (createHash(algorithm).update(bytes).digest("base64") === base64) return bytes;
  throw new SetupError(
    `Cannot use ${known.file} of ${known.source}: it is not the file that aim knows`,
    { code: "runtime-add", hint: "Nothing was kept; ask whoever runs the registry" },
  );
}

async function request(
  { address, authorization, hint }: KnownFile,
  anySignal: AbortSignal,
  { signal }: DownloadOptions,
): Promise<Response> {
  try {
    const response = await fetch(address, {
      signal: anySignal,
      ...(authorization === null ? {} : { headers: { authorization } }),
    });
    if (response.ok && response.body !== null) return response;
    await response.body?.cancel();
    throw new Error(`it answers ${response.status} ${response.statusText}`.trim());
  } catch (error) {
    signal.throwIfAborted();
    throw new SetupError(`Cannot fetch ${address}: ${messageOf(error)}`, {
      code: "runtime-add",
      hint,
    });
  }
}

async function readBody(
  response: Response,
  { bytes, what, file }: KnownFile,
  { emit, signal, stalled }: DownloadOptions & { readonly stalled: AbortController },
): Promise<Uint8Array<ArrayBuffer>> {
  const total = Number(response.headers.get("content-length")) || bytes;
  const parts: Uint8Array[] = [];
  let size = 0;
  const give = () => stalled.abort(new Error("it stopped sending"));
  let timer = setTimeout(give, PATIENCE);
  try {
    for await (const part of response.body ?? []) {
      clearTimeout(timer);
      timer = setTimeout(give, PATIENCE);
      parts.push(part);
      size += part.length;
      if (size > MOST) throw new Error("it sends more than any build has");
      const text = `fetching ${what}, ${Math.ceil(total / 1e6)} MB`;
      emit({ type: "progress", stage: "start", done: Math.min(size, total), total, text });
    }
  } catch (error) {
    signal.throwIfAborted();
    throw new SetupError(`Cannot fetch ${file}: ${messageOf(error)}`, {
      code: "runtime-add",
      hint: "Try again",
    });
  } finally {
    clearTimeout(timer);
  }
  return new Uint8Array(Buffer.concat(parts, size));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Milliseconds without a byte. */
const PATIENCE = 30_000;

/** Bytes. */
const MOST = 256 * 1024 ** 2;
