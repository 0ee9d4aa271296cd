/** Writing Atlas' files. */

import { UsageError } from "../../core/error.ts";
import type { RenderInput, SourceFile } from "../format.ts";
import { body, needsMarker, partsFor, withOwnTransactions, written } from "../rendering.ts";
import { nextVersions, timestamp } from "../versions.ts";
import { isAtlasFile } from "./read.ts";
import { atlasSum, isStale, SUM_FILE } from "./sum.ts";

/** The next files, and `atlas.sum` with them. Throws UsageError where it did not fit before, since that would be hidden. */
export function renderAtlas(
  input: RenderInput,
  existing: readonly SourceFile[],
  now: Date,
): readonly SourceFile[] {
  const { dialect, lexicon } = input;
  if (isStale(existing)) {
    throw new UsageError(
      `Cannot write a migration: ${SUM_FILE} does not fit the files that are there`,
      {
        code: "migration-format",
        hint: "See what was changed; atlas migrate hash seals the files as they are",
      },
    );
  }
  const parts = partsFor("atlas", "Atlas", input);
  const own = existing.filter(({ path }) => isAtlasFile(path));
  const versions = nextVersions({
    versions: own.map(({ path }) => /^\d+/.exec(path)?.[0]).filter((one) => one !== undefined),
    now,
    first: timestamp(now),
  }, parts.length);
  const files = parts.map((part, index) => {
    const apart = needsMarker(part.up, dialect);
    const texts = apart
      ? withOwnTransactions(part.up, lexicon)
      : part.up.map((statement) => written(statement, lexicon));
    const header = part.header.map((line) => line.replaceAll("atlas:", "atlas "));
    const text = body(header, texts, { runner: "atlas", dialect });
    return {
      path: `${versions[index]}_${part.name}.sql`,
      text: apart ? `-- atlas:txmode none\n\n${text}` : text,
    };
  });
  const former = existing.find(({ path }) => path === SUM_FILE);
  const before = former?.replaces ?? former?.text;
  const sum = { path: SUM_FILE, text: atlasSum([...own, ...files]) };
  return [...files, before === undefined ? sum : { ...sum, replaces: before }];
}
