/** `aim status`: what of the migrations the live database has. */

import { note, type Project } from "../project.ts";
import { readHistoryAlone } from "../sources.ts";
import { type LiveAddress, openLive } from "./open_live.ts";
import { type MigrationStatus, type ReadBooks, readBooks } from "./read_books.ts";

/** What was found. */
export interface StatusOutcome {
  /** `wrong`: something besides pending migrations. */
  readonly outcome: "applied" | "pending" | "wrong";
  /** Without user and password. */
  readonly database: string;
  readonly version: string;
  /** The runner's books; null where there are none. */
  readonly books: string | null;
  readonly migrations: readonly MigrationStatus[];
  /** The runner's command for what is pending, or aim's for one that failed; null where there is none. */
  readonly next: string | null;
  readonly notes: readonly string[];
}

/** Reads the runner's books and holds them against the files. */
export async function status(project: Project, address: LiveAddress): Promise<StatusOutcome> {
  const sources = await readHistoryAlone(project);
  await using opened = await openLive(project, address);
  const { live } = opened;
  const read = await readBooks(project, live, sources);
  const { title } = project.format;
  if (read.table === null) {
    note(project, `There are no books of ${title}: nothing counts as applied`);
  } else if (!read.hasChecksums) {
    note(project, `${title} notes down no checksums: a file that was edited since is not seen`);
  }
  for (const other of read.others) note(project, `There are books of ${other} as well`);
  const states = new Set(read.migrations.map(({ state }) => state));
  const isWrong = (["failed", "edited", "missing", "out-of-order"] as const)
    .some((state) => states.has(state));
  const isPending = states.has("pending");
  return {
    outcome: isWrong ? "wrong" : isPending ? "pending" : "applied",
    database: live.shown,
    version: live.version,
    books: read.table,
    migrations: read.migrations,
    next: nextOf(project, read),
    notes: [...project.notes],
  };
}

/** What comes next: of one that failed aim finds out where it stopped, and the runner must not run it from its beginning. */
function nextOf({ format, config }: Project, { migrations, journal }: ReadBooks): string | null {
  const states = new Set(migrations.map(({ state }) => state));
  if (journal !== null && journal.back !== null) return "aim apply --recover --back";
  if (journal !== null || states.has("failed") && format.books?.keep !== undefined) {
    return "aim apply --recover; or aim apply --recover --back, which takes back what is there";
  }
  return states.has("pending") && !states.has("failed") ? format.apply(config.migrations) : null;
}
