/** Liquibase: changelogs of formatted SQL, alone or included by one of XML or YAML. */

import { noRebase } from "../format_error.ts";
import type { MigrationFormat } from "../format.ts";
import { books } from "./books.ts";
import { isFormattedSql, parseLiquibase } from "./read.ts";
import { isRootName, withoutIncludes } from "./root.ts";
import { renderLiquibase } from "./write.ts";

/** Liquibase's changelogs of formatted SQL. */
export const liquibase: MigrationFormat = {
  name: "liquibase",
  title: "Liquibase",
  writes: true,
  wants: (path) => /\.(?:sql|xml|ya?ml)$/i.test(path),
  recognises(files) {
    const own = files.filter((file) => isFormattedSql(file) || isRootName(file.path));
    return files.some(isFormattedSql) ? own.length / files.length : 0;
  },
  parse: parseLiquibase,
  rebase: noRebase(
    "Liquibase",
    "put the includes of this branch behind those of the other by hand",
  ),
  without: withoutIncludes,
  render: renderLiquibase,
  books,
  apply: () => "liquibase update",
};
