/** One turn of a language model; judging its answer is the pipeline's. */

/** What is sent. */
export interface ModelRequest {
  /** `decide` or `write`, and the version of its prompt: `write-3`. */
  readonly prompt: string;
  /** Fixed rules first, then the dialect and the context: the part worth caching. */
  readonly system: string;
  readonly messages: readonly { readonly role: "user" | "assistant"; readonly text: string }[];
  /** JSON schema of the answer: closed objects, all keys required. */
  readonly schema: { readonly name: string; readonly schema: Record<string, unknown> };
  /** Properties of the schema without which an answer is none; one that is cut behind them can be used. */
  readonly needed: readonly string[];
  /** How to answer a model that can write no JSON to order. */
  readonly plain: string;
  /** In tokens, thinking included. */
  readonly maxTokens: number;
  /** What the answer itself needs at the most; where a model thinks, its thoughts come on top. Absent for as much as it likes. */
  readonly answerTokens?: number;
  readonly effort: "low" | "medium" | "high";
}

/** What came back. */
export interface ModelReply {
  readonly text: string;
  readonly stop: "end" | "length" | "refusal" | "context";
  readonly refusal?: string;
  /** Set where it was ended because it said the same again and again. */
  readonly repeats?: true;
  readonly usage: Usage;
}

/** Tokens and money of one or more turns. */
export interface Usage {
  readonly calls: number;
  /** All that was read, the cached part included. */
  readonly inputTokens: number;
  readonly cachedTokens: number;
  /** All that was written, the reasoning included. */
  readonly outputTokens: number;
  readonly reasoningTokens: number;
  readonly seconds: number;
  /** US dollars; null when the price is not known. */
  readonly cost: number | null;
  /** Set when the server counted nothing and the tokens are a guess. */
  readonly estimated?: true;
}

/** A model that can be asked. */
export interface Model {
  /** `anthropic/claude-haiku-5-5`. */
  readonly name: string;
  /** Tokens that it can read at once; null when not known. */
  readonly contextTokens: number | null;
  /** US dollars for one turn of so many tokens; null when the price is not known. */
  price(inputTokens: number, outputTokens: number): number | null;
  /** Throws ProviderError when the provider fails for good, UsageError for a refused key or an unknown model. */
  complete(request: ModelRequest, signal: AbortSignal): Promise<ModelReply>;
  /** Says that the last answer could not be read. After two of them the next is asked for in a simpler form. */
  unreadable(): Promise<void>;
  /** Exactly what would be sent, without sending it. */
  preview(request: ModelRequest): Promise<string>;
}

/** Tokens of a text, roughly: SQL and English have about 3.2 characters a token. */
export function estimateTokens(text: string): number {
  return Math.ceil(text.length / 3.2);
}
