/** A model behind a wire: tries again what may work later, adapts to what the server refuses, and counts. */

import { AimError } from "../core/error.ts";
import type { Emit } from "../core/event.ts";
import { exchange } from "./exchange.ts";
import { type CallFailure, causes, failureOfError } from "./failure.ts";
import { type Limits, limitsFor, tooMuch } from "./limits.ts";
import { adapted, type RequestStyleMemory, simpler } from "./request_style.ts";
import { estimateTokens, type Model, type ModelReply, type ModelRequest } from "./model.ts";
import type { Facts } from "./prices.ts";
import { providerError } from "./provider_error.ts";
import type { ModelSpec } from "./model_spec.ts";
import { pause, stallTimeout, type Timing } from "./stall_timeout.ts";
import { RepetitionWatch } from "./repetition.ts";
import {
  type Call,
  NOTHING_COUNTED,
  type RequestStyle,
  tokensFor,
  type Turn,
  type Wire,
} from "./wire.ts";

/** What a client of a model is made of. */
export interface ClientOptions {
  readonly spec: ModelSpec;
  readonly wire: Wire;
  /** Reaches the network, or a cassette. */
  readonly fetch: typeof fetch;
  readonly memory: RequestStyleMemory;
  readonly timing: Timing;
  /** The address is this very machine's: nobody there means nobody soon. */
  readonly near: boolean;
  readonly facts: Facts;
  /** Tokens that the model reads and writes at once, as the settings have it; null when they do not say. */
  readonly contextTokens: number | null;
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
export function modelClient(options: ClientOptions): Model {
  const { spec, wire, memory, facts } = options;
  let unreadable = 0;
  return {
    name: spec.name,
    get contextTokens() {
      return contextOf(options);
    },
    price: (input, output) => facts.cost({ input, cached: 0, output }),
    preview: async (request) => JSON.stringify(wire.body(request, await memory.current()), null, 2),
    unreadable: async () => {
      unreadable += 1;
      if (unreadable < 2 || memory.fixed !== null) return;
      unreadable = 0;
      const next = simpler(await memory.current(), spec.provider);
      if (next !== null) await memory.learn(next);
    },
    complete: async (request, signal) => {
      const start = performance.now();
      const { turn, calls } = await new Attempts(options, request, signal).run();
      return replyOf(options, request, { turn, calls, ms: performance.now() - start });
    },
  };
}

/** What a server on this machine reads and writes at once when nobody says: what Ollama gives a model. */
const LOCAL_CONTEXT = 4096;

/** Tokens that the model reads and writes at once, or null. */
function contextOf({ contextTokens, memory, facts, near }: ClientOptions): number | null {
  return contextTokens ?? memory.context() ?? facts.context ?? (near ? LOCAL_CONTEXT : null);
}

/** One request until it is answered: what the server refuses is left out, what may work later is tried again. */
class Attempts {
  readonly #options: ClientOptions;
  readonly #request: ModelRequest;
  readonly #signal: AbortSignal;
  readonly #end: number;
  #adaptations = 0;
  #failures = 0;
  /** Tokens that the answer may have to this very prompt. */
  #room: number;

  constructor(options: ClientOptions, request: ModelRequest, signal: AbortSignal) {
    this.#options = options;
    this.#request = request;
    this.#signal = signal;
    this.#end = performance.now() + options.timing.totalMs;
    const known = options.contextTokens ?? options.memory.context() ?? options.facts.context;
    this.#room = roomFor(request, known);
  }

  async run(): Promise<{ turn: Turn; calls: number }> {
    const { timing } = this.#options;
    for (let attempt = 1;;) {
      this.#signal.throwIfAborted();
      try {
        return { turn: await this.#once(), calls: 1 };
      } catch (error) {
        this.#signal.throwIfAborted();
        const own = causes(error).find((link) => link instanceof AimError);
        if (own !== undefined) throw own;
        const failure = failureOfError(error, this.#options.secrets);
        await this.#learnContext(failure);
        const ended = endOf(failure);
        if (ended !== null) return { turn: ended, calls: 1 };
        const adapted = await this.#adapt(failure);
        if (adapted === "context") return { turn: TOO_LONG, calls: 1 };
        if (adapted) continue;
        const ms = waitFor(failure, attempt, this.#options);
        if (ms === null || attempt >= timing.tries || performance.now() + ms >= this.#end) {
          throw await told(failure, this.#options, this.#signal);
        }
        await countdown(this.#options, failure, ms, this.#signal);
        attempt += 1;
      }
    }
  }

  async #once(): Promise<Turn> {
    const requestStyle = await this.#options.memory.current();
    const limit = Math.min(requestStyle.limit ?? Infinity, this.#room);
    return await once(this.#options, this.#request, {
      signal: this.#signal,
      leftMs: this.#end - performance.now(),
      requestStyle: { ...requestStyle, limit: limit === Infinity ? null : limit },
    });
  }

  async #learnContext({ context }: CallFailure): Promise<void> {
    const { memory } = this.#options;
    const requestStyle = await memory.current();
    if (context !== undefined && requestStyle.context !== context) {
      await memory.learn({ ...requestStyle, context });
    }
  }

  /** True when the request is to be put in another way; "context" when there is no room for an answer in any. */
  async #adapt(failure: CallFailure): Promise<boolean | "context"> {
    if (failure.kind === "server" && failure.status === 500) return await this.#tryMode();
    if (failure.kind !== "field" || this.#adaptations++ >= MOST_ADAPTATIONS) return false;
    const { memory, spec } = this.#options;
    const requestStyle = await memory.current();
    const asked = Math.min(this.#asked(requestStyle), this.#room);
    if (failure.room !== undefined || failure.excess !== undefined) {
      const room = Math.min(failure.room ?? Infinity, asked - (failure.excess ?? 0));
      if (room < LEAST_ROOM || room >= asked) return "context";
      this.#room = room;
      return true;
    }
    if (failure.field === "format" && memory.fixed !== null) return false;
    const next = adapted(requestStyle, failure, { provider: spec.provider, asked });
    if (next === null) return false;
    await memory.learn(next);
    return true;
  }

  /** A server may fail over a schema without a word: after the second time it is asked in a simpler mode, for this run. */
  async #tryMode(): Promise<boolean> {
    const { memory, spec } = this.#options;
    this.#failures += 1;
    if (this.#failures < 2 || memory.fixed !== null) return false;
    const requestStyle = await memory.current();
    if (requestStyle.rung !== "strict" && requestStyle.rung !== "schema") return false;
    let next: RequestStyle | null = requestStyle;
    while (next !== null && (next.rung === "strict" || next.rung === "schema")) {
      next = simpler(next, spec.provider);
    }
    if (next !== null) memory.tryOut(next);
    return false;
  }

  #asked(requestStyle: RequestStyle): number {
    return tokensFor(this.#request, requestStyle, true);
  }
}

/** The least that an answer may have, in tokens. */
const LEAST_ROOM = 64;

/** Tokens that are left for the answer in a context of known size. */
function roomFor(request: ModelRequest, context: number | null): number {
  if (context === null) return Infinity;
  const sent = estimateTokens(
    [request.system, ...request.messages.map(({ text }) => text)].join("\n"),
  );
  return Math.max(context - Math.ceil(sent * 1.1), 4 * LEAST_ROOM);
}

/** One call under the watchdog. */
async function once(
  options: ClientOptions,
  request: ModelRequest,
  { signal, leftMs, requestStyle }: {
    readonly signal: AbortSignal;
    readonly leftMs: number;
    readonly requestStyle: RequestStyle;
  },
): Promise<Turn> {
  using watched = stallTimeout(signal, options.timing, leftMs);
  const limits = limitsFor(request.maxTokens);
  let whole: unknown = null;
  const repetition = new RepetitionWatch();
  const tell = progress(options);
  const call: Call = {
    request,
    requestStyle,
    fetch: exchange({
      fetch: options.fetch,
      onBytes: watched.alive,
      onWhole: (body) => whole = body,
      secrets: options.secrets,
      limits,
    }),
    whole: () => whole,
    onText: (text) => {
      tell(text);
      repetition.add(text);
    },
    signal: AbortSignal.any([watched.signal, repetition.signal]),
  };
  const sent = options.wire.send(call);
  sent.catch(() => {});
  try {
    return withinLimits(await Promise.race([sent, watched.ended]), limits);
  } catch (error) {
    if (repetition.signal.aborted && !watched.signal.aborted) {
      return { text: repetition.text, stop: "length", repeats: true, tokens: NOTHING_COUNTED };
    }
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
  if (kind === "refusal") return { ...TOO_LONG, stop: "refusal", refusal: message };
  return kind === "context" ? TOO_LONG : null;
}

/** No answer, as there is no room for one. */
const TOO_LONG: Turn = {
  text: "",
  stop: "context",
  tokens: { input: null, cached: 0, output: null, reasoning: 0, cost: null },
};

/** Milliseconds to wait before the next try, or null when there is none to be made. */
function waitFor(
  failure: CallFailure,
  attempt: number,
  { timing, near }: ClientOptions,
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
  { emit, spec }: ClientOptions,
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
function progress({ emit }: ClientOptions): (text: string) => void {
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
  { facts, emit }: ClientOptions,
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
    ...(turn.repeats === undefined ? {} : { repeats: turn.repeats }),
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

/** The failure as the user is told it. */
async function told(
  failure: CallFailure,
  { spec, timing, offered }: ClientOptions,
  signal: AbortSignal,
): Promise<AimError> {
  const soon = AbortSignal.any([signal, AbortSignal.timeout(HINT_MS)]);
  const ids = failure.kind === "model" ? await offered(soon).catch(() => []) : [];
  return providerError(failure, { spec, timing, offered: ids });
}
