/** A converted schema on a scratch database, piece by piece: what the server refuses is left out, with a note that says why. */

import { DatabaseError } from "../../core/error.ts";
import type { Converting } from "../../engines/convert/converting.ts";
import type { NeutralSchema, NeutralTable } from "../../engines/convert/neutral.ts";
import type { Notes } from "../../engines/convert/notes.ts";
import type { Connection } from "../../runtimes/runtime.ts";

/** What the server took. */
export interface Taken {
  readonly schema: NeutralSchema;
  /** In the order in which they ran. */
  readonly statements: readonly string[];
}

/** Runs what a schema is made of. Only what is refused for its own sake is left out. */
export async function loadConverted(
  database: Connection,
  schema: NeutralSchema,
  { converting, notes, signal }: {
    readonly converting: Converting;
    readonly notes: Notes;
    readonly signal: AbortSignal;
  },
): Promise<Taken> {
  const loader = new Loader(database, converting, notes, signal);
  const sequences = await loader.each(
    schema.sequences,
    ({ name }) => `sequence ${name}`,
    (one) => [converting.sequence(one)],
  );
  let tables: NeutralTable[] = [];
  for (const table of schema.tables) {
    const taken = await loader.table(table);
    if (taken !== null) tables.push(taken);
  }
  tables = await loader.members(tables);
  const views = await loader.views(schema.views);
  const names = new Set(tables.map(({ name }) => name));
  const triggers = await loader.each(
    schema.triggers.filter((trigger) => names.has(trigger.table)),
    (trigger) => `trigger ${trigger.table}.${trigger.name}`,
    (trigger) => converting.trigger(trigger),
  );
  return { schema: { tables, views, triggers, sequences }, statements: loader.statements };
}

/** A part of a table that it can do without. */
interface Part {
  readonly label: string;
  readonly without: (table: NeutralTable) => NeutralTable;
}

class Loader {
  readonly statements: string[] = [];
  readonly #database: Connection;
  readonly #converting: Converting;
  readonly #notes: Notes;
  readonly #signal: AbortSignal;
  readonly #made = new Set<string>();

  constructor(database: Connection, converting: Converting, notes: Notes, signal: AbortSignal) {
    this.#database = database;
    this.#converting = converting;
    this.#notes = notes;
    this.#signal = signal;
  }

  /** What the server says against statements; null where it takes them. */
  async #refusal(statements: readonly string[]): Promise<string | null> {
    this.#signal.throwIfAborted();
    try {
      for (const statement of statements) await this.#database.exec(statement);
      return null;
    } catch (error) {
      if (error instanceof DatabaseError) return error.message;
      throw error;
    }
  }

  async each<T>(
    items: readonly T[],
    label: (item: T) => string,
    write: (item: T) => readonly string[],
  ): Promise<T[]> {
    const taken: T[] = [];
    for (const item of items) {
      const statements = write(item).filter((text) => text !== "");
      const refusal = await this.#refusal(statements);
      if (refusal === null) {
        taken.push(item);
        this.statements.push(...statements);
      } else this.#notes.dropped(label(item), refused(refusal));
    }
    return taken;
  }

  /** A table, without those of its parts that the server refuses; null where it refuses all of it. */
  async table(table: NeutralTable): Promise<NeutralTable | null> {
    const { beforeTable } = this.#converting;
    const types = beforeTable(table).filter((text) => !this.#made.has(text));
    const typeRefusal = await this.#refusal(types);
    if (typeRefusal !== null) {
      this.#notes.dropped(`table ${table.name}`, refused(typeRefusal));
      return null;
    }
    for (const text of types) this.#made.add(text);
    this.statements.push(...types);
    const refusal = await this.#refusal(this.#converting.table(table));
    const taken = refusal === null ? table : await this.#reduced(table, refusal);
    if (taken !== null) this.statements.push(...this.#converting.table(taken));
    return taken;
  }

  /** Of the parts, those that the server takes, one after the other. */
  async #reduced(table: NeutralTable, refusal: string): Promise<NeutralTable | null> {
    const { dropTable, table: write } = this.#converting;
    const parts = partsOf(table);
    const leftOut = new Set(parts);
    const current = () => [...leftOut].reduce((whole, part) => part.without(whole), table);
    const bare = await this.#refusal([dropTable(table.name), ...write(current())]);
    if (bare !== null) {
      this.#notes.dropped(`table ${table.name}`, refused(bare || refusal));
      await this.#refusal([dropTable(table.name)]);
      return null;
    }
    for (const part of parts) {
      leftOut.delete(part);
      const why = await this.#refusal([dropTable(table.name), ...write(current())]);
      if (why === null) continue;
      leftOut.add(part);
      this.#notes.dropped(part.label, refused(why));
    }
    await this.#refusal([dropTable(table.name), ...write(current())]);
    return current();
  }

  /** Indexes, then foreign keys. */
  async members(tables: readonly NeutralTable[]): Promise<NeutralTable[]> {
    const indexed: NeutralTable[] = [];
    for (const table of tables) {
      const indexes = await this.each(
        table.indexes,
        (index) => `index ${table.name}.${index.name}`,
        (index) => [this.#converting.index(table, index)],
      );
      indexed.push({ ...table, indexes });
    }
    const whole: NeutralTable[] = [];
    for (const table of indexed) {
      const foreignKeys = await this.each(
        table.foreignKeys,
        (key) => `foreign key ${table.name}.${key.name ?? key.columns.join(", ")}`,
        (key) => [this.#converting.foreignKey(table, key) ?? ""],
      );
      whole.push({ ...table, foreignKeys });
    }
    return whole;
  }

  /** Views, those first that others read. */
  async views(views: NeutralSchema["views"]): Promise<NeutralSchema["views"]> {
    const taken: NeutralSchema["views"][number][] = [];
    let waiting = views.map((view) => ({ view, why: "" }));
    for (;;) {
      const left: typeof waiting = [];
      for (const { view } of waiting) {
        const text = this.#converting.view(view);
        const why = await this.#refusal([text]);
        if (why === null) {
          taken.push(view);
          this.statements.push(text);
        } else left.push({ view, why });
      }
      const isStuck = left.length === waiting.length;
      waiting = left;
      if (isStuck || left.length === 0) break;
    }
    for (const { view, why } of waiting) this.#notes.dropped(`view ${view.name}`, refused(why));
    return taken;
  }
}

function refused(message: string): string {
  return `the server refuses it: ${message.split("\n")[0] ?? ""}`;
}

/** What a table can do without: checks, keys, defaults, expressions; the primary key last. */
function partsOf(table: NeutralTable): readonly Part[] {
  const { name } = table;
  const column = (
    at: number,
    change: (one: NeutralTable["columns"][number]) => NeutralTable["columns"][number],
  ) =>
  (whole: NeutralTable): NeutralTable => ({
    ...whole,
    columns: whole.columns.map((one, place) => place === at ? change(one) : one),
  });
  return [
    ...table.primaryKey === null ? [] : [{
      label: `primary key of ${name}`,
      without: (whole: NeutralTable) => ({ ...whole, primaryKey: null }),
    }],
    ...table.columns.flatMap((one, at): readonly Part[] => [
      ...one.counter === null ? [] : [{
        label: `counter of column ${name}.${one.name}`,
        without: column(at, (own) => ({ ...own, counter: null })),
      }],
      ...one.generated === null ? [] : [{
        label: `expression of column ${name}.${one.name}`,
        without: column(at, (own) => ({ ...own, generated: null })),
      }],
      ...one.fallback === null ? [] : [{
        label: `default of column ${name}.${one.name}`,
        without: column(at, (own) => ({ ...own, fallback: null })),
      }],
      ...one.touched
        ? [{
          label: `on update of column ${name}.${one.name}`,
          without: column(at, (own) => ({ ...own, touched: false })),
        }]
        : [],
    ]),
    ...table.uniques.map((key): Part => ({
      label: `unique key ${name}.${key.name ?? "of columns"}`,
      without: (whole) => ({ ...whole, uniques: whole.uniques.filter((one) => one !== key) }),
    })),
    ...table.checks.map((check): Part => ({
      label: `check ${name}.${check.name ?? "of a column"}`,
      without: (whole) => ({ ...whole, checks: whole.checks.filter((one) => one !== check) }),
    })),
    ...table.foreignKeys.map((key): Part => ({
      label: `foreign key ${name}.${key.name ?? key.columns.join(", ")}`,
      without: (whole) => ({
        ...whole,
        foreignKeys: whole.foreignKeys.filter((one) => one !== key),
      }),
    })),
  ];
}
