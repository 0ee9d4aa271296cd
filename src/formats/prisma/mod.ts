/** Prisma Migrate: `<timestamp>_<name>/migration.sql`; only read, because Prisma's own engine writes it from its schema. */

import { UsageError } from "../../core/error.ts";
import type { History, Migration, MigrationFormat, ReadOptions, SourceFile } from "../format.ts";
import { refuseTemplate } from "../templates.ts";
import { sentBy, unmarked } from "../transaction_mode.ts";
import { compareText } from "../versions.ts";

/** Prisma's folders. */
export const prisma: MigrationFormat = {
  name: "prisma",
  title: "Prisma Migrate",
  writes: false,
  readOnly:
    "Prisma keeps its own schema file and has no DOWN; set format to the runner that is to apply the migration",
  wants: (path) => /^[^/]+\/(?:migration|down)\.sql$/.test(path) || path === "migration_lock.toml",
  recognises(files) {
    const own = files.filter((file) => prisma.wants(file.path));
    if (!own.some((file) => file.path.endsWith("/migration.sql"))) return 0;
    const locked = own.some((file) => file.path === "migration_lock.toml");
    return (locked ? 1 : 0.95) * own.length / files.length;
  },
  parse: parsePrisma,
  render() {
    throw new UsageError('Cannot write migrations in the format "prisma"', {
      hint: prisma.readOnly,
    });
  },
  apply: () => "prisma migrate deploy",
};

function parsePrisma(files: readonly SourceFile[], { dialect, lexicon }: ReadOptions): History {
  const downs = new Map(
    files.filter((file) => file.path.endsWith("/down.sql")).map((file) => [file.path, file]),
  );
  const sent = { transaction: unmarked("prisma", dialect), ...sentBy("prisma", dialect) };
  const migrations = files.filter((file) => file.path.endsWith("/migration.sql"))
    .sort((a, b) => compareText(folderOf(a.path), folderOf(b.path)))
    .map((file): Migration => {
      refuseTemplate(file, lexicon);
      const folder = folderOf(file.path);
      const down = downs.get(`${folder}/down.sql`);
      const [, version = folder, name = folder] = /^(\d+)_(.*)$/.exec(folder) ?? [];
      return {
        version,
        name,
        up: { file: file.path, text: file.text, ...sent },
        down: down === undefined ? null : { file: down.path, text: down.text, ...sent },
        files: down === undefined ? [file.path] : [file.path, down.path],
      };
    });
  return { migrations, notes: [] };
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}
