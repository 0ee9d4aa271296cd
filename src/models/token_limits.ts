/** Limits of tokens and waits, read out of the words of servers: OpenAI's, Anthropic's, vLLM's, TGI's, Groq's, SGLang's, llama.cpp's and others'. */

/** What a complaint about tokens says. */
export interface TokenComplaint {
  /** `answer`: fewer tokens for it will do. `prompt`: it is too long itself. */
  readonly about: "answer" | "prompt";
  /** The most tokens that any answer may have, where the server says so. */
  readonly limit?: number;
  /** Tokens that are left for the answer to this very prompt. */
  readonly room?: number;
  /** How many tokens too many this very request asks for. */
  readonly excess?: number;
  /** Tokens that the model reads and writes at once. */
  readonly context?: number;
}

/** Less room than that holds no answer: the prompt is too long then. */
const LEAST_ROOM = 64;

/** Reads a complaint; null for one about something else. */
export function tokenComplaint(message: string): TokenComplaint | null {
  // Numbers may have separators, and names of fields stand in quotes of all kinds.
  const text = message.replaceAll(/(\d)[,_](?=\d{3}\b)/g, "$1").replaceAll(/[`'"]/g, "");
  const context = numberIn(text, CONTEXT);
  const prompt = numberIn(text, PROMPT);
  if (context !== undefined && prompt !== undefined) {
    const room = context - prompt;
    return room < LEAST_ROOM ? { about: "prompt", context } : { about: "answer", room, context };
  }
  const perMinute = /\bLimit (\d{1,9}),? (?:Used \d{1,9},? )?Requested (\d{1,9})/i.exec(text);
  if (perMinute !== null && /too large/i.test(text)) {
    return { about: "answer", excess: Number(perMinute[2]) - Number(perMinute[1]) };
  }
  const found = FIELD.test(text) ? numberIn(text, LIMIT) : undefined;
  if (found !== undefined) {
    const limit = /\(exclusive\)/.test(text) ? found - 1 : found;
    return { about: "answer", limit, ...(context === undefined ? {} : { context }) };
  }
  // What names the answer and the context, and not how long the prompt is.
  if (FIELD.test(text) && context !== undefined) {
    return { about: "answer", room: Math.floor(context / 2), context };
  }
  if (context === undefined && !TOO_LONG.test(text)) return null;
  return { about: "prompt", ...(context === undefined ? {} : { context }) };
}

const FIELD = /max_(?:completion_|output_|new_)?tokens|maxOutputTokens/i;

/** Sizes of a context, most telling first. */
const CONTEXT: readonly RegExp[] = [
  /exceed context limit: \d{1,9} \+ \d{1,9} > (\d{1,9})/i,
  /(?:context length|context window|context size|context limit|max_model_len|model length|n_ctx)\D{0,24}?(\d{3,8})/i,
  /\b(\d{3,8}) (?:tokens? )?(?:maximum )?context/i,
  /inputs tokens \+ max_new_tokens must be <= (\d{1,9})/i,
  /prompt is too long: \d{1,9} tokens > (\d{1,9})/i,
  /total number of tokens in the prompt cannot exceed (\d{1,9})/i,
  /inputs must have less than (\d{1,9}) tokens/i,
];

/** Sizes of a prompt. */
const PROMPT: readonly RegExp[] = [
  /exceed context limit: (\d{1,9}) \+/i,
  /\b(\d{1,9}) of text input/i,
  /\b(\d{1,9}) (?:tokens )?(?:in|from) the (?:input )?(?:messages|prompt)/i,
  /Given: (\d{1,9}) inputs tokens/i,
  /inputs must have less than \d{1,9} tokens. Given: (\d{1,9})/i,
  /(?:messages|prompt) (?:resulted in|contains?|has|have) (?:at least )?(\d{1,9}) (?:input )?tokens/i,
  /(?:request|prompt|input)(?: length)? (?:has |is )?\(?(?:at least )?(\d{1,9})(?: (?:input )?tokens)?\)?/i,
  /prompt is too long: (\d{1,9})/i,
  /prompt \(length (\d{1,9})\)/i,
  /\b(\d{1,9}) (?:input|prompt) tokens/i,
  /received (\d{1,9})/i,
];

/** The most tokens of an answer, where a complaint names the field. */
const LIMIT: readonly RegExp[] = [
  /max_(?:completion_|output_|new_)?tokens: \d{1,9} > (\d{2,7})/i,
  /supported range is from \d{1,9} \(inclusive\) to (\d{2,7})/i,
  /valid range of max_tokens is \[\d{1,9}, ?(\d{2,7})\]/i,
  /(?:must|should|can) be (?:at most|no more than|<=|less than or equal to|lower than or equal to|between \d{1,9} and) (\d{2,7})/i,
  /(?:at most|up to|less than or equal to|<=|cannot exceed|not exceed|supports at most) (\d{2,7})/i,
  /maximum (?:allowed )?(?:number of output tokens |value )?(?:of |is |value is |for [a-z_]+ is )?(\d{2,7})/i,
  /is too large[^\d]{0,40}\d{1,9}\D{1,60}?(\d{2,7})/i,
  /> (\d{2,7})\b/,
];

/** A prompt that is too long, without numbers. */
const TOO_LONG =
  /context_length|context length|maximum context|context window|context size|context limit|prompt is too long|prompt too long|too many (?:input )?tokens|input (?:length |is )(?:too long|exceeds)|exceeds the (?:available )?context|exceed_context|reduce the length of the (?:messages|prompt|input)|longer than the (?:maximum )?model|max_model_len|inputs must have less than|too large for model/i;

function numberIn(text: string, patterns: readonly RegExp[]): number | undefined {
  for (const pattern of patterns) {
    const number = Number(pattern.exec(text)?.[1] ?? NaN);
    if (number >= 1) return number;
  }
  return undefined;
}

/** Milliseconds that an error's words ask to wait: `Please try again in 1m13.5s`, `Retry after 20 seconds`, `"retryDelay": "7s"`. */
export function waitInWords(text: string): number | undefined {
  const match =
    /(?:try again|retry|available again|wait)(?: again)?(?: in| after)?:? (?:about |at least )?((?:\d{1,9}(?:\.\d{1,9})?\s{0,3}(?:ms|milliseconds?|h(?:ours?)?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?)\b\s{0,3})+|\d{1,9}(?:\.\d{1,9})?(?:h|m(?!s)|s|ms)[\d.hms]*)/i
      .exec(text) ?? /"?retryDelay"?\s{0,3}:\s{0,3}"?((?:\d{1,9}(?:\.\d{1,9})?)s)/.exec(text);
  const spelled = match?.[1];
  if (spelled === undefined) return undefined;
  let ms = 0;
  for (const [, number, unit = ""] of spelled.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/gi)) {
    ms += Number(number) * unitMs(unit.toLowerCase());
  }
  return Math.ceil(ms);
}

function unitMs(unit: string): number {
  if (unit.startsWith("ms") || unit.startsWith("mil")) return 1;
  if (unit.startsWith("h")) return 3_600_000;
  return unit.startsWith("m") ? 60_000 : 1000;
}
