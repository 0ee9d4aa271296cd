/** Whether a check that replaces another refuses no row that the other let pass, as far as texts tell. */

/**
 * True for the same condition, apart from blanks and brackets around single words, and for one whose list of values has all that the
 * other's has.
 */
export function isLooser(before: string, after: string): boolean {
  const [old, wanted] = [plain(before), plain(after)];
  if (old === wanted) return true;
  const [had, has] = [listIn(old), listIn(wanted)];
  return had !== null && has !== null && had.around === has.around && !NEGATES.test(has.around) &&
    had.values.every((value) => has.values.includes(value));
}

const LITERAL = String.raw`(?:'(?:[^']|'')*'|-?\d+(?:\.\d+)?)`;
const LIST = new RegExp(String.raw`\b(?:in|any)\b[\s([]*(${LITERAL}(?:\s*,\s*${LITERAL})*)`, "gi");
const NEGATES = /\b(?:not|case|all|is)\b|<>|!/i;

/** The values of a condition with one list of them, and what stands around it. */
function listIn(
  condition: string,
): { readonly around: string; readonly values: readonly string[] } | null {
  const [only, ...others] = condition.matchAll(LIST);
  if (only === undefined || others.length > 0) return null;
  return {
    around: condition.slice(0, only.index) + condition.slice(only.index + only[0].length),
    values: (only[1] ?? "").match(new RegExp(LITERAL, "g")) ?? [],
  };
}

/** Without casts, blanks at brackets, brackets around single words and around all. */
function plain(condition: string): string {
  let text = condition.replaceAll(CAST, "").replaceAll(/\s+/g, " ").replaceAll(/array(?=\[)/gi, "");
  for (let before = ""; before !== text;) {
    before = text;
    text = text.replaceAll(/(^|[\s(=<>])\(\s*([\w."]+|'(?:[^']|'')*')\s*\)/g, "$1$2")
      .replaceAll(/\(\s*(\[[^[\]]*\])\s*\)/g, "$1");
  }
  return text.trim();
}

const CAST =
  /::\s*(?:"(?:[^"]|"")*"|[a-z_][\w.]*)(?: varying| precision)?(?:\s*\(\d+(?:,\d+)?\))?(?: with(?:out)? time zone)?(?:\[\])*/gi;
