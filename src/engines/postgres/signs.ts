/** What the server prints, sign by sign. */

/** Characters outside quotes, with their places. */
export function* signs(
  text: string,
  from: number,
): Generator<{ readonly sign: string; readonly at: number }> {
  for (let at = from; at < text.length; at++) {
    const sign = text[at] ?? "";
    if (sign === "'" || sign === '"') {
      const escapes = sign === "'" && /[eE]/.test(text[at - 1] ?? "") &&
        !/\w/.test(text[at - 2] ?? "");
      for (at++; at < text.length && text[at] !== sign; at++) {
        if (escapes && text[at] === "\\") at++;
      }
    } else {
      yield { sign, at };
    }
  }
}
