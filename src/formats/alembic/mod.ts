/** Alembic: revisions `<revision>_<slug>.py`, each of which names the one before it. */

import type { MigrationFormat } from "../format.ts";
import { books } from "./books.ts";
import { parseAlembic } from "./read.ts";
import { isRevisionFile, revisionOf } from "./revision.ts";
import { renderAlembic } from "./write.ts";

/** Alembic's revisions whose statements are texts. */
export const alembic: MigrationFormat = {
  name: "alembic",
  title: "Alembic",
  writes: true,
  wants: isRevisionFile,
  recognises(files) {
    const own = files.filter((file) => isRevisionFile(file.path) && revisionOf(file) !== null);
    return own.length === 0
      ? 0
      : own.length / files.filter(({ path }) => !/\.pyc$/.test(path)).length;
  },
  parse: parseAlembic,
  render: renderAlembic,
  books,
  apply: () => "alembic upgrade head",
};
