/** Alembic: revisions `<revision>_<slug>.py`, each of which names the one before it. */

import { noRebase } from "../format_error.ts";
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
  notRebased:
    "a revision names the one before it: run alembic merge, or set its down_revision by hand",
  wants: isRevisionFile,
  recognises(files) {
    const own = files.filter((file) => isRevisionFile(file.path) && revisionOf(file) !== null);
    return own.length === 0
      ? 0
      : own.length / files.filter(({ path }) => !/\.pyc$/.test(path)).length;
  },
  parse: parseAlembic,
  rebase: noRebase(
    "Alembic",
    "alembic merge heads joins two branches; or write the head of the other one into down_revision",
  ),
  render: renderAlembic,
  books,
  replays: () => ({ command: ["python3", "-m", "alembic", "upgrade", "{version}"] }),
  branches: true,
  apply: () => "alembic upgrade head",
};
