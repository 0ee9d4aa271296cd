/** `aim auth`. */

import process from "node:process";
import { EXIT, UsageError } from "../../core/error.ts";
import { didYouMean } from "../../text/nearest.ts";
import { credentialsPath } from "../../host/user_dirs.ts";
import { answer, type Command, type Context, type Reply, talk } from "../command.ts";
import { exits } from "../exits.ts";

/** Stores the key of a provider. */
export const auth: Command = {
  name: "auth",
  summary: "Store the key of a model's provider in your own settings, list or remove keys",
  more: [
    "The key is asked for without being shown, or read from stdin when that is a pipe. It goes into credentials.toml in your settings folder, which only you may read; never into aim.toml.",
    "A key in the environment takes precedence, then `api_key_command`, then this file.",
  ],
  arguments: [{
    name: "provider",
    required: false,
    summary: "anthropic, openai, gemini and so on; that of the model in aim.toml when absent",
    completes: "provider",
  }],
  flags: [
    { name: "list", summary: "Show which providers have a key and where, never the keys" },
    { name: "remove", summary: "Remove the provider's key from the file" },
  ],
  settings: ["model"],
  examples: [
    { line: "aim auth anthropic", what: "asks for the key" },
    { line: "pass show openai | aim auth openai", what: "takes it from a pipe" },
    { line: "aim auth --list", what: "which keys are there" },
    { line: "aim auth openai --remove", what: "forgets one" },
  ],
  exits: exits({ [EXIT.ok]: "Stored, listed or removed" }),
  run: async (context) => {
    if (context.flags.on("list")) return await list(context);
    const name = await providerOf(context);
    return context.flags.on("remove") ? await remove(name, context) : await store(name, context);
  },
};

async function list({ variables }: Context): Promise<Reply> {
  const { keyReport } = await import("../../models/keys.ts");
  const keys = await keyReport(variables);
  const width = Math.max(0, ...keys.map(({ provider }) => provider.length));
  return {
    exit: EXIT.ok,
    json: { outcome: "ok", keys },
    pieces: [
      answer(() =>
        keys.map(({ provider, origin }) => `${provider.padEnd(width)}  ${origin}\n`).join("")
      ),
      talk(() =>
        keys.length === 0 ? "no provider has a key; `aim auth <provider>` adds one\n" : ""
      ),
    ],
  };
}

async function remove(provider: string, { variables }: Context): Promise<Reply> {
  const { removeKey } = await import("../../models/credentials.ts");
  const removed = await removeKey(provider, variables);
  const path = credentialsPath(variables);
  return {
    exit: EXIT.ok,
    json: { outcome: removed ? "removed" : "ok", provider, file: path },
    pieces: [
      talk(() =>
        removed
          ? `removed the key of ${provider} from ${path}\n`
          : `${path} has no key of ${provider}\n`
      ),
    ],
  };
}

async function store(provider: string, context: Context): Promise<Reply> {
  const { storeKey } = await import("../../models/credentials.ts");
  const { providerNamed } = await import("../../models/model_spec.ts");
  const row = providerNamed(provider);
  const key = await readKey(provider, row?.keyPage ?? null, context);
  await storeKey(provider, key, context.variables);
  const path = credentialsPath(context.variables);
  const variable = row?.keyVariables.find((name) => context.variables[name]?.trim());
  return {
    exit: EXIT.ok,
    json: {
      outcome: "stored",
      provider,
      file: path,
      ...(variable ? { shadowedBy: variable } : {}),
    },
    pieces: [
      talk((paint) => `${paint.green("stored")} the key of ${provider} in ${path}\n`),
      talk((paint) =>
        variable === undefined
          ? ""
          : `${paint.yellow("note:")} ${variable} is set and takes precedence\n`
      ),
    ],
  };
}

/** Asks for the key, or reads it from a pipe. */
async function readKey(
  provider: string,
  page: string | null,
  { prompts }: Context,
): Promise<string> {
  if (!process.stdin.isTTY) return checked(provider, await readAll(provider));
  if (prompts === null) {
    throw new UsageError(`Cannot ask for the key of ${provider} without a terminal`, {
      code: "no-terminal",
      hint: `Pipe it in: pass show ${provider} | aim auth ${provider}`,
    });
  }
  const where = page === null ? "" : ` (${page})`;
  return checked(provider, await prompts.secret(`Key of ${provider}${where}`));
}

/** What a pipe holds. Throws UsageError when it goes on for longer than any key. */
async function readAll(provider: string): Promise<string> {
  let text = "";
  process.stdin.setEncoding("utf8");
  for await (const piece of process.stdin) {
    text += piece;
    if (text.length <= LONGEST_KEY) continue;
    throw new UsageError(
      `Cannot store the key of ${provider}: stdin has more than ${LONGEST_KEY} characters`,
      { code: "key" },
    );
  }
  return text;
}

const LONGEST_KEY = 65_536;

function checked(provider: string, text: string): string {
  const key = text.trim();
  if (key !== "" && !/\s/.test(key)) return key;
  throw new UsageError(
    key === ""
      ? `Cannot store the key of ${provider}: it is empty`
      : `Cannot store the key of ${provider}: there is a blank or a line break in it`,
    { code: "key" },
  );
}

/** The provider that was named, or that of the model in the settings. */
async function providerOf(context: Context): Promise<string> {
  const { parseModelSpec, providerNamed } = await import("../../models/model_spec.ts");
  const { PROVIDERS } = await import("../../models/providers.ts");
  const keyed = PROVIDERS.filter(({ keyVariables }) => keyVariables.length > 0);
  const names = keyed.map(({ name }) => name);
  const [word] = context.arguments;
  if (word !== undefined) {
    const known = providerNamed(word)?.name;
    if (known !== undefined && names.includes(known)) return known;
    throw new UsageError(`Cannot store a key for "${word}"`, {
      code: "provider",
      hint: didYouMean(word, names) ?? `The providers with keys are ${names.join(", ")}`,
    });
  }
  const { personalConfig } = await import("../personal_config.ts");
  const { model } = await personalConfig(context);
  const own = model === null ? undefined : parseModelSpec(model).provider.name;
  if (own !== undefined && names.includes(own)) return own;
  if (context.prompts === null) {
    throw new UsageError("Cannot tell whose key it is", {
      code: "missing-argument",
      hint: "Name the provider: aim auth anthropic",
    });
  }
  return await context.prompts.select(
    "Whose key is it?",
    keyed.map(({ name, title }) => ({ value: name, label: name, hint: title })),
  );
}
