/** How long a statement may take, and how it is ended. */

/** What is done about a statement. */
export interface Watched {
  /** No time is too long. */
  readonly isUnlimited: boolean;
  cancel(): void;
  end(): void;
  isTooLarge(): Promise<boolean>;
}

/** Cancels a statement that takes too long or too much, again and again, and gives it up in the end. */
export class StatementWatch {
  readonly #calls: Watched;
  readonly #deadline: number;
  #timer: ReturnType<typeof setTimeout>;
  #cancelledAt: number | null = null;
  #isLate = false;
  #isTooLarge = false;

  constructor(milliseconds: number, calls: Watched) {
    this.#calls = calls;
    this.#deadline = calls.isUnlimited ? Infinity : Date.now() + milliseconds;
    this.#timer = this.#next();
  }

  get isLate(): boolean {
    return this.#isLate;
  }

  get isTooLarge(): boolean {
    return this.#isTooLarge;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #next(): ReturnType<typeof setTimeout> {
    const left = this.#deadline - Date.now();
    const wait = this.#cancelledAt === null ? Math.max(0, Math.min(left, LOOK)) : AGAIN;
    return setTimeout(() => this.#look(), wait);
  }

  #look(): void {
    const now = Date.now();
    if (this.#cancelledAt === null && now >= this.#deadline) this.#isLate = true;
    if (this.#isLate || this.#isTooLarge) {
      this.#cancelledAt ??= now;
      if (now - this.#cancelledAt > GRACE) return this.#calls.end();
      this.#calls.cancel();
    } else {
      // What cannot be asked now is asked again.
      this.#calls.isTooLarge().then((is) => this.#isTooLarge ||= is, () => {});
    }
    this.#timer = this.#next();
  }
}

/** Milliseconds that a statement has to end after it was asked to. */
const GRACE = 2000;

/** Milliseconds between two requests to cancel: a statement may catch the first. */
const AGAIN = 500;

/** Milliseconds between two looks at the size. */
const LOOK = 1000;
