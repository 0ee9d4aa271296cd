/** The way to the server: what both SDKs get as `fetch`, so that errors and silence are seen as they come over the wire. */

import { CallFailure, failureOfAnswer } from "./failure.ts";

/** The longest error that is read, in bytes. */
const MOST = 1 << 20;

/** What one call may watch. */
export interface ExchangeOptions {
  /** Reaches the network, or a cassette. */
  readonly fetch: typeof fetch;
  /** Told of every piece of the answer, comments and pings included. */
  readonly onBytes: () => void;
  /** Told of an answer that came in one piece instead of a stream. */
  readonly onWhole: (body: unknown) => void;
  /** Taken out of what an error says. */
  readonly secrets: readonly string[];
}

/**
 * Makes a `fetch` that throws CallFailure for an error, also for one that hides behind status 200, and that reports every
 * piece of a stream.
 */
export function exchange(options: ExchangeOptions): typeof fetch {
  return async (input: Parameters<typeof fetch>[0], init?: RequestInit) => {
    const response = await options.fetch(input, init);
    options.onBytes();
    if (response.status >= 400) {
      const { status, headers } = response;
      throw failureOfAnswer({ status, headers, body: await head(response) }, options.secrets);
    }
    const type = response.headers.get("content-type") ?? "";
    if (type.includes("event-stream") || response.body === null) return watched(response, options);
    return await whole(response, type, options);
  };
}

/** The same answer, its pieces reported. */
function watched(response: Response, { onBytes }: ExchangeOptions): Response {
  if (response.body === null) return response;
  const body = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        onBytes();
        controller.enqueue(chunk);
      },
    }),
  );
  const { status, headers } = response;
  return new Response(body, { status, headers });
}

/** An answer that is no stream: an error in disguise, a page, a whole answer, or a stream with the wrong name. */
async function whole(
  response: Response,
  type: string,
  options: ExchangeOptions,
): Promise<Response> {
  const { status, headers } = response;
  const text = await watched(response, options).text();
  if (/^\s*(?:data|event|id|retry)?:/.test(text)) return new Response(text, { status, headers });
  const body = parse(text);
  if (body === null || typeof body !== "object" || type.includes("html")) {
    throw new CallFailure("address", "the answer is a page, not an answer of a model");
  }
  if ("error" in body && body.error) {
    throw failureOfAnswer({ status, headers, body: text }, options.secrets);
  }
  options.onWhole(body);
  return new Response("", { status, headers: { "content-type": "text/event-stream" } });
}

/** The text of an error, cut where it is too long. */
async function head(response: Response): Promise<string> {
  if (response.body === null) return "";
  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (const chunk of response.body) {
      text += decoder.decode(chunk, { stream: true });
      if (text.length > MOST) break;
    }
  } catch {
    return text;
  }
  return text;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
