/** TypeORM: `<milliseconds>-<name>.ts` with a class whose name ends in the same number. */

import { namesBooks } from "../code_books.ts";
import { noRebase } from "../format_error.ts";
import type { MigrationFormat } from "../format.ts";
import { isTypeormFile, parseTypeorm } from "./read.ts";
import { renderTypeorm } from "./write.ts";

/** TypeORM's migrations whose statements are texts. */
export const typeorm: MigrationFormat = {
  name: "typeorm",
  title: "TypeORM",
  writes: true,
  notRebased: "the class in the file holds the version as well: rename both by hand",
  wants: isTypeormFile,
  recognises(files) {
    const own = files.filter(({ path, text }) =>
      isTypeormFile(path) && /\b(?:MigrationInterface|queryRunner)\b/.test(text)
    );
    return own.length / Math.max(files.length, 1);
  },
  parse: parseTypeorm,
  rebase: noRebase(
    "TypeORM",
    "change the digits in the names of the file and of its class by hand",
  ),
  render: renderTypeorm,
  books: {
    ...namesBooks({
      table: "migrations",
      columns: ["timestamp", "name"],
      foreign: ["batch", "migration", "run_on", "hash", "version"],
      orderBy: ["timestamp"],
    }, {
      late: "runs",
      nameOf: ({ name, version }) => `${name}${version}`,
      row: (name) => ({ timestamp: BigInt(/\d*$/.exec(name)?.[0] || "0"), name }),
    }),
  },
  // It knows no target: all of its migrations run.
  replays: () => ({
    command: [
      "npx",
      "--no-install",
      "typeorm-ts-node-commonjs",
      "migration:run",
      "-d",
      "src/data-source.ts",
    ],
  }),
  apply: () => "typeorm migration:run -d data-source.ts",
};
