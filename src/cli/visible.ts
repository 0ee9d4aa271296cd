/** Control characters made visible, so that no text of a file, a database or a server moves a terminal. */

/**
 * What acts on a terminal or on the order in which text is read: C0 and C1 controls but for tab and line feed, delete, marks of
 * direction, invisible separators and tags, halves of a character. The joiners that scripts and emoji need are left.
 */
const ACTING =
  // deno-lint-ignore no-control-regex
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udc7f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** The text with each of them written as `\u001b`, which JSON reads too. Line ends of Windows become plain ones. */
export function visible(text: string): string {
  return text.replaceAll("\r\n", "\n").replaceAll(ACTING, (sign) =>
    [...Array(sign.length).keys()]
      .map((at) => `\\u${sign.charCodeAt(at).toString(16).padStart(4, "0")}`).join(""));
}
