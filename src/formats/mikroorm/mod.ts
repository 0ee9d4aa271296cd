/** MikroORM: `Migration<timestamp>_<name>.ts` with a class of that name. */

import { namesBooks } from "../code_books.ts";
import type { MigrationFormat } from "../format.ts";
import { isMikroormFile, parseMikroorm } from "./read.ts";
import { isSnapshot } from "./snapshot.ts";
import { renderMikroorm } from "./write.ts";

/** MikroORM's migrations whose statements are texts. */
export const mikroorm: MigrationFormat = {
  name: "mikroorm",
  title: "MikroORM",
  writes: true,
  wants: (path) => isMikroormFile(path) || isSnapshot(path),
  isState: isSnapshot,
  recognises(files) {
    const own = files.filter(({ path, text }) =>
      isMikroormFile(path) && /@mikro-orm\/|\bextends\s+Migration\b/.test(text)
    );
    const theirs = files.filter(({ path }) => !isSnapshot(path));
    return own.length / Math.max(theirs.length, 1);
  },
  parse: parseMikroorm,
  render: renderMikroorm,
  books: namesBooks({
    table: "mikro_orm_migrations",
    columns: ["name", "executed_at"],
    orderBy: ["id"],
  }, {
    late: "runs",
    nameOf: ({ up }) => up.file.replace(/\.\w+$/, ""),
    row: (name) => ({ name }),
  }),
  replays: () => ({
    command: ["npx", "--no-install", "mikro-orm", "migration:up", "--to", "{name}"],
    // The snapshot in the folder is that of the last migration, and not of those that are applied here.
    env: { MIKRO_ORM_CLIENT_URL: "{url}", MIKRO_ORM_MIGRATIONS_SNAPSHOT_ON_MIGRATE: "false" },
  }),
  apply: () => "mikro-orm migration:up",
};
