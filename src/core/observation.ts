/** What a database holds besides the facts of its schema: rows, counters, the identity of its objects, and the state of its server. */

/** Everything that can be touched without a trace in a snapshot, at one moment. */
export interface Observation {
  /** Tables that store rows themselves, by the id that a snapshot gives them. */
  readonly tables: ReadonlyMap<string, ObservedTable>;
  /** Sequences and automatic keys, by name. */
  readonly counters: ReadonlyMap<string, ObservedCounter>;
  /** Other objects of the catalog, by kind and name. */
  readonly objects: ReadonlyMap<string, ObservedObject>;
  /** Settings, roles, large objects and the like: their state by what they are called. */
  readonly server: ReadonlyMap<string, string>;
}

/** A table and its rows. Generated columns are left out. */
export interface ObservedTable {
  readonly id: string;
  readonly name: string;
  /** Another one for a table that was dropped and recreated. */
  readonly identity: string;
  readonly columns: readonly ObservedColumn[];
  /** Values as text in the order of the columns, null for NULL. */
  readonly rows: readonly (readonly (string | null)[])[];
}

/** A column of a table. */
export interface ObservedColumn {
  /** The last part of its id in a snapshot. */
  readonly key: string;
  /** Another one for a column that was dropped and recreated, or that took another one's name; empty where the engine has none. */
  readonly identity: string;
}

/** Something that counts up. */
export interface ObservedCounter {
  readonly name: string;
  /** Id of the table whose rows it numbers, or null. */
  readonly table: string | null;
  /** Id of the column that cannot be without it; absent where it may outlive its column. */
  readonly column?: string;
  /** How many values it has given out. */
  readonly count: number;
  /** The value that it gives out next, negated where it counts down; absent where no setting changes what `count` is counted from. */
  readonly next?: number;
}

/** An object of the catalog. */
export interface ObservedObject {
  readonly kind: string;
  /** As a snapshot names it, but for quotes and blanks. */
  readonly name: string;
  readonly identity: string;
  /** A digest of what the catalog says of it. */
  readonly content: string;
}

/** What became of putting rows into a database. */
export interface Seeded {
  /** How many rows were put in. */
  readonly rows: number;
  /** Ids of the tables that took some. */
  readonly tables?: readonly string[];
  /** Tables that took none, and why. */
  readonly empty: readonly { readonly table: string; readonly reason: string }[];
  /** What else is to be known: triggers that did not fire. */
  readonly notes?: readonly string[];
  /** Ids of the triggers and rules that these rows would have set off, and did not; none when absent. */
  readonly off?: readonly string[];
}

/** What was written after a change that the schema before it does not take. */
export interface NewData {
  /** Id of the table in the schema after. */
  readonly table: string;
  readonly tableName: string;
  /** Key of the column; null for what is about no single one. */
  readonly column: string | null;
  readonly kind:
    | "enum-value"
    | "range"
    | "length"
    | "null"
    | "duplicate"
    | "orphan"
    | "check"
    | "type";
  /** As SQL, short enough to be shown. */
  readonly value: string;
}

/** What a column is to hold after its conversion. */
export interface Converted {
  /** Id of its table. */
  readonly table: string;
  /** Key of the column. */
  readonly column: string;
  /** The rows of the table, with the values that the column is to have. */
  readonly expected: ObservedTable;
}

/** The most values that are taken out of statements. */
const MOST_LITERALS = 12;

/** Strings and numbers that statements compare with: patterns without their signs, numbers with those on both sides. */
export function literalsOf(statements: readonly string[]): {
  readonly texts: readonly string[];
  readonly numbers: readonly number[];
} {
  const texts = new Set<string>();
  const numbers = new Set<number>();
  for (const sql of statements) {
    for (const [, text = ""] of sql.matchAll(/'((?:[^']|'')*)'/g)) {
      const plain = text.replaceAll("''", "'").replaceAll(/[%_]/g, "");
      if (plain !== "" && plain.length <= 60) texts.add(plain);
    }
    for (
      const [text] of sql.replaceAll(/'(?:[^']|'')*'/g, "''").matchAll(
        /(?<![\w.$])\d{1,9}(?![\w.])/g,
      )
    ) {
      for (const step of [0, 1, -1]) numbers.add(Number(text) + step);
    }
  }
  return {
    texts: [...texts].slice(0, MOST_LITERALS),
    numbers: [...numbers].slice(0, MOST_LITERALS),
  };
}
