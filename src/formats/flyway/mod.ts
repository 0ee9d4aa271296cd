/** Flyway: `V1.2__name.sql`, `U1.2__name.sql`, `R__name.sql`, `B1.2__name.sql`, with `<file>.conf` beside them. */

import { books } from "./books.ts";
import { flywayFile, isCallback, isFlywayFile, isProgram } from "./names.ts";
import { FLYWAY_FILES } from "./settings.ts";
import { renderFlyway } from "./write.ts";
import type { MigrationFormat } from "../format.ts";
import { parseFlyway } from "./read.ts";

/** Flyway's files. */
export const flyway: MigrationFormat = {
  name: "flyway",
  title: "Flyway",
  writes: true,
  settingsFiles: FLYWAY_FILES,
  wants: isFlywayFile,
  recognises(files) {
    const own = files.map((file) => flywayFile(file.path)).filter((file) => file !== null);
    if (!own.some((file) => file.kind === "V")) return 0;
    const sure =
      own.some((file) => file.kind === "R" || file.kind === "B" || /[._]/.test(file.version)) ||
      files.some((file) => isProgram(file.path) || isCallback(file.path));
    const known = files.filter((file) => isFlywayFile(file.path)).length;
    return (sure ? 1 : 0.85) * known / files.length;
  },
  parse: parseFlyway,
  render: renderFlyway,
  books,
  apply: (folder) => `flyway -locations=filesystem:${folder} migrate`,
};
