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
  SourceFile,
} from "../../formats/format.ts";
import { runnerTables } from "../../formats/mod.ts";
import type { ReadBooks } from "../live/read_books.ts";
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
  #earlier: readonly BookRow[] | null = null;

  /** Throws UsageError for books that aim does not write. */
  constructor(
    project: Project,
    writer: LiveWriter,
    { found, history }: {
      readonly found: FoundTable | null;
      readonly history: BooksHistory;
    },
  ) {
    this.#project = project;
    this.#writer = writer;
    this.#history = history;
    const { books, keep } = keptBooks(project, found);
    this.books = books;
    this.keep = keep;
    this.#isThere = found !== null;
    const [made] = runnerTables(project.format.name, project.engine.dialect);
    this.#table = found ?? {
      table: books.table,
      schema: books.schema ?? made?.schema ?? writer.schema,
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
    this.#earlier ??= this.#rows;
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
      earlier: this.#earlier ?? [],
      columns: this.#table.columns,
      account: this.#writer.account,
      ms,
      now: new Date(),
    };
  }

  /** Writes, in the transaction that is open. */
  async write(edits: readonly BookEdit[]): Promise<void> {
    for (const edit of edits) await this.#writer.exec(this.#editText(edit));
  }

  /** Takes the row by which the runner keeps others out; false where somebody has it. Outside of a transaction, with the lock held. */
  async takeRow(): Promise<boolean> {
    const { rowLock } = this.keep;
    if (rowLock === undefined) return true;
    await this.freeRow();
    const { table, free, own, taken } = rowLock;
    const values = { ...taken(new Date()), ...own };
    const sql = this.#editText({ table, edit: "update", values, where: free });
    return (await this.#writer.run({ sql }) ?? 0) > 0;
  }

  /** Gives it back; one that a killed run of aim left as well. */
  async freeRow(): Promise<void> {
    const { rowLock } = this.keep;
    if (rowLock === undefined) return;
    const { table, free, own } = rowLock;
    await this.write([{ table, edit: "update", values: free, where: own }]);
  }

  #editText(edit: BookEdit): string {
    const { table } = this.#table;
    const isCapital = this.books.capitals === true && table === table.toUpperCase();
    const other = isCapital ? edit.table?.toUpperCase() : edit.table;
    return this.#writer.edit({ ...this.#table, table: other ?? table }, edit);
  }
}

/** The books of a project's runner, and how they are kept. Throws UsageError for those that aim does not write. */
function keptBooks({ format, engine }: Project, found: FoundTable | null) {
  const { books, title, name } = format;
  const isKnown = found === null
    ? runnerTables(name, engine.dialect).length > 0 || books?.keep?.refuses !== undefined
    : found.beside === undefined;
  if (books?.keep !== undefined && isKnown) return { books, keep: books.keep };
  const isOther = books?.keep === undefined || found !== null;
  throw new UsageError(
    `Cannot run migrations of ${title}: ${
      isOther
        ? "aim does not keep its books"
        : "its books are not there, and aim does not make them"
    }`,
    {
      code: "no-books",
      hint: isOther
        ? "Run them by the runner itself; `aim status` shows what is applied"
        : "Let the runner run the first one; aim can go on behind it",
    },
  );
}

/** Throws UsageError where aim cannot keep the books that were read. */
export function demandKept(
  project: Project,
  { found, rows }: Pick<ReadBooks, "found" | "rows">,
  files: readonly SourceFile[],
): void {
  const { keep } = keptBooks(project, found);
  const refused = keep.refuses?.({ rows, columns: found?.columns ?? [], files }) ?? null;
  if (refused === null) return;
  throw new UsageError(`Cannot run migrations: ${refused.message}`, {
    code: "no-books",
    hint: refused.hint,
  });
}

/** Somebody else wrote the books meanwhile. */
export function moved(): UsageError {
  return new UsageError("Cannot go on: the books have changed meanwhile", {
    code: "moved",
    hint: "Somebody else runs migrations there; look with `aim status`, and run this again",
  });
}
