/** Makes the queries of the catalog ready in a session, before anything is in it. */

import { createHash } from "node:crypto";
import type { WarmUp } from "../../../runtimes/runtime.ts";
import { DEPENDS_SQL } from "./depends.ts";
import { fingerprint, fingerprintSql } from "./fingerprint.ts";
import { inspectWhole } from "./inspect.ts";
import { READERS } from "./mod.ts";
import { EVERYTHING } from "./unmodelled.ts";
import { USED_CATALOGS_SQL } from "./used_catalogs.ts";

/** The version whose queries tell whether the work has changed; any one will do. */
const VERSION = 180000;

/**
 * Every query that is usually needed is run, and so prepared and planned. Twice, since what the first run needed to know is then
 * at hand. The plans of the others would cost each statement that defines something: Postgres asks every plan whether it is touched.
 */
export const warmUp: WarmUp = {
  key: createHash("sha256").update(
    [
      USED_CATALOGS_SQL,
      DEPENDS_SQL,
      EVERYTHING,
      fingerprintSql(VERSION),
      ...READERS.filter((reader) => reader.rare !== true).map((reader) => reader.sql(VERSION)),
    ].join("\n"),
  ).digest("hex").slice(0, 16),
  async run(database) {
    for (let round = 0; round < 2; round++) {
      await inspectWhole(database, { ignoreTables: [], warmUp: true });
      await fingerprint(database);
    }
  },
};
