/** dbmate's markers, `-- migrate:up` and `-- migrate:down`. */

/** True for a text with a line that dbmate takes for the marker of `up`. */
export function hasUpMarker(text: string): boolean {
  return UP.test(text);
}

/** True for a line that dbmate takes for a marker. */
export function isMarker(line: string): boolean {
  return UP.test(line) || DOWN.test(line);
}

/** As Go has them: a line begins behind a line feed only, and blanks are ASCII. */
const UP = markerPattern("up");
const DOWN = markerPattern("down");

function markerPattern(direction: string): RegExp {
  const blank = "[\\t\\n\\f\\r ]";
  return new RegExp(
    `(?<![^\\n])--${blank}*migrate:${direction}(?:${blank}*(?![^\\n])|${blank}+[^\\t\\n\\f\\r ]+)`,
  );
}
