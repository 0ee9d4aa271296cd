/** Enumerated types. */

import { objectId } from "../../../core/snapshot.ts";
import { joinName } from "../names.ts";
import { type CommonFacts, commonFacts, type CommonRow, compact } from "./common.ts";
import type { Reader } from "./reader.ts";
import { typeTraits } from "./type_traits.ts";
import { notOfExtension, userSchema } from "./user_objects.ts";

interface Row extends CommonRow {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  readonly labels: readonly string[] | null;
}

/** The facts of an `enum`. */
export interface EnumFacts extends CommonFacts {
  /** In their order; absent where there are none. */
  readonly labels?: readonly string[];
}

/** Reads `enum`s. */
export const enums: Reader<Row> = {
  kinds: ["enum"],
  sql: () => `
    SELECT t.oid::int8::text AS oid, n.nspname AS schema, t.typname AS name,
      (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder)
        FROM pg_enum e WHERE e.enumtypid = t.oid) AS labels,
      ${typeTraits()}
    FROM pg_type t
    JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE t.typtype = 'e'
      AND ${userSchema("n")}
      AND ${notOfExtension("pg_type", "t.oid")}
    ORDER BY n.nspname, t.typname`,
  read: (row) => {
    const name = joinName(row.schema, row.name);
    return {
      object: {
        id: objectId("enum", name),
        kind: "enum",
        name,
        parent: null,
        facts: compact<EnumFacts>({ labels: row.labels ?? [], ...commonFacts(row) }),
      },
      address: `pg_type/${row.oid}/0`,
    };
  },
};
