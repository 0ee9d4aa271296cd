/** Sequelize: `<timestamp>-<name>.js` with the functions `up` and `down` of a query interface. */

import { namesBooks } from "../code_books.ts";
import type { MigrationFormat } from "../format.ts";
import { isSequelizeFile, parseSequelize } from "./read.ts";
import { renderSequelize } from "./write.ts";

/** The migrations of sequelize-cli and Umzug whose statements are texts. */
export const sequelize: MigrationFormat = {
  name: "sequelize",
  title: "Sequelize",
  writes: true,
  wants: isSequelizeFile,
  recognises(files) {
    const own = files.filter(({ path, text }) =>
      isSequelizeFile(path) && /\bqueryInterface\b/i.test(text)
    );
    return own.length / Math.max(files.length, 1);
  },
  parse: parseSequelize,
  render: renderSequelize,
  books: namesBooks({ table: "SequelizeMeta", columns: ["name"], orderBy: ["name"] }, {
    late: "runs",
    row: (name) => ({ name }),
  }),
  replays: ({ folder }) => ({
    command: `npx --no-install sequelize-cli db:migrate --url "$DATABASE_URL" --migrations-path ${
      /^[\w./-]+$/.test(folder) ? folder : JSON.stringify(folder)
    } --to {file}`,
  }),
  apply: () => "sequelize-cli db:migrate",
};
