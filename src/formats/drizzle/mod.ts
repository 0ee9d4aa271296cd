/** Drizzle: `<number>_<name>.sql` by a journal, or since 1.0 `<timestamp>_<name>/migration.sql` beside its snapshot. */

import { noRebase } from "../format_error.ts";
import type { MigrationFormat } from "../format.ts";
import { books } from "./books.ts";
import { JOURNAL, withoutEntries } from "./journal.ts";
import { isDrizzleFile, parseDrizzle } from "./read.ts";
import { renderDrizzle } from "./write.ts";

/** Drizzle's migrations. */
export const drizzle: MigrationFormat = {
  name: "drizzle",
  title: "Drizzle",
  writes: true,
  forwardOnly: true,
  wants: isDrizzleFile,
  recognises(files) {
    const isOwn = files.some(({ path }) => path === JOURNAL) ||
      files.some(({ path }) => /^\d+_[^/]*\/snapshot\.json$/.test(path));
    if (!isOwn) return 0;
    const own = files.filter(({ path }) => isDrizzleFile(path));
    return own.length / files.length;
  },
  parse: parseDrizzle,
  rebase: noRebase("Drizzle", "take the other branch as it is, and generate the migration anew"),
  without: withoutEntries,
  render: renderDrizzle,
  books,
  apply: () => "drizzle-kit migrate",
};
