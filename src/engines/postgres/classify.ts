/** What a Postgres statement does to the transaction that it runs in, told by its first words. */

import type { Statement } from "../../core/statement.ts";

type Facts = Pick<Statement, "transactional" | "control" | "batchable">;

/** Tells the transaction facts of a statement from its first words (upper case, empty for a part of a dotted name) and its text. */
export function classify(words: readonly string[], text: string): Facts {
  const control = controlOf(words);
  if (control !== undefined) return { transactional: true, control };
  const transactional = !standsAlone(words, text);
  const batchable = transactional ? batchableAs(words, text) : null;
  return batchable === null ? { transactional } : { transactional, batchable };
}

function controlOf([first, second, third]: readonly string[]): Statement["control"] {
  switch (first) {
    case "BEGIN":
      return "begin";
    case "START":
      return second === "TRANSACTION" ? "begin" : undefined;
    case "COMMIT":
    case "END":
      return second === "PREPARED" ? undefined : "commit";
    case "PREPARE":
      return second === "TRANSACTION" ? "commit" : undefined;
    case "ROLLBACK":
    case "ABORT":
      if (second === "PREPARED") return undefined;
      return second === "TO" || third === "TO" ? "savepoint" : "rollback";
    case "SAVEPOINT":
    case "RELEASE":
      return "savepoint";
    default:
      return undefined;
  }
}

/** Whether the server refuses the statement inside a transaction block (`PreventInTransactionBlock` in its source). */
function standsAlone(words: readonly string[], text: string): boolean {
  const [first, second, third] = words;
  switch (first) {
    case "CREATE":
      if (second === "SUBSCRIPTION") return !leavesSlotAlone(text);
      return second === "DATABASE" || second === "TABLESPACE" || concurrentIndex(words.slice(1));
    case "DROP":
      return second === "DATABASE" || second === "TABLESPACE" || second === "SUBSCRIPTION" ||
        (second === "INDEX" && third === "CONCURRENTLY");
    case "ALTER":
      return alterStandsAlone(words, text);
    case "REINDEX":
      return words.some((word) => ALL_OF_IT.has(word));
    case "CLUSTER":
      return words.every((word) => word === "CLUSTER" || word === "VERBOSE") && !text.includes('"');
    case "VACUUM":
      return true;
    case "COMMIT":
    case "ROLLBACK":
      return second === "PREPARED";
    case "DISCARD":
      return second === "ALL";
    case "DO":
      return /^\s*COMMIT\s*;/im.test(text);
    default:
      return false;
  }
}

/**
 * What the statement does where it only defines something that neither goes with the transaction (a temporary table) nor must be
 * committed before it is used (a value of an enum), or sets something for the session; null for all others.
 */
function batchableAs(words: readonly string[], text: string): Statement["batchable"] | null {
  const [first = "", second = ""] = words;
  switch (first) {
    case "CREATE":
      return words.slice(1, 5).some((word) => TEMPORARY.has(word)) ? null : "definition";
    case "ALTER":
      return second === "TYPE" && words.includes("VALUE") ? null : "definition";
    case "COMMENT":
    case "GRANT":
    case "REVOKE":
      return "definition";
    case "SET":
      return OF_TRANSACTION.has(second) ? null : "setting";
    case "SELECT":
      return SESSION_SETTING.test(text) ? "setting" : null;
    default:
      return null;
  }
}

const TEMPORARY = new Set(["TEMP", "TEMPORARY", "LOCAL", "GLOBAL"]);
const OF_TRANSACTION = new Set(["LOCAL", "TRANSACTION", "CONSTRAINTS", "ROLE"]);

/** As `pg_dump` sets the search path. */
const SESSION_SETTING = /^SELECT\s+(?:pg_catalog\.)?set_config\('[a-z_.]+',\s*'[^']*',\s*false\)$/i;

const ALL_OF_IT = new Set(["CONCURRENTLY", "DATABASE", "SYSTEM", "SCHEMA"]);

function concurrentIndex(words: readonly string[]): boolean {
  const rest = words[0] === "UNIQUE" ? words.slice(1) : words;
  return rest[0] === "INDEX" && rest[1] === "CONCURRENTLY";
}

function alterStandsAlone(words: readonly string[], text: string): boolean {
  switch (words[1]) {
    case "SYSTEM":
      return true;
    case "DATABASE":
      return /\bSET\s+TABLESPACE\b/i.test(text);
    case "TABLE":
      return words.includes("DETACH") && /\bCONCURRENTLY\s*$/i.test(text);
    case "SUBSCRIPTION":
      return /\bPUBLICATION\b/i.test(text) && !/\brefresh\s*=\s*'?(?:false|off|0)/i.test(text);
    default:
      return false;
  }
}

function leavesSlotAlone(text: string): boolean {
  return /\b(?:connect|create_slot)\s*=\s*'?(?:false|off|0)/i.test(text);
}
