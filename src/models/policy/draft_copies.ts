/** Copies of rows into a draft's own tables. What takes the place of a table must have all of its rows, as they were. */

import type { Allowance, PolicyVerdict } from "./policy.ts";
import { isAmong } from "./policy.ts";

/** `INSERT INTO ... SELECT`, or a table made from a query. */
export interface Copy {
  /** Tables that it reads, the one whose rows it gives first. */
  readonly reads: readonly string[];
  /** True when it gives every row of the first one: no condition, no limit, no grouping, no join that drops rows. */
  readonly isWhole: boolean;
  /** For each column of the target by position: whether it is a column as it stands, and its own name where the query gives one. */
  readonly values: readonly { readonly name: string | null; readonly isColumn: boolean }[];
  /** The columns of the target that it names; null where it names none. */
  readonly columns: readonly string[] | null;
}

/** A table that the draft made. */
export interface OwnTable {
  /** Its columns in order, as far as its statement names them. */
  readonly columns: readonly string[];
  /** Tables from before the draft whose rows it has: all of them, or some. */
  readonly whole: Set<string>;
  readonly some: Set<string>;
}

/** A table with rows: one that the draft made, or by its name one from before the draft. */
export type Holder = OwnTable | string;

/** What was copied in one direction so far. */
export class DraftCopies {
  readonly #allowance: Allowance;
  readonly #all: {
    readonly isWhole: boolean;
    readonly statement: number;
    readonly target: Holder;
    readonly reads: readonly string[];
  }[] = [];
  readonly #whole: { readonly target: Holder; readonly origin: string }[] = [];
  /** Statements by the tables that they dropped. */
  readonly #dropped = new Map<string, number>();

  constructor(allowance: Allowance) {
    this.#allowance = allowance;
  }

  /** A copy is made. `sources` stand for what it reads: null for what is no table. */
  add(
    target: Holder,
    sources: readonly (Holder | null)[],
    { isWhole, statement }: { readonly isWhole: boolean; readonly statement: number },
  ): void {
    const whole = isWhole ? originsOf(sources[0] ?? null, "whole") : [];
    const some = sources.flatMap((source) => originsOf(source, "some"));
    for (const origin of whole) this.#whole.push({ target, origin });
    this.#all.push({ isWhole, statement, target, reads: some });
    if (typeof target === "string") return;
    for (const origin of whole) target.whole.add(origin);
    for (const origin of some) target.some.add(origin);
  }

  /** A table from before the draft is dropped. */
  drop(origin: string, statement: number): void {
    this.#dropped.set(origin, statement);
  }

  /** The statement, from 1, that copied only some rows of a table that is gone, and why that is wrong; null when none is. */
  verdict(held: ReadonlyMap<string, Holder>, plain: (name: string) => string): PolicyVerdict {
    const { rows } = this.#allowance;
    if (rows === undefined) return null;
    const alive = new Set(held.values());
    for (const [origin, droppedBy] of this.#dropped) {
      const heir = held.get(plain(origin));
      const isReplaced = heir !== undefined && typeof heir !== "string";
      const isKept = isReplaced
        ? heir.whole.has(origin)
        : this.#whole.some((copy) =>
          copy.origin === origin && (typeof copy.target === "string" || alive.has(copy.target))
        );
      // Where DOWN drops a table for good, whether the rows are back is for the observation to say.
      if (isKept || !isReplaced && rows.isReturn) continue;
      const copies = this.#all.filter(({ target, reads }) =>
        reads.includes(origin) || isReplaced && target === heir
      );
      const copy = copies.find(({ isWhole }) => !isWhole) ?? copies.at(-1);
      if (copy === undefined) continue;
      const { statement } = copy;
      const what = `it copies only some rows of ${origin}`;
      if (isReplaced && !isAmong(origin, rows.constrained)) {
        return { statement, reason: `${what}, which no change implies` };
      }
      const isStated = rows.stated.has(statement) || rows.stated.has(droppedBy);
      if (!isStated) {
        return { statement, reason: `${what}, and no warning says so (destroys_data)` };
      }
    }
    return null;
  }
}

/** The tables from before the draft whose rows a source has. */
function originsOf(source: Holder | null, which: "whole" | "some"): readonly string[] {
  if (source === null) return [];
  return typeof source === "string" ? [source] : [...source[which]];
}
