/** The room of models: opens the one that the settings name. */

import process from "node:process";
import type { Config } from "../config/config.ts";
import { AimError, UsageError } from "../core/error.ts";
import type { Emit } from "../core/event.ts";
import { addressOf, passProxyBy } from "./address.ts";
import { anthropicWire } from "./anthropic.ts";
import { cassetteFetch, cassetteSettings } from "./cassette.ts";
import { causes, failureOfError } from "./failure.ts";
import { findKey } from "./keys.ts";
import { requestStyleKey, requestStyleMemory, requestStylePath } from "./request_style.ts";
import type { Model } from "./model.ts";
import { type ListedModel, listModels } from "./list_models.ts";
import { openaiWire } from "./openai.ts";
import type { Variables } from "../host/user_dirs.ts";
import { factsOf } from "./prices.ts";
import { providerError } from "./provider_error.ts";
import { type ModelSpec, parseModelSpec } from "./model_spec.ts";
import { isLoopback, type Rung } from "./providers.ts";
import { sameOriginFetch } from "./same_origin.ts";
import { scriptedModel } from "./scripted.ts";
import { modelClient } from "./client.ts";
import { type Timing, timingFor } from "./stall_timeout.ts";
import { requireTrustInHeaders } from "./trust.ts";
import type { Endpoint } from "./wire.ts";
import { withFallback } from "./with_fallback.ts";

/** What a model is opened with. */
export interface OpenOptions {
  readonly variables: Variables;
  readonly emit: Emit;
  /** In place of what follows from `llm_timeout`. */
  readonly timing?: Timing;
  /** In place of the network. */
  readonly fetch?: typeof fetch;
  /** Only to be shown what would be sent: no key is looked for and none is needed. */
  readonly preview?: boolean;
}

/**
 * Opens the model that `config.model` names. Nothing is sent and no SDK is loaded.
 * Throws UsageError for a wrong name, a missing key, or settings of a project that is not trusted.
 */
export async function openModel(config: Config, options: OpenOptions): Promise<Model> {
  const model = await openOne(config, options);
  if (config.fallbackModel === null || options.preview) return model;
  const second = fallbackConfig(config, config.fallbackModel);
  return withFallback(model, () => openOne(second, options), options.emit);
}

/** The settings of the second model: what is said of the way to a provider holds for that provider. */
function fallbackConfig(config: Config, model: string): Config {
  const [first, second] = [specOf(config), parseModelSpec(model)].map(({ provider }) => provider);
  const isSame = first?.name === second?.name;
  return {
    ...config,
    model,
    ...(isSame ? {} : { baseUrl: null, apiKeyCommand: null, headers: {} }),
  };
}

async function openOne(config: Config, options: OpenOptions): Promise<Model> {
  const spec = specOf(config);
  const cassette = cassetteSettings(options.variables);
  if (spec.provider.wire === "scripted") {
    const path = spec.model || cassette?.folder;
    if (path) return await scriptedModel(path, config.root);
    throw new UsageError("Cannot find the script of the scripted model", {
      code: "script",
      hint: 'Write model = "scripted/answers.json", or set AIM_LLM_CASSETTE to its path',
    });
  }
  const line = await lineOf(spec, config, options);
  const { endpoint } = line;
  const memory = requestStyleMemory(spec.provider, {
    key: requestStyleKey(endpoint.baseUrl, spec.model),
    path: requestStylePath(options.variables),
    fixed: RUNGS_BY_MODE[config.outputMode],
  });
  // What was found out before says how much of a schema may be shown in the first request.
  await memory.current();
  return modelClient({
    ...line,
    spec,
    wire: spec.provider.wire === "anthropic"
      ? anthropicWire(endpoint)
      : openaiWire(spec.provider, endpoint),
    memory,
    contextTokens: contextTokens(config),
    near: isLoopback(endpoint.baseUrl),
    facts: factsOf(spec, config.prices),
    emit: options.emit,
    offered: async (signal) =>
      (await listModels(spec.provider, endpoint, { ...line, prices: config.prices, signal }))
        .map(({ id }) => id),
  });
}

/** The rungs by the values of `output_mode`. */
const RUNGS_BY_MODE: Readonly<Record<Config["outputMode"], Rung | null>> = {
  auto: null,
  strict: "strict",
  json_schema: "schema",
  json_object: "object",
  text: "text",
};

/** The least context in which a request and its answer have room. */
const LEAST_CONTEXT = 1024;

function contextTokens({ contextTokens }: Config): number | null {
  if (contextTokens === null || contextTokens >= LEAST_CONTEXT) return contextTokens;
  throw new UsageError(`Cannot use context_tokens ${contextTokens}: no request fits`, {
    code: "config",
    hint: `write ${LEAST_CONTEXT} or more`,
  });
}

/** What a provider offers now. Throws ProviderError, and UsageError for a wrong name or a missing key. */
export async function listProviderModels(
  provider: string,
  config: Config,
  options: OpenOptions & { readonly signal: AbortSignal },
): Promise<readonly ListedModel[]> {
  const spec = parseModelSpec(`${provider}/-`);
  const line = await lineOf(spec, config, options);
  const { signal } = options;
  try {
    return await listModels(spec.provider, line.endpoint, {
      ...line,
      prices: config.prices,
      signal,
    });
  } catch (error) {
    signal.throwIfAborted();
    const own = causes(error).find((link) => link instanceof AimError);
    if (own !== undefined) throw own;
    const failure = failureOfError(error, line.secrets);
    throw providerError(failure, { spec, timing: line.timing, offered: [] });
  }
}

function specOf(config: Config): ModelSpec {
  if (config.model !== null) return parseModelSpec(config.model);
  throw new UsageError("Cannot ask a model: none is set", {
    code: "no-model",
    hint: 'Pass --model, or write model = "anthropic/claude-haiku-5-5" into aim.toml',
  });
}

interface Line {
  readonly endpoint: Endpoint;
  readonly fetch: typeof fetch;
  readonly timing: Timing;
  readonly secrets: readonly string[];
}

/** The way to a provider: address, key, timing, cassette. */
async function lineOf(spec: ModelSpec, config: Config, options: OpenOptions): Promise<Line> {
  const { provider, model } = spec;
  const { variables } = options;
  const baseUrl = await addressOf(provider, config, variables);
  await requireTrustInHeaders(config, provider.name, variables);
  const cassette = cassetteSettings(variables);
  const needed = !options.preview && cassette?.mode !== "replay";
  const key = needed ? await findKey(provider, config, variables) : null;
  const secrets = key === null ? [] : [key.value];
  passProxyBy(baseUrl, process.env);
  const network = sameOriginFetch(options.fetch ?? fetch);
  return {
    endpoint: { baseUrl, key: key?.value ?? null, model, headers: config.headers },
    fetch: cassette === null ? network : cassetteFetch(network, { ...cassette, secrets }),
    timing: options.timing ?? timingFor(config.llmTimeout),
    secrets,
  };
}
