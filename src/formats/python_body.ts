/** The body of a Python function, statement by statement, for readers that take texts out of it and run nothing. */

import type { UsageError } from "../core/error.ts";
import { closingOf, type CodeToken, codeTokens, isAt } from "./code_tokens.ts";
import type { SourceFile } from "./format.ts";
import { refusal } from "./format_error.ts";
import { PYTHON } from "./python_code.ts";

/** The body of a function that is defined at the margin; null when there is none. */
export function pythonFunction(file: SourceFile, name: string): PythonBody | null {
  const tokens = codeTokens(file.text, PYTHON);
  const at = tokens.findIndex((token, index) =>
    token.startsLine && columnOf(file.text, token.start) === 0 &&
    isAt(tokens, index, ["def", name, "("])
  );
  if (at < 0) return null;
  const close = closingOf(tokens, at + 2);
  const colon = tokens.findIndex((token, index) =>
    index > close && close >= 0 && token.kind === "sign" && token.text === ":"
  );
  if (colon < 0) return null;
  let end = colon + 1;
  let depth = 0;
  for (; end < tokens.length; end++) {
    const token = tokens[end];
    if (token === undefined) break;
    if (depth === 0 && token.startsLine && columnOf(file.text, token.start) === 0) break;
    if (token.kind !== "sign") continue;
    if ("([{".includes(token.text)) depth++;
    else if (")]}".includes(token.text)) depth--;
  }
  return new PythonBody(file, tokens.slice(colon + 1, end));
}

/** A position in a body. */
export class PythonBody {
  /** Column of the statement that is read. */
  indent = 0;
  readonly #file: SourceFile;
  readonly #statements: readonly (readonly CodeToken[])[];
  #statement: readonly CodeToken[] = [];
  #queue: (readonly CodeToken[])[];

  constructor(file: SourceFile, tokens: readonly CodeToken[]) {
    this.#file = file;
    this.#statements = logicalLines(tokens);
    this.#queue = [...this.#statements];
  }

  /** Goes to the next statement; false behind the last. */
  next(): boolean {
    const statement = this.#queue.shift();
    if (statement === undefined) return false;
    this.#statement = statement;
    const [first] = statement;
    if (first?.startsLine === true) this.indent = columnOf(this.#file.text, first.start);
    return true;
  }

  /** True where the first statement raises an exception. */
  raises(): boolean {
    return this.#statements.find((one) => one[0]?.kind !== "string")?.[0]?.text === "raise";
  }

  /** True for `pass`, `return` and a text that stands alone. */
  isNothing(): boolean {
    const [first] = this.#statement;
    return this.#statement.every(({ kind }) => kind === "string") ||
      this.#statement.length === 1 && ["pass", "return"].includes(first?.text ?? "");
  }

  /** True where the statement begins with these words and signs. */
  accept(expected: readonly string[]): boolean {
    return isAt(this.#statement, 0, expected);
  }

  /** What stands on the same line behind a colon is read as the next statement. */
  restIsSuite(): void {
    const colon = this.#statement.findLastIndex(({ kind, text }) =>
      kind === "sign" && text === ":"
    );
    const rest = this.#statement.slice(colon + 1);
    if (rest.length === 0) return;
    this.#queue.unshift(rest);
    this.indent++;
  }

  /** The literals of a call of `callee` with one text, which may stand in a call of one of `around`; null for any other statement. */
  call(
    callee: readonly string[],
    around: readonly (readonly string[])[],
  ): readonly CodeToken[] | null {
    if (!this.accept([...callee, "("])) return null;
    let inner: readonly CodeToken[] = this.#statement.slice(callee.length);
    if (closingOf(inner, 0) !== inner.length - 1) return null;
    inner = withoutComma(inner.slice(1, -1));
    const wrapper = around.find((names) => isAt(inner, 0, [...names, "("]));
    if (wrapper !== undefined) {
      if (closingOf(inner, wrapper.length) !== inner.length - 1) return null;
      inner = withoutComma(inner.slice(wrapper.length + 1, -1));
    }
    return textsOf(inner);
  }

  /** An error at the statement. */
  refusal(why: string, hint: string): UsageError {
    const [first] = this.#statement;
    return refusal(`Cannot read "${this.#file.path}": ${why}`, this.#file, first?.start ?? 0, hint);
  }
}

/** Literals that stand one behind the other, in parentheses or not; null where anything else is there. */
export function textsOf(tokens: readonly CodeToken[]): readonly CodeToken[] | null {
  const [first] = tokens;
  const inner = first?.kind === "sign" && first.text === "(" &&
      closingOf(tokens, 0) === tokens.length - 1
    ? tokens.slice(1, -1)
    : tokens;
  const isPlain = inner.length > 0 &&
    inner.every(({ kind, isFilled }) => kind === "string" && !isFilled);
  return isPlain ? inner : null;
}

/** The tokens without a comma at their end. */
export function withoutComma(tokens: readonly CodeToken[]): readonly CodeToken[] {
  const last = tokens.at(-1);
  return last?.kind === "sign" && last.text === "," ? tokens.slice(0, -1) : tokens;
}

function logicalLines(tokens: readonly CodeToken[]): readonly (readonly CodeToken[])[] {
  const out: CodeToken[][] = [];
  let depth = 0;
  for (const token of tokens) {
    const isEnd = depth === 0 && token.kind === "sign" && token.text === ";";
    if (out.length === 0 || depth === 0 && token.startsLine || isEnd) out.push([]);
    if (isEnd) continue;
    out.at(-1)?.push(token);
    if (token.kind !== "sign") continue;
    if ("([{".includes(token.text)) depth++;
    else if (")]}".includes(token.text)) depth--;
  }
  return out.filter((line) => line.length > 0);
}

function columnOf(text: string, at: number): number {
  return at - (text.lastIndexOf("\n", at - 1) + 1);
}

/** What stands in the parentheses that the tokens are: by position, and by name; null where it is no call's end. */
export function argumentsOf(call: readonly CodeToken[]): {
  readonly positional: readonly (readonly CodeToken[])[];
  readonly named: ReadonlyMap<string, readonly CodeToken[]>;
} | null {
  if (!isAt(call, 0, ["("]) || closingOf(call, 0) !== call.length - 1) return null;
  const positional: (readonly CodeToken[])[] = [];
  const named = new Map<string, readonly CodeToken[]>();
  let depth = 0;
  let from = 1;
  const close = (end: number) => {
    const [name, equals, ...value] = call.slice(from, end);
    from = end + 1;
    if (name === undefined) return;
    if (name.kind === "word" && equals?.kind === "sign" && equals.text === "=") {
      named.set(name.text, value);
    } else positional.push(equals === undefined ? [name] : [name, equals, ...value]);
  };
  for (let at = 1; at < call.length - 1; at++) {
    const token = call[at];
    if (token?.kind !== "sign") continue;
    if ("([{".includes(token.text)) depth++;
    else if (")]}".includes(token.text)) depth--;
    else if (depth === 0 && token.text === ",") close(at);
  }
  close(call.length - 1);
  return { positional, named };
}
