/** Reading Liquibase's changelogs. */

import type { History, Migration, ReadOptions, SourceFile } from "../format.ts";
import { refusal } from "../format_error.ts";
import { withScripts } from "../programs.ts";
import { compareText } from "../versions.ts";
import { firstChangelog, readChangelog } from "./changelog.ts";
import { type Changeset, changesetScript } from "./changeset.ts";
import { isFormattedSql } from "./formatted.ts";

/**
 * The changesets, in the order in which their files are included, else of their files' names. Throws UsageError for what aim does not
 * know to translate and for parameters without a value.
 */
export function parseLiquibase(files: readonly SourceFile[], options: ReadOptions): History {
  const root = firstChangelog(files);
  const first = root === null
    ? files.filter(isFormattedSql).sort((a, b) => compareText(a.path, b.path))
    : [root];
  const read = readChangelog(first, files, options.dialect);
  const notes = [
    ...files.filter((file) => isFormattedSql(file) && !read.files.has(file))
      .map(({ path }) => `${path} is included nowhere and is left out`),
    ...conditionNotes(read.conditional),
  ];
  const seen = new Set<string>();
  const migrations = read.changesets.map((one) => {
    const key = `${one.file.path} ${one.author}:${one.id}`;
    if (seen.has(key)) {
      throw refusal(
        `Cannot tell two changesets apart: both are ${one.author}:${one.id}`,
        one.file,
        one.start,
        "Liquibase knows a changeset by its author, id and file; give one another id",
      );
    }
    seen.add(key);
    return migrationOf(one, options);
  });
  return { migrations, notes };
}

/** The most changesets that a note names. */
const MOST_NAMES = 5;

function conditionNotes(names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  const shown = names.slice(0, MOST_NAMES).join(", ") +
    (names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : "");
  return [`Preconditions are taken as met: ${shown}`];
}

function migrationOf(one: Changeset, options: ReadOptions): Migration {
  const named = { version: `${one.author}:${one.id}`, name: "", files: [one.file.path] };
  return withScripts(named, options, () => {
    const down = one.down();
    return {
      up: changesetScript(one.up(), one, options),
      down: down === null ? null : changesetScript(down, one, options),
    };
  });
}
