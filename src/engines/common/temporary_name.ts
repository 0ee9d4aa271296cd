/** Names for objects that live as long as a migration. */

/** `_aim_new_users`, or with a number behind it while that is taken. */
export function temporaryName(
  purpose: string,
  name: string,
  isTaken: (candidate: string) => boolean,
): string {
  const base = `_aim_${purpose}_${name}`;
  let candidate = base;
  for (let count = 2; isTaken(candidate); count++) candidate = `${base}_${count}`;
  return candidate;
}
