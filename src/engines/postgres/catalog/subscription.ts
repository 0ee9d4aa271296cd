/** Subscriptions of this database. */

import { objectId } from "../../../core/snapshot.ts";
import { joinName } from "../names.ts";
import { commonColumns, type CommonFacts, commonFacts, type CommonRow, compact } from "./common.ts";
import type { Options } from "./options.ts";
import type { Reader } from "./reader.ts";

interface Row extends CommonRow {
  readonly oid: string;
  readonly name: string;
  readonly connection: string;
  readonly publications: readonly string[];
  readonly slot: string | null;
  readonly synchronous_commit: string;
  readonly options: Readonly<Record<string, string | null>>;
}

/** The facts of a `subscription`. */
export interface SubscriptionFacts extends CommonFacts {
  readonly connection: string;
  readonly publications?: readonly string[];
  /** `none` when there is none, absent when it is called like the subscription. */
  readonly slot?: string;
  /** As CREATE SUBSCRIPTION names them, where they are not the usual ones. */
  readonly options?: Options;
}

/** Reads `subscription`s. Only those who may see connection strings can read them; to others they are unmodelled. */
export const subscriptions: Reader<Row> = {
  kinds: ["subscription"],
  rare: true,
  sql: (version) => `
    SELECT s.oid::int8::text AS oid, s.subname AS name, s.subconninfo AS connection,
      to_json(s.subpublications) AS publications, s.subslotname AS slot,
      json_build_object(
        'synchronous_commit', nullif(s.subsynccommit, 'off')
        ${OPTIONS.filter(([since]) => version >= since).map(([, sql]) => `, ${sql}`).join("")}
        ${version >= 160000 ? `, ${STREAMING}` : version >= 140000 ? `, ${STREAMING_FLAG}` : ""}
      ) AS options,
      ${commonColumns({ catalog: "pg_subscription", oid: "s.oid", owner: "s.subowner" })}
    FROM pg_subscription s
    WHERE s.subdbid = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
    ORDER BY s.subname`,
  read: (row) => {
    const options = compact<Options>(row.options);
    return {
      object: {
        id: objectId("subscription", joinName(row.name)),
        kind: "subscription",
        name: joinName(row.name),
        parent: null,
        facts: compact<SubscriptionFacts>({
          connection: row.connection,
          publications: row.publications,
          slot: row.slot === null ? "none" : row.slot === row.name ? null : row.slot,
          options: Object.keys(options).length === 0 ? null : options,
          ...commonFacts(row),
        }),
      },
      address: `pg_subscription/${row.oid}/0`,
      aliases: [`pg_subscription/${row.name}/0`],
    };
  },
};

/** Options by the version that brought them, each with the value that is not the usual one. */
const OPTIONS: readonly (readonly [since: number, sql: string])[] = [
  [140000, "'binary', CASE WHEN s.subbinary THEN 'true' END"],
  [150000, "'two_phase', CASE WHEN s.subtwophasestate <> 'd' THEN 'true' END"],
  [150000, "'disable_on_error', CASE WHEN s.subdisableonerr THEN 'true' END"],
  [160000, "'password_required', CASE WHEN NOT s.subpasswordrequired THEN 'false' END"],
  [160000, "'run_as_owner', CASE WHEN s.subrunasowner THEN 'true' END"],
  [160000, "'origin', nullif(s.suborigin, 'any')"],
  [170000, "'failover', CASE WHEN s.subfailover THEN 'true' END"],
];

/** `streaming` is usually off, and from version 18 on parallel. */
const STREAMING = `'streaming', nullif(
          CASE s.substream WHEN 't' THEN 'on' WHEN 'p' THEN 'parallel' ELSE 'off' END,
          CASE WHEN current_setting('server_version_num')::int >= 180000 THEN 'parallel' ELSE 'off' END)`;

const STREAMING_FLAG = "'streaming', CASE WHEN s.substream THEN 'on' END";
