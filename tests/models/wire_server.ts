/** A local server that speaks the wire formats of the providers byte for byte, by scripts that a test gives it. */

import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One thing that the server does with an open answer. */
export type Step =
  | { readonly write: string | Uint8Array }
  | { readonly sleep: number }
  /** Writes the same again and again, as fast as it is read or every so many milliseconds, until the other side has had enough. */
  | { readonly repeat: string | Uint8Array; readonly every?: number }
  /** Resets the connection. */
  | { readonly destroy: true };

/** One answer. It ends after its last step, unless that destroys the connection or `open` keeps it. */
export interface Script {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
  /** Never ends the answer. */
  readonly open?: true;
  /** Never even begins it. */
  readonly mute?: true;
}

/** A request as it came. */
export interface Hit {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

/** An answer that depends on the request. */
export type Answering = Script | ((hit: Hit, number: number) => Script);

/** The running server. */
export interface WireServer extends AsyncDisposable {
  /** Base URL of a case: its requests are answered by its scripts in order, the last one again and again. */
  at(name: string, ...scripts: readonly Answering[]): string;
  /** What a case was asked, in order. */
  hits(name: string): readonly Hit[];
  /** Bytes that were written to answers of a case. */
  sent(name: string): number;
  /** Connections that are still open. */
  open(): number;
}

/** Starts a server on a free port of this machine. */
export async function wireServer(): Promise<WireServer> {
  const cases = new Map<string, readonly Answering[]>();
  const sent = new Map<string, number>();
  const seen = new Map<string, Hit[]>();
  let open = 0;
  const server = createServer(async (request, response) => {
    const [, name = "", ...rest] = (request.url ?? "").split("/");
    let text = "";
    for await (const piece of request) text += piece;
    const hits = seen.get(name) ?? [];
    const hit: Hit = {
      method: request.method ?? "",
      path: `/${rest.join("/")}`,
      headers: request.headers,
      text,
      body: text === "" ? {} : JSON.parse(text),
    };
    hits.push(hit);
    seen.set(name, hits);
    const scripts = cases.get(name) ?? [];
    const found = scripts[hits.length - 1] ?? scripts.at(-1);
    const script = typeof found === "function" ? found(hit, hits.length) : found;
    open += 1;
    const before = request.socket.bytesWritten;
    response.on("close", () => {
      open -= 1;
      sent.set(name, (sent.get(name) ?? 0) + request.socket.bytesWritten - before);
    });
    await play(script ?? { status: 404, steps: [{ write: `no case ${name}` }] }, response);
  });
  server.keepAliveTimeout = 50;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    at: (name, ...scripts) => {
      cases.set(name, scripts);
      seen.delete(name);
      sent.delete(name);
      return `http://127.0.0.1:${port}/${name}`;
    },
    hits: (name) => seen.get(name) ?? [],
    sent: (name) => sent.get(name) ?? 0,
    open: () => open,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function play(script: Script, response: ServerResponse): Promise<void> {
  if (script.mute) return;
  const { status = 200, headers = {} } = script;
  response.writeHead(status, { "content-type": "text/event-stream", ...headers });
  response.flushHeaders();
  for (const step of script.steps) {
    if (response.destroyed) return;
    if ("write" in step) response.write(step.write);
    else if ("repeat" in step) await repeat(step, response);
    else if ("sleep" in step) await new Promise((resolve) => setTimeout(resolve, step.sleep));
    else return void response.socket?.resetAndDestroy();
  }
  if (!script.open) response.end();
}

async function repeat(
  { repeat, every }: { readonly repeat: string | Uint8Array; readonly every?: number },
  response: ServerResponse,
): Promise<void> {
  while (!response.destroyed) {
    const full = !response.write(repeat);
    if (every === undefined && !full) continue;
    await new Promise<void>((resolve) => {
      const go = () => {
        clearTimeout(timer);
        response.off("close", go);
        response.off("drain", go);
        resolve();
      };
      const timer = every === undefined ? undefined : setTimeout(go, every);
      if (every === undefined) response.once("drain", go);
      response.once("close", go);
    });
  }
}

/** An answer in one piece. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): Script {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const type = text.startsWith("<") ? "text/html" : "application/json";
  return { status, headers: { "content-type": type, ...headers }, steps: [{ write: text }] };
}

/** A stream of the given pieces. */
export function sse(...pieces: readonly (string | Uint8Array)[]): Script {
  return { steps: pieces.map((write) => ({ write })) };
}

/** Anthropic's events. */
export const messages = {
  event: (type: string, data: Record<string, unknown>) =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`,
  start: (usage: Record<string, unknown> = { input_tokens: 120, output_tokens: 1 }) =>
    messages.event("message_start", {
      message: {
        id: "msg_1",
        type: "message",
        role: "assistant",
        model: "m",
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage,
      },
    }),
  open: (index = 0, block: Record<string, unknown> = { type: "text", text: "" }) =>
    messages.event("content_block_start", { index, content_block: block }),
  text: (text: string, index = 0) =>
    messages.event("content_block_delta", { index, delta: { type: "text_delta", text } }),
  thinking: (thinking: string, index = 0) =>
    messages.event("content_block_delta", { index, delta: { type: "thinking_delta", thinking } }),
  close: (index = 0) => messages.event("content_block_stop", { index }),
  ping: () => messages.event("ping", {}),
  end: (
    stop_reason: string,
    usage: Record<string, unknown> | null = { output_tokens: 20 },
    more: Record<string, unknown> = {},
  ) =>
    messages.event("message_delta", {
      delta: { stop_reason, stop_sequence: null, ...more },
      ...(usage === null ? {} : { usage }),
    }) + messages.event("message_stop", {}),
  error: (type: string, message: string) => ({
    type: "error",
    error: { type, message },
    request_id: "req_1",
  }),
  /** A whole good answer. */
  answer: (text: string, stop = "end_turn") =>
    messages.start() + messages.open() + messages.text(text) + messages.close() +
    messages.end(stop),
};

/** OpenAI's chunks. */
export const chunks = {
  data: (data: unknown) => `data: ${JSON.stringify(data)}\n\n`,
  chunk: (
    delta: Record<string, unknown>,
    finish: string | null = null,
    more: Record<string, unknown> = {},
  ) =>
    chunks.data({
      id: "c1",
      object: "chat.completion.chunk",
      created: 1,
      model: "m",
      choices: [{ index: 0, delta, finish_reason: finish }],
      ...more,
    }),
  text: (content: string) => chunks.chunk({ content }),
  usage: (usage: Record<string, unknown>) =>
    chunks.data({
      id: "c1",
      object: "chat.completion.chunk",
      created: 1,
      model: "m",
      choices: [],
      usage,
    }),
  done: () => "data: [DONE]\n\n",
  error: (message: string, more: Record<string, unknown> = {}) => ({ error: { message, ...more } }),
  /** A whole good answer. */
  answer: (text: string, finish = "stop") =>
    chunks.chunk({ role: "assistant", content: "" }) + chunks.text(text) +
    chunks.chunk({}, finish) +
    chunks.usage({ prompt_tokens: 120, completion_tokens: 20 }) + chunks.done(),
};
