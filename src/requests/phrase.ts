/** A request as words: what stands in quotes or parentheses is one. */

/** Words of one request and the place in them. Reading is by `take` and `skip`; nothing is read twice. */
export class Phrase {
  #at = 0;
  readonly #words: readonly string[];

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  /** True when every word is read. */
  get isDone(): boolean {
    return this.#at >= this.#words.length;
  }

  /** The next word in small letters, if it is none in quotes; empty at the end. */
  get next(): string {
    return (this.#words[this.#at] ?? "").toLowerCase();
  }

  /** The next word as written; null at the end. */
  take(): string | null {
    return this.#words[this.#at++] ?? null;
  }

  /** Reads one of these phrases, such as `not null`, if it comes next; gives which, or null. */
  skip(...phrases: readonly string[]): string | null {
    const found = phrases.find((phrase) =>
      phrase.split(" ").every((word, at) => this.#words[this.#at + at]?.toLowerCase() === word)
    );
    if (found !== undefined) this.#at += found.split(" ").length;
    return found ?? null;
  }

  /** Reads as many of these words as come next. */
  skipAll(...phrases: readonly string[]): void {
    while (this.skip(...phrases) !== null);
  }

  /** The next word if it can be a name, perhaps with dots: `users`, `"Users"`, `app.users`; else null, and nothing is read. */
  name(): string | null {
    const word = this.#words[this.#at];
    if (word === undefined || !isName(word)) return null;
    this.#at++;
    return word;
  }

  /** The words left, up to the first of these, none of which is read. */
  until(...ends: readonly string[]): readonly string[] {
    const start = this.#at;
    while (!this.isDone && !ends.some((end) => this.#begins(end))) this.#at++;
    return this.#words.slice(start, this.#at);
  }

  /** Splits at a word, the last one first: what is before and what is behind it. */
  *splits(...at: readonly string[]): Generator<readonly [before: Phrase, after: Phrase]> {
    for (let place = this.#words.length - 1; place >= this.#at; place--) {
      if (!at.includes(this.#words[place]?.toLowerCase() ?? "")) continue;
      yield [
        new Phrase(this.#words.slice(this.#at, place)),
        new Phrase(this.#words.slice(place + 1)),
      ];
    }
  }

  #begins(phrase: string): boolean {
    return phrase.split(" ").every((word, at) =>
      this.#words[this.#at + at]?.toLowerCase() === word
    );
  }
}

const PART = /(?:"(?:[^"]|"")+"|`[^`]+`|[\p{L}_][\p{L}\p{N}_$]*)/u;
const NAME = new RegExp(`^${PART.source}(?:\\.${PART.source}){0,2}$`, "u");

/** True for a name as it may stand in SQL, perhaps with dots. */
export function isName(word: string): boolean {
  return NAME.test(word);
}

/** The parts of a name, as written. */
export function partsOf(name: string): readonly string[] {
  return name.match(new RegExp(PART.source, "gu")) ?? [];
}

/** Cuts a request into words: blanks part them outside of quotes and parentheses, a comma is one. Null where a quote has no end. */
export function wordsOfRequest(text: string): readonly string[] | null {
  const words: string[] = [];
  let word = "";
  let depth = 0;
  const end = () => {
    if (word !== "") words.push(word);
    word = "";
  };
  for (let at = 0; at < text.length; at++) {
    const sign = text.charAt(at);
    if (`"'\``.includes(sign)) {
      const close = closing(text, at);
      if (close === null) return null;
      word += text.slice(at, close);
      at = close - 1;
    } else if ("([".includes(sign)) {
      depth++;
      word += sign;
    } else if (")]".includes(sign)) {
      if (--depth < 0) return null;
      word += sign;
    } else if (depth > 0) word += sign;
    else if (/\s/.test(sign)) end();
    else if (sign === ",") {
      end();
      words.push(",");
    } else word += sign;
  }
  end();
  if (depth > 0) return null;
  const last = words.at(-1)?.replace(/[.!]+$/, "") ?? "";
  return [...words.slice(0, -1), ...(last === "" ? [] : [last])];
}

/** The offset behind the quote that closes the one at `start`; what is doubled closes nothing. */
function closing(text: string, start: number): number | null {
  const quote = text.charAt(start);
  for (let at = start + 1; at < text.length; at++) {
    if (text.charAt(at) !== quote) continue;
    if (text.charAt(at + 1) !== quote) return at + 1;
    at++;
  }
  return null;
}

/** The parts of a list between commas that stand in no quotes or parentheses, trimmed. */
export function listOf(text: string): readonly string[] {
  const parts: string[] = [""];
  for (let at = 0, depth = 0; at < text.length; at++) {
    const sign = text.charAt(at);
    const end = `"'\``.includes(sign) ? closing(text, at) ?? text.length : at + 1;
    if (sign === "(") depth++;
    else if (sign === ")") depth--;
    if (sign === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += text.slice(at, end);
    at = end - 1;
  }
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}
