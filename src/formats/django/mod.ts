/** Django: `<number>_<name>.py` with a class `Migration`, whose dependencies are its order. */

import { noRebase } from "../format_error.ts";
import type { MigrationFormat } from "../format.ts";
import { books } from "./books.ts";
import { isDjangoFile } from "./migration.ts";
import { parseDjango } from "./read.ts";
import { replayCommand } from "./replays.ts";
import { renderDjango } from "./write.ts";

/** The migrations of one app of Django that are made of `RunSQL`. */
export const django: MigrationFormat = {
  name: "django",
  title: "Django",
  writes: true,
  notRebased:
    "a migration names those before it: run makemigrations --merge, or set its dependencies by hand",
  wants: isDjangoFile,
  recognises(files) {
    const own = files.filter(({ path, text }) =>
      isDjangoFile(path) && /\bmigrations\.Migration\b/.test(text)
    );
    const theirs = files.filter(({ path }) => !/(?:^|\/)__init__\.py$|\.pyc$/.test(path));
    return own.length / Math.max(theirs.length, 1);
  },
  parse: parseDjango,
  rebase: noRebase("Django", "python manage.py makemigrations --merge joins two branches"),
  render: renderDjango,
  books,
  replays: ({ folder }) => ({ command: replayCommand(folder) }),
  branches: true,
  apply: () => "python manage.py migrate",
};
