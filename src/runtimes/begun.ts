/** Work that may begin before it is known for certain that its result is wanted. */

/** Does it once for each time that the result is taken: reads what it needs, and makes something of that. */
export class Begun<Read, Result> {
  readonly #read: () => Promise<Read>;
  readonly #make: (read: Read) => Promise<Result>;
  #going: { readonly made: Promise<Result>; readonly isRead: Promise<void> } | null = null;

  constructor(read: () => Promise<Read>, make: (read: Read) => Promise<Result>) {
    this.#read = read;
    this.#make = make;
  }

  /** Begins, unless it was begun and nobody took the result; resolves when the making goes on by itself. Never throws. */
  begin(): Promise<void> {
    return (this.#going ??= this.#begun()).isRead;
  }

  /** The result of what was begun, else of work that begins now. */
  take(): Promise<Result> {
    const { made } = this.#going ?? this.#begun();
    this.#going = null;
    return made;
  }

  #begun() {
    const read = this.#read();
    const made = read.then(this.#make);
    // Whoever takes it hears of a failure.
    made.catch(() => {});
    return { made, isRead: read.then(() => {}, () => {}) };
  }
}
