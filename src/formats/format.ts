/** A migration runner's layout on disk. Pure: files in, files out. */

import type { BookEdit, BookValues, LockKey } from "../core/book_edit.ts";
import type { UsageError } from "../core/error.ts";
import type { Draft } from "../core/plan.ts";
import type { FlywaySettings } from "./flyway/settings.ts";
import type { Lexicon } from "../sql/lexicon.ts";

/** One file of a migrations folder; `path` is relative to that folder with `/`. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  /** Where `text` is not the file's own: what included files were put in for. */
  readonly edits?: readonly Edit[];
  /** Of a file to write: the text that it replaces, where it does more than go on behind it. */
  readonly replaces?: string;
}

/** One direction of a migration as the runner would send it. */
export interface Script {
  readonly file: string;
  /** The SQL with everything that is the runner's own (markers) blanked out but not removed, so that offsets and lines are those of the file. */
  readonly text: string;
  /** `one`: in one transaction. `none`: a statement at a time without one. `auto`: in one unless it holds a statement that cannot be. */
  readonly transaction: "one" | "none" | "auto";
  /** True when the server gets it in one piece, and reads all of it before it runs any. */
  readonly whole?: true;
  /** True when the next file of a run is sent in the session that this one leaves. */
  readonly keepsSession?: true;
  /** What only psql understands and this runner sends to the server as it stands; absent where psql, or what knows it as well, runs the script. */
  readonly refuses?: readonly ("commands" | "copy-data")[];
  /** Ranges of `text`, in UTF-16 units, that are one statement whatever is inside (goose StatementBegin/End). */
  readonly blocks?: readonly { readonly start: number; readonly end: number }[];
  /** Where `text` is not the file's own: what psql's variables and files were replaced by. In order; `placeIn` uses them. */
  readonly edits?: readonly Edit[];
}

/** A range of a script's text that stands for `was` units of its file. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly was: number;
  /** Line breaks in the file's range; `was` counts what stands behind the last of them. None when absent. */
  readonly breaks?: number;
  /** The file that the range is the text of; absent for a value. */
  readonly of?: SourceFile;
}

/** One migration of a history. */
export interface Migration {
  /** As the runner records it: `000001`, `20240102030405`, `1.2`, a sqitch change name; empty for a repeatable one. */
  readonly version: string;
  /** Without version, direction and extension: `add_email`. */
  readonly name: string;
  readonly up: Script;
  /** Null when the history has none. */
  readonly down: Script | null;
  /** All paths that belong to it. */
  readonly files: readonly string[];
  /** Names of tables and columns of which an answer in its own files says that no rows are in the way; none when absent. */
  readonly assumed?: readonly string[];
  /** Why aim reads no SQL in its program; its scripts say nothing then. Only with `keepsPrograms`. */
  readonly unread?: UsageError;
  /** True where the runner's own tool applied it: the scripts of the last of these give what all of them left. */
  readonly isReplayed?: true;
}

/** How a folder is read. */
export interface ReadOptions {
  /** Decides how the runner's driver treats transactions, and which files are meant where a folder serves several. */
  readonly dialect: string;
  /** The tokens of that dialect. */
  readonly lexicon: Lexicon;
  /** What the runner is configured with, as far as scripts depend on it; the runner's own when absent. */
  readonly settings?: RunnerSettings;
  /** Migrations whose programs cannot be read are kept without scripts (`unread`), and not refused. */
  readonly keepsPrograms?: true;
}

/** What runners are configured with. */
export interface RunnerSettings {
  readonly flyway: FlywaySettings;
  /** Values of the variables that goose fills in. */
  readonly gooseEnv: Readonly<Record<string, string>>;
}

/** What a format needs to write one migration. */
export interface RenderInput {
  readonly draft: Draft;
  /** Comment lines, without the comment sign, for the top of the file. */
  readonly header: readonly string[];
  readonly dialect: string;
  /** The tokens of that dialect. */
  readonly lexicon: Lexicon;
  /** Changes or tags that sqitch is to note as required; none when absent. */
  readonly requires?: readonly string[];
  /** The folder that the files go into, as the settings name it, where names come from it (Django's app). */
  readonly folder?: string;
  /** What the runner's own tool says of the models, in JSON, for formats that keep that; absent where it is not known. */
  readonly state?: string;
  /** Who plans it, where the runner's files say so (sqitch); found in the environment when absent. */
  readonly author?: { readonly name: string; readonly email: string };
}

/** A folder as a branch has it, and as the branch that it is to be put on. */
export interface Branch {
  readonly ours: readonly SourceFile[];
  readonly theirs: readonly SourceFile[];
  /** The new migrations of `ours`, in order. */
  readonly own: readonly Migration[];
}

/** New migrations put on another branch. */
export interface Rebased {
  /** All files. */
  readonly files: readonly SourceFile[];
  /** New paths of files by the old ones, where they differ. */
  readonly moved: ReadonlyMap<string, string>;
}

/** What was read from a folder. */
export interface History {
  /** In the order in which the runner applies them. */
  readonly migrations: readonly Migration[];
  /** Things that are odd but legal: a missing down file, an unknown file that was left out. */
  readonly notes: readonly string[];
}

/** A row of a runner's books, values as text; null where there is none. */
export type BookRow = Readonly<Record<string, string | null>>;

/** What a runner noted down of one migration. */
export interface Recorded {
  /** As `RunnerBooks.keyOf` says it of the migration that is meant. */
  readonly key: string;
  /** For people, where no file is left. */
  readonly name: string;
  readonly state: "applied" | "failed" | "baseline";
  /** Of its file, as it was when it was applied; null where none was noted. */
  readonly checksum: string | null;
}

/** A migration with the bytes of its files, as they are on disk. */
export interface BookedMigration {
  readonly migration: Migration;
  /** Of the UP file. */
  readonly bytes: Uint8Array;
}

/** What is asked of the books. */
export interface BooksHistory {
  readonly migrations: readonly Migration[];
  readonly files: readonly SourceFile[];
}

/** How a migration is called applied that is not run. */
export type Mark =
  | { readonly command: string }
  /** A row for the books: values as SQL, by column; `bytes` are hexadecimal digits. */
  | {
    readonly row: Readonly<Record<string, string | bigint | boolean>>;
    readonly bytes?: Readonly<Record<string, string>>;
    /** Rows that the runner expects before it. */
    readonly first?: readonly Readonly<Record<string, string | bigint | boolean>>[];
  };

/** What a mark depends on besides its migration. */
export interface MarkOptions {
  /** Of the migrations, as it is shown. */
  readonly folder: string;
  readonly now: Date;
}

/** When a migration was applied, and by whom, as the runner noted it down. */
export interface Application {
  /** As `RunnerBooks.keyOf` says it. */
  readonly key: string;
  /** As the database writes it. */
  readonly at: string | null;
  readonly by: string | null;
}

/** The books that a runner keeps in the database itself. Pure: rows in, words out. */
export interface RunnerBooks {
  readonly table: string;
  /** The only schema (namespace) that it stands in; any when absent. */
  readonly schema?: string;
  /** The file beside a database that is a file, in which it stands. */
  readonly beside?: string;
  /** Columns that are read. A table without one of them is another runner's. */
  readonly columns: readonly string[];
  /** True where servers that do not fold names have the table and its columns in capital letters. */
  readonly capitals?: true;
  /** Columns of bytes, read as hexadecimal digits in small letters. */
  readonly bytes?: readonly string[];
  /** Columns that only another runner's table of the same name has. */
  readonly foreign?: readonly string[];
  readonly orderBy: readonly string[];
  /** Columns that say when a migration was applied, and by whom, and what a row of them says; absent where none is kept. */
  readonly applications?: {
    readonly columns: readonly string[];
    of(row: BookRow): Application | null;
  };
  /** How a row names a migration; `earlier` are those before it that have the same name. */
  keyOf(migration: Migration, earlier: number): string;
  /** What the rows say, oldest first. */
  read(rows: readonly BookRow[], history: BooksHistory): readonly Recorded[];
  /** The checksums that the runner would take for a file, null where aim cannot tell; absent where it notes none. */
  readonly checksums?: (booked: BookedMigration) => readonly string[] | null;
  /** What it does about a pending migration that sorts before an applied one. */
  readonly late: "runs" | "refuses" | "skips";
  /** How the first migration of a history is called applied. */
  mark(booked: BookedMigration, options: MarkOptions): Mark;
  /** How they are kept when aim runs migrations in the runner's place; absent where it does not. */
  readonly keep?: BookKeeping;
}

/** What the books say once a migration was run. */
export interface BookEntry extends BookedMigration {
  /** The migration before it in the history; null for the first. */
  readonly previous: Migration | null;
  readonly files: readonly SourceFile[];
  /** The rows that are there. */
  readonly rows: readonly BookRow[];
  /** The rows that were there when the run began. */
  readonly earlier: readonly BookRow[];
  /** Of the table. */
  readonly columns: readonly string[];
  /** Of the session. */
  readonly account: string;
  /** How long it took. */
  readonly ms: number;
  readonly now: Date;
}

/** How a runner writes its books, row for row. */
export interface BookKeeping {
  /** Rows that new books begin with. */
  first?(files: readonly SourceFile[]): readonly BookEdit[];
  /** True where books without any row are given those as well. */
  readonly refills?: true;
  /** Why aim cannot keep the books as they are; null where it can. */
  refuses?(found: FoundBooks): { readonly message: string; readonly hint: string } | null;
  /** The lock that the runner holds while it works; absent where it takes none. */
  lock?(place: LockPlace): LockKey;
  /** The row by which the runner keeps others out; absent where it has none. */
  readonly rowLock?: RowLock;
  /** What stands there while a script runs that is not one transaction with them; nothing when absent. */
  begun?(entry: BookEntry, direction: "up" | "down"): readonly BookEdit[];
  /** What removes the rows of a run that failed; where it is absent, `applied` and `reverted` do. */
  forget?(entry: BookEntry): readonly BookEdit[];
  /** After UP. */
  applied(entry: BookEntry): readonly BookEdit[];
  /** After DOWN. */
  reverted(entry: BookEntry): readonly BookEdit[];
}

/** The books as they are before a run. */
export interface FoundBooks {
  readonly rows: readonly BookRow[];
  /** Of the table; none where there is no table. */
  readonly columns: readonly string[];
  readonly files: readonly SourceFile[];
}

/** A row that says whether somebody works. It stays as it is when a run is killed. */
export interface RowLock {
  readonly table: string;
  /** The row while nobody has it. */
  readonly free: BookValues;
  /** The row while aim has it, beside what `own` says. */
  taken(now: Date): BookValues;
  /** What tells that aim has it. */
  readonly own: BookValues;
  /** What the runner's own command for a row that was left is. */
  readonly release: string;
}

/** What the name of a lock is made of. */
export interface LockPlace {
  readonly database: string;
  /** The schema (namespace) of the books; null where there are none. */
  readonly schema: string | null;
  readonly table: string;
}

/** What the command of a tool depends on. */
export interface ReplayPlace {
  /** Of the migrations, as the settings name it. */
  readonly folder: string;
  readonly files: readonly SourceFile[];
  readonly dialect: string;
}

/** A tool's own command, as `[history]` of the settings takes it. */
export interface ReplayCommand {
  /** Words, or a text for the shell, with the placeholders of `history.command`. */
  readonly command: string | readonly string[];
  /** Variables, with the parts of the address of the database. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The contract of a migration runner: one file and one line in `mod.ts`. */
export interface MigrationFormat {
  readonly name: string;
  /** The runner's home, in words, for help: `golang-migrate`. */
  readonly title: string;
  /** False for those that are only read. */
  readonly writes: boolean;
  /** What to do about it that it is only read; absent for those that are written. */
  readonly readOnly?: string;
  /** True for a runner that has no DOWN at all. */
  readonly forwardOnly?: true;
  /** Which of a folder's files it wants to see, so that nothing else is read. */
  wants(path: string): boolean;
  /** Of these, files that say what the models are behind all migrations, and belong to none: a rebase leaves them as they are. */
  isState?(path: string): boolean;
  /** Further files, by path in the folder, that the ones already read name (psql: included files, data read by `cat`). */
  refersTo?(files: readonly SourceFile[]): readonly string[];
  /** Names of the runner's own settings files, weakest first; absent where scripts do not depend on them. */
  readonly settingsFiles?: readonly string[];
  /** How sure it is that a folder of these paths is its own, from 0 to 1. */
  recognises(files: readonly SourceFile[]): number;
  /** Reads a folder. Throws UsageError, naming file and line, for what cannot be replayed (Go or Java migrations, templates, duplicate versions). */
  parse(files: readonly SourceFile[], options: ReadOptions): History;
  /** The files without some migrations; those that are theirs are left out when absent (sqitch: the lines of the plan as well). */
  without?(files: readonly SourceFile[], migrations: readonly Migration[]): readonly SourceFile[];
  /**
   * The files of a branch after those of another: new migrations with a place behind all of the other's. By another version in
   * their paths when absent (sqitch: the lines of the plan at its end).
   */
  rebase?(branch: Branch): Rebased;
  /** Why another version in its path is not enough for a file of this format, and what to do; absent where it is. */
  readonly notRebased?: string;
  /** The files to add or replace (sqitch.plan, a journal) for the next migration. Throws UsageError when the format cannot say it. */
  render(input: RenderInput, existing: readonly SourceFile[], now: Date): readonly SourceFile[];
  /** The books that the runner keeps in the database; absent where it keeps none, or they are not read. */
  readonly books?: RunnerBooks;
  /** How the tool applies migrations that aim cannot read; absent for runners of SQL alone. */
  replays?(place: ReplayPlace): ReplayCommand;
  /** True where migrations may branch, so that some of them may have several ends. */
  readonly branches?: true;
  /** The command that applies it, for the last line of the report: `migrate -path migrations up`. */
  apply(folder: string): string;
}
