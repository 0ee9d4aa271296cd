/** Prisma Migrate: `<timestamp>_<name>/migration.sql`; only read, because Prisma's own engine writes it from its schema. */

import { books } from "./books.ts";
import { UsageError } from "../../core/error.ts";
import type { MigrationFormat } from "../format.ts";
import { parsePrisma } from "./read.ts";

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
  books,
  apply: () => "prisma migrate deploy",
};
