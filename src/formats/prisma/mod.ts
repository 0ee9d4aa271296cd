/** Prisma Migrate: `<timestamp>_<name>/migration.sql`. */

import { books } from "./books.ts";
import type { MigrationFormat } from "../format.ts";
import { parsePrisma } from "./read.ts";
import { renderPrisma } from "./write.ts";

/** Prisma's folders. */
export const prisma: MigrationFormat = {
  name: "prisma",
  title: "Prisma Migrate",
  writes: true,
  wants: (path) => /^[^/]+\/(?:migration|down)\.sql$/.test(path) || path === "migration_lock.toml",
  recognises(files) {
    const own = files.filter((file) => prisma.wants(file.path));
    if (!own.some((file) => file.path.endsWith("/migration.sql"))) return 0;
    const locked = own.some((file) => file.path === "migration_lock.toml");
    return (locked ? 1 : 0.95) * own.length / files.length;
  },
  parse: parsePrisma,
  render: renderPrisma,
  books,
  apply: () => "prisma migrate deploy",
};
