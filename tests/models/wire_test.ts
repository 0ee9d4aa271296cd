import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { gzipSync } from "node:zlib";
import { type Config, loadConfig } from "../../src/config/config.ts";
import { AimError, EXIT } from "../../src/core/error.ts";
import type { Event } from "../../src/core/event.ts";
import { openModel } from "../../src/models/mod.ts";
import type { Model, ModelReply, ModelRequest } from "../../src/models/model.ts";
import type { Timing } from "../../src/models/stall_timeout.ts";
import {
  chunks,
  json,
  messages,
  type Script,
  sse,
  type WireServer,
  wireServer,
} from "./wire_server.ts";

const server: WireServer = await wireServer();
const home = mkdtempSync(join(tmpdir(), "aim-wire-"));
after(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(home, { recursive: true, force: true });
});

const KEY = "canary-key-1234567890";
const TIMING: Timing = {
  firstByteMs: 300,
  idleMs: 200,
  totalMs: 1500,
  tries: 3,
  backoffMs: 4,
  longestBackoffMs: 20,
  longestRetryAfterMs: 1500,
};

/** What is the same for both families, said in the words of each. */
interface Family {
  readonly model: string;
  readonly keyVariable: string;
  /** The path below the base URL that is asked. */
  readonly path: string;
  answer(text: string): string;
  /** The pieces of an answer up to the middle of its text. */
  begin(text: string): string;
  /** What ends it after `begin`. */
  finish(): string;
  error(status: number, type: string, message: string): unknown;
}

const FAMILIES: Readonly<Record<"anthropic" | "openai", Family>> = {
  anthropic: {
    model: "anthropic/claude-haiku-5-5",
    keyVariable: "ANTHROPIC_API_KEY",
    path: "/v1/messages",
    answer: (text) => messages.answer(text),
    begin: (text) => messages.start() + messages.open() + messages.text(text),
    finish: () => messages.close() + messages.end("end_turn"),
    error: (_, type, message) => messages.error(type, message),
  },
  openai: {
    model: "openai/gpt-6-luna",
    keyVariable: "OPENAI_API_KEY",
    path: "/v1/chat/completions",
    answer: (text) => chunks.answer(text),
    begin: (text) => chunks.chunk({ role: "assistant", content: text }),
    finish: () => chunks.chunk({}, "stop") + chunks.done(),
    error: (_, type, message) => chunks.error(message, { type, code: type }),
  },
};

const REQUEST: ModelRequest = {
  prompt: "write-3",
  system: "Write SQL.",
  messages: [{ role: "user", text: "Add a column." }],
  schema: {
    name: "answer",
    schema: {
      type: "object",
      properties: { up: { type: "string" } },
      required: ["up"],
      additionalProperties: false,
    },
  },
  needed: ["up"],
  plain: "Answer with SQL between two lines.",
  maxTokens: 2000,
  effort: "low",
};

const GOOD = '{"up":"ALTER TABLE straße ADD COLUMN größe text"}';

let cases = 0;

interface Opened {
  readonly model: Model;
  readonly name: string;
  readonly events: Event[];
  ask(signal?: AbortSignal): Promise<ModelReply>;
}

/** Opens a model of a family whose server plays the scripts. */
async function open(
  family: Family,
  scripts: readonly Script[],
  more: {
    readonly model?: string;
    readonly timing?: Partial<Timing>;
    readonly home?: string;
    readonly settings?: Partial<Config>;
    readonly request?: Partial<ModelRequest>;
  } = {},
): Promise<Opened> {
  const name = `case${cases++}`;
  const url = server.at(name, ...scripts);
  const base = family.path.startsWith("/v1/messages") ? url : `${url}/v1`;
  const events: Event[] = [];
  const model = await openModel({ ...config(more.model ?? family.model, base), ...more.settings }, {
    variables: { HOME: more.home ?? join(home, name), [family.keyVariable]: KEY },
    emit: (event) => events.push(event),
    timing: { ...TIMING, ...more.timing },
  });
  return {
    model,
    name,
    events,
    ask: (signal = new AbortController().signal) =>
      model.complete({ ...REQUEST, ...more.request }, signal),
  };
}

/** The defaults of a project that has nothing but an engine. */
const DEFAULTS = (await loadConfig({ folder: home, flags: { engine: ["sqlite"] }, variables: {} }))
  .config;

function config(model: string, baseUrl: string | null): Config {
  const sources = { ...DEFAULTS.sources, base_url: "flag" } as const;
  return { ...DEFAULTS, maxTokens: 2000, llmTimeout: 1, model, baseUrl, sources };
}

/** The error that a promise ends with. */
async function errorOf(promise: Promise<unknown>): Promise<AimError> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof AimError, String(error));
    assert.ok(!`${error.message} ${error.hint}`.includes(KEY), "the key shows");
    return error;
  }
  throw new assert.AssertionError({ message: "nothing was thrown" });
}

for (const [name, family] of Object.entries(FAMILIES)) {
  const it = (what: string, run: () => Promise<void>) => test(`${name}: ${what}`, run);

  it("a good answer is read, asked for as the provider wants it, and counted", async () => {
    const { ask, name: at } = await open(family, [sse(family.answer(GOOD))]);
    const reply = await ask();
    assert.equal(reply.text, GOOD);
    assert.equal(reply.stop, "end");
    assert.equal(reply.usage.inputTokens, 120);
    assert.equal(reply.usage.outputTokens, 20);
    assert.equal(reply.usage.calls, 1);
    assert.ok(Math.abs((reply.usage.cost ?? 0) - (120 * 0.1 + 20 * 0.5) / 1e6) < 1e-12);
    const [hit] = server.hits(at);
    assert.equal(hit?.path, family.path);
    assert.equal(hit?.headers.authorization, `Bearer ${KEY}`);
    assert.equal(hit?.body.stream, true);
    for (const field of ["temperature", "top_p", "tools", "tool_choice"]) {
      assert.ok(!(field in (hit?.body ?? {})), `${field} is sent`);
    }
  });

  it("chunks may break anywhere, inside a character and inside a field name", async () => {
    const bytes = new TextEncoder().encode(family.answer(GOOD));
    const pieces = [...bytes].map((byte) => Uint8Array.of(byte));
    const { ask } = await open(family, [sse(...pieces)]);
    assert.equal((await ask()).text, GOOD);
  });

  it("lines may end with CR LF, and comments and pings may stand between them", async () => {
    const text = family.begin(GOOD) + ": PROCESSING\n\n" + family.finish();
    const { ask } = await open(family, [sse(text.replaceAll("\n", "\r\n"))]);
    assert.equal((await ask()).text, GOOD);
  });

  it("a gzipped stream is read", async () => {
    const { ask } = await open(family, [{
      headers: { "content-encoding": "gzip" },
      steps: [{ write: gzipSync(family.answer(GOOD)) }],
    }]);
    assert.equal((await ask()).text, GOOD);
  });

  it("a connection reset in the middle is tried again", async () => {
    const { ask, name: at } = await open(family, [
      { steps: [{ write: family.begin('{"up') }, { sleep: 5 }, { destroy: true }] },
      sse(family.answer(GOOD)),
    ]);
    assert.equal((await ask()).text, GOOD);
    assert.equal(server.hits(at).length, 2);
  });

  it("an end without a reason is no end, and is tried again", async () => {
    const { ask, name: at } = await open(family, [
      sse(family.begin(GOOD)),
      sse(family.answer(GOOD)),
    ]);
    assert.equal((await ask()).text, GOOD);
    assert.equal(server.hits(at).length, 2);
  });

  it("a stream that falls silent is ended and tried again", async () => {
    const { ask, name: at } = await open(family, [
      { steps: [{ write: family.begin('{"up') }], open: true },
      sse(family.answer(GOOD)),
    ]);
    assert.equal((await ask()).text, GOOD);
    assert.equal(server.hits(at).length, 2);
  });

  it("a server that stays silent ends the call with a provider error", async () => {
    const { ask, name: at } = await open(family, [{ steps: [], mute: true }], {
      timing: { firstByteMs: 60 },
    });
    const error = await errorOf(ask());
    assert.equal(error.exitCode, EXIT.provider);
    assert.equal(error.code, "provider-silent");
    assert.match(error.message, /nothing came for 60 ms, 3 times/);
    assert.equal(server.hits(at).length, TIMING.tries);
  });

  it("headers without a body are silence too", async () => {
    const { ask } = await open(family, [{ steps: [], open: true }], { timing: { idleMs: 50 } });
    assert.equal((await errorOf(ask())).code, "provider-silent");
  });

  it("pings keep a slow answer alive, but not for ever", async () => {
    const ping = name === "anthropic" ? messages.ping() : ": keep-alive\n\n";
    const steps = Array.from({ length: 6 }, () => [{ sleep: 40 }, { write: ping }]).flat();
    const slow = {
      steps: [{ write: family.begin(GOOD) }, ...steps, { write: family.finish() }],
    };
    const { ask } = await open(family, [slow], { timing: { idleMs: 120 } });
    assert.equal((await ask()).text, GOOD);
    const endless = await open(family, [{ ...slow, open: true, steps: slow.steps.slice(0, -1) }], {
      timing: { idleMs: 120, totalMs: 150, tries: 1 },
    });
    assert.match((await errorOf(endless.ask())).message, /did not end/);
  });

  it("Ctrl-C ends a stream at once and closes the connection", async () => {
    const { ask } = await open(family, [{ steps: [{ write: family.begin("x") }], open: true }]);
    const controller = new AbortController();
    const reason = new Error("interrupted by the test");
    setTimeout(() => controller.abort(reason), 60);
    await assert.rejects(ask(controller.signal), reason);
    await new Promise((resolve) => setTimeout(resolve, 60));
    assert.equal(server.open(), 0);
  });

  it("Ctrl-C ends a wait between two tries", async () => {
    const { ask } = await open(family, [
      json(429, family.error(429, "rate_limit_error", "slow down"), { "retry-after": "1" }),
    ]);
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("enough")), 40);
    await assert.rejects(ask(controller.signal), /enough/);
  });

  for (
    const [what, headers, least] of [
      ["retry-after in seconds", { "retry-after": "0.2" }, 190],
      ["retry-after-ms", { "retry-after-ms": "150" }, 140],
      ["retry-after as a date", { "retry-after": "DATE" }, 1],
      ["no retry-after", {}, 1],
    ] as const
  ) {
    it(`429 with ${what} is tried again, and not before its time`, async () => {
      const date = new Date(Date.now() + 900).toUTCString();
      const { ask, events, name: at } = await open(family, [
        json(429, family.error(429, "rate_limit_error", "slow down"), {
          ...headers,
          ...("retry-after" in headers && headers["retry-after"] === "DATE"
            ? { "retry-after": date }
            : {}),
        }),
        sse(family.answer(GOOD)),
      ]);
      const start = performance.now();
      assert.equal((await ask()).text, GOOD);
      const took = performance.now() - start;
      assert.ok(took >= least, `it took ${took} ms`);
      assert.equal(server.hits(at).length, 2);
      if (least > 100) {
        assert.ok(events.some((e) => e.type === "progress" && /slow down; next try/.test(e.text)));
      }
    });
  }

  it("429 that wants a longer wait than ours fails at once and says when", async () => {
    const { ask, name: at } = await open(family, [
      json(429, family.error(429, "rate_limit_error", "slow down"), { "retry-after": "120" }),
    ]);
    const error = await errorOf(ask());
    assert.equal(error.exitCode, EXIT.provider);
    assert.match(error.message, /asked again at \d\d:\d\d/);
    assert.equal(server.hits(at).length, 1);
  });

  it("429 for want of quota is not tried again", async () => {
    const body = name === "anthropic"
      ? messages.error("billing_error", "Your credit balance is too low")
      : chunks.error("You exceeded your current quota", { code: "insufficient_quota" });
    const { ask, name: at } = await open(family, [json(429, body, { "x-should-retry": "true" })]);
    const error = await errorOf(ask());
    assert.equal(error.code, "provider-billing");
    assert.equal(error.exitCode, EXIT.provider);
    assert.equal(server.hits(at).length, 1);
  });

  it("402 is a matter of billing", async () => {
    const { ask, name: at } = await open(family, [json(402, family.error(402, "x", "pay"))]);
    assert.equal((await errorOf(ask())).code, "provider-billing");
    assert.equal(server.hits(at).length, 1);
  });

  for (const status of [408, 409, 500, 502, 503, 529]) {
    it(`${status} is tried again until there is an answer`, async () => {
      const body = status === 502 ? "<html>bad gateway</html>" : family.error(status, "x", "oops");
      const { ask, name: at } = await open(family, [
        json(status, body),
        json(status, body),
        sse(family.answer(GOOD)),
      ]);
      assert.equal((await ask()).text, GOOD);
      assert.equal(server.hits(at).length, 3);
    });
  }

  it("a server that always fails is given up after some tries", async () => {
    const { ask, name: at } = await open(family, [json(529, family.error(529, "x", "busy"))]);
    const error = await errorOf(ask());
    assert.equal(error.code, "provider-overloaded");
    assert.match(error.message, /busy \(status 529\), 3 times/);
    assert.equal(server.hits(at).length, TIMING.tries);
  });

  it("x-should-retry: false is obeyed", async () => {
    const { ask, name: at } = await open(family, [
      json(529, family.error(529, "overloaded_error", "busy"), { "x-should-retry": "false" }),
    ]);
    await errorOf(ask());
    assert.equal(server.hits(at).length, 1);
  });

  it("401 and 403 are a wrong request, and the key does not show", async () => {
    for (const status of [401, 403]) {
      const { ask, name: at } = await open(family, [
        json(status, family.error(status, "authentication_error", `bad key ${KEY}`)),
      ]);
      const error = await errorOf(ask());
      assert.equal(error.exitCode, EXIT.usage);
      assert.equal(error.code, "key-refused");
      assert.match(error.hint ?? "", new RegExp(family.keyVariable));
      assert.equal(server.hits(at).length, 1);
    }
  });

  it("404 for a model suggests the nearest one on offer", async () => {
    const bare = family.model.split("/")[1] ?? "";
    const { ask, name: at } = await open(family, [
      json(404, family.error(404, "not_found_error", "model: nope not found")),
      json(200, { data: [{ id: `${bare}x` }, { id: "something-else" }], has_more: false }),
    ]);
    const error = await errorOf(ask());
    assert.equal(error.code, "unknown-model");
    assert.match(error.hint ?? "", new RegExp(`Did you mean "${family.model}x"`));
    assert.match(server.hits(at)[1]?.path ?? "", /\/models/);
  });

  it("a page instead of an API points at the address", async () => {
    for (const script of [json(404, "<html>no</html>"), json(200, "<html>hello</html>")]) {
      const { ask } = await open(family, [script]);
      const error = await errorOf(ask());
      assert.equal(error.code, "address");
      assert.match(error.hint ?? "", /base_url/);
    }
  });

  it("200 with an error inside is an error, tried again when it may pass", async () => {
    const { ask, name: at } = await open(family, [
      json(200, { error: { message: "upstream failed", code: 524 } }),
      sse(family.answer(GOOD)),
    ]);
    assert.equal((await ask()).text, GOOD);
    assert.equal(server.hits(at).length, 2);
  });

  it("an error inside a stream is tried again when it may pass", async () => {
    const trouble = name === "anthropic"
      ? `event: error\ndata: ${JSON.stringify(messages.error("overloaded_error", "busy"))}\n\n`
      : chunks.data(chunks.error("Provider returned error", { code: 502 }));
    const { ask, name: at } = await open(family, [
      sse(family.begin('{"up'), trouble),
      sse(family.answer(GOOD)),
    ]);
    assert.equal((await ask()).text, GOOD);
    assert.equal(server.hits(at).length, 2);
  });

  it("an error inside a stream that will not pass ends the call", async () => {
    const body = messages.error("invalid_request_error", "no such thing");
    const trouble = name === "anthropic"
      ? `event: error\ndata: ${JSON.stringify(body)}\n\n`
      : chunks.data(chunks.error("no such thing", { type: "invalid_request_error", code: 400 }));
    const { ask, name: at } = await open(family, [sse(family.begin("x"), trouble)]);
    assert.match((await errorOf(ask())).message, /no such thing/);
    assert.equal(server.hits(at).length, 1);
  });

  it("an event that is not JSON is tried again", async () => {
    const broken = name === "anthropic"
      ? 'event: content_block_delta\ndata: {"type": nope\n\n'
      : "data: {nope\n\n";
    const { ask, name: at } = await open(family, [
      sse(family.begin("x"), broken),
      sse(family.answer(GOOD)),
    ]);
    assert.equal((await ask()).text, GOOD);
    assert.equal(server.hits(at).length, 2);
  });

  it("an answer cut at the limit says so and keeps what came", async () => {
    const script = name === "anthropic"
      ? sse(messages.answer('{"up":"ALTER TAB', "max_tokens"))
      : sse(chunks.answer('{"up":"ALTER TAB', "length"));
    const { ask, name: at } = await open(family, [script]);
    const reply = await ask();
    assert.equal(reply.stop, "length");
    assert.equal(reply.text, '{"up":"ALTER TAB');
    assert.equal(server.hits(at).length, 1);
  });

  it("a prompt that is too long says so", async () => {
    const message = name === "anthropic"
      ? "prompt is too long: 210000 tokens > 200000 maximum"
      : "This model's maximum context length is 8192 tokens";
    const { ask, name: at } = await open(family, [
      json(400, family.error(400, "invalid_request_error", message)),
    ]);
    assert.equal((await ask()).stop, "context");
    assert.equal(server.hits(at).length, 1);
  });

  it("an empty answer is an answer", async () => {
    const { ask } = await open(family, [sse(family.answer(""))]);
    assert.equal((await ask()).text, "");
  });

  it("a server that sends the answer in one piece is understood", async () => {
    const whole = name === "anthropic"
      ? {
        type: "message",
        content: [{ type: "text", text: GOOD }],
        stop_reason: "end_turn",
        usage: { input_tokens: 7, output_tokens: 8 },
      }
      : {
        choices: [{ message: { role: "assistant", content: GOOD }, finish_reason: "stop" }],
        usage: { prompt_tokens: 7, completion_tokens: 8 },
      };
    const { ask } = await open(family, [json(200, whole)]);
    const reply = await ask();
    assert.equal(reply.text, GOOD);
    assert.equal(reply.usage.inputTokens, 7);
  });

  it("a server that counts nothing gets an estimate", async () => {
    const script = name === "anthropic"
      ? sse(
        messages.start({}) + messages.open() + messages.text(GOOD) + messages.close() +
          messages.end("end_turn", null),
      )
      : sse(chunks.text(GOOD) + chunks.chunk({}, "stop") + chunks.done());
    const { ask } = await open(family, [script]);
    const { usage } = await ask();
    assert.equal(usage.estimated, true);
    assert.ok(usage.inputTokens > 3 && usage.outputTokens > 3);
  });

  it("a base URL may have a path and end with a slash", async () => {
    const at = `case${cases++}`;
    const url = server.at(at, sse(family.answer(GOOD)));
    const model = await openModel(config(family.model, `${url}/gateway/v1/`), {
      variables: { HOME: join(home, at), [family.keyVariable]: KEY },
      emit: () => {},
      timing: TIMING,
    });
    assert.equal((await model.complete(REQUEST, new AbortController().signal)).text, GOOD);
    const last = family.path.replace(/^\/v1/, "");
    assert.equal(server.hits(at)[0]?.path, `/gateway/v1${last}`);
  });

  it("structured output is asked for down a ladder, and the rung is remembered", async () => {
    const refused = (what: string) =>
      json(400, family.error(400, "invalid_request_error", `${what} is not supported`));
    const place = join(home, `ladder-${name}`);
    const rungs = name === "anthropic" ? 2 : 3;
    const format = name === "anthropic" ? "output_config.format" : "response_format";
    const { ask, name: at } = await open(
      family,
      [...Array.from({ length: rungs }, () => refused(format)), sse(family.answer("-- aim:up"))],
      { home: place },
    );
    assert.equal((await ask()).text, "-- aim:up");
    const bodies = server.hits(at).map(({ text }) => text);
    assert.equal(bodies.length, rungs + 1);
    assert.match(bodies[0] ?? "", /json_schema/);
    assert.ok(!/json_schema"|response_format/.test(bodies.at(-1) ?? ""));
    assert.match(bodies.at(-1) ?? "", /Answer with SQL between two lines/);
    const memory = JSON.parse(readFileSync(join(place, ".cache/aim/models.json"), "utf8"));
    assert.deepEqual(Object.values(memory).map((entry) => (entry as { rung: string }).rung), [
      "text",
    ]);
  });

  it("two answers that cannot be read lead one rung down", async () => {
    const { ask, model, name: at } = await open(family, [sse(family.answer("no JSON"))]);
    for (const _ of [1, 2]) {
      await ask();
      await model.unreadable();
    }
    await ask();
    const [first, , third] = server.hits(at).map(({ body }) => JSON.stringify(body));
    assert.notEqual(first, third);
  });

  it("a field that the server does not know is left out from then on", async () => {
    const message = name === "anthropic"
      ? "output_config.effort: this model does not support the effort parameter"
      : "Unsupported parameter: 'reasoning_effort' is not supported with this model.";
    const { ask, name: at } = await open(family, [
      json(400, family.error(400, "invalid_request_error", message)),
      sse(family.answer(GOOD)),
    ]);
    await ask();
    await ask();
    const efforts = server.hits(at).map(({ text }) => /effort/.test(text));
    assert.deepEqual(efforts, [true, false, false]);
  });

  it("an answer longer than the server allows is asked for shorter", async () => {
    const { ask, name: at } = await open(family, [
      json(
        400,
        family.error(
          400,
          "invalid_request_error",
          "max_tokens: 2000 > 1024, which is the maximum allowed number of output tokens",
        ),
      ),
      sse(family.answer(GOOD)),
    ]);
    await ask();
    const [, second] = server.hits(at);
    assert.equal(second?.body.max_tokens ?? second?.body.max_completion_tokens, 1024);
  });

  it("a server that is not there is named", async () => {
    const port = await freePort();
    const model = await openModel(config(family.model, `http://127.0.0.1:${port}`), {
      variables: { HOME: home, [family.keyVariable]: KEY },
      emit: () => {},
      timing: TIMING,
    });
    const error = await errorOf(model.complete(REQUEST, new AbortController().signal));
    assert.equal(error.exitCode, EXIT.provider);
    assert.equal(error.code, "provider-absent");
  });
}

test("anthropic: structured output, cache mark and both kinds of key header are sent", async () => {
  const { ask, name } = await open(FAMILIES.anthropic, [sse(messages.answer(GOOD))]);
  await ask();
  const [hit] = server.hits(name);
  assert.deepEqual(hit?.body.output_config, {
    effort: "low",
    format: { type: "json_schema", schema: REQUEST.schema.schema },
  });
  assert.deepEqual(hit?.body.cache_control, { type: "ephemeral" });
  assert.equal(hit?.headers["x-api-key"], KEY);
  assert.equal(hit?.body.max_tokens, 2000);
});

test("anthropic: thinking comes before the text and is no part of it", async () => {
  const { ask } = await open(FAMILIES.anthropic, [
    sse(
      messages.start({
        input_tokens: 10,
        cache_read_input_tokens: 90,
        cache_creation_input_tokens: 20,
        output_tokens: 1,
      }) + messages.open(0, { type: "thinking", thinking: "", signature: "" }) +
        messages.thinking("let me see") + messages.close() + messages.open(1) +
        messages.text(GOOD, 1) + messages.close(1) +
        messages.end("end_turn", {
          output_tokens: 50,
          output_tokens_details: { thinking_tokens: 30 },
        }),
    ),
  ]);
  const { text, usage } = await ask();
  assert.equal(text, GOOD);
  assert.deepEqual(
    [usage.inputTokens, usage.cachedTokens, usage.outputTokens, usage.reasoningTokens],
    [120, 90, 50, 30],
  );
});

test("anthropic: a refusal keeps its explanation", async () => {
  const { ask, name } = await open(FAMILIES.anthropic, [
    sse(
      messages.start() + messages.end("refusal", { output_tokens: 1 }, {
        stop_details: { type: "refusal", category: "cyber", explanation: "not this" },
      }),
    ),
  ]);
  const reply = await ask();
  assert.equal(reply.stop, "refusal");
  assert.equal(reply.refusal, "not this");
  assert.equal(server.hits(name).length, 1);
});

test("anthropic: a full context window is told by its stop reason", async () => {
  const { ask } = await open(FAMILIES.anthropic, [
    sse(messages.answer("x", "model_context_window_exceeded")),
  ]);
  assert.equal((await ask()).stop, "context");
});

test("openai: a refusal in the message and a filter are refusals", async () => {
  const refusal = await open(FAMILIES.openai, [
    sse(
      chunks.chunk({ refusal: "I can't " }) + chunks.chunk({ refusal: "help" }) +
        chunks.chunk({}, "stop") + chunks.done(),
    ),
  ]);
  const reply = await refusal.ask();
  assert.equal(reply.stop, "refusal");
  assert.equal(reply.refusal, "I can't help");
  const filtered = await open(FAMILIES.openai, [sse(chunks.answer("", "content_filter"))]);
  assert.equal((await filtered.ask()).stop, "refusal");
  const refused = await open(FAMILIES.openai, [
    json(400, chunks.error("The response was filtered", { code: "content_filter" })),
  ]);
  assert.equal((await refused.ask()).stop, "refusal");
});

test("openai: a stream may end without [DONE], and reasoning is no part of the text", async () => {
  const { ask } = await open(FAMILIES.openai, [
    sse(chunks.chunk({ reasoning_content: "hm" }) + chunks.text(GOOD) + chunks.chunk({}, "stop")),
  ]);
  assert.equal((await ask()).text, GOOD);
  const silent = await open(FAMILIES.openai, [
    sse(chunks.chunk({ reasoning_content: "hm" }) + chunks.chunk({}, "stop") + chunks.done()),
  ]);
  assert.equal((await silent.ask()).text, "");
});

test("openai: cached and reasoning tokens are counted, and a cost that the server tells wins", async () => {
  const { ask } = await open(FAMILIES.openai, [
    sse(
      chunks.text(GOOD) + chunks.chunk({}, "stop") + chunks.usage({
        prompt_tokens: 1000,
        completion_tokens: 100,
        prompt_tokens_details: { cached_tokens: 600 },
        completion_tokens_details: { reasoning_tokens: 40 },
        cost: 0.0123,
      }) + chunks.done(),
    ),
  ]);
  const { usage } = await ask();
  assert.deepEqual(
    [usage.inputTokens, usage.cachedTokens, usage.outputTokens, usage.reasoningTokens, usage.cost],
    [1000, 600, 100, 40, 0.0123],
  );
});

test("openai: strict schema, token field, effort and cache key go by the table", async () => {
  const { ask, name } = await open(FAMILIES.openai, [sse(chunks.answer(GOOD))]);
  await ask();
  const body = server.hits(name)[0]?.body ?? {};
  assert.equal(body.max_completion_tokens, 2000);
  assert.equal(body.reasoning_effort, "low");
  assert.match(String(body.prompt_cache_key), /^[0-9a-f]{16}$/);
  assert.deepEqual(body.response_format, {
    type: "json_schema",
    json_schema: { name: "answer", schema: REQUEST.schema.schema, strict: true },
  });
  assert.deepEqual(body.stream_options, { include_usage: true });
});

test("openai: max_tokens and max_completion_tokens are swapped for a server that wants the other", async () => {
  const { ask, name } = await open(FAMILIES.openai, [
    json(
      400,
      chunks.error(
        "Unsupported parameter: 'max_completion_tokens'. Use 'max_tokens' instead.",
        { param: "max_completion_tokens" },
      ),
    ),
    sse(chunks.answer(GOOD)),
  ]);
  await ask();
  assert.equal(server.hits(name)[1]?.body.max_tokens, 2000);
});

test("openai: a complaint in the form of a validator's list is understood", async () => {
  const { ask, name } = await open(FAMILIES.openai, [
    json(422, {
      detail: [{ loc: ["body", "stream_options"], msg: "Extra inputs are not permitted" }],
    }),
    sse(chunks.answer(GOOD)),
  ]);
  await ask();
  assert.ok(!("stream_options" in (server.hits(name)[1]?.body ?? {})));
});

test("openai-compatible: other providers are asked in their own way", async () => {
  const ask = async (model: string, variable: string) => {
    const at = `case${cases++}`;
    const url = server.at(at, sse(chunks.answer(GOOD)));
    const opened = await openModel(config(model, `${url}/v1`), {
      variables: { HOME: join(home, at), [variable]: KEY },
      emit: () => {},
      timing: TIMING,
    });
    await opened.complete(REQUEST, new AbortController().signal);
    return server.hits(at)[0];
  };
  const deepseek = await ask("deepseek/deepseek-v4-flash", "DEEPSEEK_API_KEY");
  assert.deepEqual(deepseek?.body.response_format, { type: "json_object" });
  assert.deepEqual(deepseek?.body.thinking, { type: "disabled" });
  assert.match(deepseek?.text ?? "", /It must match this JSON schema/);
  const mistral = await ask("mistral/mistral-small-latest", "MISTRAL_API_KEY");
  assert.ok(!("stream_options" in (mistral?.body ?? {})));
  assert.equal(mistral?.body.max_tokens, 2000);
  const hyperbolic = await ask("hyperbolic/any/model", "HYPERBOLIC_API_KEY");
  assert.ok(!("response_format" in (hyperbolic?.body ?? {})));
  const azure = await ask("azure/my-deployment", "AZURE_API_KEY");
  assert.equal(azure?.headers["api-key"], KEY);
  const ollama = await ask("ollama/llama3", "NOTHING");
  assert.equal(ollama?.headers.authorization, undefined);
  const router = await ask("openrouter/meta-llama/llama-3-70b", "OPENROUTER_API_KEY");
  assert.equal(router?.body.model, "meta-llama/llama-3-70b");
  assert.deepEqual(router?.body.provider, { require_parameters: true });
});

/** A server of one's own, whose context and habits nobody knows. */
const OWN: Family = {
  ...FAMILIES.openai,
  model: "openai-compatible/qwen",
  keyVariable: "OPENAI_COMPATIBLE_API_KEY",
};

/** Complaints about the room for an answer, and what is asked for after them; 2000 at first. */
const ROOM: Readonly<Record<string, readonly [number, unknown, number]>> = {
  "vLLM: the sum": [
    400,
    {
      object: "error",
      message:
        "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens (3000 in " +
        "the messages, 2000 in the completion). Please reduce the length of the messages or completion.",
      type: "BadRequestError",
      param: null,
      code: 400,
    },
    1096,
  ],
  "vLLM: the answer": [
    400,
    chunks.error(
      "'max_tokens' or 'max_completion_tokens' is too large: 2000. This model's maximum context length is 2048 " +
        "tokens and your request has 1000 input tokens (2000 > 2048 - 1000). (parameter=max_tokens, value=2000)",
    ),
    1048,
  ],
  "vLLM: at least": [
    400,
    chunks.error(
      "This model's maximum context length is 2048 tokens. However, you requested 2000 output tokens and your " +
        "prompt contains at least 149 input tokens, for a total of at least 2149 tokens. Please reduce the length " +
        "of the input prompt or the number of requested output tokens.",
    ),
    1899,
  ],
  "vLLM: without the prompt": [
    400,
    chunks.error(
      "max_tokens=2000 cannot be greater than max_model_len=max_total_tokens=1024. Please request fewer output tokens.",
    ),
    512,
  ],
  "TGI: the sum": [
    422,
    {
      error:
        "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 3000 `inputs` " +
        "tokens and 2000 `max_new_tokens`",
      error_type: "validation",
    },
    1096,
  ],
  "TGI: the answer": [
    422,
    {
      error: "Input validation error: `max_new_tokens` must be <= 512. Given: 2000",
      error_type: "validation",
    },
    512,
  ],
  "Groq: the answer": [
    400,
    chunks.error(
      "`max_tokens` must be less than or equal to `1024`, the maximum value for `max_tokens` is less than the " +
        "`context_window` for this model",
      { type: "invalid_request_error", param: "max_tokens" },
    ),
    1024,
  ],
  "Groq: tokens a minute": [
    413,
    chunks.error(
      "Request too large for model `m` in organization `o` service tier `on_demand` on tokens per minute (TPM): " +
        "Limit 6000, Requested 6500, please reduce your message size and try again.",
      { type: "tokens", code: "rate_limit_exceeded" },
    ),
    1500,
  ],
  "SGLang": [
    400,
    chunks.error(
      "Requested token count exceeds the model's maximum context length of 4096 tokens. You requested a total of " +
        "5000 tokens: 3000 tokens from the input messages and 2000 tokens for the completion.",
    ),
    1096,
  ],
  "OpenRouter": [
    400,
    chunks.error(
      "This endpoint's maximum context length is 4096 tokens. However, you requested about 5000 tokens (3000 of " +
        "text input, 2000 in the output). Please reduce the length of either one.",
    ),
    1096,
  ],
  "DeepSeek": [
    400,
    chunks.error("Invalid max_tokens value, the valid range of max_tokens is [1, 1024]"),
    1024,
  ],
  "OpenAI": [
    400,
    chunks.error(
      "max_tokens is too large: 2000. This model supports at most 1500 completion tokens, whereas you provided 2000.",
    ),
    1500,
  ],
  "Anthropic": [
    400,
    chunks.error(
      "input length and `max_tokens` exceed context limit: 199000 + 2000 > 200000, decrease input length or " +
        "`max_tokens` and try again",
    ),
    1000,
  ],
};

for (const [name, [status, body, room]] of Object.entries(ROOM)) {
  test(`a complaint in the words of ${name} makes the answer shorter`, async () => {
    const { ask, name: at } = await open(OWN, [json(status, body), sse(chunks.answer(GOOD))]);
    assert.equal((await ask()).text, GOOD);
    assert.deepEqual(server.hits(at).map(({ body }) => body.max_tokens), [2000, room]);
  });
}

test("room that is left beside one prompt is no limit of others, and the size of the context is remembered", async () => {
  const [status, body] = ROOM["vLLM: the sum"] ?? [0, {}];
  const good = sse(chunks.answer(GOOD));
  const { ask, name: at, model } = await open(OWN, [json(status, body), good], {});
  await ask();
  assert.equal(model.contextTokens, 4096);
  await model.complete({ ...REQUEST, maxTokens: 1500 }, new AbortController().signal);
  assert.equal(server.hits(at).at(-1)?.body.max_tokens, 1500);
});

for (
  const [name, status, body] of [
    [
      "vLLM",
      400,
      chunks.error(
        "This model's maximum context length is 8192 tokens. However, your request has 9000 input tokens. Please " +
          "reduce the length of the input messages.",
      ),
    ],
    [
      "an older vLLM",
      400,
      chunks.error(
        "The decoder prompt (length 9000) is longer than the maximum model length of 8192.",
      ),
    ],
    ["TGI", 422, {
      error: "Input validation error: `inputs` must have less than 1024 tokens. Given: 2000",
    }],
    [
      "Groq",
      400,
      chunks.error("Please reduce the length of the messages or completion.", {
        code: "context_length_exceeded",
      }),
    ],
    [
      "llama.cpp",
      400,
      chunks.error(
        "request (5000 tokens) exceeds the available context size (4096 tokens), try increasing it",
        {
          type: "exceed_context_size_error",
          code: 400,
        },
      ),
    ],
    [
      "Mistral",
      400,
      chunks.error(
        "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length",
      ),
    ],
    [
      "a server without room for an answer",
      400,
      chunks.error(
        "'max_tokens' is too large: 2000. This model's maximum context length is 4096 tokens and your request has " +
          "4090 input tokens (2000 > 4096 - 4090).",
      ),
    ],
  ] as const
) {
  test(`a prompt that is too long is known in the words of ${name}`, async () => {
    const { ask, name: at } = await open(OWN, [json(status, body)]);
    assert.equal((await ask()).stop, "context");
    assert.equal(server.hits(at).length, 1);
  });
}

for (
  const [what, body, least] of [
    [
      "Groq's words",
      chunks.error(
        "Rate limit reached for model `m` on tokens per minute (TPM): Limit 6000, Used 5500, Requested 1200. " +
          "Please try again in 0.15s. Need more tokens? Upgrade",
        { code: "rate_limit_exceeded" },
      ),
      140,
    ],
    ["milliseconds", chunks.error("Please try again in 120ms."), 110],
    [
      "the details of Google's",
      [{
        error: {
          code: 429,
          message: "Resource exhausted",
          status: "RESOURCE_EXHAUSTED",
          details: [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "0.13s" }],
        },
      }],
      120,
    ],
  ] as const
) {
  test(`a wait that is told in ${what} is kept`, async () => {
    const { ask, name: at } = await open(OWN, [json(429, body), sse(chunks.answer(GOOD))]);
    const start = performance.now();
    assert.equal((await ask()).text, GOOD);
    assert.ok(performance.now() - start >= least);
    assert.equal(server.hits(at).length, 2);
  });
}

test("a wait in words that is longer than ours fails at once", async () => {
  const body = chunks.error("Rate limit reached. Please try again in 1h23m4.5s.");
  const { ask, name: at } = await open(OWN, [json(429, body)]);
  assert.match((await errorOf(ask())).message, /asked again at \d\d:\d\d/);
  assert.equal(server.hits(at).length, 1);
});

/** The mode of a request, as a server sees it. */
function modeOf(body: Record<string, unknown> | undefined): string {
  const format = body?.response_format;
  if (typeof format !== "object" || format === null || !("type" in format)) return "text";
  return format.type === "json_object"
    ? "json_object"
    : /strict/.test(JSON.stringify(format))
    ? "strict"
    : "json_schema";
}

test("a 500 that names the schema steps down at once, and the mode is remembered", async () => {
  const place = join(home, "named-500");
  const refused = json(
    500,
    chunks.error(
      "[{'type': 'literal_error', 'loc': ('body', 'response_format', 'type'), 'msg': \"Input should be 'text' or " +
        "'json_object'\"}]",
      { type: "internal_server_error" },
    ),
  );
  const { ask, name: at } = await open(
    OWN,
    [refused, refused, sse(chunks.answer(GOOD))],
    { home: place },
  );
  assert.equal((await ask()).text, GOOD);
  assert.deepEqual(server.hits(at).map(({ body }) => modeOf(body)), [
    "strict",
    "json_schema",
    "json_object",
  ]);
  const memory = JSON.parse(readFileSync(join(place, ".cache/aim/models.json"), "utf8"));
  assert.equal(Object(Object.values(memory)[0]).rung, "object");
});

test("a 500 without a word steps down after the second, for this run alone", async () => {
  const place = join(home, "silent-500");
  const { ask, name: at } = await open(
    OWN,
    [
      json(500, "Internal Server Error"),
      json(500, "Internal Server Error"),
      sse(chunks.answer(GOOD)),
      json(400, chunks.error("stream_options: unknown field")),
      sse(chunks.answer(GOOD)),
    ],
    { home: place },
  );
  assert.equal((await ask()).text, GOOD);
  await ask();
  const modes = ["strict", "strict", "json_object", "json_object", "json_object"];
  assert.deepEqual(server.hits(at).map(({ body }) => modeOf(body)), modes);
  const memory = JSON.parse(readFileSync(join(place, ".cache/aim/models.json"), "utf8"));
  assert.equal(Object(Object.values(memory)[0]).rung, "strict");
});

test("output_mode is kept: no refusal and no answer changes it", async () => {
  for (const outputMode of ["strict", "json_schema", "json_object", "text"] as const) {
    const { ask, model, name: at } = await open(OWN, [sse(chunks.answer("no JSON"))], {
      settings: { outputMode },
    });
    for (const _ of [1, 2, 3]) {
      await ask();
      await model.unreadable();
    }
    const modes = server.hits(at).map(({ body }) => modeOf(body));
    assert.deepEqual(modes, [outputMode, outputMode, outputMode]);
  }
  const refused = json(400, chunks.error("response_format is not supported"));
  const { ask, name: at } = await open(OWN, [refused], { settings: { outputMode: "json_schema" } });
  const error = await errorOf(ask());
  assert.match(error.message, /response_format is not supported/);
  assert.match(error.hint ?? "", /output_mode/);
  assert.equal(server.hits(at).length, 1);
});

test("context_tokens bounds what is asked for, and one that holds nothing is refused", async () => {
  const { ask, model, name: at } = await open(OWN, [sse(chunks.answer(GOOD))], {
    settings: { contextTokens: 2048 },
    request: { system: "x".repeat(3200) },
  });
  assert.equal(model.contextTokens, 2048);
  await ask();
  const sent = Number(server.hits(at)[0]?.body.max_tokens);
  assert.ok(sent > 800 && sent < 1048, String(sent));
  await assert.rejects(open(OWN, [], { settings: { contextTokens: 0 } }), /context_tokens 0/);
});

test("temperature 0 is sent where it is taken, left out where it is refused, and for more effort", async () => {
  const asked = async (model: string, variable: string, effort: ModelRequest["effort"]) => {
    const family = { ...FAMILIES.openai, model, keyVariable: variable };
    const { ask, name: at } = await open(family, [sse(chunks.answer(GOOD))], {
      request: { effort },
    });
    await ask();
    return server.hits(at)[0]?.body.temperature;
  };
  assert.equal(await asked("openai-compatible/qwen", "OPENAI_COMPATIBLE_API_KEY", "low"), 0);
  assert.equal(
    await asked("openai-compatible/qwen", "OPENAI_COMPATIBLE_API_KEY", "medium"),
    undefined,
  );
  assert.equal(await asked("openai/gpt-4.1-mini", "OPENAI_API_KEY", "low"), 0);
  assert.equal(await asked("openai/gpt-6-luna", "OPENAI_API_KEY", "low"), undefined);
  assert.equal(await asked("openai/o4-mini", "OPENAI_API_KEY", "low"), undefined);
  const place = join(home, "temperature");
  const { ask, name: at } = await open(
    OWN,
    [
      json(
        400,
        chunks.error(
          "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is supported.",
          { param: "temperature", code: "unsupported_value" },
        ),
      ),
      sse(chunks.answer(GOOD)),
    ],
    { home: place },
  );
  await ask();
  await ask();
  assert.deepEqual(server.hits(at).map(({ body }) => body.temperature), [0, undefined, undefined]);
});

test("openrouter: parameters that no endpoint takes are given up one by one", async () => {
  const family = {
    ...FAMILIES.openai,
    model: "openrouter/openai/gpt-6-luna",
    keyVariable: "OPENROUTER_API_KEY",
  };
  const none = json(
    404,
    chunks.error("No endpoints found that can handle the requested parameters."),
  );
  const { ask, name: at } = await open(family, [none, none, sse(chunks.answer(GOOD))]);
  await ask();
  const asked = server.hits(at).map(({ body }) => [body.temperature, modeOf(body)]);
  assert.deepEqual(asked, [[0, "strict"], [undefined, "strict"], [undefined, "json_schema"]]);
});

test("an answer whose size is capped gets room for thoughts where the model thinks", async () => {
  const ask = async (family: Family, field: string) => {
    const { ask, name: at } = await open(family, [sse(family.answer(GOOD))], {
      request: { answerTokens: 200, maxTokens: 16384 },
    });
    await ask();
    return server.hits(at)[0]?.body[field];
  };
  assert.equal(await ask(OWN, "max_tokens"), 200);
  assert.equal(await ask(FAMILIES.openai, "max_completion_tokens"), 4296);
  assert.equal(await ask(FAMILIES.anthropic, "max_tokens"), 4296);
});

test("ollama: a server that is not there asks whether it runs, and is not tried again", async () => {
  const port = await freePort();
  const model = await openModel(config("ollama/llama3", `http://127.0.0.1:${port}/v1`), {
    variables: { HOME: home },
    emit: () => {},
    timing: TIMING,
  });
  const error = await errorOf(model.complete(REQUEST, new AbortController().signal));
  assert.match(error.hint ?? "", /ollama serve/);
});

test("ollama: a prompt that was cut in silence is noticed", async () => {
  const at = `case${cases++}`;
  const url = server.at(
    at,
    sse(
      chunks.text(GOOD) + chunks.chunk({}, "stop") +
        chunks.usage({ prompt_tokens: 2048, completion_tokens: 9 }) + chunks.done(),
    ),
  );
  const events: Event[] = [];
  const model = await openModel(config("ollama/llama3", `${url}/v1`), {
    variables: { HOME: join(home, at) },
    emit: (event) => events.push(event),
    timing: TIMING,
  });
  const long = { ...REQUEST, system: "x".repeat(40_000) };
  await model.complete(long, new AbortController().signal);
  assert.ok(
    events.some((event) => event.type === "note" && /OLLAMA_CONTEXT_LENGTH/.test(event.text)),
  );
});

async function freePort(): Promise<number> {
  const { createServer } = await import("node:net");
  return await new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
