/** `dbms="postgresql, !sqlite"`: for which databases something of a changelog is meant. */

import { sameDialect, taggedDialect } from "../transaction_mode.ts";

/** Whether a list of names means a dialect; no list means all. */
export function isMeant(dbms: string | undefined, dialect: string): boolean {
  if (dbms === undefined || dbms === "" || dbms === "all") return true;
  const names = dbms.split(",").map((name) => name.trim().toLowerCase());
  if (names.includes("all")) return true;
  const means = (name: string) => sameDialect(taggedDialect(name) ?? name, dialect);
  if (names.some((name) => name.startsWith("!") && means(name.slice(1)))) return false;
  const wanted = names.filter((name) => !name.startsWith("!"));
  return wanted.length === 0 || wanted.some(means);
}
