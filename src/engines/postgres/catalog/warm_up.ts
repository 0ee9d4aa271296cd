/** Makes the queries of the catalog ready in a session, before anything is in it. */

import { createHash } from "node:crypto";
import type { WarmUp } from "../../../runtimes/runtime.ts";
import { DEPENDS_SQL } from "./depends.ts";
import { fingerprint, fingerprintSql } from "./fingerprint.ts";
import { inspectWhole } from "./inspect.ts";
import { READERS } from "./mod.ts";
import { PRESENCE_SQL } from "./presence.ts";
import { EVERYTHING } from "./unmodelled.ts";

/** The version whose queries tell whether the work has changed; any one will do. */
const VERSION = 180000;

/** Every query is run, and so prepared and planned. Twice, since what the first run needed to know is then at hand. */
export const warmUp: WarmUp = {
  key: createHash("sha256").update(
    [
      PRESENCE_SQL,
      DEPENDS_SQL,
      EVERYTHING,
      fingerprintSql(VERSION),
      ...READERS.map((r) => r.sql(VERSION)),
    ].join("\n"),
  ).digest("hex").slice(0, 16),
  async run(database) {
    for (let round = 0; round < 2; round++) {
      await inspectWhole(database, { ignoreTables: [], everything: true });
      await fingerprint(database);
    }
  },
};
