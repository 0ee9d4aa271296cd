/** What a change takes away or makes otherwise, that code may use. */

import { plural, singular, spellingKey, spellings, wordsIn } from "./spelling.ts";

/** A thing of the schema that is not what it was. */
export interface Target {
  readonly change:
    | "drop"
    | "rename"
    | "retype"
    | "require"
    | "nullable"
    | "values"
    | "value-drop"
    | "value-rename";
  /** `table`, `column`, `view`, `function`, `enum`. */
  readonly kind: string;
  /** Full name: `public.users.email`. */
  readonly name: string;
  /** The table, view, function or type without its schema: `users`. */
  readonly table: string;
  /** Null for what is no column. */
  readonly column: string | null;
  /** The new name of what is renamed, a value among it, or the new type of a column. */
  readonly to?: string;
  /** The values that an enumeration had, those that are new, and those that are gone. */
  readonly values?: {
    readonly old: readonly string[];
    readonly fresh: readonly string[];
    readonly gone: readonly string[];
  };
  /** Another table has a column of that name as well. */
  readonly isShared: boolean;
  /** A table is called as the column is. */
  readonly isTableName?: boolean;
  /** Tables whose names begin with that of this one: what is called as they are is theirs. */
  readonly others?: readonly string[];
  /** What the names of all tables begin with, and those of models do not: `wp_`. */
  readonly prefix?: string;
}

/** Whether a change takes away what is used: the contract step of expand and contract. */
export function isContract({ change }: Pick<Target, "change">): boolean {
  return change === "drop" || change === "rename" || losesValue({ change });
}

/** Whether a value that code may write is there no longer. */
export function losesValue({ change }: Pick<Target, "change">): boolean {
  return change === "value-drop" || change === "value-rename";
}

/** The names by which code may speak of a target. */
export interface Names {
  readonly target: Target;
  /** Spellings of the table, in singular and plural, by their keys. */
  readonly tableKeys: ReadonlySet<string>;
  /** The same of tables whose names begin with its own. */
  readonly otherKeys: ReadonlySet<string>;
  /** Spellings of the column, as written; empty for a table. */
  readonly columns: ReadonlySet<string>;
  /** Key of the column's spellings; empty for a table. */
  readonly columnKey: string;
  /**
   * The column's name tells by itself what is meant: no other table has it, it is of several words or has a number in it, and is no word
   * that most files use for something else; or it stands almost only in files about the table.
   */
  readonly isTelling: boolean;
}

/** All names of a target. */
export function namesOf(target: Target): Names {
  const { table, column, isShared, prefix = "" } = target;
  const bare = table.startsWith(prefix) && table.length > prefix.length
    ? table.slice(prefix.length)
    : table;
  const forms = [table, singular(table), plural(table), bare, singular(bare), plural(bare)];
  return {
    target,
    tableKeys: new Set(forms.map(spellingKey)),
    otherKeys: new Set(
      (target.others ?? []).flatMap((name) => [name, singular(name), plural(name)]).map(
        spellingKey,
      ),
    ),
    columns: new Set(column === null ? [] : spellings(column)),
    columnKey: column === null ? "" : spellingKey(column),
    isTelling: column !== null && !isShared &&
      (wordsIn(column).length > 1 || /\d/.test(column)),
  };
}

/** A pattern that any text matches which may use one of the targets; null where there is none. */
export function needlePattern(targets: readonly Target[]): RegExp | null {
  const needles = new Set<string>();
  for (const { table, column, values } of targets) {
    if (values !== undefined) values.old.forEach((value) => needles.add(value));
    const words = wordsIn(column ?? singular(table));
    needles.add(words.length === 0 ? column ?? table : words.join("[-_ ]?"));
    if (column === null) needles.add(wordsIn(table).join("[-_ ]?"));
  }
  if (needles.size === 0) return null;
  const escape = (text: string) =>
    text.includes("[-_ ]?") ? text : text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp([...needles].map(escape).join("|"), "i");
}
