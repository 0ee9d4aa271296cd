/** Puts rows into tables of a Postgres database. */

import { joinName } from "../../../core/name.ts";
import { literalsOf, type Seeded } from "../../../core/observation.ts";
import type { ScratchDatabase } from "../../../runtimes/runtime.ts";
import type { SeedOptions } from "../../engine.ts";
import { literal } from "../quote.ts";
import { Expected } from "./expected.ts";
import { setReplicationRole } from "./replication_role.ts";
import { fillTable } from "./fill_table.ts";
import { groupsOf } from "./groups.ts";
import { idOf, readTables, type Reference, type SeedTable } from "./read_tables.ts";
import { type Query, readTypes } from "./read_types.ts";
import {
  blankUnit,
  canBeNull,
  type FillOrder,
  fillOrder,
  membersOf,
  referenceUnits,
  ReferredKeys,
} from "./references.ts";
import {
  adversarialPlans,
  ColumnTexts,
  ordinaryPlans,
  type RowPlan,
  saltKey,
  saltsOf,
} from "./row_plan.ts";
import { settle } from "./settle.ts";
import { withValidDomains } from "./valid_domains.ts";
import { advanceSequences } from "./sequences.ts";
import { unlessEnded } from "./solve.ts";

/** Rows that a table gets that a schema to come is to take as well. */
const FITTING_ROWS = 3;

/**
 * Puts rows into the tables, what they refer to and their partitions. Triggers, rules and the server's own check of foreign keys are
 * off meanwhile. With an expected schema the rows are likely to fit it; without one they are the extremes of what the present one
 * takes. Sequences then stand where their tables' rows end. Throws EngineEndedError.
 */
export async function seed(database: ScratchDatabase, options: SeedOptions = {}): Promise<Seeded> {
  const query: Query = (sql) => database.query(sql);
  const expected = options.expected === undefined ? null : new Expected(options.expected);
  const found = await readTables(query, options.tables);
  const oids = found.map(({ oid }) => oid);
  const seeded = found.length === 0 ? NOTHING : await new Seeding(query, {
    tables: expected?.withReferences(found) ?? found,
    expected,
    statements: options.statements ?? [],
  }).run();
  await advanceSequences(query, options.tables === undefined ? null : oids);
  return seeded;
}

const NOTHING: Seeded = { rows: 0, tables: [], empty: [] };

interface Wanted {
  readonly tables: readonly SeedTable[];
  readonly expected: Expected | null;
  readonly statements: readonly string[];
}

class Seeding {
  readonly #query: Query;
  readonly #wanted: Wanted;
  readonly #keys: ReferredKeys;
  readonly #salts: Map<string, number>;
  readonly #rows = new Map<SeedTable, number>();
  readonly #reasons = new Map<SeedTable, string>();

  constructor(query: Query, wanted: Wanted) {
    this.#query = query;
    this.#wanted = wanted;
    // What is referred to is filled before it is asked for.
    this.#keys = new ReferredKeys(query, wanted.tables);
    this.#salts = saltsOf(wanted.tables);
  }

  async run(): Promise<Seeded> {
    const { tables } = this.#wanted;
    const types = await readTypes(
      this.#query,
      tables.flatMap(({ columns, generated }) =>
        [...columns, ...generated].map(({ type }) => type)
      ),
    );
    const texts = new ColumnTexts(await withValidDomains(this.#query, types), this.#salts);
    const order = fillOrder(tables, texts);
    this.#joinSalts(order);
    const always = tables.flatMap((table) => table.always);
    const query = this.#query;
    await setReplicationRole(this.#query, "replica");
    for (const { off } of always) await this.#query(off);
    for (const table of order.tables) {
      const ended = await unlessEnded(() => this.#fill(table, order, texts));
      if (ended !== null) this.#reasons.set(table, ended);
    }
    const gone = await settle(query, { tables, later: order.later, texts, rows: this.#rows });
    for (const [table, reference] of gone) {
      this.#reasons.set(table, this.#reasonFor(table, reference.columns));
    }
    for (const { on } of always) await this.#query(on);
    await setReplicationRole(this.#query, "origin");
    return this.#result();
  }

  /** What must refer to rows that are not there yet has the values that those are going to have. */
  #joinSalts({ later }: FillOrder): void {
    for (const [table, references] of later) {
      for (const reference of references) {
        const other = this.#wanted.tables.find(({ oid }) => oid === reference.table);
        if (other === undefined || other === table) continue;
        for (const [at, name] of reference.columns.entries()) {
          const salt = this.#salts.get(saltKey(other, reference.others[at] ?? ""));
          if (salt !== undefined) this.#salts.set(saltKey(table, name), salt);
        }
      }
    }
  }

  async #fill(table: SeedTable, { later }: FillOrder, texts: ColumnTexts): Promise<void> {
    const { expected } = this.#wanted;
    const query = this.#query;
    const keys = this.#keys;
    const open = new Set(later.get(table));
    const fixed = [...open].filter((reference) => !canBeNull(table, reference, texts));
    for (const reference of table.references) {
      if (!open.has(reference) && (await keys.of(reference, table)).length === 0) {
        open.add(reference);
      }
    }
    const references = [
      ...await referenceUnits(table, table.references.filter((one) => !open.has(one)), {
        keysOf: (reference) => keys.of(reference, table),
        texts,
      }),
      ...[...open].flatMap((reference) => blankUnit(table, reference, texts) ?? []),
    ];
    const bare = [...open].find((reference) =>
      !fixed.includes(reference) && !canBeNull(table, reference, texts)
    );
    if (bare !== undefined) {
      this.#reasons.set(table, this.#reasonFor(table, bare.columns));
      return;
    }
    const checks = await expected?.checks(query, table) ?? [];
    const plans = this.#plansFor(table, texts);
    const groups = await groupsOf({
      query,
      table,
      texts,
      references,
      checks,
      better: (column, number) => expected?.better(table, column, number) ?? [],
      takes: (column, text) => expected?.takes(table, column, text) ?? true,
      plans,
    });
    const { rows, reason } = await fillTable({
      query,
      table,
      groups,
      plans,
      ...expected === null ? {} : { objection: () => expected.objection(query, table, checks) },
      complete: (row) => referToItself(table, fixed, row),
    });
    this.#rows.set(table, rows.length);
    const unsolved = groups.flatMap((group) => group.unsolved);
    this.#reasons.set(
      table,
      unsolved.length === 0 ? reason : `nothing that was tried passes ${unsolved.join(", ")}`,
    );
  }

  #reasonFor(table: SeedTable, columns: readonly string[]): string {
    const names = table.references.filter((reference) =>
      reference.columns.some((name) => columns.includes(name))
    ).flatMap((reference) => this.#wanted.tables.find(({ oid }) => oid === reference.table) ?? [])
      .map(({ schema, name }) => joinName(schema, name));
    return `it refers to ${[...new Set(names)].join(", ")}, without rows`;
  }

  #plansFor(table: SeedTable, texts: ColumnTexts): readonly RowPlan[] {
    const { expected, statements, tables } = this.#wanted;
    const siblings = tables.filter(({ root, isPartitioned }) =>
      root === table.root && !isPartitioned
    );
    const part = siblings.indexOf(table);
    const plans = expected === null
      ? adversarialPlans(table, texts, part)
      : ordinaryPlans(FITTING_ROWS, part);
    const next = Math.max(0, ...plans.map(({ number }) => number)) + 1;
    return [...plans, ...literalPlans(table, { statements, texts, first: next, expected })];
  }

  #result(): Seeded {
    const { tables } = this.#wanted;
    const members = membersOf(tables);
    const rowsOf = ({ oid }: SeedTable) =>
      (members.get(oid) ?? []).reduce((sum, member) => sum + (this.#rows.get(member) ?? 0), 0);
    const filled = tables.filter((table) => rowsOf(table) > 0);
    return {
      rows: [...this.#rows.values()].reduce((sum, rows) => sum + rows, 0),
      tables: filled.map(idOf),
      empty: tables.filter((table) => !filled.includes(table)).map((table) => ({
        table: joinName(table.schema, table.name),
        reason: table.isPartitioned
          ? (members.get(table.oid) ?? []).length === 0
            ? "it has no partitions"
            : "no partition took a row"
          : this.#reasons.get(table) ?? "",
      })),
      off: filled.flatMap((table) => table.triggers),
    };
  }
}

/** A row for each string that statements compare with, and one for each number; columns of other types have values of their own. */
function literalPlans(
  table: SeedTable,
  { statements, texts, first, expected }: {
    readonly statements: readonly string[];
    readonly texts: ColumnTexts;
    readonly first: number;
    readonly expected: Expected | null;
  },
): readonly RowPlan[] {
  const found = literalsOf(statements);
  const values = [
    ...found.texts.map((text) => ({ category: "S", text })),
    ...found.numbers.map((number) => ({ category: "N", text: String(number) })),
  ];
  return values.map(({ category, text }, at) => ({
    number: first + at,
    wanted: (column) => {
      const isLike = texts.domainOf(column).type?.category === category &&
        (expected === null || (expected.takes(table, column, text) &&
          (category !== "S" || expected.isText(table, column))));
      return isLike ? [literal(text)] : [];
    },
  }));
}

/** A row that must refer to one of its own table, before there is any. */
function referToItself(
  table: SeedTable,
  references: readonly Reference[],
  row: Map<string, string>,
): void {
  for (const { table: other, columns, others } of references) {
    if (other !== table.oid && other !== table.root) continue;
    for (const [at, name] of columns.entries()) {
      const value = row.get(others[at] ?? "");
      if (value !== undefined && value !== "DEFAULT") row.set(name, value);
    }
  }
}
