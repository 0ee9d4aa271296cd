/** Liquibase: changelogs of formatted SQL, XML, YAML and JSON. */

import { noRebase } from "../format_error.ts";
import type { MigrationFormat } from "../format.ts";
import { books } from "./books.ts";
import { isChangelog, isChangelogName } from "./changelog.ts";
import { isFormattedSql } from "./formatted.ts";
import { parseLiquibase } from "./read.ts";
import { replayCommand } from "./replays.ts";
import { withoutIncludes } from "./root.ts";
import { renderLiquibase } from "./write.ts";

/** Liquibase's changelogs; what aim adds is formatted SQL. */
export const liquibase: MigrationFormat = {
  name: "liquibase",
  title: "Liquibase",
  writes: true,
  wants: (path) => /\.sql$/i.test(path) || isChangelogName(path),
  recognises(files) {
    const own = files.filter((file) => isFormattedSql(file) || isChangelog(file));
    // A changelog of XML, YAML or JSON may include any SQL.
    return own.some(isChangelog) ? 1 : own.length / files.length;
  },
  parse: parseLiquibase,
  rebase: noRebase(
    "Liquibase",
    "put the includes of this branch behind those of the other by hand",
  ),
  without: withoutIncludes,
  render: renderLiquibase,
  books,
  replays: replayCommand,
  apply: () => "liquibase update",
};
