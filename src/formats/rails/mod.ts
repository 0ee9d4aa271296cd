/** Rails: `<timestamp>_<name>.rb` with a class of that name. */

import { books } from "./books.ts";
import type { MigrationFormat } from "../format.ts";
import { activeRecordAddress } from "../transaction_mode.ts";
import { isRailsFile, parseRails } from "./read.ts";
import { renderRails } from "./write.ts";

/** The migrations of Active Record whose statements are texts. */
export const rails: MigrationFormat = {
  name: "rails",
  title: "Rails",
  writes: true,
  wants: isRailsFile,
  recognises(files) {
    const own = files.filter(({ path, text }) =>
      isRailsFile(path) && /\bActiveRecord::Migration\b/.test(text)
    );
    return own.length / Math.max(files.length, 1);
  },
  parse: parseRails,
  render: renderRails,
  books,
  // Rails writes the schema down behind its migrations: not over the project's own file.
  replays: ({ dialect }) => {
    const address = activeRecordAddress(dialect);
    return {
      command: ["bin/rails", "db:migrate", "VERSION={version}"],
      env: {
        ...(address === null ? {} : { DATABASE_URL: address }),
        SCHEMA: "tmp/aim_schema.rb",
      },
    };
  },
  apply: () => "bin/rails db:migrate",
};
