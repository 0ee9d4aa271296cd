/** One turn of a language model; retrying and judging are the pipeline's. */

/** What is sent. */
export interface ModelRequest {
  /** Fixed rules first, then the dialect, context and schema: the part worth caching. */
  readonly system: string;
  readonly messages: readonly { readonly role: "user" | "assistant"; readonly text: string }[];
  /** JSON schema of the answer: closed objects, all keys required. */
  readonly schema: { readonly name: string; readonly schema: Record<string, unknown> };
  /** In tokens, thinking included. */
  readonly maxTokens: number;
  readonly effort: "low" | "medium" | "high";
}

/** What came back. */
export interface ModelReply {
  readonly text: string;
  readonly stop: "end" | "length" | "refusal" | "context";
  readonly refusal?: string;
  readonly usage: Usage;
}

/** Tokens and money of one or more turns. */
export interface Usage {
  readonly calls: number;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens: number;
  readonly seconds: number;
  /** US dollars; null when the price is not known. */
  readonly cost: number | null;
}

/** A model that can be asked. */
export interface Model {
  /** `anthropic/claude-haiku-5-5`. */
  readonly name: string;
  complete(request: ModelRequest, signal: AbortSignal): Promise<ModelReply>;
}
