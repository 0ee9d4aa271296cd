import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import test, { after } from "node:test";
import { type Config, loadConfig } from "../../src/config/config.ts";
import { addressOf } from "../../src/models/address.ts";
import { removeKey, storedKeys, storeKey } from "../../src/models/credentials.ts";
import { findKey, keyReport } from "../../src/models/keys.ts";
import { factsOf, usageText } from "../../src/models/prices.ts";
import { parseModelSpec, providerNamed } from "../../src/models/model_spec.ts";
import { isLoopback, type Provider, PROVIDERS } from "../../src/models/providers.ts";
import { demandOf, distrust, isTrusted, requireTrust, trust } from "../../src/models/trust.ts";
import { UsageError } from "../../src/core/error.ts";
import { credentialsPath } from "../../src/host/user_dirs.ts";
import { withoutSecrets } from "../../src/text/secrets.ts";

const root = mkdtempSync(join(tmpdir(), "aim-keys-"));
after(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;

function folder(): string {
  const path = join(root, String(folders++));
  mkdirSync(path, { recursive: true });
  return path;
}

function provider(name: string): Provider {
  const found = providerNamed(name);
  assert.ok(found !== null);
  return found;
}

/** Settings of a project whose aim.toml has further lines. */
async function project(
  lines: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<Config> {
  const at = folder();
  writeFileSync(join(at, "aim.toml"), `engine = "sqlite"\n${lines}\n`);
  return (await loadConfig({ folder: at, variables })).config;
}

test("both spellings of a model are read, the longest provider's name wins", () => {
  const read = (spec: string) => {
    const { provider, model } = parseModelSpec(spec);
    return [provider.name, model];
  };
  const cases: Readonly<Record<string, readonly [string, string]>> = {
    "anthropic/claude-haiku-5-5": ["anthropic", "claude-haiku-5-5"],
    "anthropic-claude-haiku-4-5-20251001": ["anthropic", "claude-haiku-4-5-20251001"],
    "openrouter-meta-llama/llama-3-70b": ["openrouter", "meta-llama/llama-3-70b"],
    "openrouter/meta-llama/llama-3-70b": ["openrouter", "meta-llama/llama-3-70b"],
    "gemini-gemini-2.5-flash": ["gemini", "gemini-2.5-flash"],
    "groq-openai/gpt-oss-20b": ["groq", "openai/gpt-oss-20b"],
    "deepseek-deepseek-chat": ["deepseek", "deepseek-chat"],
    "openai-compatible/my/model": ["openai-compatible", "my/model"],
    "openai-compatible-llama": ["openai-compatible", "llama"],
    "openai-gpt-6-luna": ["openai", "gpt-6-luna"],
    "huggingface/org/name:provider": ["huggingface", "org/name:provider"],
    "google/gemini-2.5-pro": ["gemini", "gemini-2.5-pro"],
    "scripted/answers.json": ["scripted", "answers.json"],
    scripted: ["scripted", ""],
  };
  for (const [spec, expected] of Object.entries(cases)) {
    assert.deepEqual(read(spec), expected, spec);
  }
});

test("a model without its provider, an unknown provider and a retired one are explained", () => {
  const fails = (spec: string) => {
    try {
      parseModelSpec(spec);
    } catch (error) {
      assert.ok(error instanceof UsageError);
      return `${error.message} | ${error.hint}`;
    }
    throw new assert.AssertionError({ message: `${spec} was read` });
  };
  assert.match(fails("claude-haiku-5-5"), /Did you mean "anthropic\/claude-haiku-5-5"/);
  assert.match(fails("gpt-6-luna"), /Did you mean "openai\/gpt-6-luna"/);
  assert.match(fails("gemini-2.5-flash"), /Did you mean "gemini\/gemini-2.5-flash"/);
  assert.match(fails("antropic/claude"), /Did you mean the provider "anthropic"/);
  assert.match(fails("galadriel-llama"), /no longer offers/);
  assert.match(fails("github-models/gpt"), /retired on 2026-07-30/);
  assert.match(fails("mira/x"), /openai-compatible/);
  assert.match(fails("openai/"), /openai\/gpt-6-luna/);
  assert.match(fails("anthropic"), /anthropic\/claude-haiku-5-5/);
});

test("every row of the table is complete", () => {
  const names = PROVIDERS.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (
    const name of [
      "anthropic openai gemini cohere deepseek groq mistral ollama openrouter together xai",
      "perplexity azure huggingface moonshot hyperbolic openai-compatible",
    ].join(" ").split(" ")
  ) {
    assert.ok(names.includes(name), name);
  }
  for (const row of PROVIDERS) {
    if (row.needsKey) assert.ok(row.keyVariables.length > 0 && row.keyPage !== null, row.name);
    if (row.baseUrl !== null) assert.ok(URL.canParse(row.baseUrl), row.name);
  }
});

test("a key is looked for in the environment, then by the command, then in the file", async () => {
  const home = folder();
  const variables = { HOME: home, XDG_CONFIG_HOME: join(home, "xdg") };
  const openai = provider("openai");
  const plain = await project("");
  await assert.rejects(
    findKey(openai, plain, variables),
    (error: UsageError) =>
      error.code === "no-key" && /OPENAI_API_KEY/.test(error.hint ?? "") &&
      /aim auth openai/.test(error.hint ?? ""),
  );
  await storeKey("openai", "from-the-file", variables);
  assert.deepEqual(await findKey(openai, plain, variables), {
    value: "from-the-file",
    origin: join(home, "xdg/aim/credentials.toml"),
  });
  const command = { ...plain, apiKeyCommand: "echo from-the-command; echo noise" };
  assert.equal((await findKey(openai, command, variables))?.value, "from-the-command");
  const all = { ...variables, OPENAI_API_KEY: " from-the-environment " };
  assert.deepEqual(await findKey(openai, command, all), {
    value: "from-the-environment",
    origin: "OPENAI_API_KEY",
  });
  assert.equal(await findKey(provider("ollama"), plain, variables), null);
});

test("a command that fails or prints nothing is an error that tells why", async () => {
  const plain = await project("");
  const ask = (apiKeyCommand: string) =>
    findKey(provider("xai"), { ...plain, apiKeyCommand }, { HOME: folder() });
  await assert.rejects(ask("echo locked >&2; exit 3"), /api_key_command: locked/);
  await assert.rejects(ask("true"), /it printed nothing/);
});

test("the file of keys is the Rust tool's: a flat table, mode 0600, other entries kept", async () => {
  const variables = { HOME: folder(), XDG_CONFIG_HOME: folder() };
  const path = credentialsPath(variables);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, 'anthropic = "sk-ant-old"\ngroq = "gsk_x"\n');
  chmodSync(path, 0o644);
  assert.match((await keyReport(variables))[0]?.origin ?? "", /others can read it/);
  assert.equal((await storedKeys(variables)).get("anthropic"), "sk-ant-old");
  await storeKey("anthropic", "sk-ant-new", variables);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.match(readFileSync(path, "utf8"), /anthropic = "sk-ant-new"/);
  assert.match(readFileSync(path, "utf8"), /groq = "gsk_x"/);
  assert.equal(await removeKey("groq", variables), true);
  assert.equal(await removeKey("groq", variables), false);
  assert.deepEqual([...(await storedKeys(variables)).keys()], ["anthropic"]);
  const report = await keyReport({ ...variables, HF_TOKEN: "hf_x" });
  assert.deepEqual(report.map(({ provider, origin }) => [provider, origin]), [
    ["anthropic", path],
    ["huggingface", "HF_TOKEN"],
  ]);
});

test("a broken file of keys is an error that does not quote it", async () => {
  const variables = { HOME: folder(), XDG_CONFIG_HOME: folder() };
  mkdirSync(join(credentialsPath(variables), ".."), { recursive: true });
  writeFileSync(credentialsPath(variables), 'openai = "sk-secret-secret\n');
  await assert.rejects(
    storedKeys(variables),
    (error: Error) => /not TOML/.test(error.message) && !error.message.includes("sk-secret"),
  );
});

test("a project's own base_url and api_key_command need trust, and again when they change", async () => {
  const variables = { HOME: folder() };
  const config = await project('base_url = "https://evil.example/v1"\napi_key_command = "cat key"');
  await assert.rejects(
    requireTrust(config, "openai", variables),
    (error: UsageError) =>
      error.code === "untrusted" && /evil\.example/.test(error.message) &&
      /cat key/.test(error.message) && /aim trust/.test(error.hint ?? ""),
  );
  const demand = await demandOf(config, "openai");
  assert.ok(demand !== null);
  await assert.rejects(addressOf(provider("openai"), config, variables), /not trusted/);
  await assert.rejects(findKey(provider("openai"), config, variables), /not trusted/);
  await trust(demand, variables);
  await requireTrust(config, "openai", variables);
  assert.equal(await addressOf(provider("openai"), config, variables), "https://evil.example/v1");
  await assert.rejects(requireTrust(config, "groq", variables), /--model groq|not trusted/);
  assert.equal(await isTrusted({ ...demand, apiKeyCommand: "cat other" }, variables), false);
  assert.equal(await distrust(demand.file, variables), true);
  assert.equal(await isTrusted(demand, variables), false);
});

test("an address of this machine is used without trust, but not with a key", async () => {
  const variables = { HOME: folder() };
  const near = await project('base_url = "http://localhost:9999/v1"');
  const local = provider("openai-compatible");
  assert.equal(await addressOf(local, near, variables), "http://localhost:9999/v1");
  assert.equal(await findKey(local, near, variables), null);
  const keyed = { ...variables, OPENAI_COMPATIBLE_API_KEY: "a-key-of-mine" };
  await assert.rejects(findKey(local, near, keyed), /not trusted/);
  const demand = await demandOf(near, local.name);
  assert.ok(demand !== null);
  await trust(demand, keyed);
  assert.equal((await findKey(local, near, keyed))?.value, "a-key-of-mine");
});

test("a base_url of the user's own variable or flag needs no trust", async () => {
  const config = await project("", { AIM_BASE_URL: "https://gateway.example/v1" });
  assert.equal(await demandOf(config, "openai"), null);
  assert.equal(
    await addressOf(provider("openai"), config, { HOME: folder() }),
    "https://gateway.example/v1",
  );
});

test("addresses come from settings, variables and the table, in the forms that tools use", async () => {
  const config = await project("");
  const at = (name: string, variables: Record<string, string> = {}) =>
    addressOf(provider(name), config, variables);
  assert.equal(await at("openai"), "https://api.openai.com/v1");
  assert.equal(
    await at("openai", { OPENAI_BASE_URL: "https://x.example/v1/" }),
    "https://x.example/v1",
  );
  assert.equal(await at("ollama", { OLLAMA_HOST: "0.0.0.0" }), "http://127.0.0.1:11434/v1");
  assert.equal(await at("ollama", { OLLAMA_HOST: "box:5000" }), "http://box:5000/v1");
  assert.equal(
    await at("ollama", { OLLAMA_HOST: "https://ollama.com/v1" }),
    "https://ollama.com/v1",
  );
  assert.equal(
    await at("azure", { AZURE_ENDPOINT: "https://me.openai.azure.com/" }),
    "https://me.openai.azure.com/openai/v1",
  );
  await assert.rejects(at("openai-compatible"), /Cannot find the address/);
  await assert.rejects(at("openai", { OPENAI_BASE_URL: "file:///etc/passwd" }), /not an http/);
  assert.deepEqual(
    ["http://localhost/", "http://127.9.0.1:80", "http://[::1]:1", "http://a.localhost"].map(
      isLoopback,
    ),
    [true, true, true, true],
  );
  assert.deepEqual(
    ["http://localhost.evil.com", "https://127.0.0.1.evil.com", "http://user@evil.com"].map(
      isLoopback,
    ),
    [false, false, false],
  );
});

test("a proxy is passed by for this machine and used for all others", async () => {
  const seen: string[] = [];
  const proxy = createServer((request, response) => {
    seen.push(request.url ?? "");
    response.end("{}");
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const { port } = proxy.address() as AddressInfo;
  const code = `
    import { passProxyBy } from "${new URL("../../src/models/address.ts", import.meta.url)}";
    import process from "node:process";
    passProxyBy("http://localhost:${port}/direct", process.env);
    for (const url of ["http://example.invalid/far", "http://127.0.0.1:${port}/near"]) {
      await (await fetch(url)).text();
    }`;
  const env = {
    ...process.env,
    HTTP_PROXY: `http://127.0.0.1:${port}`,
    NO_PROXY: "",
    no_proxy: "",
  };
  const child = new Promise<void>((resolve, reject) => {
    const running = execFile(
      process.execPath,
      ["run", "-A", "-"],
      { env },
      (error, _, stderr) => error ? reject(new Error(stderr)) : resolve(),
    );
    running.stdin?.end(code);
  });
  await child.finally(() => proxy.close());
  assert.deepEqual(seen, ["http://example.invalid/far", "/near"]);
});

test("prices are found by the exact name or with a date behind it, and settings win", () => {
  const cost = (spec: string, prices = {}, input = 1_000_000, cached = 0) =>
    factsOf(parseModelSpec(spec), prices).cost({ input, cached, output: 0 });
  assert.equal(cost("anthropic/claude-haiku-4-5-20251001"), 1);
  assert.equal(cost("openai/gpt-4o-2024-08-06"), 2.5);
  assert.equal(cost("openai/gpt-4o-nano"), null);
  assert.equal(cost("anthropic/claude-haiku-5-5", {}, 100_000), 0.01);
  assert.equal(cost("anthropic/claude-haiku-5-5", {}, 200_000), 0.1);
  assert.equal(cost("openai/gpt-5-mini", {}, 1_000_000, 1_000_000), 0.025);
  assert.equal(cost("openai/x", { "openai/x": { input: 7, output: 9 } }), 7);
  assert.equal(cost("openai-compatible/x", { x: { input: 3, output: 9 } }), 3);
  assert.equal(cost("ollama/anything"), 0);
});

test("the usage line tells calls, tokens, time and cost", () => {
  const usage = {
    calls: 2,
    inputTokens: 3100,
    cachedTokens: 1900,
    outputTokens: 400,
    reasoningTokens: 0,
    seconds: 4.2,
    cost: 0.0004,
  };
  assert.equal(usageText(usage), "2 calls · 3.1k in (1.9k cached) · 400 out · 4.2 s · $0.0004");
  assert.match(usageText({ ...usage, cost: null }), /cost unknown$/);
});

test("what looks like a secret is taken out of text", () => {
  const text = "key sk-ant-api03-abcdefghijkl url postgres://u:hunter2@h/db password=hunter3 own";
  const clean = withoutSecrets(`${text} my-own-value`, ["my-own-value"]);
  assert.doesNotMatch(clean, /hunter|abcdefgh|my-own-value/);
  assert.match(clean, /postgres:\/\/u:\*\*\*@h\/db/);
});
