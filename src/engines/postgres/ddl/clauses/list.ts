/** Lists in brackets, as people write them. */

/** `(a, b)` on one line where it is short, else one item a line. */
export function bracketed(items: readonly string[], width = 60): string {
  const line = items.join(", ");
  return line.length <= width && !line.includes("\n") ? `(${line})` : block(items);
}

/** One item a line, between brackets. */
export function block(items: readonly string[]): string {
  return `(\n${items.map((item) => `  ${item.replaceAll("\n", "\n  ")}`).join(",\n")}\n)`;
}
