/** Model specifiers: `provider/model`, read, and what is said of those that cannot be used. */

import { UsageError } from "../core/error.ts";
import { nearest } from "../text/nearest.ts";
import { type Provider, PROVIDERS } from "./providers.ts";

/** A provider and one of its models. */
export interface ModelSpec {
  readonly provider: Provider;
  /** As the provider calls it. */
  readonly model: string;
  /** `provider/model`. */
  readonly name: string;
}

/** Other names under which people know them. */
const ALIASES: Readonly<Record<string, string>> = {
  google: "gemini",
  grok: "xai",
  hf: "huggingface",
  "azure-openai": "azure",
  claude: "anthropic",
};

/** Providers that other tools list and that cannot be used, and why. */
const GONE: Readonly<Record<string, string>> = {
  galadriel: "Galadriel no longer offers an API for language models",
  mira: "Mira's API takes neither structured answers nor token counts and may be gone",
  "github-models": "GitHub Models was retired on 2026-07-30",
  bedrock: "Amazon Bedrock is reached through its OpenAI-compatible address",
  vertex: "Vertex AI is reached through its OpenAI-compatible address and a short-lived token",
};

const GONE_HINTS: Readonly<Record<string, string>> = {
  mira: 'If it works for you: model = "openai-compatible/<model>" and base_url in aim.toml',
  bedrock:
    'model = "openai-compatible/<model>" and base_url = "https://bedrock-runtime.<region>.amazonaws.com/openai/v1"',
  vertex:
    'model = "openai-compatible/<model>", the base_url of its "openapi" endpoint, and api_key_command = "gcloud auth print-access-token"',
};

/** The provider of that name or alias, or null. */
export function providerNamed(name: string): Provider | null {
  const known = ALIASES[name] ?? name;
  return PROVIDERS.find((provider) => provider.name === known) ?? null;
}

/**
 * Reads a model specifier: `provider/model`, or `provider-model` as the Rust tool wrote it; the longest provider's name wins.
 * Throws UsageError for an unknown or retired provider and for a missing model.
 */
export function parseModelSpec(spec: string): ModelSpec {
  const names = [...PROVIDERS.map((provider) => provider.name), ...Object.keys(ALIASES)]
    .filter((name) => spec === name || spec.startsWith(`${name}/`) || spec.startsWith(`${name}-`))
    .sort((a, b) => b.length - a.length);
  const name = names[0];
  const gone = Object.keys(GONE).find((key) =>
    spec === key || spec.startsWith(`${key}/`) || spec.startsWith(`${key}-`)
  );
  if (gone !== undefined) throw goneProvider(gone);
  const bare = BARE.some(([pattern]) => pattern.test(spec));
  const provider = name === undefined || bare ? null : providerNamed(name);
  if (name === undefined || provider === null) throw unknownProvider(spec);
  const model = spec.slice(name.length + 1);
  if (model === "" && provider.wire !== "scripted") {
    throw new UsageError(
      `Cannot use the model "${spec}": the provider's name is followed by none`,
      {
        code: "model",
        hint: provider.suggested === null
          ? `Write "${provider.name}/<model>"; \`aim models ${provider.name}\` lists them`
          : `Write "${provider.name}/${provider.suggested}"; \`aim models ${provider.name}\` lists all`,
      },
    );
  }
  return { provider, model, name: model === "" ? provider.name : `${provider.name}/${model}` };
}

/** Names of models that people write without their provider, and that would else be taken apart (`gemini-2.5-flash`). */
const BARE: readonly (readonly [RegExp, string])[] = [
  [/^claude-/, "anthropic"],
  [/^(gpt|o\d|chatgpt)-?/, "openai"],
  [/^gemini-\d/, "gemini"],
  [/^grok-\d/, "xai"],
  [/^deepseek-(v\d|chat|reasoner)/, "deepseek"],
  [/^mistral-(large|medium|small)/, "mistral"],
];

function unknownProvider(spec: string): UsageError {
  const bare = BARE.find(([pattern]) => pattern.test(spec))?.[1];
  const word = spec.split("/")[0] ?? spec;
  const names = PROVIDERS.map((provider) => provider.name);
  const near = nearest(word, names) ?? nearest(word.split("-")[0] ?? word, names);
  return new UsageError(`Cannot tell the provider of the model "${spec}"`, {
    code: "model",
    hint: bare !== undefined
      ? `Did you mean "${bare}/${spec}"?`
      : near !== null
      ? `Did you mean the provider "${near}"?`
      : `Write provider/model; the providers are ${names.join(", ")}`,
  });
}

function goneProvider(name: string): UsageError {
  return new UsageError(`Cannot use the provider "${name}": ${GONE[name]}`, {
    code: "model",
    hint: GONE_HINTS[name] ?? "`aim models` lists the providers that can be used",
  });
}
