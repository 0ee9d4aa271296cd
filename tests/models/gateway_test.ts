import assert from "node:assert/strict";
import test, { after } from "node:test";
import { loadConfig } from "../../src/config/config.ts";
import { UsageError } from "../../src/core/error.ts";
import { addressOf } from "../../src/models/address.ts";
import { openModel } from "../../src/models/mod.ts";
import { providerNamed } from "../../src/models/model_spec.ts";
import { repeatsItself } from "../../src/models/repetition.ts";
import { Conversation } from "../../src/pipeline/model/conversation.ts";
import { runAim, temporaryFolder } from "../run_aim.ts";
import { chunks, json, messages, sse, wireServer } from "./wire_server.ts";

const wire = await wireServer();
after(() => wire[Symbol.asyncDispose]());

const OK = '{"ok": true}';

test("doctor --call-model says whether a model answers, and what to do when not", async () => {
  await using folder = await temporaryFolder({});
  const ask = async (name: string, model: string, script: Parameters<typeof wire.at>[1]) => {
    const variables = {
      AIM_MODEL: model,
      AIM_BASE_URL: `${wire.at(name, script)}/v1`,
      HOME: folder.path,
      XDG_CACHE_HOME: folder.path,
      XDG_CONFIG_HOME: folder.path,
    };
    return await runAim(["doctor", "--call-model"], { cwd: folder.path, variables });
  };
  const good = await ask("good", "openai-compatible/m", sse(chunks.answer(OK)));
  assert.equal(good.code, 0, good.stderr);
  assert.match(good.stdout, /openai-compatible\/m answers in the form/);
  const chatty = await ask("chatty", "openai-compatible/m", sse(chunks.answer("Sure! Yes.")));
  assert.equal(chatty.code, 1);
  assert.match(chatty.stdout, /not as it was asked: Sure! Yes\.[\s\S]*output_mode/);
  const absent = await ask(
    "absent",
    "ollama/qwen2.5-coder",
    json(404, chunks.error('model "qwen2.5-coder" not found, try pulling it first')),
  );
  assert.equal(absent.code, 2, absent.stderr);
  assert.match(absent.stderr, /ollama pull qwen2\.5-coder/);
});

test("headers of the user's own are sent; those of a project after aim trust, and never a key", async () => {
  await using folder = await temporaryFolder({});
  const url = `${wire.at("headers", sse(chunks.answer(OK)))}/v1`;
  const variables = {
    AIM_BASE_URL: url,
    HOME: folder.path,
    XDG_CACHE_HOME: folder.path,
    XDG_CONFIG_HOME: folder.path,
  };
  const toml = (line: string) =>
    `engine = "sqlite"\nmodel = "openai-compatible/m"\n[headers]\n${line}\n`;
  await using project = await temporaryFolder({ "aim.toml": toml('"X-Team" = "billing"') });
  const settings = { cwd: project.path, variables };
  const before = await runAim(["doctor", "--call-model"], settings);
  assert.equal(before.code, 2);
  assert.match(before.stderr, /headers of .*not trusted/);
  const trusted = await runAim(["trust"], settings);
  assert.match(trusted.stderr, /header {11}X-Team: billing/);
  const sent = await runAim(["doctor", "--call-model"], settings);
  assert.equal(sent.code, 0, sent.stderr);
  assert.equal(wire.hits("headers")[0]?.headers["x-team"], "billing");
  for (const name of ["Authorization", "x-api-key", "Host", "Content-Length", "a b"]) {
    await using bad = await temporaryFolder({ "aim.toml": toml(`"${name}" = "x"`) });
    const refused = await runAim(["doctor", "--call-model"], { cwd: bad.path, variables });
    assert.equal(refused.code, 2, name);
    assert.match(refused.stderr, /aim\.toml:4|headers/, name);
  }
});

test("a second model answers when the first one's provider fails or refuses, and the user is told", async () => {
  await using folder = await temporaryFolder({});
  for (
    const [name, first] of [
      ["broken", json(402, messages.error("billing_error", "no credit"))],
      ["refusing", sse(messages.start() + messages.end("refusal"))],
    ] as const
  ) {
    const one = wire.at(`${name}-first`, first);
    const two = wire.at(`${name}-second`, sse(chunks.answer(OK)));
    const done = await runAim(["doctor", "--call-model"], {
      cwd: folder.path,
      variables: {
        AIM_MODEL: "anthropic/claude-haiku-5-5",
        AIM_FALLBACK_MODEL: "openai/gpt-6-luna",
        ANTHROPIC_API_KEY: "k",
        ANTHROPIC_BASE_URL: one,
        OPENAI_API_KEY: "k",
        OPENAI_BASE_URL: `${two}/v1`,
        HOME: folder.path,
        XDG_CACHE_HOME: folder.path,
      },
    });
    assert.equal(done.code, 0, done.stderr);
    assert.match(done.stderr, /openai\/gpt-6-luna \(fallback_model\) answers from now on/);
    assert.match(done.stdout, /openai\/gpt-6-luna answers/);
    assert.equal(wire.hits(`${name}-second`).length, 1);
  }
});

test("Azure, Bedrock and Vertex are found by the variables of their own tools", async () => {
  const { config } = await loadConfig({
    folder: "/",
    flags: { engine: ["sqlite"] },
    variables: {},
  });
  const at = async (name: string, variables: Record<string, string>) => {
    const provider = providerNamed(name);
    assert.ok(provider !== null, name);
    return await addressOf(provider, config, variables);
  };
  assert.equal(
    await at("azure", { AZURE_OPENAI_ENDPOINT: "https://our.openai.azure.com/" }),
    "https://our.openai.azure.com/openai/v1",
  );
  assert.equal(
    await at("bedrock", { AWS_REGION: "eu-central-1" }),
    "https://bedrock-runtime.eu-central-1.amazonaws.com/openai/v1",
  );
  assert.equal(
    await at("vertex", { GOOGLE_CLOUD_PROJECT: "shop-1", GOOGLE_CLOUD_LOCATION: "europe-west4" }),
    "https://europe-west4-aiplatform.googleapis.com/v1/projects/shop-1/locations/europe-west4/endpoints/openapi",
  );
  await assert.rejects(at("bedrock", { AWS_REGION: "evil.example/x" }), UsageError);
  await assert.rejects(at("vertex", {}), /GOOGLE_CLOUD_PROJECT|address of vertex/);
});

test("an answer that says the same again and again is ended, and asked for otherwise", async () => {
  await using folder = await temporaryFolder({});
  const loop = chunks.text('{"ok": "') +
    Array.from({ length: 400 }, () => chunks.text("and so on ")).join("");
  const url = wire.at("loop", { steps: [{ write: loop }], open: true }, sse(chunks.answer(OK)));
  const { config } = await loadConfig({
    folder: "/",
    flags: { engine: ["sqlite"], model: ["openai-compatible/m"], base_url: [`${url}/v1`] },
    variables: { AIM_BASE_URL: `${url}/v1` },
  });
  const notes: string[] = [];
  const model = await openModel(config, { variables: { HOME: folder.path }, emit: () => {} });
  const conversation = new Conversation({
    model,
    limits: { maxRetries: 1, maxTokens: 1000, maxCostUsd: null },
    hide: (text) => text,
    emit: (event) => "text" in event && notes.push(event.text),
    signal: new AbortController().signal,
  });
  const text = await conversation.ask({
    request: {
      prompt: "t-1",
      system: "s",
      messages: [{ role: "user", text: "u" }],
      schema: { name: "t", schema: { type: "object" } },
      needed: ["ok"],
      plain: "",
      maxTokens: 1000,
      effort: "low",
    },
  });
  assert.equal(text, OK);
  const [first, second] = wire.hits("loop");
  assert.deepEqual([first?.body.temperature, second?.body.temperature], [0, undefined]);
  assert.ok(
    repeatsItself("x".repeat(300)) && !repeatsItself("CREATE TABLE a (b int);\n".repeat(5)),
  );
});
