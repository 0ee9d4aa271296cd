/** Comments whose content some servers run: `/*!50100 ... *\/`, and `/*M!100100 ... *\/` for MariaDB alone. */

/** The two families of servers. */
export type Family = "mysql" | "mariadb";

/** Where a comment begins whose content a server of the family runs: the offset of that content; null for a comment like any other. */
export function conditionalContent(sql: string, start: number, family: Family): number | null {
  const head = HEAD;
  head.lastIndex = start;
  const match = head.exec(sql);
  if (match === null) return null;
  const [text, mark, digits = ""] = match;
  if (mark === "M" && family !== "mariadb") return null;
  return runs(digits, family) ? start + text.length : null;
}

const HEAD = /\/\*(M?)!(\d{5,6})?/y;

/** MariaDB runs neither what is for MySQL from 5.7 on nor what is for versions that are not there yet. */
function runs(digits: string, family: Family): boolean {
  if (digits === "") return true;
  const version = Number(digits);
  if (family === "mysql") return version < 100_000;
  return version < 50_700 || (version >= 100_000 && version < NEVER);
}

/** No version is as high; dumps say so of what nobody is to run. */
const NEVER = 200_000;
