/** The functions of a migration in JavaScript or TypeScript, statement by statement, for readers that take texts out of them and run nothing. */

import type { UsageError } from "../core/error.ts";
import { closingOf, type CodeToken, codeTokens, isAt } from "./code_tokens.ts";
import type { CodeStatement } from "./code_script.ts";
import type { SourceFile } from "./format.ts";
import { refusal } from "./format_error.ts";
import { JAVASCRIPT } from "./javascript_code.ts";

/** What of a function is read. */
export interface Calls {
  /** Calls that hand a text to the server, by the name of the function's first parameter. */
  callees(parameter: string): readonly (readonly string[])[];
  /** Whether what stands behind the text may stand there; nothing may when absent. */
  readonly allows?: (more: readonly CodeToken[]) => boolean;
  /** The call whose function runs in a transaction, where one must say so; what stands outside of it is apart. */
  readonly transaction?: (parameter: string) => readonly string[];
  /** Why a text is not sent as it stands, or null. */
  readonly refuses?: (text: string) => string | null;
}

/** A file of JavaScript or TypeScript with its tokens. */
export class JavascriptFile {
  readonly tokens: readonly CodeToken[];
  readonly #file: SourceFile;

  constructor(file: SourceFile) {
    this.#file = file;
    this.tokens = codeTokens(file.text, JAVASCRIPT);
  }

  /** True where these words and signs stand somewhere. */
  has(expected: readonly string[]): boolean {
    return this.tokens.some((_, at) => isAt(this.tokens, at, expected));
  }

  /** The name of the first class, or null. */
  className(): string | null {
    const at = this.tokens.findIndex(({ kind, text }) => kind === "word" && text === "class");
    const name = this.tokens[at + 1];
    return at < 0 || name?.kind !== "word" || ["extends", "implements"].includes(name.text)
      ? null
      : name.text;
  }

  /** The statements of the function `up` or `down`; null when there is none, or it throws. Throws UsageError for code that aim would have to run. */
  statements(name: "up" | "down", calls: Calls): readonly CodeStatement[] | null {
    const found = this.#function(name);
    if (found === null) return null;
    if (isAt(found.body, 0, ["throw"])) return null;
    return this.#read(found.body, { ...found, calls, isApart: calls.transaction !== undefined });
  }

  #read(
    body: readonly CodeToken[],
    context: { readonly parameter: string; readonly calls: Calls; readonly isApart: boolean },
  ): readonly CodeStatement[] {
    const { parameter, calls, isApart } = context;
    const out: CodeStatement[] = [];
    for (const statement of statementsOf(body)) {
      if (isNothing(statement)) continue;
      const call = withoutWords(statement);
      const inner = calls.transaction === undefined
        ? null
        : functionIn(call, calls.transaction(parameter));
      if (inner !== null) {
        out.push(...this.#read(inner, { ...context, isApart: false }));
        continue;
      }
      const literals = textIn(call, calls.callees(parameter), calls.allows ?? (() => false));
      if (literals === null) throw this.#refusal(statement, "it is code");
      const why = calls.refuses?.(literals.map(({ text }) => text).join("")) ?? null;
      if (why !== null) throw this.#refusal(statement, why);
      out.push({ literals, isApart });
    }
    return out;
  }

  #refusal([first]: readonly CodeToken[], why: string): UsageError {
    return refusal(
      `Cannot read "${this.#file.path}": ${why}`,
      this.#file,
      first?.start ?? 0,
      "aim runs no code: it reads calls with the text of a statement; squash the history up to this migration, or write it so",
    );
  }

  #function(
    name: string,
  ): { readonly parameter: string; readonly body: readonly CodeToken[] } | null {
    let depth = 0;
    for (const [at, token] of this.tokens.entries()) {
      if (token.kind === "sign" && token.text === "{") depth++;
      if (token.kind === "sign" && token.text === "}") depth--;
      if (token.kind !== "word" || token.text !== name || depth > 1) continue;
      const before = this.tokens[at - 1]?.text;
      if (before === "." && this.tokens[at - 2]?.text !== "exports") continue;
      const found = functionAt(this.tokens, at + 1);
      if (found !== null) return found;
    }
    return null;
  }
}

/** A function whose name stands before `at`: declared, or assigned as a function or an arrow. */
function functionAt(
  tokens: readonly CodeToken[],
  at: number,
): { readonly parameter: string; readonly body: readonly CodeToken[] } | null {
  let from = at;
  const isDeclared = isAt(tokens, at, ["("]);
  if (!isDeclared) {
    if (isAt(tokens, at, [":"])) {
      const equals = tokens.findIndex((token, index) =>
        index > at && index < at + 12 && token.kind === "sign" && token.text === "="
      );
      const isTyped = equals > 0 && !isAt(tokens, equals + 1, [">"]) &&
        tokens.slice(at, equals).every(({ text }) => !"(){},;".includes(text));
      from = isTyped ? equals + 1 : at + 1;
    } else if (isAt(tokens, at, ["="])) from = at + 1;
    else return null;
    if (isAt(tokens, from, ["async"])) from++;
    if (isAt(tokens, from, ["function"])) from++;
    if (tokens[from]?.kind === "word" && isAt(tokens, from + 1, ["("])) from++;
  }
  if (tokens[from]?.kind === "word" && isAt(tokens, from + 1, ["=", ">"])) {
    return { parameter: tokens[from]?.text ?? "", body: bodyAt(tokens, from + 3) };
  }
  if (!isAt(tokens, from, ["("])) return null;
  const close = closingOf(tokens, from);
  if (close < 0) return null;
  const parameter = firstParameter(tokens.slice(from + 1, close));
  for (let next = close + 1; next < tokens.length && next < close + 16; next++) {
    if (isAt(tokens, next, ["=", ">"])) return { parameter, body: bodyAt(tokens, next + 2) };
    if (isAt(tokens, next, ["{"])) return { parameter, body: bodyAt(tokens, next) };
    if (isAt(tokens, next, [";"])) return null;
  }
  return null;
}

/** The name of a parameter; of one that takes an object apart (`{ context: queryInterface }`), the last in it. */
function firstParameter(tokens: readonly CodeToken[]): string {
  if (isAt(tokens, 0, ["{"])) {
    const inner = tokens.slice(1, closingOf(tokens, 0));
    return inner.findLast(({ kind }) => kind === "word")?.text ?? "";
  }
  return tokens[0]?.text ?? "";
}

/** A block's tokens, or those of the one expression that an arrow gives. */
function bodyAt(tokens: readonly CodeToken[], at: number): readonly CodeToken[] {
  if (isAt(tokens, at, ["{"])) {
    const close = closingOf(tokens, at);
    return tokens.slice(at + 1, close < 0 ? undefined : close);
  }
  let depth = 0;
  let end = at;
  for (; end < tokens.length; end++) {
    const token = tokens[end];
    if (token === undefined) break;
    if (depth === 0 && end > at && token.startsLine && !".)".includes(token.text)) break;
    if (token.kind !== "sign") continue;
    if (depth === 0 && ";,}".includes(token.text)) break;
    if ("([{".includes(token.text)) depth++;
    else if (")]}".includes(token.text)) depth--;
  }
  return tokens.slice(at, end);
}

/** Cut at semicolons, and at lines that do not go on with a sign. */
function statementsOf(body: readonly CodeToken[]): readonly (readonly CodeToken[])[] {
  const out: CodeToken[][] = [[]];
  let depth = 0;
  for (const token of body) {
    const isEnd = depth === 0 && token.kind === "sign" && token.text === ";";
    const isNew = depth === 0 && token.startsLine && token.kind !== "sign" &&
      out.at(-1)?.at(-1)?.text !== "+";
    if (isEnd || isNew) out.push([]);
    if (isEnd) continue;
    out.at(-1)?.push(token);
    if (token.kind !== "sign") continue;
    if ("([{".includes(token.text)) depth++;
    else if (")]}".includes(token.text)) depth--;
  }
  return out.filter((statement) => statement.length > 0);
}

function isNothing(statement: readonly CodeToken[]): boolean {
  const [first] = statement;
  return statement.length === 1 &&
    (first?.kind === "string" && !first.isFilled || first?.text === "return");
}

function withoutWords(statement: readonly CodeToken[]): readonly CodeToken[] {
  const from = statement.findIndex(({ text }) => text !== "await" && text !== "return");
  return statement.slice(Math.max(from, 0));
}

/** The arguments of a call of `callee` that is the whole statement; null for anything else. */
function argumentsOf(
  call: readonly CodeToken[],
  callee: readonly string[],
): readonly (readonly CodeToken[])[] | null {
  if (!isAt(call, 0, [...callee, "("])) return null;
  if (closingOf(call, callee.length) !== call.length - 1) return null;
  const out: CodeToken[][] = [[]];
  let depth = 0;
  for (const token of call.slice(callee.length + 1, -1)) {
    if (depth === 0 && token.kind === "sign" && token.text === ",") {
      out.push([]);
      continue;
    }
    out.at(-1)?.push(token);
    if (token.kind !== "sign") continue;
    if ("([{".includes(token.text)) depth++;
    else if (")]}".includes(token.text)) depth--;
  }
  return out.filter((one) => one.length > 0);
}

function textIn(
  call: readonly CodeToken[],
  callees: readonly (readonly string[])[],
  allows: (more: readonly CodeToken[]) => boolean,
): readonly CodeToken[] | null {
  for (const callee of callees) {
    const [first, ...more] = argumentsOf(call, callee) ?? [];
    if (first === undefined) continue;
    const isText = first.every((token, index) =>
      index % 2 === 0
        ? token.kind === "string" && !token.isFilled
        : token.kind === "sign" && token.text === "+"
    ) && first.length % 2 === 1;
    if (!isText || !more.every(allows)) {
      return null;
    }
    return first.filter(({ kind }) =>
      kind === "string"
    );
  }
  return null;
}

/** The body of the function that `callee` is given. */
function functionIn(
  call: readonly CodeToken[],
  callee: readonly string[],
): readonly CodeToken[] | null {
  const [only, ...more] = argumentsOf(call, callee) ?? [];
  if (only === undefined || more.length > 0) return null;
  const arrow = only.findIndex((_, at) => isAt(only, at, ["=", ">", "{"]));
  return arrow < 0 || arrow > 8 ? null : bodyAt(only, arrow + 2);
}
