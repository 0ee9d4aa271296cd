/** What a drafted statement may do. A proof of equal schemas does not see rows, files, grants or settings; this looks before anything runs. */

import type { Change } from "../../schema.ts";

/** What the changes at hand allow. Names as the catalog has them. */
export interface Allowance {
  /** Kinds of the objects that change: `extension`, `function`. */
  readonly kinds: ReadonlySet<string>;
  /** Keys of facts that change: `comment`, `owner`, `grants`. */
  readonly facts: ReadonlySet<string>;
  /** Full names of the objects that change, by kind: `function:public.add(integer)`. */
  readonly ids: ReadonlySet<string>;
  /** Full names of the tables that a change touches. */
  readonly tables: ReadonlySet<string>;
}

/** Why a statement is refused, and which one, from 1; null when all may run. */
export type PolicyVerdict = { readonly statement: number; readonly reason: string } | null;

/** The policy of a dialect. */
export interface Policy {
  /** Judges the statements of one direction together: a table that one makes, a later one may fill. */
  statements(sql: readonly string[], allowance: Allowance): PolicyVerdict;
  /** Judges one SQL expression; the reason, or null. */
  expression(sql: string): string | null;
}

/** What the changes allow. `tables` are the tables that they touch. */
export function allowanceOf(changes: readonly Change[], tables: Iterable<string>): Allowance {
  const kinds = new Set<string>();
  const facts = new Set<string>();
  const ids = new Set<string>();
  for (const change of changes) {
    kinds.add(change.kind);
    ids.add(change.id);
    const keys = change.op === "alter"
      ? change.facts
      : Object.keys((change.op === "create" ? change.after : change.before).facts);
    for (const key of keys) facts.add(key);
  }
  return { kinds, facts, ids, tables: new Set(tables) };
}

/** True when `name`, qualified or not, is one of the names. */
export function isAmong(name: string, names: Iterable<string>): boolean {
  for (const known of names) {
    if (known === name || known.endsWith(`.${name}`) || name.endsWith(`.${known}`)) return true;
  }
  return false;
}

/** True when an object of the kind whose name, without arguments, is `name` is among the changed ones. */
export function isChanged(kind: string, name: string, allowance: Allowance): boolean {
  for (const id of allowance.ids) {
    if (!id.startsWith(`${kind}:`)) continue;
    const known = id.slice(kind.length + 1).replace(/\(.*$/s, "");
    if (isAmong(name, [known])) return true;
  }
  return false;
}
