/** Knex: `<timestamp>_<name>.js` or `.ts` with the functions `up` and `down`. */

import { fileName, namesBooks } from "../code_books.ts";
import type { MigrationFormat } from "../format.ts";
import { isKnexFile, parseKnex } from "./read.ts";
import { renderKnex } from "./write.ts";

const LOCK = "knex_migrations_lock";

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
    keep: {
      first: () => [{ table: LOCK, edit: "insert", values: { is_locked: 0n } }],
      // Whatever is not 0 keeps Knex out; it writes 1 itself.
      rowLock: {
        table: LOCK,
        free: { is_locked: 0n },
        taken: () => ({}),
        own: { is_locked: 2n },
        release: "knex migrate:unlock",
      },
      // One run is one batch, which `migrate:rollback` takes back together.
      applied: ({ migration, earlier, now }) => {
        const last = Math.max(0, ...earlier.map(({ batch }) => Number(batch)));
        const name = fileName(migration);
        const batch = BigInt(last + 1);
        return [{ edit: "insert", values: { name, batch, migration_time: now } }];
      },
      reverted: ({ migration }) => [{ edit: "delete", where: { name: fileName(migration) } }],
    },
  }),
  replays: () => ({ command: ["npx", "--no-install", "knex", "migrate:up", "{each}"] }),
  apply: () => "knex migrate:latest",
};
