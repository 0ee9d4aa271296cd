/** How far a migration came that is not one transaction: noted in the live database itself while it runs. */

import { createHash } from "node:crypto";
import { JOURNAL } from "../../core/book_edit.ts";
import type { Statement } from "../../core/statement.ts";
import type { FoundTable, LiveWriter } from "../../engines/live.ts";
import type { BookRow, Migration } from "../../formats/format.ts";

/** What it says. */
export interface JournalEntry {
  readonly format: string;
  /** The file of the script. */
  readonly migration: string;
  readonly direction: "up" | "down";
  /** Of the statements that were run, those of the way back behind those that it takes back. */
  readonly digest: string;
  readonly done: number;
  readonly total: number;
  /** How many statements of the way back were run; null where none was begun. */
  readonly back: number | null;
}

/** Where it stopped: `stopped after statement 2 of 4`. */
export function stoppedAt({ done, total }: JournalEntry): string {
  return done === 0
    ? `stopped at its first statement of ${total}`
    : `stopped after statement ${done} of ${total}`;
}

/** Its one row, read; null for none. */
export function journalEntry(rows: readonly BookRow[]): JournalEntry | null {
  const [row] = rows;
  if (row === undefined) return null;
  return {
    format: row.format ?? "",
    migration: row.migration ?? "",
    direction: row.direction === "down" ? "down" : "up",
    digest: row.digest ?? "",
    done: Number(row.done ?? 0),
    total: Number(row.total ?? 0),
    back: row.back === null || row.back === undefined ? null : Number(row.back),
  };
}

/** The migration that it speaks of; null where its file is gone. Of several in one file, the next on the way up, the last on the way down. */
export function migrationOf(
  { direction, migration }: JournalEntry,
  migrations: readonly Migration[],
  applied: readonly Migration[],
): Migration | null {
  const own = migrations.filter(({ up, down }) =>
    (direction === "up" ? up : down)?.file === migration
  );
  return (direction === "up"
    ? own.find((one) => !applied.includes(one))
    : own.findLast((one) => applied.includes(one))) ?? own[0] ?? null;
}

/** Names the first statements of a script. */
export function digestOf(statements: readonly Statement[]): string {
  const hash = createHash("sha256");
  for (const { sql, copyData } of statements) hash.update(`${sql}\0${copyData ?? ""}\0`);
  return hash.digest("hex");
}

/** What it is kept of. */
export interface Journaled {
  /** The statements of the script. */
  readonly script: readonly Statement[];
  /** The way back from behind the first so many of them; absent on the way on. */
  readonly back?: { readonly kept: number; readonly statements: readonly Statement[] };
}

/** The journal of one run of a script, or of the way back from where one stopped. */
export class Journal {
  readonly #writer: LiveWriter;
  readonly #entry: Pick<JournalEntry, "format" | "migration" | "direction">;
  readonly #subject: Journaled;

  constructor(
    writer: LiveWriter,
    entry: Pick<JournalEntry, "format" | "migration" | "direction">,
    subject: Journaled,
  ) {
    this.#writer = writer;
    this.#entry = entry;
    this.#subject = subject;
  }

  /** Makes the table. Outside of a transaction. */
  async open(): Promise<void> {
    await this.#writer.exec(this.#writer.journal.make);
  }

  /** Notes that so many statements of the course are done, in the transaction that is open or as a statement of its own. */
  async note(done: number): Promise<void> {
    await this.#edit({ edit: "update", values: this.#row(done), where: {} });
  }

  /** Notes that so many statements of the course are done where nothing was noted yet. In a transaction. */
  async begin(done = 0): Promise<void> {
    await this.end();
    await this.#edit({ edit: "insert", values: this.#row(done) });
  }

  /** Notes that nothing is under way any more. */
  async end(): Promise<void> {
    await this.#edit({ edit: "delete", where: {} });
  }

  /** How many statements of the course it says are done. */
  async done(): Promise<number> {
    const { schema } = this.#writer;
    const table = { table: JOURNAL.table, schema, columns: JOURNAL.columns };
    const entry = journalEntry(await this.#writer.rows(table, JOURNAL));
    return (this.#subject.back === undefined ? entry?.done : entry?.back) ?? 0;
  }

  /** Drops the table. Outside of a transaction. */
  async drop(): Promise<void> {
    await this.#writer.exec(this.#writer.journal.drop);
  }

  #row(done: number) {
    const { script, back } = this.#subject;
    const run = back === undefined
      ? script.slice(0, done)
      : [...script.slice(0, back.kept), ...back.statements.slice(0, done)];
    return {
      ...this.#entry,
      digest: digestOf(run),
      done: BigInt(back?.kept ?? done),
      total: BigInt(script.length),
      back: back === undefined ? null : BigInt(done),
    };
  }

  async #edit(edit: Parameters<LiveWriter["edit"]>[1]): Promise<void> {
    const { schema } = this.#writer;
    const table: Pick<FoundTable, "table" | "schema"> = { table: JOURNAL.table, schema };
    await this.#writer.exec(this.#writer.edit(table, edit));
  }
}
