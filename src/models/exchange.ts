/** The way to the server: what both SDKs get as `fetch`, so that errors and silence are seen as they come over the wire. */

import { boundedEvents, boundedText, checkNesting } from "./bounded.ts";
import { CallFailure, failureOfAnswer } from "./failure.ts";
import { errorLimits, type Limits } from "./limits.ts";

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
  /** What is read of an answer at the most. */
  readonly limits: Limits;
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
      const body = await boundedText(response.body, errorLimits(status), options.onBytes);
      checkNesting(body);
      throw failureOfAnswer({ status, headers, body }, options.secrets);
    }
    const type = response.headers.get("content-type") ?? "";
    if (type.includes("event-stream") || response.body === null) return watched(response, options);
    return await whole(response, type, options);
  };
}

/** The same answer, its pieces reported and counted. */
function watched(response: Response, { onBytes, limits }: ExchangeOptions): Response {
  if (response.body === null) return response;
  const { status, headers } = response;
  return new Response(response.body.pipeThrough(boundedEvents(limits, onBytes)), {
    status,
    headers,
  });
}

/** An answer that is no stream: an error in disguise, a page, a whole answer, or a stream with the wrong name. */
async function whole(
  response: Response,
  type: string,
  options: ExchangeOptions,
): Promise<Response> {
  const { status, headers } = response;
  const text = await boundedText(response.body, options.limits, options.onBytes);
  if (/^\s*(?:data|event|id|retry)?:/.test(text)) {
    return watched(new Response(text, { status, headers }), options);
  }
  checkNesting(text);
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

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
