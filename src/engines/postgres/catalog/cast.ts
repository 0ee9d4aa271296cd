/** Casts. */

import { objectId } from "../../../core/snapshot.ts";
import { commonColumns, type CommonFacts, commonFacts, type CommonRow, compact } from "./common.ts";
import { notMadeByType } from "./function.ts";
import type { Reader } from "./reader.ts";
import { LAST_SERVER_OID, notOfExtension } from "./user_objects.ts";

interface Row extends CommonRow {
  readonly oid: string;
  readonly source: string;
  readonly target: string;
  readonly function: string | null;
  readonly method: string;
  readonly context: string;
}

/** The facts of a `cast`; its name is `source AS target`. */
export interface CastFacts extends CommonFacts {
  readonly function?: string;
  /** Absent for a cast with a function. */
  readonly method?: "binary" | "inout";
  /** Absent for an explicit cast. */
  readonly context?: "assignment" | "implicit";
}

/** Reads `cast`s. */
export const casts: Reader<Row> = {
  kinds: ["cast"],
  rare: true,
  sql: () => `
    SELECT c.oid::int8::text AS oid, format_type(c.castsource, NULL) AS source,
      format_type(c.casttarget, NULL) AS target,
      CASE WHEN c.castfunc <> 0 THEN c.castfunc::regprocedure::text END AS function,
      c.castmethod::text AS method, c.castcontext::text AS context,
      ${commonColumns({ catalog: "pg_cast", oid: "c.oid" })}
    FROM pg_cast c
    WHERE c.oid > ${LAST_SERVER_OID}
      AND ${notOfExtension("pg_cast", "c.oid")}
      AND ${notMadeByType("pg_cast", "c.oid")}
    ORDER BY 2, 3`,
  read: (row) => {
    const name = `${row.source} AS ${row.target}`;
    return {
      object: {
        id: objectId("cast", name),
        kind: "cast",
        name,
        parent: null,
        facts: compact<CastFacts>({
          function: row.function,
          method: row.method === "b" ? "binary" : row.method === "i" ? "inout" : null,
          context: row.context === "a" ? "assignment" : row.context === "i" ? "implicit" : null,
          ...commonFacts(row),
        }),
      },
      address: `pg_cast/${row.oid}/0`,
    };
  },
};
