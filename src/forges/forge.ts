/** Where pull requests are talked about: one comment that is written, and written anew. */

/** What became of a comment. */
export interface Upserted {
  readonly state: "created" | "updated" | "unchanged";
  readonly url: string;
}

/** A pull request on a forge, and the right to comment on it. */
export interface Forge {
  /** For people: `GitHub owner/name#12`. */
  readonly place: string;
  /**
   * Puts `body` into the comment of this account that holds `marker`, or a new one. Throws ForgeError for what the forge refuses.
   */
  upsert(body: string, marker: string): Promise<Upserted>;
}

/** What a forge is found by. */
export interface ForgeOptions {
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** The number of the pull request; from the pipeline's variables when null. */
  readonly number: number | null;
  readonly signal: AbortSignal;
}

/** What a forge refuses, or what is missing to ask it. */
export class ForgeError extends Error {
  readonly hint: string;

  constructor(message: string, hint: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.name = "ForgeError";
    this.hint = hint;
  }
}
