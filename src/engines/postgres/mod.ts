/** What aim knows of Postgres. */

import { pglite } from "../../runtimes/pglite.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import { lowerAscii } from "../../sql/name.ts";
import { definitionAt } from "../common/definition.ts";
import type { Engine } from "../engine.ts";
import { describeWith, planWith, renamesWith } from "../planner/mod.ts";
import { fingerprint } from "./catalog/fingerprint.ts";
import { inspect } from "./catalog/inspect.ts";
import { warmUp } from "./catalog/warm_up.ts";
import { KINDS } from "./ddl/mod.ts";
import { errorPosition, isMissingObject } from "./error_position.ts";
import { features } from "./features.ts";
import { guide } from "./guide.ts";
import { includes } from "./include.ts";
import { lexicon } from "./lexicon.ts";
import { literal } from "./quote.ts";
import { relax } from "./relax.ts";
import { repair } from "./repair.ts";
import { rows } from "./rows/mod.ts";
import { session } from "./session.ts";
import { split } from "./split.ts";
import { missingExtension } from "./stand_in.ts";
import { target } from "./target.ts";

/** What a new database holds: schema public, which has no facts while nobody changed its owner, comment or privileges. */
const EMPTY: Snapshot = {
  dialect: "postgres",
  version: "",
  objects: new Map([["schema:public", {
    id: "schema:public",
    kind: "schema",
    name: "public",
    parent: null,
    facts: {},
    dependsOn: [],
    droppedWith: [],
  }]]),
  unmodelled: [],
};

/** A statement, or the text of a dynamic one, that changes rows of a system catalog or lets its definition be changed. */
const REWRITES =
  /\b(?:(?:INSERT|MERGE)\s+INTO|UPDATE|DELETE\s+FROM|TRUNCATE|COPY)\s+(?:TABLE\s+)?(?:ONLY\s+)?(?:"?pg_catalog"?\s*\.\s*)?"?pg_|allow_system_table_mods/i;

/** Postgres 12 and later. */
export const postgres: Engine = {
  dialect: "postgres",
  transactionalDdl: true,
  runtimes: [pglite],
  empty: EMPTY,
  target: (version, scripts, anyVersion) => ({ ...target(version, scripts, anyVersion), warmUp }),
  inspect,
  fingerprint,
  rows,
  session,
  split,
  includes,
  lexicon,
  foldName: lowerAscii,
  nameKey: (name) => name,
  definitionAt: (statement, offset) =>
    definitionAt(statement, offset, { lexicon, foldName: lowerAscii }),
  errorPosition,
  isMissingObject,
  missingExtension,
  repair,
  relax,
  renames: (from, to, hints) => renamesWith(KINDS, from, to, hints),
  plan: (from, to, hints) => planWith(KINDS, from, to, hints),
  describe: (snapshot) => describeWith(KINDS, EMPTY, snapshot),
  rewritesCatalog: (script) => REWRITES.test(script),
  searchPath: {
    isNamedIn: (script) => /search_path/i.test(script),
    read: "SELECT current_setting('search_path') AS value",
    set: (value) => `SELECT pg_catalog.set_config('search_path', ${literal(value)}, false)`,
    reset: "RESET search_path",
  },
  reset: "RESET SESSION AUTHORIZATION; RESET ALL; DISCARD TEMP",
  guide,
  features,
};

export { inspect, KINDS };
