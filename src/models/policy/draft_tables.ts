/** Which tables and rows a draft may touch, statement by statement: names change hands on the way. */

import { type Copy, DraftCopies, type Holder } from "./draft_copies.ts";
import type { Allowance, PolicyVerdict } from "./policy.ts";
import { isAmong } from "./policy.ts";

/** What the statements of one direction did so far to tables, and what they may do next. Reasons of refusals are given, or null. */
export class DraftTables {
  readonly #allowance: Allowance;
  readonly #plain: (name: string) => string;
  readonly #copies: DraftCopies;
  /** By present name: a table of the draft's own, or the name that the table had before the draft. */
  readonly #known = new Map<string, Holder>();
  /** Names that stood for a table before the draft dropped or renamed it. */
  readonly #gone = new Set<string>();
  readonly #views = new Set<string>();
  readonly #columns = new Set<string>();
  readonly #named = new Set<string>();

  /** `plain` gives the one spelling of a name that several stand for: its case folded, its default schema left out. */
  constructor(allowance: Allowance, plain: (name: string) => string) {
    this.#allowance = allowance;
    this.#plain = plain;
    this.#copies = new DraftCopies(allowance);
  }

  /** Names that the draft may use besides those of the allowance. */
  get made(): readonly string[] {
    return [...this.#known.keys()];
  }

  /** A table is made; one that may be there already is not the draft's own. `columns` are those that its statement names, in order. */
  create(name: string, ifNotExists: boolean, columns: readonly string[] = []): string | null {
    const key = this.#plain(name);
    if (ifNotExists) {
      return this.touch(name) === null
        ? null
        : `IF NOT EXISTS may leave a table ${name} that is not this draft's own`;
    }
    this.#views.delete(key);
    this.#known.set(key, { columns, whole: new Set(), some: new Set() });
    return null;
  }

  /** Rows of other tables are put into one, by a statement counted from 1. */
  copy(target: string, copy: Copy, statement: number): string | null {
    const { rows } = this.#allowance;
    if (rows === undefined) return null;
    const holder = this.#holder(target);
    const sources = copy.reads.map((name) => this.#views.has(this.#plain(name)) ? null : name)
      .map((name) => name === null ? null : this.#holder(name));
    this.#copies.add(holder, sources, { ...copy, statement });
    if (typeof holder === "string") return null;
    const names = copy.columns ?? holder.columns;
    for (const [at, { name, isColumn }] of copy.values.entries()) {
      if (isColumn) continue;
      const column = names[at] ?? name;
      const reason = column === null
        ? holder.some.size > 0 ? `name the columns of ${target} that it fills` : null
        : this.#copiedColumn(target, column);
      if (reason !== null) return reason;
    }
    return null;
  }

  /** What is wrong with all of them together. */
  verdict(): PolicyVerdict {
    return this.#copies.verdict(this.#known, this.#plain);
  }

  /** A view takes a name. */
  view(name: string): void {
    const key = this.#plain(name);
    this.#known.delete(key);
    this.#views.add(key);
  }

  /** A table must be one that a change touches, or the draft's own. */
  touch(name: string): string | null {
    const key = this.#plain(name);
    if (this.#views.has(key)) return `${name} is a view of this draft, and what it shows is not`;
    if (this.#known.has(key)) return null;
    if (this.#gone.has(key)) return `the table ${name} was dropped or renamed before`;
    return isAmong(name, this.#allowance.tables) ? null : `no change touches the table ${name}`;
  }

  /** A table is dropped by a statement, counted from 1. */
  drop(name: string, statement: number): string | null {
    const reason = this.touch(name);
    if (reason !== null) return reason;
    const origin = this.#origin(name);
    if (origin !== null) this.#copies.drop(origin, statement);
    this.#leave(name);
    return null;
  }

  /** A table is renamed or moved to another schema. */
  rename(name: string, to: string): string | null {
    const reason = this.touch(name);
    if (reason !== null) return reason;
    const holder = this.#holder(name);
    this.#leave(name);
    this.#views.delete(this.#plain(to));
    this.#known.set(this.#plain(to), holder);
    return null;
  }

  /** A column is added. */
  addColumn(table: string, column: string): string | null {
    this.#columns.add(this.#columnKey(table, column));
    return this.touch(table);
  }

  /** A column is renamed: one that a change touches, or one that the draft made. */
  renameColumn(table: string, column: string, to: string): string | null {
    const reason = this.touch(table) ?? this.touchColumn(table, column);
    if (reason === null) this.#columns.add(this.#columnKey(table, to));
    return reason;
  }

  /** A column is dropped, or its values are set: one that a change touches, or one that the draft made. */
  touchColumn(table: string, column: string): string | null {
    const origin = this.#origin(table);
    if (origin === null) return this.#copiedColumn(table, column);
    if (this.#columns.has(this.#columnKey(table, column))) return null;
    return this.#isColumnChanged(`${origin}.${column}`)
      ? null
      : `no change touches the column ${column} of table ${table}`;
  }

  /** The values of a column are computed anew on the way to a type: one that a change touches, or one whose type changes. */
  computeColumn(table: string, column: string): string | null {
    const isOfChangedType = [...this.#allowance.kinds].some((kind) =>
      /^(?:enum|domain|range|composite|base type|type)/.test(kind)
    );
    return isOfChangedType ? null : this.touchColumn(table, column);
  }

  /** Columns of a table's rows are set. */
  update(table: string, columns: readonly string[]): string | null {
    for (const column of columns) {
      const reason = this.touchColumn(table, column);
      if (reason !== null) return reason;
    }
    return this.touch(table);
  }

  /** Rows are put into a table: its own, or one that takes over what another one held. */
  insert(table: string): string | null {
    const { rows } = this.#allowance;
    const reason = this.touch(table);
    if (reason !== null || rows === undefined || this.#origin(table) === null) return reason;
    return rows.moves ? null : `no change moves rows into the table ${table}`;
  }

  /** Rows of a table are deleted by a statement, counted from 1: for a key or a check to come, and only when it is said. */
  delete(table: string, statement: number): string | null {
    const { rows } = this.#allowance;
    const reason = this.touch(table);
    if (reason !== null || rows === undefined) return reason;
    const holder = this.#holder(table);
    const origins = typeof holder === "string" ? [holder] : [...holder.some];
    if (origins.length === 0) return null;
    if (!origins.every((origin) => isAmong(origin, rows.constrained))) {
      return `it deletes rows of ${table}, which no change implies`;
    }
    return rows.stated.has(statement)
      ? null
      : `it deletes rows of ${table}, and no warning says so (destroys_data)`;
  }

  /** Code of a kind that runs by itself is made: only what is there in the end, and once. */
  code(kind: string, name: string): string | null {
    const { after } = this.#allowance;
    if (after === undefined) return null;
    const key = `${kind} ${this.#plain(name)}`;
    if (!after.has(key)) return `no ${kind} ${name} is there in the end`;
    return this.once(key) ? null : `the ${kind} ${name} is made more than once`;
  }

  /** True the first time. */
  once(key: string): boolean {
    const isFirst = !this.#named.has(key);
    this.#named.add(key);
    return isFirst;
  }

  #leave(name: string): void {
    const key = this.#plain(name);
    this.#known.delete(key);
    this.#gone.add(key);
  }

  #holder(name: string): Holder {
    return this.#known.get(this.#plain(name)) ?? name;
  }

  /** Null for a table of the draft's own. */
  #origin(name: string): string | null {
    const holder = this.#holder(name);
    return typeof holder === "string" ? holder : null;
  }

  /** A column of a table of the draft's own: where it holds what another one had, only what a change touches is not as it was. */
  #copiedColumn(table: string, column: string): string | null {
    const holder = this.#holder(table);
    if (typeof holder === "string" || this.#isColumnChanged(`${table}.${column}`)) return null;
    const origin = [...holder.some].find((name) => !this.#isColumnChanged(`${name}.${column}`));
    return origin === undefined
      ? null
      : `no change touches the column ${column} of table ${origin}, which ${table} has a copy of`;
  }

  #isColumnChanged(name: string): boolean {
    const { rows } = this.#allowance;
    const fold = (text: string) => this.#plain(text);
    return rows === undefined ||
      [...rows.columns].some((known) => isAmong(fold(name), [fold(known)]));
  }

  #columnKey(table: string, column: string): string {
    return `${this.#plain(table)} ${this.#plain(column)}`;
  }
}
