/** SQLite. */

import { nodeSqlite } from "../../runtimes/node_sqlite.ts";
import { sqljs } from "../../runtimes/sqljs.ts";
import { later } from "../../core/later.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import { lowerAscii } from "../../sql/name.ts";
import { definitionAt } from "../common/definition.ts";
import type { Engine } from "../engine.ts";
import { brokenObjects } from "./broken_objects.ts";
import { planWith, renamesWith } from "../planner/mod.ts";
import { KINDS } from "./ddl/mod.ts";
import { describe } from "./describe.ts";
import { fingerprint } from "./fingerprint.ts";
import { errorPosition, isMissingObject } from "./error_position.ts";
import { features } from "./features.ts";
import { guide } from "./guide.ts";
import { lexicon } from "./lexicon.ts";
import { matchNames } from "./match_names.ts";
import { inspect } from "./inspect.ts";
import { shape } from "./shape.ts";
import { queryCheck } from "./prepare.ts";
import { repair } from "./repair.ts";
import { RESET } from "./reset.ts";
import { rows } from "./rows/mod.ts";
import { split } from "./split.ts";
import { target } from "./target.ts";

const empty: Snapshot = { dialect: "sqlite", version: "", objects: new Map(), unmodelled: [] };

/** All that aim knows of SQLite. */
export const sqlite: Engine = {
  dialect: "sqlite",
  transactionalDdl: true,
  runtimes: [sqljs, nodeSqlite],
  empty,
  target,
  inspect,
  fingerprint,
  rows,
  live: async () => (await import("./live.ts")).live,
  shape,
  operations: later(async () => (await import("./operations.ts")).operations),
  queryCheck,
  brokenObjects,
  split,
  lexicon,
  foldName: (name) => name,
  nameKey: lowerAscii,
  definitionAt: (statement, offset) =>
    definitionAt(statement, offset, { lexicon, foldName: (name) => name }),
  errorPosition,
  isMissingObject,
  repair,
  matchNames,
  renames: (from, to, hints) => renamesWith(KINDS, from, matchNames(to, from, hints), hints),
  plan: (from, to, hints) => planWith(KINDS, from, matchNames(to, from, hints), hints),
  describe: (snapshot) => describe(empty, snapshot),
  rewritesCatalog: (script) => /writable_schema/i.test(script),
  reset: RESET,
  converting: async () => (await import("./convert/mod.ts")).converting,
  guide,
  features,
};
