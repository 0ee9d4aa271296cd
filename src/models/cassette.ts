/** Recorded answers: what a provider sent is kept in files and played back, so that a run can be repeated without it. */

import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../core/error.ts";
import { redacted, withoutSecrets } from "../text/secrets.ts";
import type { Variables } from "../host/user_dirs.ts";

/** What is done with a request. */
export type CassetteMode = "record" | "replay" | "auto";

/** Where answers are kept. */
export interface CassetteOptions {
  readonly folder: string;
  readonly mode: CassetteMode;
  /** Taken out of everything that is written. */
  readonly secrets: readonly string[];
}

/** Reads AIM_LLM_CASSETTE and AIM_LLM_MODE (`auto` when absent); null without a folder. Throws UsageError for another mode. */
export function cassetteSettings(
  variables: Variables,
): { readonly folder: string; readonly mode: CassetteMode } | null {
  const { AIM_LLM_CASSETTE: folder, AIM_LLM_MODE: mode = "auto" } = variables;
  if (mode !== "record" && mode !== "replay" && mode !== "auto") {
    throw new UsageError(`Cannot use AIM_LLM_MODE "${mode}"`, {
      code: "cassette",
      hint: "It is record, replay or auto",
    });
  }
  return folder ? { folder, mode } : null;
}

/**
 * A `fetch` that plays back what was recorded for the same request, and records what was not. The n-th time a request is made
 * in a run, its n-th recording is played, or its last. Throws UsageError in replay for a request that was never recorded.
 */
export function cassetteFetch(network: typeof fetch, options: CassetteOptions): typeof fetch {
  const seen = new Map<string, number>();
  /** Requests that this run recorded: their next answer is new as well. */
  const fresh = new Set<string>();
  return async (input: Parameters<typeof fetch>[0], init?: RequestInit) => {
    const request = await described(input, init, options.secrets);
    const key = keyOf(request);
    const turn = (seen.get(key) ?? 0) + 1;
    seen.set(key, turn);
    if (options.mode !== "record" && !fresh.has(key)) {
      const found = await lookUp(options.folder, key, turn);
      if (found !== null) return played(found);
      if (options.mode === "replay") throw await missing(options.folder, request, key);
    }
    fresh.add(key);
    return recorded(await network(input, init), { options, request, key, turn });
  };
}

/** A request as its file has it. */
interface Described {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/** What a file holds. */
interface Recording {
  readonly aim: 1;
  readonly request: Described;
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    /** Milliseconds since the headers came, and the text that came then. */
    readonly chunks: readonly (readonly [number, string])[];
  };
}

/** Headers that are worth keeping; all others may tell who asked. */
const KEPT = ["content-type", "retry-after", "retry-after-ms", "x-should-retry"];

/** Fields that differ from run to run and say nothing about what was asked. */
const PASSING = ["stream", "stream_options", "prompt_cache_key", "user", "metadata"];

async function described(
  input: Parameters<typeof fetch>[0],
  init: RequestInit | undefined,
  secrets: readonly string[],
): Promise<Described> {
  const request = input instanceof Request ? input : null;
  const url = new URL(request?.url ?? String(input));
  const body = typeof init?.body === "string" ? init.body : await request?.clone().text() ?? "";
  return {
    method: init?.method ?? request?.method ?? "GET",
    path: url.pathname,
    body: parse(withoutSecrets(body, secrets)),
  };
}

function keyOf({ method, path, body }: Described): string {
  const asked = typeof body === "object" && body !== null && !Array.isArray(body)
    ? Object.fromEntries(Object.entries(body).filter(([name]) => !PASSING.includes(name)))
    : body;
  const text = JSON.stringify([method, path, sorted(asked)]);
  return createHash("sha256").update(text).digest("hex").slice(0, 24);
}

/** The same value with the keys of all objects in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([k, v]) => [k, sorted(v)]),
  );
}

function fileName(key: string, turn: number): string {
  return turn === 1 ? `${key}.json` : `${key}.${turn}.json`;
}

async function lookUp(folder: string, key: string, turn: number): Promise<Recording | null> {
  for (let at = turn; at >= 1; at--) {
    const text = await readFile(join(folder, fileName(key, at)), "utf8").catch(() => null);
    if (text !== null) return parse(text) as Recording;
  }
  return null;
}

function played({ response }: Recording): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const [, text] of response.chunks) controller.enqueue(encoder.encode(text));
      controller.close();
    },
  });
  return new Response(body, { status: response.status, headers: response.headers });
}

interface Being {
  readonly options: CassetteOptions;
  readonly request: Described;
  readonly key: string;
  readonly turn: number;
}

/** The same answer, written down once it has come to its end. An SDK stops reading at `[DONE]`, so that is an end too. */
function recorded(response: Response, { options, request, key, turn }: Being): Response {
  const start = performance.now();
  const decoder = new TextDecoder();
  const chunks: (readonly [number, string])[] = [];
  let saved = false;
  const keep = (text: string) => {
    if (text !== "") chunks.push([Math.round(performance.now() - start), text]);
  };
  const save = () => {
    if (saved) return;
    saved = true;
    const kept = KEPT.flatMap((name) => {
      const value = response.headers.get(name);
      return value === null ? [] : [[name, value] as const];
    });
    const safe = withoutKeys(chunks, options.secrets);
    if (safe === null) return;
    const recording: Recording = {
      aim: 1,
      request,
      response: { status: response.status, headers: Object.fromEntries(kept), chunks: safe },
    };
    const text = withoutSecrets(JSON.stringify(recording, null, 1), options.secrets);
    mkdirSync(options.folder, { recursive: true });
    writeFileSync(join(options.folder, fileName(key, turn)), `${text}\n`);
  };
  const body = (response.body ?? new Blob([]).stream()).pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array>({
      transform(chunk, controller) {
        keep(decoder.decode(chunk, { stream: true }));
        if (/^data: ?\[DONE\]/m.test(chunks.slice(-2).map(([, text]) => text).join(""))) save();
        controller.enqueue(chunk);
      },
      flush() {
        keep(decoder.decode());
        save();
      },
    }),
  );
  const { status, headers } = response;
  return new Response(body, { status, headers });
}

/** The strings of an event in which a model's words stand. */
const WORDS =
  /"(?:text|content|thinking|reasoning|reasoning_content|refusal|partial_json|arguments)"\s{0,4}:\s{0,4}"((?:[^"\\]|\\.)*)"/g;

/**
 * The chunks without keys: as one where a key lies across two of them. Null when the words hold a key that is spread over events;
 * such an answer is not recorded.
 */
function withoutKeys(
  chunks: readonly (readonly [number, string])[],
  secrets: readonly string[],
): Recording["response"]["chunks"] | null {
  const whole = chunks.map(([, text]) => text).join("");
  const words = [...whole.matchAll(WORDS)].map(([, word = ""]) => word);
  const found = (text: string) => redacted(text, secrets).split("***").length - 1;
  if (found(words.join("")) > words.reduce((sum, word) => sum + found(word), 0)) return null;
  const clean = withoutSecrets(whole, secrets);
  return clean === whole ? chunks : [[0, clean]];
}

/** Says what the nearest recorded request has otherwise. */
async function missing(folder: string, request: Described, key: string): Promise<UsageError> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".json"));
  const wanted = lines(request);
  let best: { name: string; other: readonly string[]; shared: number } | null = null;
  for (const name of names.sort()) {
    const text = await readFile(join(folder, name), "utf8").catch(() => "");
    const recording = parse(text);
    if (typeof recording !== "object" || recording === null || !("request" in recording)) continue;
    const other = lines(recording.request as Described);
    const known = new Set(other);
    const shared = wanted.filter((line) => known.has(line)).length;
    if (best === null || shared > best.shared) best = { name, other, shared };
  }
  const hint = best === null
    ? `${folder} holds no recording; record one with AIM_LLM_MODE=record`
    : `The nearest is ${best.name}; where it differs:\n${difference(wanted, best.other)}`;
  return new UsageError(`Cannot replay ${request.method} ${request.path}: no recording ${key}`, {
    code: "cassette-miss",
    hint,
  });
}

function lines(request: Described): readonly string[] {
  return JSON.stringify(sorted(request), null, 1).replaceAll("\\n", "\n").split("\n");
}

function difference(wanted: readonly string[], other: readonly string[]): string {
  const only = (a: readonly string[], b: readonly string[], sign: string) => {
    const known = new Set(b);
    return a.filter((line) => !known.has(line)).slice(0, 6)
      .map((line) => `${sign} ${line.trim().slice(0, 160)}`);
  };
  return [...only(other, wanted, "-"), ...only(wanted, other, "+")].join("\n");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
