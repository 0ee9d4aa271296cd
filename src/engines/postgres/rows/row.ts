/** A row in the making: which of its choices each group of columns has taken. */

import type { DatabaseError } from "../../../core/error.ts";
import type { Group } from "./groups.ts";
import { isNamedIn, type SeedTable } from "./read_tables.ts";
import type { Assignment } from "./references.ts";
import type { RowPlan } from "./row_plan.ts";

interface Slot {
  readonly columns: readonly string[];
  readonly choices: readonly Assignment[];
  at: number;
}

/** Longer values than this may be too long for an index or a page. */
const LONG = 400;

/** A row of a table, by what its plan wants. */
export class Row {
  readonly plan: RowPlan;
  readonly #table: SeedTable;
  readonly #slots: readonly Slot[];
  readonly #complete: (row: Map<string, string>) => void;
  #calmed = 0;

  constructor(
    table: SeedTable,
    groups: readonly Group[],
    { plan, complete = () => {} }: {
      readonly plan: RowPlan;
      readonly complete?: (row: Map<string, string>) => void;
    },
  ) {
    this.plan = plan;
    this.#table = table;
    this.#complete = complete;
    this.#slots = groups.map((group) => ({
      columns: group.columns,
      choices: group.choices(plan),
      at: 0,
    }));
  }

  /** The columns for which there is no value at all. */
  get impossible(): readonly string[] {
    return this.#slots.filter(({ choices }) => choices.length === 0)
      .flatMap(({ columns }) => columns);
  }

  /** SQL of the values by column. */
  values(): ReadonlyMap<string, string> {
    const row = new Map(this.#slots.flatMap(({ choices, at }) => choices[at] ?? []));
    this.#complete(row);
    return row;
  }

  /** Takes the next choice of columns; false where there is none. */
  advance(columns: readonly string[]): boolean {
    const members = this.#slots.filter((slot) =>
      slot.columns.some((name) => columns.includes(name))
    );
    for (const slot of members) {
      slot.at += 1;
      if (slot.at < slot.choices.length) return true;
      slot.at = 0;
    }
    return false;
  }

  /** Takes other choices after a refusal: of the columns that it speaks of, of all where it speaks of none; false where there are none. */
  change(refusal: DatabaseError, bad: readonly string[]): boolean {
    const told = bad.length > 0 ? bad : this.#blamed(refusal);
    return told.length > 0 ? this.advance(told) : this.#calm();
  }

  #blamed({ message, code }: DatabaseError): readonly string[] {
    const name = /constraint "(.+?)"(?: of relation|$)/.exec(message)?.[1] ?? "";
    const { keys, checks, columns } = this.#table;
    const known = [...keys, ...checks].filter((one) => one.name === name);
    if (known.length > 0) return known.flatMap((one) => one.columns);
    if (code === TOO_LARGE) {
      const values = this.values();
      return columns.filter((column) => (values.get(column.name)?.length ?? 0) > LONG)
        .map((column) => column.name);
    }
    // What is generated is as wrong as what it is generated from.
    const sources = this.#table.generated.filter((one) => message.includes(`"${one.name}"`))
      .flatMap(({ expression }) => columns.filter((column) => isNamedIn(expression, column)));
    return [...columns.filter((column) => message.includes(`"${column.name}"`)), ...sources]
      .map((column) => column.name);
  }

  /** Nobody knows which value is wrong: first one half becomes less special, then the other, then both, then all combinations. */
  #calm(): boolean {
    const slots = this.#slots.filter(({ choices }) => choices.length > 1);
    const half = Math.ceil(slots.length / 2);
    const turn = ++this.#calmed;
    if (turn > 3) return this.advance(slots.flatMap(({ columns }) => columns));
    for (const [place, slot] of slots.entries()) {
      slot.at = turn === 3 || (place < half) === (turn === 1) ? 1 : 0;
    }
    return slots.length > 0;
  }
}

/** `program_limit_exceeded`: a row, or its entry of an index, is longer than a page takes. */
const TOO_LARGE = "54000";
