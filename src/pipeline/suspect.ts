/** Where an error most likely is, and what was meant, when the database gives no position: the names that its message quotes. */

import { didYouMean } from "../nearest.ts";

/** Offset in the statement of the first name that the message quotes; 0 when there is none. */
export function suspectOffset(message: string, sql: string): number {
  return suspectIn(message, sql)?.offset ?? 0;
}

/** `did you mean "users"?`, when the message misses a name that stands in the statement, and the script has one like it. */
export function suspectHint(message: string, sql: string, script: string): string | undefined {
  const name = suspectIn(message, sql)?.name ?? "";
  if (name.length < 4 || !/does not exist|no such|unknown|not found/i.test(message)) {
    return undefined;
  }
  const words = new Set(script.match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? []);
  const others = [...words].filter((word) => word.toLowerCase() !== name.toLowerCase());
  return didYouMean(name, others);
}

function suspectIn(message: string, sql: string): { name: string; offset: number } | null {
  for (const name of namesIn(message)) {
    const offset = wordAt(sql, name);
    if (offset !== null) return { name, offset };
  }
  return null;
}

/** Quoted names, else what stands behind the last colon; without the schema in front of them. */
function namesIn(message: string): readonly string[] {
  const quoted = [...message.matchAll(/"([^"]+)"/g)].map(([, name = ""]) => name);
  const last = /: ([\w.]+)$/.exec(message)?.[1];
  const names = quoted.length > 0 ? quoted : last === undefined ? [] : [last];
  return names.flatMap((name) => [name, name.split(".").at(-1) ?? name])
    .map((name) => name.replace(/\(.*$/s, "")).filter((name) => name !== "");
}

function wordAt(sql: string, name: string): number | null {
  const plain = name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const match = new RegExp(`(?<![\\p{L}\\p{N}_])${plain}(?![\\p{L}\\p{N}_])`, "iu").exec(sql);
  return match === null ? null : match.index;
}
