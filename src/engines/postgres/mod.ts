/** What aim knows of Postgres. */

import type { Snapshot } from "../../schema.ts";
import { inspect } from "./catalog/inspect.ts";
import { KINDS } from "./ddl/mod.ts";

/** What a new database holds: schema public, which has no facts while nobody changed its owner, comment or privileges. */
export const EMPTY: Snapshot = {
  dialect: "postgres",
  version: "",
  objects: new Map([["schema:public", {
    id: "schema:public",
    kind: "schema",
    name: "public",
    parent: null,
    facts: {},
    needs: [],
    goesWith: [],
  }]]),
  unmodelled: [],
};

export { inspect, KINDS };
