/** Globs of paths: `*`, `?`, `[a-z]` and `{a,b}` within a name, `**` across folders. */

import { UsageError } from "../../core/error.ts";

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
 * Reads a glob. Matching goes through the path once with all steps that can be next, so it takes at most the product of both
 * lengths. Throws UsageError for brackets that are not closed, empty or reversed, and for one that is too long.
 */
export function parseGlob(text: string): Glob {
  if (text.length > LONGEST) throw bad(text, `it is longer than ${LONGEST} characters`);
  const matcher = new Matcher(new Parser(text).steps());
  return {
    matches: (path) => matcher.after(path).accepts,
    reaches: (folder) => matcher.after(`${folder}/`).steps.length > 0,
  };
}

/** The steps that can be next, and where each character has led from there. */
interface State {
  readonly steps: readonly number[];
  readonly accepts: boolean;
  readonly next: Map<string, State>;
}

/** So many states are remembered; then all are forgotten and found again. */
const MOST_STATES = 1000;

/** Goes through a path by states that are made when they are first reached. */
class Matcher {
  readonly #steps: readonly Step[];
  readonly #marks: Uint8Array;
  readonly #states = new Map<string, State>();
  #start: State;

  constructor(steps: readonly Step[]) {
    this.#steps = steps;
    this.#marks = new Uint8Array(steps.length + 1);
    this.#start = this.#state([0]);
  }

  after(path: string): State {
    if (this.#states.size > MOST_STATES) {
      this.#states.clear();
      this.#start = this.#state([0]);
    }
    let state = this.#start;
    for (const character of path) {
      let next = state.next.get(character);
      if (next === undefined) {
        next = this.#step(state, character);
        state.next.set(character, next);
      }
      state = next;
      if (state.steps.length === 0) break;
    }
    return state;
  }

  #step({ steps }: State, character: string): State {
    const after = steps.filter((at) => {
      const step = this.#steps[at];
      return step !== undefined && "test" in step && step.test(character);
    });
    return this.#state(after.map((at) => at + 1));
  }

  /** The state of some steps and of all that can be reached from them without a character. */
  #state(from: readonly number[]): State {
    const reached = [...from];
    for (const at of reached) this.#marks[at] = 1;
    // A list that grows is walked to its end.
    for (const at of reached) {
      const step = this.#steps[at];
      if (step === undefined || "test" in step) continue;
      for (const next of step.next) {
        if (this.#marks[next] !== 0) continue;
        this.#marks[next] = 1;
        reached.push(next);
      }
    }
    for (const at of reached) this.#marks[at] = 0;
    const steps = reached.sort((a, b) => a - b);
    const key = steps.join();
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    const state = { steps, accepts: steps.includes(this.#steps.length), next: new Map() };
    this.#states.set(key, state);
    return state;
  }
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
