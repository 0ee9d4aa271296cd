/** The value of a string of MySQL and MariaDB, in which a backslash escapes. */

/** Of a string with its quotes and, before them, the letter of a national one. */
export function stringValue(text: string): string {
  const start = /^[nN]/.test(text) ? 1 : 0;
  const quote = text.charAt(start);
  return text.slice(start + 1, -1).replaceAll(quote + quote, quote)
    .replaceAll(
      /\\(.)/gs,
      (whole, escaped: string) =>
        escaped === "%" || escaped === "_" ? whole : ESCAPES[escaped] ?? escaped,
    );
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  b: "\b",
  0: "\0",
  Z: "\x1a",
};
