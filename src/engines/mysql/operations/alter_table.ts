/** The specifications of ALTER TABLE, as operations. */

import type { Operation } from "../../../core/operation.ts";
import { unquoted } from "../../../sql/name.ts";
import {
  begins,
  columnClause,
  constraintClause,
  indexClause,
  nameAt,
  parts,
  type Tokens,
  wordOf,
} from "./clauses.ts";

/** What an ALTER TABLE is about. */
export interface AlterTable {
  readonly table: string;
  /** From where on, in its text, the table's name stands, and its end. */
  readonly start: number;
  readonly end: number;
  /** What it asks for, without ALGORITHM and LOCK. */
  readonly specifications: readonly Tokens[];
  /** In capitals; null where none is asserted. */
  readonly algorithm: string | null;
  readonly lock: string | null;
}

/** Reads an ALTER TABLE; null for any other statement. */
export function readAlterTable(tokens: Tokens): AlterTable | null {
  if (!begins(tokens, "ALTER")) return null;
  let at = 1;
  while (["ONLINE", "OFFLINE", "IGNORE"].includes(wordOf(tokens[at]))) at++;
  if (wordOf(tokens[at]) !== "TABLE") return null;
  at++;
  if (begins(tokens.slice(at), "IF", "EXISTS")) at += 2;
  const [table, next] = nameAt(tokens, at);
  let from = next;
  if (wordOf(tokens[from]) === "NOWAIT") from++;
  if (wordOf(tokens[from]) === "WAIT") from += 2;
  const all = parts(tokens.slice(from));
  const asserted = (word: string) => {
    const found = all.find((part) => begins(part, word));
    const value = wordOf(found?.at(-1));
    return found === undefined || value === "DEFAULT" ? null : value;
  };
  return {
    table,
    start: tokens[at]?.start ?? 0,
    end: tokens[next - 1]?.end ?? 0,
    specifications: all.filter((part) => !begins(part, "ALGORITHM") && !begins(part, "LOCK")),
    algorithm: asserted("ALGORITHM"),
    lock: asserted("LOCK"),
  };
}

/** The operations of one. */
export function alterTableOperations(alter: AlterTable): readonly Operation[] {
  const base = { kind: "table", on: alter.table } as const;
  const found = alter.specifications.flatMap((tokens) => operationsOf(tokens, base));
  const options = Object.entries({ algorithm: alter.algorithm, lock: alter.lock });
  return [
    ...found.length === 0 ? [{ action: "other", ...base } as const] : found,
    ...options.flatMap(([name, value]): readonly Operation[] =>
      value === null ? [] : [{ action: "set-option", ...base, name, value: value.toLowerCase() }]
    ),
  ];
}

type Base = Pick<Operation, "kind" | "on">;

function operationsOf(tokens: Tokens, base: Base): readonly Operation[] {
  switch (wordOf(tokens[0])) {
    case "ADD":
      return added(tokens.slice(1), base);
    case "DROP":
      return dropped(tokens.slice(1), base);
    case "MODIFY":
      return changed(bare(tokens.slice(1)), base);
    case "CHANGE": {
      const rest = bare(tokens.slice(1));
      const [name, next] = nameAt(rest, 0);
      return changed(rest.slice(next), base, name);
    }
    case "RENAME":
      return renamed(tokens.slice(1), base);
    case "ALTER":
      return altered(bare(tokens.slice(1)), base);
    case "CONVERT":
      return [{ action: "set-option", ...base, name: "charset" }];
    default:
      return [{ action: "set-option", ...base, name: wordOf(tokens[0]).toLowerCase() }];
  }
}

/** Without the word COLUMN, and IF EXISTS. */
function bare(tokens: Tokens): Tokens {
  let rest = begins(tokens, "COLUMN") ? tokens.slice(1) : tokens;
  if (begins(rest, "IF", "EXISTS")) rest = rest.slice(2);
  return begins(rest, "IF", "NOT", "EXISTS") ? rest.slice(3) : rest;
}

function added(tokens: Tokens, base: Base): readonly Operation[] {
  const isConditional = tokens.slice(0, 4).some((token) => wordOf(token) === "IF")
    ? { isConditional: true } as const
    : {};
  const constraint = constraintClause(tokens);
  if (constraint !== null) {
    const name = constraint.name === null ? {} : { name: constraint.name };
    return [{ action: "add-constraint", ...base, constraint, ...name, ...isConditional }];
  }
  const index = indexClause(tokens);
  if (index !== null) return [{ action: "create", ...base, ...index, kind: "index" }];
  if (begins(tokens, "PARTITION") || begins(tokens, "SYSTEM") || begins(tokens, "PERIOD")) {
    return [{ action: "set-option", ...base, name: wordOf(tokens[0]).toLowerCase() }];
  }
  const rest = bare(tokens);
  const lists = rest[0]?.text === "(" ? parts(rest.slice(1, -1)) : [rest];
  return lists.map((list) => {
    const column = columnClause(list);
    return { action: "add-column", ...base, name: column.name, column, ...isConditional };
  });
}

function dropped(tokens: Tokens, base: Base): readonly Operation[] {
  const kind = wordOf(tokens[0]);
  const isConstraint = kind === "CONSTRAINT" || kind === "CHECK";
  if (begins(tokens, "PRIMARY", "KEY")) {
    return [{ action: "drop-constraint", ...base, name: "PRIMARY" }];
  }
  if (begins(tokens, "FOREIGN", "KEY")) {
    return [{ action: "drop-constraint", ...base, name: nameAt(bare(tokens.slice(2)), 0)[0] }];
  }
  const rest = bare(
    tokens.slice(["INDEX", "KEY", "PARTITION"].includes(kind) || isConstraint ? 1 : 0),
  );
  const [name] = nameAt(rest, 0);
  if (isConstraint) return [{ action: "drop-constraint", ...base, name }];
  if (kind === "INDEX" || kind === "KEY") return [{ action: "drop", ...base, kind: "index", name }];
  if (kind === "PARTITION") return [{ action: "drop", ...base, kind: "partition", name }];
  return [{ action: "drop-column", ...base, name }];
}

/** MODIFY and CHANGE say anew all that a column is; `old` is the name that it had. */
function changed(tokens: Tokens, base: Base, old?: string): readonly Operation[] {
  const column = columnClause(tokens);
  const name = old ?? column.name;
  const newName = name === column.name ? {} : { newName: column.name };
  const own = { ...base, name, ...newName };
  return [
    ...name === column.name ? [] : [{ action: "rename-column", ...own } as const],
    { action: "change-type", ...own, value: column.type },
    { action: column.isRequired ? "set-not-null" : "drop-not-null", ...own },
    ...column.isPlaced ? [{ action: "move-column", ...own } as const] : [],
  ];
}

function renamed(tokens: Tokens, base: Base): readonly Operation[] {
  const kind = wordOf(tokens[0]);
  const isMember = kind === "COLUMN" || kind === "INDEX" || kind === "KEY";
  if (!isMember) {
    const from = kind === "TO" || kind === "AS" || kind === "=" ? 1 : 0;
    return [{ action: "rename", ...base, newName: nameAt(tokens, from)[0] }];
  }
  const rest = bare(tokens.slice(1));
  const [name, next] = nameAt(rest, 0);
  const [newName] = nameAt(rest, next + 1);
  return [{
    action: kind === "COLUMN" ? "rename-column" : "rename",
    ...base,
    ...kind === "COLUMN" ? {} : { kind: "index" },
    name,
    newName,
  }];
}

function altered(tokens: Tokens, base: Base): readonly Operation[] {
  if (["INDEX", "CHECK", "CONSTRAINT"].includes(wordOf(tokens[0]))) {
    return [{ action: "set-option", ...base, name: wordOf(tokens[0]).toLowerCase() }];
  }
  const name = unquoted(tokens[0]?.text ?? "");
  const isDrop = wordOf(tokens[1]) === "DROP";
  return [{ action: isDrop ? "drop-default" : "set-default", ...base, name }];
}
