/** How far a migration came that is not one transaction: noted in the live database itself while it runs. */

import { createHash } from "node:crypto";
import { JOURNAL } from "../../core/book_edit.ts";
import type { Statement } from "../../core/statement.ts";
import type { FoundTable, LiveWriter } from "../../engines/live.ts";
import type { BookRow } from "../../formats/format.ts";

/** What it says. */
export interface JournalEntry {
  readonly format: string;
  /** The file of the script. */
  readonly migration: string;
  readonly direction: "up" | "down";
  /** Of the statements that were run. */
  readonly digest: string;
  readonly done: number;
  readonly total: number;
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
  };
}

/** Names the first statements of a script. */
export function digestOf(statements: readonly Statement[]): string {
  const hash = createHash("sha256");
  for (const { sql, copyData } of statements) hash.update(`${sql}\0${copyData ?? ""}\0`);
  return hash.digest("hex");
}

/** The journal of one run of a script. */
export class Journal {
  readonly #writer: LiveWriter;
  readonly #entry: Pick<JournalEntry, "format" | "migration" | "direction">;
  readonly #statements: readonly Statement[];

  constructor(
    writer: LiveWriter,
    entry: Pick<JournalEntry, "format" | "migration" | "direction">,
    statements: readonly Statement[],
  ) {
    this.#writer = writer;
    this.#entry = entry;
    this.#statements = statements;
  }

  /** Makes the table. Outside of a transaction. */
  async open(): Promise<void> {
    await this.#writer.exec(this.#writer.journal.make);
  }

  /** Notes that so many statements are done, in the transaction that is open or as a statement of its own. */
  async note(done: number): Promise<void> {
    const row = {
      ...this.#entry,
      digest: digestOf(this.#statements.slice(0, done)),
      done: BigInt(done),
      total: BigInt(this.#statements.length),
    };
    await this.#edit({ edit: "update", values: row, where: {} });
  }

  /** Notes that it begins. In a transaction. */
  async begin(): Promise<void> {
    await this.end();
    await this.#edit({
      edit: "insert",
      values: {
        ...this.#entry,
        digest: digestOf([]),
        done: 0n,
        total: BigInt(this.#statements.length),
      },
    });
  }

  /** Notes that nothing is under way any more. */
  async end(): Promise<void> {
    await this.#edit({ edit: "delete", where: {} });
  }

  /** How many statements it says are done. */
  async done(): Promise<number> {
    const { schema } = this.#writer;
    const table = { table: JOURNAL.table, schema, columns: JOURNAL.columns };
    return journalEntry(await this.#writer.rows(table, JOURNAL))?.done ?? 0;
  }

  /** Drops the table. Outside of a transaction. */
  async drop(): Promise<void> {
    await this.#writer.exec(this.#writer.journal.drop);
  }

  async #edit(edit: Parameters<LiveWriter["edit"]>[1]): Promise<void> {
    const { schema } = this.#writer;
    const table: Pick<FoundTable, "table" | "schema"> = { table: JOURNAL.table, schema };
    await this.#writer.exec(this.#writer.edit(table, edit));
  }
}
