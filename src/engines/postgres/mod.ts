/** What aim knows of Postgres. */

import { loadedLater } from "../../runtimes/loaded_later.ts";
import { pglite } from "../../runtimes/pglite.ts";
import { later } from "../../core/later.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import { lowerAscii } from "../../sql/name.ts";
import { definitionAt } from "../common/definition.ts";
import type { Engine } from "../engine.ts";
import { describeWith, planWith, renamesWith } from "../planner/mod.ts";
import { fingerprint } from "./catalog/fingerprint.ts";
import { inspect } from "./catalog/inspect.ts";
import { warmUp } from "./catalog/warm_up.ts";
import { clientHint } from "./client_hint.ts";
import { authoredText } from "./authored_text.ts";
import { checkDeferred } from "./check_deferred.ts";
import { KINDS } from "./ddl/mod.ts";
import { errorPosition, isMissingObject } from "./error_position.ts";
import { checkedPlan, features } from "./features.ts";
import { guide } from "./guide.ts";
import { includes } from "./include.ts";
import { lexicon } from "./lexicon.ts";
import { matchNames } from "./match_names.ts";
import { literal } from "./quote.ts";
import { relax } from "./relax.ts";
import { queryCheck } from "./prepare.ts";
import { repair } from "./repair.ts";
import { rows } from "./rows/mod.ts";
import { moving } from "./batched_move.ts";
import { expanding } from "./expand.ts";
import { sampling } from "./sample.ts";
import { shape } from "./shape.ts";
import { session } from "./session.ts";
import { split } from "./split.ts";
import { missingExtension } from "./stand_in.ts";
import { tidy } from "./tidy.ts";
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
const READS_CLOCK =
  /\b(?:now|age|(?:clock|statement|transaction)_timestamp|timeofday)\s*\(|\b(?:current|local)_?(?:date|time|timestamp)\b|'(?:now|today|tomorrow|yesterday)'/i;
const NAMES_CATALOG = /\bpg_[a-z]/i;
const CHANGES_ROWS = /\b(?:INSERT|MERGE|UPDATE|DELETE|TRUNCATE|COPY)\b/i;

/** What pg_dump begins with; all its materialized views are WITH NO DATA. */
const DUMP = /^-- PostgreSQL database dump$/m;

/** Postgres 12 and later. */
export const postgres: Engine = {
  dialect: "postgres",
  transactionalDdl: true,
  runtimes: [
    loadedLater(async () => (await import("../../runtimes/url.ts")).url, {
      name: "url",
      needsAddress: true,
    }),
    pglite,
    loadedLater(async () => (await import("../../runtimes/local.ts")).local, {
      name: "local",
      needsVersion: true,
    }),
    loadedLater(async () => (await import("../../runtimes/docker.ts")).docker, { name: "docker" }),
  ],
  empty: EMPTY,
  target: (version, scripts, anyVersion) => ({ ...target(version, scripts, anyVersion), warmUp }),
  inspect,
  fingerprint,
  rows,
  live: async () => (await import("./live.ts")).live,
  shape,
  operations: later(async () => (await import("./operations/mod.ts")).operations),
  queryCheck,
  measure: later(async () => (await import("./measure/mod.ts")).measure),
  online: later(async () => (await import("./online/mod.ts")).online),
  sampling,
  expanding,
  moving,
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
  clientHint,
  repair,
  relax,
  tidy,
  authoredText,
  matchNames,
  renames: (from, to, hints) => renamesWith(KINDS, from, matchNames(to, from, hints), hints),
  plan: (from, to, hints) => {
    const wanted = matchNames(to, from, hints);
    return checkDeferred(checkedPlan(planWith(KINDS, from, wanted, hints), to, hints), [
      from,
      wanted,
    ]);
  },
  describe: (snapshot) => describeWith(KINDS, EMPTY, snapshot),
  isDump: (script) => DUMP.test(script),
  dated: { readsClock: READS_CLOCK, makesStatements: ASSEMBLES },
  rewritesCatalog: mayRewriteCatalog,
  searchPath: {
    isNamedIn: (script) => /search_path/i.test(script),
    read: "SELECT current_setting('search_path') AS value",
    set: (value) => `SELECT pg_catalog.set_config('search_path', ${literal(value)}, false)`,
    reset: "RESET search_path",
  },
  reset: "RESET SESSION AUTHORIZATION; RESET ALL; DISCARD TEMP",
  converting: async () => (await import("./convert/mod.ts")).converting,
  guide,
  features,
};

export { inspect, KINDS };
