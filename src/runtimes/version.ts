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

/** True when a version is the wanted one in the numbers that this states: 10.11.19 is 10.11. */
export function isOf(version: string, wanted: string): boolean {
  const parts = version.split(".");
  return wanted.split(/[.-]/).slice(0, 3).every((part, at) =>
    !/^\d/.test(part) || part === parts[at]
  );
}
