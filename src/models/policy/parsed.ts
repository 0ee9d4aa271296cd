/** The statements of a draft, each read by a dialect's parser; by their words where it does not know them. */

import type { Lexicon } from "../../sql/lexicon.ts";
import { DraftTables } from "./draft_tables.ts";
import type { Allowance, Policy } from "./policy.ts";
import { unreadRefusal } from "./scanner.ts";

/** Where a statement stands: among what was made so far, and at which number, from 1. */
export interface Place {
  readonly allowance: Allowance;
  readonly tables: DraftTables;
  readonly statement: number;
}

/** How a dialect reads and judges. */
export interface Judge<Tree> {
  readonly lexicon: Lexicon;
  /** The trees of a text, or what is wrong with it. */
  readonly parse: (sql: string) => readonly Tree[] | string;
  /** A table's name as it is compared. */
  readonly plain: (name: string) => string;
  /** Why a statement is refused; null when it may run. */
  readonly refusal: (trees: readonly Tree[], place: Place) => string | null;
}

/** Judges the statements of one direction in their order. */
export function parsedStatements<Tree>(judge: Judge<Tree>): Policy["statements"] {
  return (sql, allowance) => {
    const tables = new DraftTables(allowance, judge.plain);
    for (const [index, text] of sql.entries()) {
      const trees = judge.parse(text);
      const statement = index + 1;
      // A newer grammar than the parser's: the words must do.
      const reason = typeof trees === "string"
        ? unreadRefusal(text, judge.lexicon, {
          allowance: { ...allowance, tables: new Set([...allowance.tables, ...tables.made]) },
          fault: trees,
        })
        : judge.refusal(trees, { allowance, tables, statement });
      if (reason !== null) return { statement, reason };
    }
    return tables.verdict();
  };
}
