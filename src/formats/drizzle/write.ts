/** Writing Drizzle's migrations. */

import { UsageError } from "../../core/error.ts";
import type { RenderInput, SourceFile } from "../format.ts";
import { comments, partsFor, written } from "../rendering.ts";
import { drizzleDialect } from "../transaction_mode.ts";
import { nextVersions, timestamp } from "../versions.ts";
import { BREAKPOINT, JOURNAL, readJournal } from "./journal.ts";
import { isFolderFile } from "./read.ts";
import { isFolderState, nextSnapshot, snapshotOf } from "./snapshot.ts";

/** The next file and the journal with it; or the next folder, where the others are folders. With what drizzle-kit says of the models, its snapshot. */
export function renderDrizzle(
  input: RenderInput,
  existing: readonly SourceFile[],
  now: Date,
): readonly SourceFile[] {
  const [part] = partsFor("drizzle", "Drizzle", input);
  if (part === undefined) return [];
  const text = textOf(part.header, part.up, input);
  const { state } = input;
  const snapshot = (path: string) =>
    state === undefined ? [] : [nextSnapshot(state, path, existing)];
  const journal = readJournal(existing);
  const hasFolders = existing.some(({ path }) => isFolderFile(path));
  if (hasFolders || journal === null && state !== undefined && isFolderState(state)) {
    const [version = ""] = nextVersions({
      versions: existing.map(({ path }) => /^(\d+)[^/]*\//.exec(path)?.[1])
        .filter((one) => one !== undefined),
      now,
      first: timestamp(now),
    }, 1);
    const folder = `${version}_${part.name}`;
    return [{ path: `${folder}/migration.sql`, text }, ...snapshot(`${folder}/snapshot.json`)];
  }
  const entries = journal?.entries ?? [];
  const last = entries.at(-1);
  const [number = ""] = nextVersions({
    versions: entries.map(({ tag }) => /^\d+/.exec(tag)?.[0]).filter((one) => one !== undefined),
    now,
    first: "0000",
  }, 1);
  const tag = `${number}_${part.name}`;
  const base = drizzleDialect(input.dialect);
  const latest = Math.max(0, ...entries.map(({ when }) => when));
  const entry = {
    idx: (last?.idx ?? -1) + 1,
    version: String(base.version),
    when: Math.max(now.getTime(), latest + 1),
    tag,
    breakpoints: true,
  };
  const raw = journal?.raw ?? { version: "7", dialect: base.dialect };
  const known = Array.isArray(raw["entries"]) ? raw["entries"] : [];
  const former = existing.find(({ path }) => path === JOURNAL);
  const before = former?.replaces ?? former?.text;
  const written = {
    path: JOURNAL,
    text: `${JSON.stringify({ ...raw, entries: [...known, entry] }, null, 2)}\n`,
  };
  return [
    { path: `${tag}.sql`, text },
    before === undefined ? written : { ...written, replaces: before },
    ...snapshot(snapshotOf(tag)),
  ];
}

/** Each statement by itself. Throws UsageError for one that drizzle would cut. */
function textOf(
  header: readonly string[],
  statements: RenderInput["draft"]["up"],
  { lexicon }: RenderInput,
): string {
  const texts = statements.map((statement) => {
    if (!statement.sql.includes(BREAKPOINT)) return written(statement, lexicon);
    throw new UsageError(
      `Cannot write a statement for Drizzle: it holds "${BREAKPOINT}", at which Drizzle cuts a file`,
      { code: "migration-format", hint: "Change that text in schema.sql" },
    );
  });
  const safe = header.map((line) => line.replaceAll(BREAKPOINT, "- statement-breakpoint"));
  const top = comments(safe);
  return `${top}${texts.length === 0 ? "SELECT 1;" : texts.join(`\n${BREAKPOINT}\n`)}\n`;
}
