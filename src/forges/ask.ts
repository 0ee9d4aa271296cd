/** Requests to a forge: JSON both ways, within limits, to one server. */

import { Buffer } from "node:buffer";

import { ForgeError } from "./forge.ts";

/** A server and what identifies us there. */
export interface Server {
  /** Without a slash at the end. */
  readonly api: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** What to do when the server refuses for want of a right. */
  readonly rights: string;
}

/** The most bytes of an answer: a page of a hundred comments. */
const MOST = 16 * 1024 * 1024;

/** Milliseconds until an answer must be there. */
const PATIENCE = 30_000;

/** Asks, and gives the JSON of the answer. A redirect is refused: the token is for this server alone. Throws ForgeError. */
export async function ask(
  { api, headers, signal, rights }: Server,
  method: "GET" | "POST" | "PATCH" | "PUT",
  path: string,
  body?: unknown,
): Promise<unknown> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${api}${path}`, {
      method,
      headers: { ...headers, "content-type": "application/json" },
      redirect: "error",
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    text = await bounded(response);
  } catch (error) {
    signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    throw new ForgeError(`Cannot reach ${api}: ${reason}`, "Check the address and the network", {
      cause: error,
    });
  }
  if (!response.ok) throw refusal(response.status, text, { method, path, rights });
  try {
    return text === "" ? null : JSON.parse(text);
  } catch (error) {
    throw new ForgeError(`Cannot read the answer of ${api}: it is no JSON`, "Check the address", {
      cause: error,
    });
  }
}

async function bounded(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > MOST) throw new Error("the answer is too long");
    parts.push(part);
  }
  return new TextDecoder().decode(Buffer.concat(parts));
}

function refusal(
  status: number,
  text: string,
  { method, path, rights }: {
    readonly method: string;
    readonly path: string;
    readonly rights: string;
  },
): ForgeError {
  const said = /"message"\s*:\s*"([^"]{1,200})"/.exec(text)?.[1] ?? "";
  const message = `Cannot comment: ${method} ${path} was answered with ${status}${
    said === "" ? "" : ` (${said})`
  }`;
  return new ForgeError(
    message,
    [401, 403, 404].includes(status) ? rights : "Try again, or look at the forge's own messages",
  );
}

/** A value as an object; empty for anything else. */
export function objectIn(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as Record<string, unknown>
    : {};
}

/** A value as objects; none for anything but an array. */
export function objectsIn(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.map(objectIn) : [];
}

/** An address of a server without a slash at its end. Throws ForgeError for one that the token must not be sent to in the clear. */
export function apiAddress(text: string): string {
  const isLocal = /^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?(?:\/|$)/.test(text);
  if (isLocal || /^https:\/\/[^\s@]+$/.test(text)) return text.replace(/\/+$/, "");
  throw new ForgeError(`Cannot use "${text}": it is no https address`, "Check the variables");
}
