/** TypeORM: `<milliseconds>-<name>.ts` with a class whose name ends in the same number. */

import { namesBooks } from "../code_books.ts";
import type { MigrationFormat } from "../format.ts";
import { isTypeormFile, parseTypeorm } from "./read.ts";
import { renderTypeorm } from "./write.ts";

/** TypeORM's migrations whose statements are texts. */
export const typeorm: MigrationFormat = {
  name: "typeorm",
  title: "TypeORM",
  writes: true,
  wants: isTypeormFile,
  recognises(files) {
    const own = files.filter(({ path, text }) =>
      isTypeormFile(path) && /\b(?:MigrationInterface|queryRunner)\b/.test(text)
    );
    return own.length / Math.max(files.length, 1);
  },
  parse: parseTypeorm,
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
  apply: () => "typeorm migration:run -d data-source.ts",
};
