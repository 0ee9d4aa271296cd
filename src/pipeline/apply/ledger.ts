/** The runner's books in the live database, kept as the runner keeps them. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { BookEdit } from "../../core/book_edit.ts";
import { UsageError } from "../../core/error.ts";
import type { FoundTable, LiveWriter } from "../../engines/live.ts";
import type {
  BookEntry,
  BookKeeping,
  BookRow,
  BooksHistory,
  Migration,
  RunnerBooks,
} from "../../formats/format.ts";
import { runnerTables } from "../../formats/mod.ts";
import type { Project } from "../project.ts";

/** See the module's comment. */
export class Ledger {
  readonly #project: Project;
  readonly #writer: LiveWriter;
  readonly #history: BooksHistory;
  readonly books: RunnerBooks;
  readonly keep: BookKeeping;
  readonly #table: FoundTable;
  #isThere: boolean;
  #rows: readonly BookRow[] = [];

  /** Throws UsageError for a runner whose books aim does not write. */
  constructor(
    project: Project,
    writer: LiveWriter,
    { found, history }: {
      readonly found: FoundTable | null;
      readonly history: BooksHistory;
    },
  ) {
    const { books, title, name } = project.format;
    const isKnown = runnerTables(name, project.engine.dialect).length > 0 &&
      found?.beside === undefined;
    if (books?.keep === undefined || !isKnown) {
      throw new UsageError(`Cannot run migrations of ${title}: aim does not keep its books`, {
        code: "no-books",
        hint: "Run them by the runner itself; `aim status` shows what is applied",
      });
    }
    this.#project = project;
    this.#writer = writer;
    this.#history = history;
    this.books = books;
    this.keep = books.keep;
    this.#isThere = found !== null;
    this.#table = found ?? {
      table: books.table,
      schema: books.schema ?? writer.schema,
      columns: [],
    };
  }

  /** Where the books are, or will be. */
  get table(): FoundTable {
    return this.#table;
  }

  /** The rows as they were last read. */
  get rows(): readonly BookRow[] {
    return this.#rows;
  }

  /** Reads them; none where there are no books. */
  async read(): Promise<readonly BookRow[]> {
    this.#rows = this.#isThere ? await this.#writer.rows(this.#table, this.books) : [];
    return this.#rows;
  }

  /** Makes them where there are none, as the runner does. Outside of a transaction. */
  async make(): Promise<void> {
    // Who made them may have been cut off before their first row.
    if (this.#isThere && (this.#rows.length > 0 || this.keep.refills !== true)) return;
    const first = this.keep.first?.(this.#history.files) ?? [];
    const { format, engine } = this.#project;
    const made = this.#isThere ? [] : runnerTables(format.name, engine.dialect);
    if (!engine.transactionalDdl) {
      for (const { sql } of made) await this.#writer.exec(sql);
    }
    await this.#writer.begin();
    if (engine.transactionalDdl) { for (const { sql } of made) await this.#writer.exec(sql); }
    await this.write(first);
    await this.#writer.exec("COMMIT");
    this.#isThere = true;
    await this.read();
  }

  /** Throws UsageError where the rows are not those that were last read: somebody else has been here. In a transaction. */
  async unmoved(): Promise<void> {
    const rows = await this.#writer.rows(this.#table, this.books);
    if (JSON.stringify(rows) !== JSON.stringify(this.#rows)) throw moved();
  }

  /** What the books are to say about a migration. */
  async entry(migration: Migration, ms: number): Promise<BookEntry> {
    const { migrations, files } = this.#history;
    const at = migrations.indexOf(migration);
    const bytes = await readFile(join(this.#project.config.migrations, migration.up.file));
    return {
      migration,
      bytes,
      previous: migrations[at - 1] ?? null,
      files,
      rows: this.#rows,
      account: this.#writer.account,
      ms,
      now: new Date(),
    };
  }

  /** Writes, in the transaction that is open. */
  async write(edits: readonly BookEdit[]): Promise<void> {
    for (const edit of edits) {
      const { table = this.#table.table } = edit;
      await this.#writer.exec(this.#writer.edit({ ...this.#table, table }, edit));
    }
  }
}

/** Somebody else wrote the books meanwhile. */
export function moved(): UsageError {
  return new UsageError("Cannot go on: the books have changed meanwhile", {
    code: "moved",
    hint: "Somebody else runs migrations there; look with `aim status`, and run this again",
  });
}
