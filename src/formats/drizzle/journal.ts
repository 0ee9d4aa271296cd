/** The journal of drizzle-kit before 1.0: which files there are, in which order. */

import type { Migration, SourceFile } from "../format.ts";
import { fileRefusal } from "../format_error.ts";

/** Where it stands. */
export const JOURNAL = "meta/_journal.json";

/** What a file of migrations is cut at. */
export const BREAKPOINT = "--> statement-breakpoint";

/** One migration. */
export interface JournalEntry {
  readonly idx: number;
  /** Milliseconds; what the runner records and orders by. */
  readonly when: number;
  /** The file's name without `.sql`. */
  readonly tag: string;
}

/** The journal as it is written, and its entries. */
export interface Journal {
  readonly raw: Readonly<Record<string, unknown>>;
  readonly entries: readonly JournalEntry[];
}

/** Reads the journal; null where there is none. Throws UsageError for one that is not JSON or not of that shape. */
export function readJournal(files: readonly SourceFile[]): Journal | null {
  const file = files.find(({ path }) => path === JOURNAL);
  if (file === undefined) return null;
  const raw = parsed(file);
  const list = raw?.["entries"];
  const entries = Array.isArray(list) ? list.map(entryOf) : [];
  if (raw === null || !Array.isArray(list) || entries.some((entry) => entry === null)) {
    throw fileRefusal(
      `Cannot read "${JOURNAL}": it is no journal of drizzle-kit`,
      JOURNAL,
      'It is JSON with "entries", each of which has idx, when and tag',
    );
  }
  return { raw, entries: entries.filter((entry) => entry !== null) };
}

function parsed(file: SourceFile): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(file.text);
    return typeof value === "object" && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}

function entryOf(value: unknown): JournalEntry | null {
  if (typeof value !== "object" || value === null) return null;
  const { idx, when, tag } = value as Record<string, unknown>;
  if (!Number.isSafeInteger(idx) || !Number.isSafeInteger(when) || typeof tag !== "string") {
    return null;
  }
  return /^[^/\\]+$/.test(tag) ? { idx: Number(idx), when: Number(when), tag } : null;
}

/** The files without some migrations, and the journal without their entries. */
export function withoutEntries(
  files: readonly SourceFile[],
  migrations: readonly Migration[],
): readonly SourceFile[] {
  const gone = new Set(migrations.flatMap((migration) => migration.files));
  const journal = readJournal(files);
  return files.filter(({ path }) => !gone.has(path)).map((file) => {
    if (file.path !== JOURNAL || journal === null) return file;
    const list = journal.raw["entries"];
    const entries = (Array.isArray(list) ? list : []).filter((_, index) =>
      !gone.has(`${journal.entries[index]?.tag}.sql`)
    );
    const text = `${JSON.stringify({ ...journal.raw, entries }, null, 2)}\n`;
    return { path: JOURNAL, text, replaces: file.text };
  });
}
