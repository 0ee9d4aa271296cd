/** Why a call to a provider failed, told from what came over the wire; both SDKs tell too little. */

import { withoutSecrets } from "../text/secrets.ts";
import { type TokenComplaint, tokenComplaint, waitInWords } from "./token_limits.ts";

/** The kinds that are treated differently. */
export type FailureKind =
  /** The key is missing, wrong or may not do this. */
  | "key"
  /** No money, no quota. */
  | "billing"
  /** There is no such model. */
  | "model"
  /** There is no such API at that address. */
  | "address"
  /** The server does not know a field of the request. */
  | "field"
  /** The prompt is longer than the model reads. */
  | "context"
  /** A filter refused to answer. */
  | "refusal"
  | "rate"
  | "overloaded"
  | "server"
  /** The connection broke or could not be made. */
  | "connection"
  /** Nobody listens at the address. */
  | "absent"
  /** The certificate of the server is not known here. */
  | "certificate"
  /** Nothing came for too long. */
  | "silent"
  /** The answer ended without saying so. */
  | "cut"
  /** The answer is larger or takes longer than any answer may. */
  | "limit"
  /** The server sends to another one. */
  | "redirect"
  | "request";

/** What is known of a failed call. */
export interface FailureDetails {
  readonly status?: number;
  /** Milliseconds that the server wants to be left alone. */
  readonly retryAfterMs?: number;
  /** The refused field of the request. */
  readonly field?: string;
  /** The most tokens that the server lets an answer have. */
  readonly limit?: number;
  /** Tokens that are left for the answer to this very prompt. */
  readonly room?: number;
  /** How many tokens too many the request asked for. */
  readonly excess?: number;
  /** Tokens that the model reads and writes at once. */
  readonly context?: number;
  readonly cause?: unknown;
}

/** A call that failed. */
export class CallFailure extends Error {
  readonly kind: FailureKind;
  readonly status?: number;
  readonly retryAfterMs?: number;
  readonly field?: string;
  readonly limit?: number;
  readonly room?: number;
  readonly excess?: number;
  readonly context?: number;
  /** What the server wants: `x-should-retry`. */
  readonly shouldRetry?: boolean;

  constructor(
    kind: FailureKind,
    message: string,
    details: FailureDetails & { readonly shouldRetry?: boolean } = {},
  ) {
    super(message, { cause: details.cause });
    this.name = "CallFailure";
    this.kind = kind;
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
    this.field = details.field;
    this.limit = details.limit;
    this.room = details.room;
    this.excess = details.excess;
    this.context = details.context;
    this.shouldRetry = details.shouldRetry;
  }

  /** Whether the same call may work a little later. */
  get retryable(): boolean {
    const transient = ["rate", "overloaded", "server", "connection", "silent", "cut"];
    if (!transient.includes(this.kind) && this.kind !== "request") return false;
    return this.shouldRetry ?? transient.includes(this.kind);
  }
}

/** An HTTP answer that is an error. */
export interface ErrorAnswer {
  /** Absent for an error inside a stream that began well. */
  readonly status?: number;
  readonly headers: Headers;
  readonly body: string;
}

/** Reads an error that the server sent. `secrets` are taken out of its words. */
export function failureOfAnswer(answer: ErrorAnswer, secrets: readonly string[]): CallFailure {
  const told = read(answer.body);
  const inner = typeof told.code === "number" && told.code >= 400 ? told.code : undefined;
  const status = answer.status !== undefined && answer.status >= 400 ? answer.status : inner;
  const clean = withoutSecrets(told.message, secrets);
  // At the end of a message that was cut, a secret may have been cut too.
  const said = clean.slice(
    0,
    told.message.length < LONGEST ? 500 : Math.min(500, clean.length - 300),
  );
  const message = said || (status === undefined ? "an error without words" : `status ${status}`);
  const codes = `${told.type} ${told.code} ${told.status}`.slice(0, 500);
  const complaint = complaintIn(status, `${told.message} ${codes.replaceAll(/\d/g, "")}`);
  const kind = complaint === null
    ? kindOf(status, codes, told.message, answer)
    : complaint.about === "prompt"
    ? "context"
    : "field";
  const field = complaint === null ? refusedField(told.param, told.message) : "max_tokens";
  return new CallFailure(kind, message, {
    ...(status === undefined ? {} : { status }),
    ...optional("retryAfterMs", retryAfter(answer.headers) ?? waitInWords(waitText(answer.body))),
    ...(kind === "field" ? optional("field", field) : {}),
    ...optional("limit", complaint?.limit),
    ...optional("room", complaint?.room),
    ...optional("excess", complaint?.excess),
    ...optional("context", complaint?.context),
    ...optional("shouldRetry", shouldRetry(answer.headers)),
  });
}

/** What is said about tokens; of a server that is asked too often only that one request is too large for it. */
function complaintIn(status: number | undefined, words: string): TokenComplaint | null {
  if (status === 401 || status === 402 || status === 403 || status === 404) return null;
  if (BILLING.test(words)) return null;
  const complaint = tokenComplaint(words);
  return status === 429 && complaint?.excess === undefined ? null : complaint;
}

/** The part of an error in which a wait is looked for. */
function waitText(body: string): string {
  return body.slice(0, LONGEST);
}

/** Reads an error that the SDK, the runtime or the network raised without an answer of the server. */
export function failureOfError(error: unknown, secrets: readonly string[]): CallFailure {
  const chain = causes(error);
  const known = chain.find((link) => link instanceof CallFailure);
  if (known !== undefined) return known;
  const told = chain.find(toldByServer);
  if (told !== undefined) {
    const body = written({ error: told.error, ...record(told.error) });
    const { status, headers } = told;
    return failureOfAnswer({ status, headers: headers ?? new Headers(), body }, secrets);
  }
  const words = chain.map((link) => `${codeOf(link)} ${link.message}`).join("; ");
  const deepest = chain.at(-1)?.message ?? String(error);
  const message = withoutSecrets(deepest.slice(0, 2000), secrets).slice(0, 300);
  if (/message head is too large|Malformed_HTTP_Response|HPE_HEADER_OVERFLOW/.test(words)) {
    const told = "the head of its answer is larger than an HTTP client reads, or is none";
    return new CallFailure("limit", told, { cause: error });
  }
  const kind: FailureKind = /UnknownIssuer|certificate|CERT_|SELF_SIGNED|UNABLE_TO_VERIFY/i
      .test(words)
    ? "certificate"
    : /ECONNREFUSED|ConnectionRefused|connection refused|Unable to connect/i.test(words)
    ? "absent"
    : "connection";
  return new CallFailure(kind, message, { cause: error });
}

/** As JSON; without its content where it is nested too deeply to be written. */
function written(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return "{}";
  }
}

/** An error of an SDK that carries what the server said in the middle of a stream. */
function toldByServer(
  link: Error,
): link is Error & { error: object; status?: number; headers?: Headers } {
  return "error" in link && typeof link.error === "object" && link.error !== null;
}

interface Told {
  readonly message: string;
  readonly type: string;
  readonly code: string | number;
  readonly status: string;
  readonly param: string;
}

/** More of a message is not looked at, in characters. */
const LONGEST = 10_000;

/** Finds the words of an error in the shapes that providers give it. */
function read(body: string): Told {
  const parsed = parse(body);
  const outer = Array.isArray(parsed) ? parsed[0] : parsed;
  const top = record(outer);
  const error = record(top.error);
  const detail = Array.isArray(top.detail) ? record(top.detail[0]) : {};
  const text = (...values: readonly unknown[]) =>
    String(values.find((value) => typeof value === "string" && value !== "") ?? "");
  const location = Array.isArray(detail.loc) ? detail.loc.map(String) : [];
  const metadata = record(error.metadata);
  return {
    message: [
      text(error.message, top.message, top.error, top.detail, detail.msg, looksLikeText(body))
        .slice(0, LONGEST),
      text(metadata.raw).slice(0, 200),
    ].filter((part) => part !== "").join(": "),
    type: text(error.type, top.type),
    code: typeof error.code === "number" ? error.code : text(error.code, top.code),
    status: text(error.status),
    param: text(error.param, location.find((part) => part !== "body")),
  };
}

/** The body itself where it is a sentence and not a page. */
function looksLikeText(body: string): string {
  return /^\s*[<{[]/.test(body) ? "" : body.trim();
}

function kindOf(
  status: number | undefined,
  codes: string,
  message: string,
  { headers, body }: ErrorAnswer,
): FailureKind {
  const words = `${codes} ${message}`;
  if (BILLING.test(words) || status === 402) return "billing";
  if (status === 401 || (status === 403 && !/filter/i.test(words))) return "key";
  if (status === 413) return "context";
  if (/content_filter|content management policy|ResponsibleAI/i.test(words)) return "refusal";
  if (/rate_limit|too many requests|RESOURCE_EXHAUSTED/i.test(codes)) return "rate";
  if (/overloaded|UNAVAILABLE/i.test(codes)) return "overloaded";
  switch (status) {
    case undefined:
      return /invalid_request|not_found|authentication|permission/i.test(codes)
        ? "request"
        : "server";
    case 404:
      if (/parameter|response_format|structured/i.test(message)) return "field";
      return isPage(headers, body) || !/model|deployment|not.?found_error/i.test(words)
        ? "address"
        : "model";
    case 400:
    case 422:
      if (
        /model/i.test(message) && /not (?:exist|found|a valid)|unknown|invalid model/i.test(message)
      ) {
        return "model";
      }
      if (/api.?key/i.test(message) && /invalid|not valid|missing/i.test(message)) return "key";
      return refusedField("", message) !== undefined || status === 422 ? "field" : "request";
    case 408:
    case 409:
    case 425:
      return "server";
    case 429:
      return "rate";
    case 529:
      return "overloaded";
    case 500:
    case 501:
      return FORMAT_FAILURE.test(message) ? "field" : "server";
    default:
      return status >= 500 ? "server" : "request";
  }
}

const BILLING =
  /insufficient_quota|billing|credit balance|exceeded your current quota|payment.required|insufficient (?:balance|credits|funds)/i;
/** A server that fails over the form of the answer that it was asked for. */
const FORMAT_FAILURE =
  /response_format|json_schema|json_object|\bgrammar\b|guided|structured.?output|xgrammar|outlines|JSON schema/i;

/** Fields that a server may not know, by what its complaint calls them; the first that is named counts. */
const FIELDS: readonly (readonly [RegExp, string])[] = [
  [
    /response_format|json_schema|json_object|output_config\.format|structured.?output|grammar|\bschema\b/i,
    "format",
  ],
  [/stream_options|include_usage/i, "stream_options"],
  [/max_completion_tokens|max_tokens|max_output_tokens/i, "max_tokens"],
  [/reasoning_effort|reasoning|output_config|\beffort\b|\bthinking\b/i, "effort"],
  [/\btemperature\b/i, "temperature"],
  [/prompt_cache_key/i, "prompt_cache_key"],
  [/cache_control/i, "cache_control"],
  [/\bguided|xgrammar|outlines/i, "format"],
  [/requested parameters|require_parameters/i, "parameters"],
];

function refusedField(param: string, message: string): string | undefined {
  const named = FIELDS.find(([pattern]) => param !== "" && pattern.test(param));
  if (named !== undefined) return named[1];
  const found = FIELDS
    .map(([pattern, field]) => ({ field, at: message.search(pattern) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at);
  return found[0]?.field;
}

function retryAfter(headers: Headers): number | undefined {
  const ms = headers.get("retry-after-ms");
  if (ms !== null && /^\d+(\.\d+)?$/.test(ms)) return Number(ms);
  const value = headers.get("retry-after");
  if (value === null) return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

function shouldRetry(headers: Headers): boolean | undefined {
  const value = headers.get("x-should-retry");
  return value === "true" ? true : value === "false" ? false : undefined;
}

function isPage(headers: Headers, body: string): boolean {
  return (headers.get("content-type") ?? "").includes("html") || /^\s*</.test(body);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as Record<string, unknown>
    : {};
}

function optional<Name extends string, Value>(name: Name, value: Value | undefined) {
  return value === undefined ? {} : { [name]: value } as { readonly [key in Name]: Value };
}

/** An error and what caused it, outermost first. */
export function causes(error: unknown): readonly Error[] {
  const chain: Error[] = [];
  for (let at = error; at instanceof Error && chain.length < 8; at = at.cause) chain.push(at);
  return chain;
}

function codeOf(error: Error): string {
  return "code" in error ? String(error.code) : "";
}
