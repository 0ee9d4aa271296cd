/** Names with `*` in them, as `ignore_tables` has. */

/**
 * Makes a test for a pattern in which `*` stands for any characters, also none, and everything else for itself.
 * It takes at most the product of both lengths, whatever the pattern.
 */
export function wildcard(pattern: string): (name: string) => boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return (name) => name === first;
  const between = rest.filter((part) => part !== "");
  return (name) => {
    const end = name.length - last.length;
    if (end < first.length || !name.startsWith(first) || !name.endsWith(last)) return false;
    let from = first.length;
    for (const part of between) {
      const at = name.indexOf(part, from);
      if (at < 0 || at + part.length > end) return false;
      from = at + part.length;
    }
    return true;
  };
}
