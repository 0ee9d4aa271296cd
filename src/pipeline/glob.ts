/** Globs of paths: `*`, `?`, `[a-z]` and `{a,b}` within a name, `**` across folders. */

import { UsageError } from "../errors.ts";

/** A glob that was read. */
export interface Glob {
  /** Whether a path, with `/` between its names, is meant. */
  matches(path: string): boolean;
  /** Whether paths below a folder can be meant. */
  reaches(folder: string): boolean;
}

/** The most characters of a glob. */
const LONGEST = 256;

/** One step: a test of a character, or a choice of where to go on without one; a number goes there. */
type Step =
  | { readonly test: (character: string) => boolean }
  | { readonly next: readonly number[] };

/** Whether a path has characters that a glob gives a meaning to. */
export function isGlob(path: string): boolean {
  return /[*?[{]/.test(path);
}

/**
 * Reads a glob. Matching goes through the path once with the set of all steps that can be next, so it takes at most the
 * product of both lengths. Throws UsageError for brackets that are not closed, empty or reversed, and for one that is too long.
 */
export function parseGlob(text: string): Glob {
  if (text.length > LONGEST) throw bad(text, `it is longer than ${LONGEST} characters`);
  const steps = new Parser(text).steps();
  const after = (path: string): ReadonlySet<number> => {
    let current = closure(steps, [0]);
    for (const character of path) {
      const next: number[] = [];
      for (const at of current) {
        const step = steps[at];
        if (step !== undefined && "test" in step && step.test(character)) next.push(at + 1);
      }
      if (next.length === 0) return new Set();
      current = closure(steps, next);
    }
    return current;
  };
  return {
    matches: (path) => after(path).has(steps.length),
    reaches: (folder) => after(`${folder}/`).size > 0,
  };
}

/** All steps that can be reached without a character. */
function closure(steps: readonly Step[], from: readonly number[]): ReadonlySet<number> {
  const reached = new Set(from);
  // A set that grows is walked to its end.
  for (const at of reached) {
    const step = steps[at];
    if (step !== undefined && "next" in step) { for (const next of step.next) reached.add(next); }
  }
  return reached;
}

class Parser {
  readonly #characters: readonly string[];
  readonly #text: string;
  readonly #steps: Step[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#characters = [...text];
  }

  steps(): readonly Step[] {
    while (this.#at < this.#characters.length) this.#one();
    return this.#steps;
  }

  #one(): void {
    const character = this.#characters[this.#at] ?? "";
    if (character === "*") this.#star();
    else if (character === "[") this.#set();
    else if (character === "{") this.#alternatives();
    else {
      this.#at++;
      this.#steps.push({
        test: character === "?" ? (one) => one !== "/" : (one) => one === character,
      });
    }
  }

  #star(): void {
    const start = this.#at;
    while (this.#characters[this.#at] === "*") this.#at++;
    const deep = this.#at - start > 1;
    const folders = deep && this.#characters[this.#at] === "/";
    const first = this.#steps.length;
    // choice, character, back; and the slash that ends the folders
    this.#steps.push({ next: [first + 1, first + 3] });
    this.#steps.push({ test: deep ? () => true : (one) => one !== "/" });
    this.#steps.push({ next: [first] });
    if (!folders) return;
    this.#at++;
    this.#steps.push({ test: (one) => one === "/" });
    this.#steps[first] = { next: [first + 1, first + 3, first + 4] };
    this.#steps[first + 2] = { next: [first + 1, first + 3] };
  }

  #set(): void {
    const open = this.#at;
    const close = this.#characters.indexOf("]", open + 1);
    if (close < 0) throw this.#fault(open, "is not closed");
    const negated = this.#characters[open + 1] === "!";
    const members = this.#characters.slice(open + (negated ? 2 : 1), close);
    if (members.length === 0) throw this.#fault(open, "is empty");
    const ranges: (readonly [string, string])[] = [];
    for (let i = 0; i < members.length; i++) {
      const [from = "", dash, to] = members.slice(i, i + 3);
      const range = dash === "-" && to !== undefined;
      if (range && codeOf(from) > codeOf(to)) {
        throw this.#fault(open, `has the range ${from}-${to} reversed`);
      }
      ranges.push([from, range ? to : from]);
      if (range) i += 2;
    }
    const holds = (one: string) =>
      ranges.some(([from, to]) => codeOf(from) <= codeOf(one) && codeOf(one) <= codeOf(to));
    this.#steps.push({ test: (one) => one !== "/" && holds(one) !== negated });
    this.#at = close + 1;
  }

  #alternatives(): void {
    const open = this.#at++;
    const start = this.#steps.length;
    const entries: number[] = [start + 1];
    const ends: number[] = [];
    this.#steps.push({ next: [] });
    for (;;) {
      const character = this.#characters[this.#at];
      if (character === undefined) throw this.#fault(open, "is not closed");
      if (character !== "," && character !== "}") {
        this.#one();
        continue;
      }
      this.#at++;
      ends.push(this.#steps.length);
      this.#steps.push({ next: [] });
      if (character === "}") break;
      entries.push(this.#steps.length);
    }
    this.#steps[start] = { next: entries };
    for (const end of ends) this.#steps[end] = { next: [this.#steps.length] };
  }

  #fault(at: number, what: string): UsageError {
    return bad(this.#text, `the "${this.#characters[at]}" at character ${at + 1} ${what}`);
  }
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}

function bad(glob: string, reason: string): UsageError {
  const shown = glob.length > 80 ? `${glob.slice(0, 80)}…` : glob;
  return new UsageError(`Cannot use the glob "${shown}": ${reason}`, {
    code: "glob",
    hint: "* ? [a-z] [!a-z] and {a,b} stand for parts of a name, ** for any folders",
  });
}
