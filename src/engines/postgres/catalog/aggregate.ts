/** Aggregates. */

import { objectId } from "../../../core/snapshot.ts";
import { joinName } from "../names.ts";
import { commonColumns, type CommonFacts, commonFacts, type CommonRow, compact } from "./common.ts";
import { SIGNATURE } from "./function.ts";
import type { Reader } from "./reader.ts";
import { notOfExtension, userSchema } from "./user_objects.ts";

interface Row extends CommonRow {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  readonly kind: string;
  readonly signature: string;
  readonly arguments: string;
  readonly identity: string;
  readonly returns: string;
  readonly parallel: string;
  readonly transition: string;
  readonly state_type: string;
  readonly state_space: number;
  readonly initial: string | null;
  readonly final: string | null;
  readonly final_extra: boolean;
  readonly final_modify: string | null;
  readonly combine: string | null;
  readonly serialize: string | null;
  readonly deserialize: string | null;
  readonly moving_transition: string | null;
  readonly moving_inverse: string | null;
  readonly moving_type: string | null;
  readonly moving_space: number;
  readonly moving_initial: string | null;
  readonly moving_final: string | null;
  readonly moving_final_extra: boolean;
  readonly moving_final_modify: string | null;
  readonly sort_operator: string | null;
}

/** The facts of an `aggregate`: the options of CREATE AGGREGATE that are set. */
export interface AggregateFacts extends CommonFacts {
  readonly arguments: string;
  readonly returns: string;
  /** Absent for a plain aggregate. */
  readonly kind?: "ordered-set" | "hypothetical";
  readonly transition: string;
  readonly state_type: string;
  readonly state_space?: number;
  readonly initial?: string;
  readonly final?: string;
  readonly final_extra?: true;
  readonly final_modify?: string;
  readonly combine?: string;
  readonly serialize?: string;
  readonly deserialize?: string;
  readonly moving_transition?: string;
  readonly moving_inverse?: string;
  readonly moving_type?: string;
  readonly moving_space?: number;
  readonly moving_initial?: string;
  readonly moving_final?: string;
  readonly moving_final_extra?: true;
  readonly moving_final_modify?: string;
  readonly sort_operator?: string;
  /** Absent for `unsafe`. */
  readonly parallel?: "safe" | "restricted";
}

/** Reads `aggregate`s. */
export const aggregates: Reader<Row> = {
  kinds: ["aggregate"],
  rare: true,
  sql: () => `
    SELECT p.oid::int8::text AS oid, n.nspname AS schema, p.proname AS name, a.aggkind::text AS kind,
      ${SIGNATURE} AS signature,
      pg_get_function_arguments(p.oid) AS arguments,
      pg_get_function_identity_arguments(p.oid) AS identity,
      pg_get_function_result(p.oid) AS returns,
      p.proparallel::text AS parallel,
      a.aggtransfn::regproc::text AS transition,
      format_type(a.aggtranstype, NULL) AS state_type,
      a.aggtransspace AS state_space, a.agginitval AS initial,
      nullif(a.aggfinalfn, 0)::regproc::text AS final, a.aggfinalextra AS final_extra,
      nullif(a.aggfinalmodify, CASE a.aggkind WHEN 'n' THEN 'r' ELSE 'w' END)::text AS final_modify,
      nullif(a.aggcombinefn, 0)::regproc::text AS combine,
      nullif(a.aggserialfn, 0)::regproc::text AS serialize,
      nullif(a.aggdeserialfn, 0)::regproc::text AS deserialize,
      nullif(a.aggmtransfn, 0)::regproc::text AS moving_transition,
      nullif(a.aggminvtransfn, 0)::regproc::text AS moving_inverse,
      CASE WHEN a.aggmtranstype <> 0 THEN format_type(a.aggmtranstype, NULL) END AS moving_type,
      a.aggmtransspace AS moving_space, a.aggminitval AS moving_initial,
      nullif(a.aggmfinalfn, 0)::regproc::text AS moving_final, a.aggmfinalextra AS moving_final_extra,
      nullif(a.aggmfinalmodify, CASE a.aggkind WHEN 'n' THEN 'r' ELSE 'w' END)::text AS moving_final_modify,
      (SELECT format('OPERATOR(%I.%s)', opn.nspname, o.oprname)
        FROM pg_operator o JOIN pg_namespace opn ON opn.oid = o.oprnamespace
        WHERE o.oid = a.aggsortop) AS sort_operator,
      ${
    commonColumns({
      catalog: "pg_proc",
      oid: "p.oid",
      owner: "p.proowner",
      acl: "p.proacl",
      defaults: "'f'",
    })
  }
    FROM pg_aggregate a
    JOIN pg_proc p ON p.oid = a.aggfnoid
    JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE ${userSchema("n")}
      AND ${notOfExtension("pg_proc", "p.oid")}
    ORDER BY n.nspname, p.proname, signature`,
  read: (row) => {
    const signature = row.kind !== "n" ? row.identity : row.signature === "" ? "*" : row.signature;
    const name = `${joinName(row.schema, row.name)}(${signature})`;
    return {
      object: {
        id: objectId("aggregate", name),
        kind: "aggregate",
        name,
        parent: null,
        facts: compact<AggregateFacts>({
          arguments: row.arguments === "" ? "*" : row.arguments,
          returns: row.returns,
          kind: row.kind === "o" ? "ordered-set" : row.kind === "h" ? "hypothetical" : null,
          transition: row.transition,
          state_type: row.state_type,
          state_space: row.state_space === 0 ? null : row.state_space,
          initial: row.initial,
          final: row.final,
          final_extra: row.final_extra,
          final_modify: row.final === null ? null : MODIFY[row.final_modify ?? ""] ?? null,
          combine: row.combine,
          serialize: row.serialize,
          deserialize: row.deserialize,
          moving_transition: row.moving_transition,
          moving_inverse: row.moving_inverse,
          moving_type: row.moving_type,
          moving_space: row.moving_space === 0 ? null : row.moving_space,
          moving_initial: row.moving_initial,
          moving_final: row.moving_final,
          moving_final_extra: row.moving_final_extra,
          moving_final_modify: row.moving_final === null
            ? null
            : MODIFY[row.moving_final_modify ?? ""] ?? null,
          sort_operator: row.sort_operator,
          parallel: row.parallel === "s" ? "safe" : row.parallel === "r" ? "restricted" : null,
          ...commonFacts(row),
        }),
      },
      address: `pg_proc/${row.oid}/0`,
    };
  },
};

const MODIFY: Readonly<Record<string, string>> = {
  r: "read_only",
  s: "shareable",
  w: "read_write",
};
