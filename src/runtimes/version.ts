/** Versions of servers: `16`, `16.4`, `3.54.1`. */

/** True when version `a` is newer than `b` in the parts that both have. */
export function isNewer(a: string, b: string): boolean {
  const right = b.split(".").map(Number);
  for (const [at, part] of a.split(".").map(Number).entries()) {
    const other = right[at];
    if (other === undefined) return false;
    if (part !== other) return part > other;
  }
  return false;
}
