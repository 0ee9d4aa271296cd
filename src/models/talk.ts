/** A model behind a wire: tries again what may work later, adapts to what the server refuses, and counts. */

import { AimError } from "../core/error.ts";
import type { Emit } from "../core/event.ts";
import { exchange } from "./exchange.ts";
import { type CallFailure, causes, failureOfError } from "./failure.ts";
import { type Limits, limitsFor, tooMuch } from "./limits.ts";
import { adapted, type MannerMemory, simpler } from "./manner_memory.ts";
import { estimateTokens, type Model, type ModelReply, type ModelRequest } from "./model.ts";
import type { Facts } from "./prices.ts";
import { providerError } from "./provider_error.ts";
import type { ModelSpec } from "./model_spec.ts";
import { pause, type Timing, watch } from "./watch.ts";
import type { Call, Turn, Wire } from "./wire.ts";

/** What a talk is made of. */
export interface TalkOptions {
  readonly spec: ModelSpec;
  readonly wire: Wire;
  /** Reaches the network, or a cassette. */
  readonly fetch: typeof fetch;
  readonly memory: MannerMemory;
  readonly timing: Timing;
  /** The address is this very machine's: nobody there means nobody soon. */
  readonly near: boolean;
  readonly facts: Facts;
  readonly emit: Emit;
  /** Taken out of everything that is said. */
  readonly secrets: readonly string[];
  /** Ids of the models that the provider offers; for the hint when ours is not among them. */
  readonly offered: (signal: AbortSignal) => Promise<readonly string[]>;
}

/** How often a server may refuse a field before it is taken at its word. */
const MOST_ADAPTATIONS = 8;

/** How long is waited for the names of a hint. */
const HINT_MS = 10_000;

/** Makes the model. */
export function talkingModel(options: TalkOptions): Model {
  const { spec, wire, memory, facts } = options;
  let unreadable = 0;
  return {
    name: spec.name,
    contextTokens: facts.context,
    price: (input, output) => facts.cost({ input, cached: 0, output }),
    preview: async (request) => JSON.stringify(wire.body(request, await memory.current()), null, 2),
    unreadable: async () => {
      unreadable += 1;
      if (unreadable < 2) return;
      unreadable = 0;
      const next = simpler(await memory.current(), spec.provider);
      if (next !== null) await memory.learn(next);
    },
    complete: async (request, signal) => {
      const start = performance.now();
      const { turn, calls } = await completed(options, request, signal);
      return replyOf(options, request, { turn, calls, ms: performance.now() - start });
    },
  };
}

async function completed(
  options: TalkOptions,
  request: ModelRequest,
  signal: AbortSignal,
): Promise<{ turn: Turn; calls: number }> {
  const { memory, timing } = options;
  let adaptations = 0;
  const end = performance.now() + timing.totalMs;
  for (let attempt = 1;;) {
    signal.throwIfAborted();
    try {
      return {
        turn: await once(options, request, { signal, leftMs: end - performance.now() }),
        calls: 1,
      };
    } catch (error) {
      signal.throwIfAborted();
      const own = causes(error).find((link) => link instanceof AimError);
      if (own !== undefined) throw own;
      const failure = failureOfError(error, options.secrets);
      const ended = endOf(failure);
      if (ended !== null) return { turn: ended, calls: 1 };
      if (failure.kind === "field" && adaptations++ < MOST_ADAPTATIONS) {
        const next = adapted(await memory.current(), failure, {
          provider: options.spec.provider,
          asked: request.maxTokens,
        });
        if (next === null) throw await told(failure, options, signal);
        await memory.learn(next);
        continue;
      }
      const ms = waitFor(failure, attempt, options);
      if (ms === null || attempt >= timing.tries || performance.now() + ms >= end) {
        throw await told(failure, options, signal);
      }
      await countdown(options, failure, ms, signal);
      attempt += 1;
    }
  }
}

/** One call under the watchdog. */
async function once(
  options: TalkOptions,
  request: ModelRequest,
  { signal, leftMs }: { readonly signal: AbortSignal; readonly leftMs: number },
): Promise<Turn> {
  using watched = watch(signal, options.timing, leftMs);
  const limits = limitsFor(request.maxTokens);
  let whole: unknown = null;
  const call: Call = {
    request,
    manner: await options.memory.current(),
    fetch: exchange({
      fetch: options.fetch,
      onBytes: watched.alive,
      onWhole: (body) => whole = body,
      secrets: options.secrets,
      limits,
    }),
    whole: () => whole,
    onText: progress(options),
    signal: watched.signal,
  };
  const sent = options.wire.send(call);
  sent.catch(() => {});
  try {
    return withinLimits(await Promise.race([sent, watched.ended]), limits);
  } catch (error) {
    // The SDKs throw an error of their own for what the watchdog ended.
    throw watched.signal.aborted ? watched.signal.reason : error;
  }
}

/** The turn, when the model wrote no more than its tokens can hold. */
function withinLimits(turn: Turn, { characters, because }: Limits): Turn {
  if (turn.text.length <= characters) return turn;
  throw tooMuch(`its text is longer than ${characters} characters${because}`);
}

/** A failure that is an answer all the same. */
function endOf({ kind, message }: CallFailure): Turn | null {
  const tokens = { input: null, cached: 0, output: null, reasoning: 0, cost: null };
  if (kind === "refusal") return { text: "", stop: "refusal", refusal: message, tokens };
  if (kind === "context") return { text: "", stop: "context", tokens };
  return null;
}

/** Milliseconds to wait before the next try, or null when there is none to be made. */
function waitFor(
  failure: CallFailure,
  attempt: number,
  { timing, near }: TalkOptions,
): number | null {
  if (failure.kind === "absent") return near ? null : backoff(attempt, timing);
  if (!failure.retryable) return null;
  const { retryAfterMs } = failure;
  if (retryAfterMs === undefined) return backoff(attempt, timing);
  return retryAfterMs > timing.longestRetryAfterMs ? null : retryAfterMs;
}

/** Any time up to a limit that doubles, but not none. */
function backoff(attempt: number, { backoffMs, longestBackoffMs }: Timing): number {
  const limit = Math.min(backoffMs * 2 ** attempt, longestBackoffMs);
  return Math.max(backoffMs / 2, Math.random() * limit);
}

async function countdown(
  { emit, spec }: TalkOptions,
  failure: CallFailure,
  ms: number,
  signal: AbortSignal,
): Promise<void> {
  const end = performance.now() + ms;
  const say = (text: string) => emit({ type: "progress", stage: "model", done: 0, total: 0, text });
  for (let left = ms; left > 0; left = end - performance.now()) {
    say(`${spec.provider.name}: ${failure.message}; next try in ${Math.ceil(left / 1000)} s`);
    await pause(Math.min(left, 1000), signal);
  }
}

/** Tells of the growing answer a few times a second. */
function progress({ emit }: TalkOptions): (text: string) => void {
  let characters = 0;
  let told = 0;
  return (text) => {
    characters += text.length;
    const now = performance.now();
    if (now - told < 200) return;
    told = now;
    const done = Math.ceil(characters / 3.2);
    emit({
      type: "progress",
      stage: "model",
      done,
      total: 0,
      text: `${done} tokens`,
    });
  };
}

interface Completed {
  readonly turn: Turn;
  readonly calls: number;
  readonly ms: number;
}

function replyOf(
  { facts, emit }: TalkOptions,
  request: ModelRequest,
  { turn, calls, ms }: Completed,
): ModelReply {
  const { tokens } = turn;
  const sent = request.system.length + request.messages.reduce((n, m) => n + m.text.length, 0);
  const guess = Math.ceil(sent / 3.2);
  if (tokens.input !== null && guess > 1500 && tokens.input < guess / 3) {
    emit({
      type: "note",
      text: `The server read only ${tokens.input} of about ${guess} tokens: its context is too ` +
        "small (Ollama: set OLLAMA_CONTEXT_LENGTH), so the answer may miss the point",
    });
  }
  const silent = turn.stop === "context" || (turn.stop === "refusal" && turn.text === "");
  const estimated = !silent && (tokens.input === null || tokens.output === null);
  const input = tokens.input ?? (silent ? 0 : guess);
  const output = tokens.output ?? estimateTokens(turn.text);
  return {
    text: turn.text,
    stop: turn.stop,
    ...(turn.refusal === undefined ? {} : { refusal: turn.refusal }),
    usage: {
      calls,
      inputTokens: input,
      cachedTokens: tokens.cached,
      outputTokens: output,
      reasoningTokens: tokens.reasoning,
      seconds: ms / 1000,
      cost: tokens.cost ?? facts.cost({ input, cached: tokens.cached, output }),
      ...(estimated ? { estimated: true } : {}),
    },
  };
}

/** The failure as the person is told it. */
async function told(
  failure: CallFailure,
  { spec, timing, offered }: TalkOptions,
  signal: AbortSignal,
): Promise<AimError> {
  const soon = AbortSignal.any([signal, AbortSignal.timeout(HINT_MS)]);
  const ids = failure.kind === "model" ? await offered(soon).catch(() => []) : [];
  return providerError(failure, { spec, timing, offered: ids });
}
