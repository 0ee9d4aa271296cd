/** MySQL and MariaDB: two families of servers that share most of what aim knows of them. */

import { later } from "../../core/later.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { PlannedStatement } from "../../core/statement.ts";
import { loadedLater } from "../../runtimes/loaded_later.ts";
import { mysqlLocal } from "../../runtimes/mysql_local.ts";
import { lowerAscii } from "../../sql/name.ts";
import { definitionAt } from "../common/definition.ts";
import type { Engine, Hints } from "../engine.ts";
import { planWith, renamesWith } from "../planner/mod.ts";
import { authoredText } from "./authored_text.ts";
import { KINDS } from "./ddl/mod.ts";
import { describe } from "./describe.ts";
import { errorPosition, isMissingObject } from "./error_position.ts";
import { makeObject } from "./facts.ts";
import { mariadbFeatures, mysqlFeatures } from "./features.ts";
import { fingerprint } from "./fingerprint.ts";
import { mariadbGuide, mysqlGuide } from "./guide.ts";
import { inspect } from "./inspect.ts";
import { lexicon } from "./lexicon.ts";
import { matchNames } from "./match_names.ts";
import { withUnreadOf } from "./unread.ts";
import { expanding } from "./expand.ts";
import { onlineTools } from "./online_tools.ts";
import { sampling } from "./sample.ts";
import { queryCheck } from "./prepare.ts";
import { repair } from "./repair.ts";
import { rows } from "./rows/mod.ts";
import { resetOf } from "./session.ts";
import { shape } from "./shape.ts";
import { splitterOf } from "./split.ts";
import { targetOf } from "./target.ts";
import { tidy } from "./tidy.ts";
import { lettingZeroDates } from "./zero_dates.ts";

/** What differs between the families. */
interface Family {
  readonly dialect: "mysql" | "mariadb";
  /** Of a new database. */
  readonly collation: string;
  readonly guide: Engine["guide"];
  readonly features: Engine["features"];
}

/** All that aim knows of MySQL. */
export const mysql: Engine = engineOf({
  dialect: "mysql",
  collation: "utf8mb4_0900_ai_ci",
  guide: mysqlGuide,
  features: mysqlFeatures,
});

/** All that aim knows of MariaDB. */
export const mariadb: Engine = engineOf({
  dialect: "mariadb",
  collation: "utf8mb4_general_ci",
  guide: mariadbGuide,
  features: mariadbFeatures,
});

/** Names that somebody gave are taken as they are where names count; the planner itself knows those that the server gives. */
function named(to: Snapshot, from: Snapshot, hints: Hints): Snapshot {
  const wanted = withUnreadOf(to, from);
  return hints.constraintNames === "ignore" ? matchNames(wanted, from, hints) : wanted;
}

/** MariaDB's usual mode has nothing against them. */
function withZeroDates<Planned extends { readonly statements: readonly PlannedStatement[] }>(
  planned: Planned,
  from: Snapshot,
  to: Snapshot,
): Planned {
  if (to.dialect !== "mysql") return planned;
  return { ...planned, statements: lettingZeroDates(planned.statements, from, to) };
}

function engineOf({ dialect, collation, guide, features }: Family): Engine {
  const database = makeObject({
    id: "database:default",
    kind: "database",
    name: "default",
    parent: null,
    facts: { charset: "utf8mb4", collation, comment: null },
    dependsOn: [],
    droppedWith: [],
  });
  const empty: Snapshot = {
    dialect,
    version: "",
    objects: new Map([[database.id, database]]),
    unmodelled: [],
  };
  return {
    dialect,
    transactionalDdl: false,
    runtimes: [
      loadedLater(async () => (await import("../../runtimes/mysql_url.ts")).mysqlUrl, {
        name: "url",
        needsAddress: true,
      }),
      mysqlLocal,
      loadedLater(async () => (await import("../../runtimes/mysql_docker.ts")).mysqlDocker, {
        name: "docker",
      }),
    ],
    empty,
    target: targetOf(dialect),
    inspect,
    fingerprint,
    rows,
    live: async () => (await import("./live.ts")).liveOf(dialect),
    shape,
    operations: later(async () => (await import("./operations/mod.ts")).operations),
    queryCheck,
    measure: later(async () => (await import("./measure.ts")).measureOf(dialect)),
    online: later(async () => (await import("./online.ts")).onlineOf(dialect)),
    expanding,
    sampling,
    onlineTools,
    split: splitterOf(dialect),
    lexicon,
    foldName: (name) => name,
    nameKey: lowerAscii,
    definitionAt: (statement, offset) =>
      definitionAt(statement, offset, {
        lexicon,
        foldName: (name) => name,
        hasIndexMembers: true,
      }),
    errorPosition,
    isMissingObject,
    repair,
    matchNames: (wanted, actual, options) =>
      matchNames(withUnreadOf(wanted, actual), actual, options),
    renames: (from, to, hints) =>
      withZeroDates(renamesWith(KINDS, from, named(to, from, hints), hints), from, to),
    plan: (from, to, hints) =>
      withZeroDates(planWith(KINDS, from, named(to, from, hints), hints), from, to),
    tidy,
    authoredText,
    describe: (snapshot) => describe(empty, snapshot),
    isDump: (script) => /^-- (?:MySQL|MariaDB) dump /m.test(script),
    // The accounts of scratch servers cannot write the tables of the catalog.
    rewritesCatalog: () => false,
    reset: resetOf(dialect),
    converting: async () => (await import("./convert/mod.ts")).convertingOf(dialect === "mariadb"),
    guide,
    features,
  };
}
