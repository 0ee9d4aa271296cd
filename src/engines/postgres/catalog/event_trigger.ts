/** Event triggers. */

import { objectId } from "../../../core/snapshot.ts";
import { joinName } from "../names.ts";
import { commonColumns, type CommonFacts, commonFacts, type CommonRow, compact } from "./common.ts";
import type { Reader } from "./reader.ts";
import { notOfExtension } from "./user_objects.ts";

interface Row extends CommonRow {
  readonly oid: string;
  readonly name: string;
  readonly event: string;
  readonly tags: readonly string[] | null;
  readonly function: string;
  readonly enabled: string;
}

/** The facts of an `event trigger`. */
export interface EventTriggerFacts extends CommonFacts {
  readonly event: string;
  readonly tags?: readonly string[];
  readonly function: string;
  /** Absent when it fires as usual. */
  readonly enabled?: "disabled" | "replica" | "always";
}

/** Reads `event trigger`s. */
export const eventTriggers: Reader<Row> = {
  kinds: ["event trigger"],
  rare: true,
  sql: () => `
    SELECT e.oid::int8::text AS oid, e.evtname AS name, e.evtevent AS event,
      to_json(e.evttags) AS tags,
      e.evtfoid::regproc::text AS function, e.evtenabled::text AS enabled,
      ${commonColumns({ catalog: "pg_event_trigger", oid: "e.oid", owner: "e.evtowner" })}
    FROM pg_event_trigger e
    WHERE ${notOfExtension("pg_event_trigger", "e.oid")}
    ORDER BY e.evtname`,
  read: (row) => ({
    object: {
      id: objectId("event trigger", joinName(row.name)),
      kind: "event trigger",
      name: joinName(row.name),
      parent: null,
      facts: compact<EventTriggerFacts>({
        event: row.event,
        tags: row.tags,
        function: row.function,
        enabled: ENABLED[row.enabled] ?? null,
        ...commonFacts(row),
      }),
    },
    address: `pg_event_trigger/${row.oid}/0`,
  }),
};

const ENABLED: Readonly<Record<string, EventTriggerFacts["enabled"]>> = {
  D: "disabled",
  R: "replica",
  A: "always",
};
