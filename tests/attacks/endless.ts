/** Answers without end, in the shapes that servers can give them. */

import { Buffer } from "node:buffer";
import zlib from "node:zlib";
import { chunks, messages, type Script } from "../models/wire_server.ts";
import type { Wire } from "./model_project.ts";

/** An endless answer, and the words of the error that names the limit. */
export interface Endless {
  readonly name: string;
  readonly script: Script;
  readonly says: RegExp;
}

/** More than any answer of 500 tokens may have, in bytes. */
export const ENOUGH = 40 << 20;

/** All shapes for a wire; `size` is the length of what is repeated, in characters. */
export function endlessAnswers(wire: Wire, size = 1000): readonly Endless[] {
  const words = "x".repeat(size);
  const start = wire === "anthropic" ? messages.start() + messages.open() : chunks.text("");
  const stream = (repeat: string | Uint8Array, first = start): Script => ({
    steps: [{ write: first }, { repeat }],
  });
  const error: Script = {
    status: 500,
    headers: { "content-type": "application/json" },
    steps: [{ write: '{"error":{"message":"' }, { repeat: words }],
  };
  const deep = "[".repeat(size + 200);
  return [
    {
      name: "text without end",
      script: stream(wire === "anthropic" ? messages.text(words) : chunks.text(words)),
      // What repeats itself is ended as an answer that is cut off, long before that many bytes.
      says: /it is longer than 500 tokens/,
    },
    {
      name: "the arguments of a tool without end",
      script: stream(toolPiece(wire, words), toolStart(wire)),
      says: /larger than .*MiB.* max_tokens|more than \d+ events/,
    },
    {
      name: "one event without end",
      script: stream(words, `${start}data: {"a":"`),
      says: /an event of the answer is larger than/,
    },
    { name: "comments without end", script: stream(`: ${words}\n`), says: /larger than/ },
    { name: "empty lines without end", script: stream("\n".repeat(size)), says: /events/ },
    {
      name: "thoughts without end",
      script: stream(
        wire === "anthropic"
          ? messages.thinking(words)
          : chunks.chunk({ reasoning_content: words }),
      ),
      says: /larger than .*MiB.* max_tokens|more than \d+ events/,
    },
    {
      name: "JSON that is nested without end",
      script: stream(deep, `${start}data: `),
      says: /nested deeper than 100/,
    },
    {
      name: "a whole answer that is nested deeply",
      script: {
        headers: { "content-type": "application/json" },
        steps: [{ write: `{"choices":${deep}` }],
      },
      says: /nested deeper than 100/,
    },
    {
      name: "a whole answer without end",
      script: {
        headers: { "content-type": "application/json" },
        steps: [{ write: '{"content":"' }, { repeat: words }],
      },
      says: /the answer is larger than/,
    },
    { name: "an error without end", script: error, says: /its error \(status 500\) is larger/ },
    {
      name: "an error that is nested deeply",
      script: { ...error, steps: [{ write: `{"error":${deep}` }] },
      says: /nested deeper than 100/,
    },
  ];
}

/** The codings of bodies; Deno undoes the first two, Bun all. */
export const CODINGS = ["gzip", "br", "deflate", "zstd"] as const;

/** Small bodies that grow a thousand times when they are decompressed. */
export function bombs(
  wire: Wire,
  codings: readonly (typeof CODINGS[number])[],
  megabytes = 48,
): readonly Endless[] {
  const event = wire === "anthropic"
    ? messages.text("x".repeat(4000))
    : chunks.text("x".repeat(4000));
  const text = Buffer.from(event.repeat(megabytes * 256));
  return codings.flatMap((coding) =>
    [200, 500].map((status) => ({
      name: `${coding} that grows without end, status ${status}`,
      script: {
        status,
        headers: { "content-encoding": coding },
        steps: [{ write: coded(coding, text) }],
      },
      says: /is larger than|more than \d+ events/,
    }))
  );
}

function coded(coding: typeof CODINGS[number], text: Buffer): Uint8Array {
  switch (coding) {
    case "gzip":
      return zlib.gzipSync(text, { level: 1 });
    case "deflate":
      return zlib.deflateSync(text, { level: 1 });
    case "zstd":
      return zlib.zstdCompressSync(text);
    case "br":
      return zlib.brotliCompressSync(text, {
        params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 2 },
      });
  }
}

function toolStart(wire: Wire): string {
  return wire === "anthropic"
    ? messages.start() +
      messages.open(0, { type: "tool_use", id: "t", name: "submit", input: {} })
    : chunks.chunk({ tool_calls: [{ index: 0, id: "t", function: { name: "submit" } }] });
}

function toolPiece(wire: Wire, words: string): string {
  return wire === "anthropic"
    ? messages.event("content_block_delta", {
      index: 0,
      delta: { type: "input_json_delta", partial_json: words },
    })
    : chunks.chunk({ tool_calls: [{ index: 0, function: { arguments: words } }] });
}
