/** Whether a model says the same again and again, as small ones do until their tokens are spent. */

/** The longest part that is looked for, in characters. */
const LONGEST_PART = 200;
/** How often a part must stand behind itself, and how much that must be in all. */
const TIMES = 6;
const LEAST = 240;

/** True when a text ends with one part over and over. Blanks alone count as well. */
export function repeatsItself(text: string): boolean {
  const end = text.slice(-LONGEST_PART * TIMES - 1);
  for (let size = 1; size <= LONGEST_PART; size++) {
    const wanted = Math.max(TIMES * size, LEAST);
    if (end.length < wanted) return false;
    if (isPeriodic(end, size, wanted)) return true;
  }
  return false;
}

function isPeriodic(text: string, size: number, length: number): boolean {
  for (let at = text.length - 1; at >= text.length - length + size; at--) {
    if (text[at] !== text[at - size]) return false;
  }
  return true;
}

/** Watches a growing text; what is written is looked at every so many characters. */
export class RepetitionWatch {
  #text = "";
  #looked = 0;
  readonly #controller = new AbortController();

  /** Aborts once the text repeats itself. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** What was written so far. */
  get text(): string {
    return this.#text;
  }

  /** Takes the next piece. */
  add(piece: string): void {
    this.#text += piece;
    if (this.#text.length - this.#looked < STEP) return;
    this.#looked = this.#text.length;
    if (repeatsItself(this.#text)) this.#controller.abort();
  }
}

const STEP = 100;
