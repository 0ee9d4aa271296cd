/** What Django notes down: the app and the name of each migration. */

import type { RunnerBooks } from "../format.ts";
import { inOrder, labelFrom } from "./migration.ts";

/** `django_migrations`, of which the rows of one app count. */
export const books: RunnerBooks = {
  table: "django_migrations",
  columns: ["app", "name"],
  orderBy: ["id"],
  keyOf: ({ up }) => up.file.replace(/\.py$/, ""),
  read(rows, { files }) {
    const { app, ordered } = inOrder(files);
    const names = new Set(ordered.map(({ name }) => name));
    return rows.filter((row) => app === null ? names.has(row.name ?? "") : row.app === app)
      .map(({ name }) => ({
        key: name ?? "",
        name: name ?? "",
        state: "applied",
        checksum: null,
      }));
  },
  late: "runs",
  mark: ({ migration }, { folder }) => ({
    command: `python manage.py migrate --fake ${labelFrom(folder) ?? "APP"} ${
      migration.up.file.replace(/\.py$/, "")
    }`,
  }),
};
