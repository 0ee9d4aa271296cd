/** Django: `<number>_<name>.py` with a class `Migration`, whose dependencies are its order. */

import type { MigrationFormat } from "../format.ts";
import { books } from "./books.ts";
import { isDjangoFile } from "./migration.ts";
import { parseDjango } from "./read.ts";
import { renderDjango } from "./write.ts";

/** The migrations of one app of Django that are made of `RunSQL`. */
export const django: MigrationFormat = {
  name: "django",
  title: "Django",
  writes: true,
  wants: isDjangoFile,
  recognises(files) {
    const own = files.filter(({ path, text }) =>
      isDjangoFile(path) && /\bmigrations\.Migration\b/.test(text)
    );
    const theirs = files.filter(({ path }) => !/(?:^|\/)__init__\.py$|\.pyc$/.test(path));
    return own.length / Math.max(theirs.length, 1);
  },
  parse: parseDjango,
  render: renderDjango,
  books,
  apply: () => "python manage.py migrate",
};
