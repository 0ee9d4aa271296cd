/** Writing Prisma's folders. */

import type { RenderInput, SourceFile } from "../format.ts";
import { body, needsMarker, partsFor, withOwnTransactions, written } from "../rendering.ts";
import { prismaProvider } from "../transaction_mode.ts";
import { nextVersions, timestamp } from "../versions.ts";

const LOCK = "migration_lock.toml";

/** The next folder, with `down.sql` beside Prisma's own `migration.sql`, which it runs when it is told to; and the lock file, where there is none. */
export function renderPrisma(
  input: RenderInput,
  existing: readonly SourceFile[],
  now: Date,
): readonly SourceFile[] {
  const { dialect, lexicon } = input;
  const parts = partsFor("prisma", "Prisma Migrate", input);
  const versions = nextVersions({
    versions: existing.map(({ path }) => /^(\d+)_[^/]*\/migration\.sql$/.exec(path)?.[1])
      .filter((version) => version !== undefined),
    now,
    first: timestamp(now),
  }, parts.length);
  const files = parts.flatMap((part, index) => {
    const folder = `${versions[index]}_${part.name}`;
    const text = (direction: "up" | "down", header: readonly string[]) => {
      const statements = part[direction];
      const texts = needsMarker(statements, dialect)
        ? withOwnTransactions(statements, lexicon)
        : statements.map((statement) => written(statement, lexicon));
      return body(header, texts, { runner: "prisma", dialect });
    };
    const up = { path: `${folder}/migration.sql`, text: text("up", part.header) };
    if (part.down.length === 0) return [up];
    return [up, { path: `${folder}/down.sql`, text: text("down", part.header) }];
  });
  if (existing.some(({ path }) => path === LOCK)) return files;
  const lock =
    `# Prisma Migrate reads from this file which database the migrations are for\nprovider = "${
      prismaProvider(dialect)
    }"\n`;
  return [...files, { path: LOCK, text: lock }];
}
