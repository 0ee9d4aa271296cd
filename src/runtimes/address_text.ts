/** Pieces of a server's address, whatever server it is. */

/** What to do about a server that is not there. */
export const NOT_THERE_HINT =
  "Check the host and the port of the address, and whether the server runs";

/** A text before and behind the first mark; null behind where there is none. */
export function cut(text: string, mark: string): readonly [string, string | null] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
}

/** A piece without its percent escapes. Throws what `wrong` makes of the reason where one is broken. */
export function decoded(text: string, wrong: (reason: string) => Error): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw wrong("a % in it is not followed by two hexadecimal digits");
  }
}
