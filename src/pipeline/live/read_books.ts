/** What the runner noted down in the live database, held against the files. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { JOURNAL } from "../../core/book_edit.ts";
import { UsageError } from "../../core/error.ts";
import type { FoundTable, LiveDatabase } from "../../engines/live.ts";
import type {
  Application,
  BookRow,
  Migration,
  Recorded,
  RunnerBooks,
} from "../../formats/format.ts";
import { FORMATS } from "../../formats/all.ts";
import { type JournalEntry, journalEntry, migrationOf, stoppedAt } from "../apply/journal.ts";
import type { Project } from "../project.ts";
import type { Sources } from "../sources.ts";
import { reached } from "./open_live.ts";

/** A migration as the database and the files have it. */
export interface MigrationStatus {
  readonly version: string;
  readonly name: string;
  /** The file of its UP, in the folder; null where there is none. */
  readonly file: string | null;
  readonly state:
    | "applied"
    | "pending"
    | "failed"
    | "edited"
    | "missing"
    | "out-of-order"
    | "baseline";
  /** What is wrong, and what the runner does about it; empty where nothing is. */
  readonly detail: string;
}

/** Whether it is the status of this migration: a file may hold several. */
export function isStatusOf({ version, file }: MigrationStatus, migration: Migration): boolean {
  return file === migration.up.file && version === migration.version;
}

/** The books, read. */
export interface ReadBooks {
  /** `public.goose_db_version`; null where there are none: nothing was applied. */
  readonly table: string | null;
  readonly migrations: readonly MigrationStatus[];
  /** Those that were applied, in the order of the history. */
  readonly applied: readonly Migration[];
  /** Other runners whose books stand there. */
  readonly others: readonly string[];
  readonly hasChecksums: boolean;
  /** Where they stand; null where there are none. */
  readonly found: FoundTable | null;
  readonly rows: readonly BookRow[];
  /** What `aim apply` left unfinished; null for nothing. */
  readonly journal: JournalEntry | null;
}

/** Reads them. Throws UsageError for a format that keeps none, SetupError for what the account may not read. */
export async function readBooks(
  project: Project,
  live: LiveDatabase,
  sources: Pick<Sources, "history" | "files">,
): Promise<ReadBooks> {
  const { format } = project;
  const { books } = format;
  if (books === undefined) {
    throw new UsageError(
      `Cannot tell what was applied: ${format.title} keeps no books that aim reads`,
      {
        code: "no-books",
        hint: "Set format to the runner that applies the migrations",
      },
    );
  }
  const known = FORMATS.flatMap((one) => one.books === undefined ? [] : formsOf(one.books));
  const found = await reached(() => live.find([...known, JOURNAL]));
  const form = formsOf(books).find((one) => found.some((table) => isOf(one, table))) ?? books;
  const mine = found.find((table) => isOf(form, table));
  const { migrations } = sources.history;
  const rows = mine === undefined
    ? []
    : (await reached(() => live.rows(mine, form))).map(books.capitals ? lowerNames : (row) => row);
  const recorded = books.read(rows, { migrations, files: sources.files });
  const compared = await compare(project, books, migrations, recorded);
  const journal = await journalOf(live, found);
  const stopped = journal === null ? null : migrationOf(journal, migrations, compared.applied);
  return {
    table: mine === undefined ? null : nameOf(mine),
    found: mine ?? null,
    rows,
    journal,
    applied: compared.applied,
    migrations: compared.migrations.map((one) =>
      journal !== null && stopped !== null && isStatusOf(one, stopped)
        ? unfinished(one, journal)
        : one
    ),
    others: FORMATS.filter((other) => {
      const theirs = other.books;
      return theirs !== undefined && other !== format && theirs.table !== mine?.table &&
        found.some((table) => table !== mine && formsOf(theirs).some((one) => isOf(one, table)));
    }).map(({ title }) => title),
    hasChecksums: books.checksums !== undefined,
  };
}

/** When what was applied and by whom, by the keys of the books; empty where they do not say. */
export async function readApplications(
  { format: { books } }: Project,
  live: LiveDatabase,
): Promise<ReadonlyMap<string, Application>> {
  const { applications } = books ?? {};
  if (books === undefined || applications === undefined) return new Map();
  const found = await reached(() => live.find([books]));
  const mine = found.find((table) => isOf(books, table));
  const { columns } = applications;
  if (mine === undefined || !columns.every((name) => mine.columns.includes(name))) return new Map();
  const rows = await reached(() => live.rows(mine, { columns, orderBy: books.orderBy }));
  return new Map(rows.flatMap((row) => {
    const application = applications.of(row);
    return application === null ? [] : [[application.key, application] as const];
  }));
}

async function journalOf(
  live: LiveDatabase,
  found: readonly FoundTable[],
): Promise<JournalEntry | null> {
  const table = found.find((one) =>
    one.table === JOURNAL.table && JOURNAL.columns.every((name) => one.columns.includes(name))
  );
  return table === undefined ? null : journalEntry(await reached(() => live.rows(table, JOURNAL)));
}

/** The state of the one that the journal is of. */
function unfinished(
  status: MigrationStatus,
  journal: JournalEntry,
): MigrationStatus {
  const { direction, back } = journal;
  const stopped = `${direction === "down" ? "its DOWN " : ""}${stoppedAt(journal)}`;
  const wayBack = back === null ? "" : `, and the way back after its statement ${back}`;
  return { ...status, state: "failed", detail: stopped + wayBack };
}

/** The books under the names that they may have. */
function formsOf(books: RunnerBooks): readonly RunnerBooks[] {
  if (books.capitals !== true) return [books];
  const upper = (names: readonly string[]) => names.map((name) => name.toUpperCase());
  const { table, columns, orderBy } = books;
  const capital = { table: table.toUpperCase(), columns: upper(columns), orderBy: upper(orderBy) };
  return [books, { ...books, ...capital }];
}

function lowerNames(row: BookRow): BookRow {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

/** Whether a table is of this runner: another may use the same name. */
export function isOf(books: RunnerBooks, { table, schema, columns }: FoundTable): boolean {
  if (table !== books.table) return false;
  if (schema !== null && books.schema !== undefined && schema !== books.schema) return false;
  const has = (name: string) => columns.includes(name);
  return [...books.columns, ...books.bytes ?? []].every(has) && !(books.foreign ?? []).some(has);
}

function nameOf({ table, schema, beside }: FoundTable): string {
  if (beside !== undefined) return `${beside}: ${table}`;
  return schema === null ? table : `${schema}.${table}`;
}

async function compare(
  project: Project,
  books: RunnerBooks,
  migrations: readonly Migration[],
  recorded: readonly Recorded[],
): Promise<Pick<ReadBooks, "migrations" | "applied">> {
  const byKey = new Map(recorded.map((one) => [one.key, one]));
  const names = new Map<string, number>();
  const keyed = migrations.map((migration) => {
    const earlier = names.get(migration.name) ?? 0;
    names.set(migration.name, earlier + 1);
    return { migration, key: books.keyOf(migration, earlier) };
  });
  const last = keyed.findLastIndex(({ migration, key }) =>
    migration.version !== "" && byKey.has(key)
  );
  const statuses: MigrationStatus[] = [];
  const applied: Migration[] = [];
  for (const [at, { migration, key }] of keyed.entries()) {
    const record = byKey.get(key);
    const { version, name, up: { file } } = migration;
    const said = record === undefined
      ? waiting(books, at < last && version !== "")
      : await judged(project, { books, migration, record });
    if (record !== undefined && record.state !== "failed") applied.push(migration);
    statuses.push({ version, name, file, ...said });
  }
  const keys = new Set(keyed.map(({ key }) => key));
  for (const { key, name, state } of recorded) {
    if (keys.has(key)) continue;
    statuses.push({
      version: key,
      name,
      file: null,
      state: state === "failed" ? "failed" : "missing",
      detail: "it is in the books, and there is no such file",
    });
  }
  return { migrations: statuses, applied };
}

function waiting(
  { late }: RunnerBooks,
  isLate: boolean,
): Pick<MigrationStatus, "state" | "detail"> {
  if (!isLate) return { state: "pending", detail: "" };
  const does = {
    runs: "the runner runs it with the next ones",
    refuses: "the runner refuses to run it",
    skips: "the runner never runs it, and says nothing",
  };
  return { state: "out-of-order", detail: `a later one was applied: ${does[late]}` };
}

interface Judged {
  readonly books: RunnerBooks;
  readonly migration: Migration;
  readonly record: Recorded;
}

async function judged(
  { config }: Project,
  { books, migration, record }: Judged,
): Promise<Pick<MigrationStatus, "state" | "detail">> {
  if (record.state === "failed") {
    return { state: "failed", detail: "it was begun and did not come through" };
  }
  const { checksum } = record;
  if (books.checksums === undefined || checksum === null) {
    return { state: record.state, detail: "" };
  }
  const bytes = await readFile(join(config.migrations, migration.up.file));
  const expected = books.checksums({ migration, bytes });
  if (expected === null || expected.includes(checksum)) {
    return { state: record.state, detail: "" };
  }
  return migration.version === ""
    ? { state: "pending", detail: "it has changed: the runner runs it again" }
    : { state: "edited", detail: "its file is not what was applied" };
}
