/** Range types. */

import { objectId } from "../../../core/snapshot.ts";
import { joinName } from "../names.ts";
import { type CommonFacts, commonFacts, type CommonRow, compact } from "./common.ts";
import type { Reader } from "./reader.ts";
import { otherCollation, typeTraits } from "./type_traits.ts";
import { notOfExtension, userSchema } from "./user_objects.ts";

interface Row extends CommonRow {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  readonly subtype: string;
  readonly operator_class: readonly [string, string] | null;
  readonly collation: readonly [string, string] | null;
  readonly canonical: string | null;
  readonly difference: string | null;
  readonly multirange_oid: string | null;
  readonly multirange: readonly [string, string] | null;
}

/** The facts of a `range`. */
export interface RangeFacts extends CommonFacts {
  readonly subtype: string;
  readonly operator_class?: string;
  readonly collation?: string;
  readonly canonical?: string;
  readonly difference?: string;
  /** From version 14 on, where it has not the usual name. */
  readonly multirange?: string;
}

/** Reads `range`s. */
export const ranges: Reader<Row> = {
  kinds: ["range"],
  rare: true,
  sql: (version) => `
    SELECT t.oid::int8::text AS oid, n.nspname AS schema, t.typname AS name,
      format_type(r.rngsubtype, NULL) AS subtype,
      CASE WHEN NOT oc.opcdefault THEN json_build_array(ocn.nspname, oc.opcname) END AS operator_class,
      ${otherCollation("r.rngcollation", "s.typcollation")} AS collation,
      CASE WHEN r.rngcanonical <> 0 THEN r.rngcanonical::regproc::text END AS canonical,
      CASE WHEN r.rngsubdiff <> 0 THEN r.rngsubdiff::regproc::text END AS difference,
      ${version >= 140000 ? MULTIRANGE : NO_MULTIRANGE},
      ${typeTraits()}
    FROM pg_range r
    JOIN pg_type t ON t.oid = r.rngtypid
    JOIN pg_type s ON s.oid = r.rngsubtype
    JOIN pg_namespace n ON n.oid = t.typnamespace
    JOIN pg_opclass oc ON oc.oid = r.rngsubopc
    JOIN pg_namespace ocn ON ocn.oid = oc.opcnamespace
    ${version >= 140000 ? MULTIRANGE_JOIN : ""}
    WHERE ${userSchema("n")}
      AND ${notOfExtension("pg_type", "t.oid")}
    ORDER BY n.nspname, t.typname`,
  read: (row) => {
    const name = joinName(row.schema, row.name);
    const named = row.multirange !== null &&
      (row.multirange[0] !== row.schema || row.multirange[1] !== usualMultirange(row.name));
    return {
      object: {
        id: objectId("range", name),
        kind: "range",
        name,
        parent: null,
        facts: compact<RangeFacts>({
          subtype: row.subtype,
          operator_class: row.operator_class === null ? null : joinName(...row.operator_class),
          collation: row.collation === null ? null : joinName(...row.collation),
          canonical: row.canonical,
          difference: row.difference,
          multirange: named ? joinName(...row.multirange) : null,
          ...commonFacts(row),
        }),
      },
      address: `pg_type/${row.oid}/0`,
      aliases: row.multirange_oid === null ? [] : [`pg_type/${row.multirange_oid}/0`],
    };
  },
};

const MULTIRANGE = `m.oid::int8::text AS multirange_oid,
      json_build_array(mn.nspname, m.typname) AS multirange`;

const NO_MULTIRANGE = `NULL::text AS multirange_oid, NULL::json AS multirange`;

const MULTIRANGE_JOIN = `JOIN pg_type m ON m.oid = r.rngmultitypid
    JOIN pg_namespace mn ON mn.oid = m.typnamespace`;

/** The name that the server gives the multirange type of a range type. */
function usualMultirange(range: string): string {
  return range.includes("range") ? range.replace("range", "multirange") : `${range}_multirange`;
}
