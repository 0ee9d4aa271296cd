/** What a drafted statement may do. A proof of equal schemas does not see rows, files, grants or settings; this looks before anything runs. */

import { lastName } from "../../core/name.ts";
import type { Change } from "../../core/change.ts";
import type { Snapshot } from "../../core/snapshot.ts";

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
  /** What may become of the rows of these tables; without it nothing is said about them. */
  readonly rows?: RowAllowance;
  /** Kind and name of all that is there after this direction, `trigger audit`, and the bodies of functions. */
  readonly after?: ReadonlySet<string>;
}

/** What may become of rows. */
export interface RowAllowance {
  /** Full names of the columns that a change creates, alters or drops. */
  readonly columns: ReadonlySet<string>;
  /** Full names of the tables that get a key, a check or a column that rows may not fit. */
  readonly constrained: ReadonlySet<string>;
  /** True when a table or a column goes, whose rows may move into another one. */
  readonly moves: boolean;
  /** Statements, from 1, that say that they destroy data. */
  readonly stated: ReadonlySet<number>;
  /** True for DOWN. */
  readonly isReturn: boolean;
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

/** The allowance of one direction, which leads to `after`. `stated` are the statements, from 1, that say that they destroy data. */
export function directedAllowance(
  allowance: Allowance,
  changes: readonly Change[],
  { after, stated, isReturn }: {
    readonly after: Snapshot;
    readonly stated: Iterable<number>;
    readonly isReturn: boolean;
  },
): Allowance {
  const columns = new Set<string>();
  const constrained = new Set<string>();
  let moves = false;
  for (const change of changes) {
    const object = change.op === "drop" ? change.before : change.after;
    if (change.kind === "column") columns.add(object.name);
    if (change.kind === "default") columns.add(object.name);
    if (change.op === "alter" && change.kind === "column") constrained.add(tableOf(object.name));
    if (change.op !== "drop" && /^(?:constraint|index)$/.test(change.kind)) {
      const table = object.parent?.slice(object.parent.indexOf(":") + 1);
      if (table !== undefined) constrained.add(table);
    }
    if (change.kind === "table" || change.kind === "column") moves = true;
  }
  const named = [...after.objects.values()].flatMap(({ kind, name, facts }) => [
    `${kind} ${lastName(name)}`,
    ...(typeof facts.body === "string" ? [`body ${lastName(name)} ${facts.body}`] : []),
  ]);
  return {
    ...allowance,
    rows: { columns, constrained, moves, stated: new Set(stated), isReturn },
    after: new Set(named),
  };
}

function tableOf(column: string): string {
  return column.slice(0, -lastName(column).length - 1);
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
