import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { LLMock } from "@copilotkit/aimock";
import { type Config, loadConfig } from "../../src/config/config.ts";
import { UsageError } from "../../src/core/error.ts";
import { openModel } from "../../src/models/mod.ts";
import type { ModelReply, ModelRequest } from "../../src/models/model.ts";
import { chunks, json, messages, sse, wireServer } from "./wire_server.ts";

const root = mkdtempSync(join(tmpdir(), "aim-cassette-"));
const server = await wireServer();
after(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(root, { recursive: true, force: true });
});

const KEY = "canary-key-0987654321";
let folders = 0;

function folder(): string {
  const path = join(root, String(folders++));
  mkdirSync(path);
  return path;
}

async function settings(model: string, baseUrl: string): Promise<Config> {
  const at = folder();
  writeFileSync(join(at, "aim.toml"), 'engine = "sqlite"\n');
  const flags = { model: [model], base_url: [baseUrl] };
  return (await loadConfig({ folder: at, flags, variables: {} })).config;
}

function request(question: string): ModelRequest {
  return {
    prompt: "write-3",
    system: "Write SQL.",
    messages: [{ role: "user", text: question }],
    schema: { name: "answer", schema: { type: "object" } },
    needed: [],
    plain: "",
    maxTokens: 100,
    effort: "low",
  };
}

interface Asked {
  readonly model: string;
  readonly url: string;
  readonly question: string;
  readonly cassette?: string;
  readonly mode?: string;
  readonly key?: string;
}

async function ask({ model, url, question, cassette, mode, key }: Asked): Promise<ModelReply> {
  const opened = await openModel(await settings(model, url), {
    variables: {
      HOME: folder(),
      ...(key === undefined ? {} : { ANTHROPIC_API_KEY: key, OPENAI_API_KEY: key }),
      ...(cassette === undefined ? {} : { AIM_LLM_CASSETTE: cassette }),
      ...(mode === undefined ? {} : { AIM_LLM_MODE: mode }),
    },
    emit: () => {},
    timing: {
      firstByteMs: 2000,
      idleMs: 2000,
      totalMs: 5000,
      tries: 2,
      backoffMs: 1,
      longestBackoffMs: 2,
      longestRetryAfterMs: 1500,
    },
  });
  return await opened.complete(request(question), new AbortController().signal);
}

for (
  const { model, answer, path } of [
    { model: "anthropic/claude-haiku-5-5", answer: messages.answer('{"up":"größer"}'), path: "" },
    { model: "openai/gpt-6-luna", answer: chunks.answer('{"up":"größer"}'), path: "/v1" },
  ]
) {
  const name = model.split("/")[0] ?? "";

  test(`${name}: what was recorded is played back without a key and without the server`, async () => {
    const cassette = folder();
    const at = `record-${name}`;
    const url = server.at(at, sse(answer)) + path;
    const question = `Is ${KEY} a secret?`;
    const first = await ask({ model, url, question, cassette, mode: "record", key: KEY });
    assert.equal(first.text, '{"up":"größer"}');
    const files = readdirSync(cassette);
    assert.equal(files.length, 1);
    const text = readFileSync(join(cassette, files[0] ?? ""), "utf8");
    assert.ok(!text.includes(KEY) && !/authorization|x-api-key/i.test(text), text);

    const hidden = question.replace(KEY, "***");
    const again = await ask({ model, url, question: hidden, cassette, mode: "replay" });
    assert.equal(again.text, first.text);
    assert.equal(again.usage.inputTokens, first.usage.inputTokens);
    assert.equal(server.hits(at).length, 1);
  });

  test(`${name}: a request that was never recorded is an error that shows what differs`, async () => {
    const cassette = folder();
    const url = server.at(`miss-${name}`, sse(answer)) + path;
    await ask({ model, url, question: "Add a column?", cassette, mode: "record", key: KEY });
    await assert.rejects(
      ask({ model, url, question: "Drop a column?", cassette, mode: "replay" }),
      (error: UsageError) =>
        error instanceof UsageError && error.code === "cassette-miss" &&
        /Add a column/.test(error.hint ?? "") && /Drop a column/.test(error.hint ?? ""),
    );
  });
}

test("auto records what is missing and plays the rest; errors are recorded in their order", async () => {
  const cassette = folder();
  const model = "openai/gpt-6-luna";
  const url = `${server.at("auto", json(529, chunks.error("busy")), sse(chunks.answer("{}")))}/v1`;
  const asked = { model, url, question: "x", cassette, key: KEY };
  assert.equal((await ask(asked)).text, "{}");
  assert.equal(server.hits("auto").length, 2);
  assert.equal(readdirSync(cassette).length, 2);
  assert.equal((await ask(asked)).text, "{}");
  assert.equal(server.hits("auto").length, 2);
});

test("a mode that does not exist is a wrong request", async () => {
  const url = "http://127.0.0.1:1/v1";
  const asked = {
    model: "openai/x",
    url,
    question: "x",
    cassette: folder(),
    mode: "rewind",
    key: KEY,
  };
  await assert.rejects(ask(asked), /AIM_LLM_MODE "rewind"/);
});

test("a second opinion on the wire formats: both SDKs against aimock", async () => {
  const mock = new LLMock({ port: 0 });
  mock.onMessage(/column/, { content: '{"up":"ALTER TABLE t ADD c int"}' });
  await mock.start();
  try {
    for (
      const [model, path] of [["anthropic/claude-haiku-5-5", ""], ["openai/gpt-6-luna", "/v1"]]
    ) {
      const url = `${mock.url}${path}`;
      const reply = await ask({ model: model ?? "", url, question: "Add a column", key: KEY });
      assert.equal(reply.text, '{"up":"ALTER TABLE t ADD c int"}', String(model));
      assert.equal(reply.stop, "end");
    }
  } finally {
    await mock.stop();
  }
});
