/** SQLite. */

import { nodeSqlite } from "../../runtimes/node_sqlite.ts";
import { sqljs } from "../../runtimes/sqljs.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import { lowerAscii } from "../../sql/name.ts";
import { definitionAt } from "../common/definition.ts";
import type { Engine } from "../engine.ts";
import { planWith, renamesWith } from "../planner/mod.ts";
import { KINDS } from "./ddl/mod.ts";
import { describe } from "./describe.ts";
import { fingerprint } from "./fingerprint.ts";
import { errorPosition, isMissingObject } from "./error_position.ts";
import { features } from "./features.ts";
import { guide } from "./guide.ts";
import { lexicon } from "./lexicon.ts";
import { live } from "./live.ts";
import { inspect } from "./inspect.ts";
import { operations } from "./operations.ts";
import { shape } from "./shape.ts";
import { queryCheck } from "./prepare.ts";
import { repair } from "./repair.ts";
import { rows } from "./rows/mod.ts";
import { split } from "./split.ts";
import { target } from "./target.ts";

const empty: Snapshot = { dialect: "sqlite", version: "", objects: new Map(), unmodelled: [] };

/** Connections begin with these. */
const RESET = `
PRAGMA foreign_keys = OFF;
PRAGMA legacy_alter_table = OFF;
PRAGMA recursive_triggers = OFF;
PRAGMA ignore_check_constraints = OFF;
PRAGMA writable_schema = OFF;
PRAGMA query_only = OFF;
PRAGMA full_column_names = OFF;
PRAGMA short_column_names = ON;
PRAGMA reverse_unordered_selects = OFF;`;

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
  live,
  shape,
  operations,
  queryCheck,
  split,
  lexicon,
  foldName: (name) => name,
  nameKey: lowerAscii,
  definitionAt: (statement, offset) =>
    definitionAt(statement, offset, { lexicon, foldName: (name) => name }),
  errorPosition,
  isMissingObject,
  repair,
  renames: (from, to, hints) => renamesWith(KINDS, from, to, hints),
  plan: (from, to, hints) => planWith(KINDS, from, to, hints),
  describe: (snapshot) => describe(empty, snapshot),
  rewritesCatalog: (script) => /writable_schema/i.test(script),
  reset: RESET,
  guide,
  features,
};
