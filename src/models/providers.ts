/** The providers of language models: one row each. An OpenAI-compatible one is added by adding a row. */

/** How an answer is asked for, from the strictest to the simplest. */
export type Rung = "strict" | "schema" | "object" | "text";

/** The rungs of the ladder in order. */
export const RUNGS: readonly Rung[] = ["strict", "schema", "object", "text"];

/** How a provider is told to think little: a field of the request, or not at all. */
export type EffortField = "reasoning_effort" | "thinking" | "none";

/** One provider. */
export interface Provider {
  /** As in `provider/model`. */
  readonly name: string;
  readonly title: string;
  /** The SDK that speaks its wire format. */
  readonly wire: "anthropic" | "openai" | "scripted";
  /** Null when it must be given. */
  readonly baseUrl: string | null;
  /** Variables that name another address, first one wins. */
  readonly baseUrlVariables: readonly string[];
  /** Variables that hold the key, first one wins; empty when there is none. */
  readonly keyVariables: readonly string[];
  /** False when it works without a key. */
  readonly needsKey: boolean;
  /** Where the user gets a key. */
  readonly keyPage: string | null;
  /** The rung to begin on; what the server then refuses is remembered. */
  readonly rung: Rung;
  readonly maxField: "max_tokens" | "max_completion_tokens";
  readonly effort: EffortField;
  /** Names of the models that take `temperature`, as far as it is known; null for none. What a server refuses is remembered. */
  readonly cold: RegExp | null;
  /** Whether it may be asked for the token count of a stream. */
  readonly streamUsage: boolean;
  /** Whether requests that begin alike are marked, so that its cache finds them. */
  readonly cacheKey?: true;
  /** The header that carries the key besides `Authorization: Bearer`. */
  readonly keyHeader?: string;
  /** Further fields of every request. */
  readonly extra?: Readonly<Record<string, unknown>>;
  /** Address of its list of models when that is not `<base>/models`. */
  readonly listUrl?: string;
  /** A small model that suits the job; null when the user must choose. */
  readonly suggested: string | null;
  /** Runs on one's own machine and costs nothing. */
  readonly local?: true;
  /** What to say when nobody answers at its address. */
  readonly absent?: string;
}

const OPENAI_WIRE = {
  wire: "openai",
  baseUrlVariables: [],
  needsKey: true,
  rung: "schema",
  maxField: "max_tokens",
  effort: "none",
  cold: /./,
  streamUsage: true,
  suggested: null,
} as const;

/** All providers, in the order in which people see them. */
export const PROVIDERS: readonly Provider[] = [
  {
    ...OPENAI_WIRE,
    name: "anthropic",
    title: "Anthropic",
    wire: "anthropic",
    baseUrl: "https://api.anthropic.com",
    baseUrlVariables: ["ANTHROPIC_BASE_URL"],
    keyVariables: ["ANTHROPIC_API_KEY"],
    keyPage: "https://platform.claude.com/settings/keys",
    rung: "strict",
    effort: "reasoning_effort",
    cold: null,
    suggested: "claude-haiku-5-5",
  },
  {
    ...OPENAI_WIRE,
    name: "openai",
    title: "OpenAI",
    baseUrl: "https://api.openai.com/v1",
    baseUrlVariables: ["OPENAI_BASE_URL"],
    keyVariables: ["OPENAI_API_KEY"],
    keyPage: "https://platform.openai.com/api-keys",
    rung: "strict",
    maxField: "max_completion_tokens",
    effort: "reasoning_effort",
    // Models that reason refuse it.
    cold: /^(?:ft:)?(?:gpt-[34]|chatgpt-4)/,
    cacheKey: true,
    suggested: "gpt-6-luna",
  },
  {
    ...OPENAI_WIRE,
    name: "gemini",
    title: "Google Gemini",
    baseUrl: "https://generativelanguage.googleapis.com/v1beta/openai",
    keyVariables: ["GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_GENERATIVE_AI_API_KEY"],
    keyPage: "https://aistudio.google.com/apikey",
    rung: "strict",
    effort: "reasoning_effort",
    suggested: "gemini-2.5-flash",
  },
  {
    ...OPENAI_WIRE,
    name: "openrouter",
    title: "OpenRouter",
    baseUrl: "https://openrouter.ai/api/v1",
    keyVariables: ["OPENROUTER_API_KEY"],
    keyPage: "https://openrouter.ai/settings/keys",
    rung: "strict",
    extra: { provider: { require_parameters: true }, usage: { include: true } },
  },
  {
    ...OPENAI_WIRE,
    name: "groq",
    title: "Groq",
    baseUrl: "https://api.groq.com/openai/v1",
    keyVariables: ["GROQ_API_KEY"],
    keyPage: "https://console.groq.com/keys",
    rung: "strict",
    maxField: "max_completion_tokens",
    suggested: "openai/gpt-oss-20b",
  },
  {
    ...OPENAI_WIRE,
    name: "mistral",
    title: "Mistral",
    baseUrl: "https://api.mistral.ai/v1",
    keyVariables: ["MISTRAL_API_KEY"],
    keyPage: "https://console.mistral.ai/api-keys",
    streamUsage: false,
    suggested: "mistral-small-latest",
  },
  {
    ...OPENAI_WIRE,
    name: "deepseek",
    title: "DeepSeek",
    baseUrl: "https://api.deepseek.com",
    keyVariables: ["DEEPSEEK_API_KEY"],
    keyPage: "https://platform.deepseek.com/api_keys",
    rung: "object",
    effort: "thinking",
    suggested: "deepseek-v4-flash",
  },
  {
    ...OPENAI_WIRE,
    name: "xai",
    title: "xAI",
    baseUrl: "https://api.x.ai/v1",
    keyVariables: ["XAI_API_KEY"],
    keyPage: "https://console.x.ai",
    rung: "strict",
    maxField: "max_completion_tokens",
  },
  {
    ...OPENAI_WIRE,
    name: "cohere",
    title: "Cohere",
    baseUrl: "https://api.cohere.ai/compatibility/v1",
    keyVariables: ["COHERE_API_KEY"],
    keyPage: "https://dashboard.cohere.com/api-keys",
    streamUsage: false,
    listUrl: "https://api.cohere.com/v1/models",
  },
  {
    ...OPENAI_WIRE,
    name: "together",
    title: "Together AI",
    baseUrl: "https://api.together.xyz/v1",
    keyVariables: ["TOGETHER_API_KEY"],
    keyPage: "https://api.together.ai/settings/api-keys",
  },
  {
    ...OPENAI_WIRE,
    name: "perplexity",
    title: "Perplexity (searches the web for every answer; another provider suits this job better)",
    baseUrl: "https://api.perplexity.ai",
    keyVariables: ["PERPLEXITY_API_KEY"],
    keyPage: "https://www.perplexity.ai/settings/api",
    streamUsage: false,
  },
  {
    ...OPENAI_WIRE,
    name: "azure",
    title: "Azure OpenAI (the model is the name of the deployment)",
    baseUrl: null,
    baseUrlVariables: ["AZURE_OPENAI_ENDPOINT", "AZURE_ENDPOINT"],
    keyVariables: ["AZURE_OPENAI_API_KEY", "AZURE_API_KEY"],
    keyPage: "https://portal.azure.com",
    keyHeader: "api-key",
    rung: "strict",
    maxField: "max_completion_tokens",
    effort: "reasoning_effort",
  },
  {
    ...OPENAI_WIRE,
    name: "bedrock",
    title: "Amazon Bedrock, by its OpenAI-compatible address",
    baseUrl: null,
    baseUrlVariables: ["AWS_REGION", "AWS_DEFAULT_REGION"],
    keyVariables: ["AWS_BEARER_TOKEN_BEDROCK"],
    keyPage: "https://console.aws.amazon.com/bedrock",
    maxField: "max_completion_tokens",
  },
  {
    ...OPENAI_WIRE,
    name: "vertex",
    title: "Google Vertex AI, by its OpenAI-compatible address",
    baseUrl: null,
    baseUrlVariables: ["GOOGLE_CLOUD_PROJECT"],
    keyVariables: ["GOOGLE_ACCESS_TOKEN"],
    keyPage: "https://console.cloud.google.com/vertex-ai",
    absent: "Is the network up? A key lasts an hour: " +
      'api_key_command = "gcloud auth print-access-token"',
  },
  {
    ...OPENAI_WIRE,
    name: "huggingface",
    title: "Hugging Face",
    baseUrl: "https://router.huggingface.co/v1",
    keyVariables: ["HF_TOKEN", "HUGGINGFACE_API_KEY"],
    keyPage: "https://huggingface.co/settings/tokens",
  },
  {
    ...OPENAI_WIRE,
    name: "moonshot",
    title: "Moonshot AI",
    baseUrl: "https://api.moonshot.ai/v1",
    keyVariables: ["MOONSHOT_API_KEY"],
    keyPage: "https://platform.moonshot.ai/console/api-keys",
    rung: "object",
    maxField: "max_completion_tokens",
  },
  {
    ...OPENAI_WIRE,
    name: "hyperbolic",
    title: "Hyperbolic",
    baseUrl: "https://api.hyperbolic.xyz/v1",
    keyVariables: ["HYPERBOLIC_API_KEY"],
    keyPage: "https://app.hyperbolic.xyz/settings",
    rung: "text",
    streamUsage: false,
  },
  {
    ...OPENAI_WIRE,
    name: "fireworks",
    title: "Fireworks AI",
    baseUrl: "https://api.fireworks.ai/inference/v1",
    keyVariables: ["FIREWORKS_API_KEY"],
    keyPage: "https://app.fireworks.ai/settings/users/api-keys",
  },
  {
    ...OPENAI_WIRE,
    name: "cerebras",
    title: "Cerebras",
    baseUrl: "https://api.cerebras.ai/v1",
    keyVariables: ["CEREBRAS_API_KEY"],
    keyPage: "https://cloud.cerebras.ai",
    maxField: "max_completion_tokens",
  },
  {
    ...OPENAI_WIRE,
    name: "zai",
    title: "Z.ai",
    baseUrl: "https://api.z.ai/api/paas/v4",
    keyVariables: ["ZHIPU_API_KEY", "ZAI_API_KEY"],
    keyPage: "https://z.ai/manage-apikey/apikey-list",
    rung: "object",
  },
  {
    ...OPENAI_WIRE,
    name: "alibaba",
    title: "Alibaba Cloud Model Studio",
    baseUrl: "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
    keyVariables: ["DASHSCOPE_API_KEY"],
    keyPage: "https://modelstudio.console.alibabacloud.com",
    rung: "object",
  },
  {
    ...OPENAI_WIRE,
    name: "ollama",
    title: "Ollama, on this machine",
    baseUrl: "http://localhost:11434/v1",
    baseUrlVariables: ["OLLAMA_HOST"],
    keyVariables: ["OLLAMA_API_KEY"],
    needsKey: false,
    keyPage: null,
    local: true,
    absent: "Is `ollama serve` running?",
  },
  {
    ...OPENAI_WIRE,
    name: "lmstudio",
    title: "LM Studio, on this machine",
    baseUrl: "http://127.0.0.1:1234/v1",
    keyVariables: ["LMSTUDIO_API_KEY"],
    needsKey: false,
    keyPage: null,
    rung: "strict",
    local: true,
    absent: "Is the server of LM Studio running?",
  },
  {
    ...OPENAI_WIRE,
    name: "openai-compatible",
    title: "Any server that speaks OpenAI's chat completions; needs base_url",
    baseUrl: null,
    keyVariables: ["OPENAI_COMPATIBLE_API_KEY"],
    needsKey: false,
    keyPage: null,
    rung: "strict",
    absent: "Is the server at base_url running?",
  },
  {
    ...OPENAI_WIRE,
    name: "scripted",
    title: "Answers from a file, to try aim without a key",
    wire: "scripted",
    baseUrl: null,
    keyVariables: [],
    needsKey: false,
    keyPage: null,
    local: true,
  },
];

/** An address of this very machine. */
export function isLoopback(url: string): boolean {
  const host = URL.canParse(url) ? new URL(url).hostname : "";
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(host) || host.endsWith(".localhost");
}
