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
import { errorPosition } from "./error_position.ts";
import { guide } from "./guide.ts";
import { lexicon } from "./lexicon.ts";
import { relax } from "./relax.ts";
import { repair } from "./repair.ts";
import { rows } from "./rows/mod.ts";
import { split } from "./split.ts";
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

/**
 * True for a script that may change rows of a system catalog, by its name, through a view, or by a statement that it puts together:
 * what such a statement says nobody can read beforehand.
 */
function mayRewriteCatalog(script: string): boolean {
  return ASSEMBLES.test(script) || NAMES_CATALOG.test(script) && CHANGES_ROWS.test(script);
}

const ASSEMBLES =
  /\bEXECUTE\b(?!\s+(?:FUNCTION|PROCEDURE|ON)\b)|U&"|_to_xml|allow_system_table_mods/i;
const NAMES_CATALOG = /\bpg_[a-z]/i;
const CHANGES_ROWS = /\b(?:INSERT|MERGE|UPDATE|DELETE|TRUNCATE|COPY)\b/i;

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
  split,
  lexicon,
  foldName: lowerAscii,
  nameKey: (name) => name,
  definitionAt: (statement, offset) =>
    definitionAt(statement, offset, { lexicon, foldName: lowerAscii }),
  errorPosition,
  repair,
  relax,
  renames: (from, to, hints) => renamesWith(KINDS, from, to, hints),
  plan: (from, to, hints) => planWith(KINDS, from, to, hints),
  describe: (snapshot) => describeWith(KINDS, EMPTY, snapshot),
  rewritesCatalog: mayRewriteCatalog,
  reset: "RESET SESSION AUTHORIZATION; RESET ALL; DISCARD TEMP",
  guide,
};

export { inspect, KINDS };
