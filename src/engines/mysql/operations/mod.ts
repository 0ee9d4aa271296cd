/** A statement of MySQL or MariaDB as operations, read from its tokens. */

import type { Operation } from "../../../core/operation.ts";
import { unquoted } from "../../../sql/name.ts";
import { tokenize } from "../catalog/cursor.ts";
import { alterTableOperations, readAlterTable } from "./alter_table.ts";
import {
  begins,
  closing,
  columnClause,
  constraintClause,
  indexClause,
  nameAt,
  namesIn,
  parts,
  type Tokens,
  wordOf,
} from "./clauses.ts";

/** What a statement does. */
export function operations(sql: string): Promise<readonly Operation[]> {
  const tokens = tokenize(sql);
  const read = READERS[wordOf(tokens[0])];
  return Promise.resolve(read?.(tokens) ?? [OTHER]);
}

const OTHER: Operation = { action: "other", kind: "", on: "" };

type Read = (tokens: Tokens) => readonly Operation[];

const READERS: Readonly<Record<string, Read>> = {
  ALTER: (tokens) => {
    const alter = readAlterTable(tokens);
    if (alter !== null) return alterTableOperations(alter);
    return [{
      action: "other",
      kind: wordOf(tokens[1]).toLowerCase(),
      on: "",
      value: "definition",
    }];
  },
  CREATE: create,
  DROP: drop,
  RENAME: (tokens) =>
    parts(tokens.slice(2)).map((part) => {
      const [on, next] = nameAt(part, 0);
      return { action: "rename", kind: "table", on, newName: nameAt(part, next + 1)[0] };
    }),
  OPTIMIZE: (tokens) =>
    parts(tokens.slice(tokens.findIndex((token) => wordOf(token).startsWith("TABLE")) + 1)).map((
      part,
    ) => ({ action: "rebuild", kind: "table", on: nameAt(part, 0)[0], value: "optimize" })),
  TRUNCATE: (tokens) => [{
    action: "truncate",
    kind: "table",
    on: nameAt(tokens, begins(tokens, "TRUNCATE", "TABLE") ? 2 : 1)[0],
  }],
  INSERT: written("insert"),
  REPLACE: written("insert"),
  UPDATE: written("update"),
  DELETE: written("delete"),
  SET: (tokens) => {
    const rest = tokens.filter((token) => !["SESSION", "LOCAL"].includes(wordOf(token)));
    return [{
      action: "set",
      kind: "setting",
      on: "",
      name: (rest[1]?.text ?? "").toLowerCase().replace(/^@@(?:session\.)?/, ""),
      value: unquoted(rest[3]?.text ?? "").toLowerCase(),
    }];
  },
  BEGIN: () => [{ action: "begin", kind: "transaction", on: "" }],
  START: () => [{ action: "begin", kind: "transaction", on: "" }],
  COMMIT: () => [{ action: "commit", kind: "transaction", on: "" }],
  ROLLBACK: () => [{ action: "rollback", kind: "transaction", on: "" }],
};

/** UPDATE, DELETE and INSERT: the table is the first name that is no option. */
function written(action: "insert" | "update" | "delete"): Read {
  return (tokens) => {
    const at = tokens.findIndex((token, index) => index > 0 && !OPTIONS.has(wordOf(token)));
    const where = tokens.findIndex((token) => wordOf(token) === "WHERE");
    const hasWhere = (where >= 0 && tokens.slice(where + 1).some(isOfRow)) ||
      tokens.some((token) => wordOf(token) === "JOIN" || wordOf(token) === "LIMIT");
    const on = nameAt(tokens, at)[0];
    return [{ action, kind: "table", on, ...action === "insert" ? {} : { hasWhere } }];
  };
}

/** True for what is no constant: a WHERE of constants chooses nothing. */
function isOfRow(token: Tokens[number]): boolean {
  return token.kind === "name" ||
    (token.kind === "word" && !["TRUE", "AND", "OR", "NOT"].includes(wordOf(token)));
}

const OPTIONS = new Set([
  "LOW_PRIORITY",
  "IGNORE",
  "QUICK",
  "FROM",
  "INTO",
  "DELAYED",
  "HIGH_PRIORITY",
]);

function create(tokens: Tokens): readonly Operation[] {
  const words = tokens.slice(0, 12).map(wordOf);
  const at = words.findIndex((word) => KINDS.has(word));
  const kind = (words[at] ?? "").toLowerCase();
  if (at < 0) return [{ ...OTHER, value: "definition" }];
  const isConditional = words[at + 1] === "IF" ? { isConditional: true } as const : {};
  const [on, next] = nameAt(tokens, at + 1 + (words[at + 1] === "IF" ? 3 : 0));
  if (kind === "index") return [createIndex(tokens, { name: on, next })];
  const base = { action: "create", kind, on, ...isConditional } as const;
  if (kind !== "table" || tokens[next]?.text !== "(") return [base];
  const members = parts(tokens.slice(next + 1, closing(tokens, next) - 1));
  const constraints = members.map(constraintClause);
  return [{
    ...base,
    columns: members.filter((member, index) =>
      constraints[index] === null && indexClause(member) === null
    ).map(columnClause),
    constraints: constraints.filter((clause) => clause !== null),
    ...words.includes("TEMPORARY") ? { isTemporary: true } as const : {},
  }];
}

const KINDS = new Set([
  "TABLE",
  "INDEX",
  "VIEW",
  "TRIGGER",
  "FUNCTION",
  "PROCEDURE",
  "EVENT",
  "DATABASE",
  "SCHEMA",
  "SEQUENCE",
  "USER",
  "ROLE",
]);

function createIndex(
  tokens: Tokens,
  { name, next }: { readonly name: string; readonly next: number },
): Operation {
  const words = tokens.map(wordOf);
  const on = words.indexOf("ON", next);
  const [table, open] = nameAt(tokens, on + 1);
  const columns = namesIn(tokens, open);
  const method = /^(?:FULLTEXT|SPATIAL|VECTOR)$/.exec(words[1] ?? "")?.[0].toLowerCase() ?? "btree";
  const index = { isUnique: words.includes("UNIQUE"), columns, method, isPartial: false };
  return { action: "create", kind: "index", on: table, name, index };
}

function drop(tokens: Tokens): readonly Operation[] {
  const at = wordOf(tokens[1]) === "TEMPORARY" ? 2 : 1;
  const kind = wordOf(tokens[at]).toLowerCase();
  const isConditional = wordOf(tokens[at + 1]) === "IF" ? { isConditional: true } as const : {};
  const rest = tokens.slice(at + 1 + (wordOf(tokens[at + 1]) === "IF" ? 2 : 0));
  if (kind === "index") {
    const [name, next] = nameAt(rest, 0);
    const [on] = nameAt(rest, next + 1);
    return [{ action: "drop", kind, on, name, ...isConditional }];
  }
  return parts(rest).map((part) => ({
    action: "drop",
    kind: kind === "database" ? "schema" : kind,
    on: nameAt(part, 0)[0],
    ...isConditional,
  }));
}
