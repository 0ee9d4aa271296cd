/** What a statement is, by its first words. */

import type { Statement } from "../../core/statement.ts";

/** Takes the first words of a statement in capitals. */
export function classify(
  words: readonly string[],
): Pick<Statement, "transactional" | "control" | "batchable"> {
  const control = controlOf(words);
  if (control !== undefined) return { transactional: true, control };
  const [first = "", second = ""] = words;
  const batchable = first === "SET" && !NOT_THE_SESSION.has(second)
    ? "setting"
    : DEFINING.has(first) && second !== "TEMPORARY"
    ? "definition"
    : undefined;
  return { transactional: true, ...batchable === undefined ? {} : { batchable } };
}

function controlOf([first, second, third]: readonly string[]): Statement["control"] {
  switch (first) {
    case "BEGIN":
      return second === undefined || second === "WORK" ? "begin" : undefined;
    case "START":
      return second === "TRANSACTION" ? "begin" : undefined;
    case "COMMIT":
      return "commit";
    case "ROLLBACK":
      return second === "TO" || (second === "WORK" && third === "TO") ? "savepoint" : "rollback";
    case "SAVEPOINT":
      return "savepoint";
    case "RELEASE":
      return second === "SAVEPOINT" ? "savepoint" : undefined;
  }
}

/** Definitions end the transaction that they stand in, so that it does not matter which one that is. */
const DEFINING = new Set(["CREATE", "ALTER", "DROP", "RENAME"]);

const NOT_THE_SESSION = new Set([
  "GLOBAL",
  "PERSIST",
  "PERSIST_ONLY",
  "PASSWORD",
  "ROLE",
  "DEFAULT",
  "TRANSACTION",
]);
