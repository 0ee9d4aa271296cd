/** Knex: `<timestamp>_<name>.js` or `.ts` with the functions `up` and `down`. */

import { namesBooks } from "../code_books.ts";
import type { MigrationFormat } from "../format.ts";
import { isKnexFile, parseKnex } from "./read.ts";
import { renderKnex } from "./write.ts";

/** Knex's migrations whose statements are texts. */
export const knex: MigrationFormat = {
  name: "knex",
  title: "Knex",
  writes: true,
  wants: isKnexFile,
  recognises(files) {
    const own = files.filter(({ path, text }) =>
      isKnexFile(path) && /\bup\b/.test(text) && /\bknex\b/i.test(text)
    );
    return own.length / Math.max(files.length, 1);
  },
  parse: parseKnex,
  render: renderKnex,
  books: namesBooks({ table: "knex_migrations", columns: ["name", "batch"], orderBy: ["id"] }, {
    late: "runs",
    row: (name, now) => ({ name, batch: 1n, migration_time: now.toISOString() }),
  }),
  replays: () => ({ command: ["npx", "--no-install", "knex", "migrate:up", "{each}"] }),
  apply: () => "knex migrate:latest",
};
