/** Texts that a regular expression matches. */

/** One with as little as it may have, and one with a little more; none for what is not understood. */
export function regexSamples(pattern: string): readonly string[] {
  if (pattern.length > 500 || !/[\^$[\](){}*+?\\|.]/.test(pattern)) return [];
  const found = [0, 1].flatMap((extra) => {
    const sample = new Sampler(pattern, extra).sample();
    return sample === null ? [] : [sample];
  });
  return [...new Set(found)];
}

/** The most characters of a sample. */
const LONGEST = 1000;

class Sampler {
  readonly #pattern: string;
  /** How often what may be repeated is repeated beyond what it must. */
  readonly #extra: number;
  #at = 0;
  #depth = 0;

  constructor(pattern: string, extra: number) {
    this.#pattern = pattern;
    this.#extra = extra;
  }

  sample(): string | null {
    const text = this.#alternatives();
    return text === null || this.#at < this.#pattern.length || text.length > LONGEST ? null : text;
  }

  /** The first alternative; the others are read over. */
  #alternatives(): string | null {
    if (++this.#depth > 20) return null;
    const first = this.#sequence();
    while (first !== null && this.#pattern[this.#at] === "|") {
      this.#at++;
      if (this.#sequence() === null) return null;
    }
    this.#depth--;
    return first;
  }

  #sequence(): string | null {
    let text = "";
    while (this.#at < this.#pattern.length && !"|)".includes(this.#pattern[this.#at] ?? "")) {
      const part = this.#part();
      if (part === null) return null;
      text += part.repeat(this.#times());
      if (text.length > LONGEST) return null;
    }
    return text;
  }

  #part(): string | null {
    const char = this.#pattern[this.#at++] ?? "";
    if ("^$".includes(char)) return "";
    if (char === ".") return "a";
    if (char === "(") return this.#group();
    if (char === "[") return this.#oneOf();
    if (char === "\\") return this.#escape();
    return char;
  }

  #group(): string | null {
    const [mark] = /^\?(?::|=|!|<=|<!)/.exec(this.#pattern.slice(this.#at)) ?? [""];
    this.#at += mark.length;
    const text = this.#alternatives();
    if (text === null || this.#pattern[this.#at++] !== ")") return null;
    return mark === "" || mark === "?:" ? text : "";
  }

  #escape(): string | null {
    const char = this.#pattern[this.#at++];
    if (char === undefined) return null;
    return ESCAPES[char] ?? (/[a-zA-Z\d]/.test(char) ? null : char);
  }

  /** A character of a class; of a negated one, a usual one that is not in it. */
  #oneOf(): string | null {
    const [whole, not, body = ""] =
      /^(\^?)(\]?(?:\[:\w+:\]|\\.|[^\]\\])*)\]/s.exec(this.#pattern.slice(this.#at)) ?? [];
    if (whole === undefined) return null;
    this.#at += whole.length;
    if (not === "") return firstOf(body);
    try {
      const isIn = new RegExp(`[${body.replaceAll(/\[:\w+:\]/g, "")}]`);
      return [..."a0A-_ x@."].find((char) => !isIn.test(char)) ?? null;
    } catch {
      return null;
    }
  }

  /** How often the part before is there. */
  #times(): number {
    const [whole, sign, least] =
      /^([*+?]|\{(\d+)(?:,\d*)?\})\??/.exec(this.#pattern.slice(this.#at)) ?? [];
    if (whole === undefined) return 1;
    this.#at += whole.length;
    if (least !== undefined) {
      const isOpen = whole.includes(",") && !whole.includes(`{${least},${least}}`);
      return Math.min(Number(least) + (isOpen ? this.#extra : 0), LONGEST);
    }
    return sign === "+" ? 1 + this.#extra : this.#extra;
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  d: "1",
  w: "a",
  s: " ",
  S: "a",
  D: "a",
  W: "-",
  A: "",
  Z: "",
  m: "",
  M: "",
  y: "",
  b: "",
  n: "\n",
  t: "\t",
};

const CLASSES: Readonly<Record<string, string>> = {
  alpha: "a",
  alnum: "a",
  digit: "1",
  xdigit: "a",
  lower: "a",
  upper: "A",
  space: " ",
  punct: "-",
  word: "a",
};

function firstOf(body: string): string | null {
  const [, name] = /^\[:(\w+):\]/.exec(body) ?? [];
  if (name !== undefined) return CLASSES[name] ?? null;
  if (body.startsWith("\\")) return ESCAPES[body[1] ?? ""] ?? body[1] ?? null;
  return [...body][0] ?? null;
}
