/** Composite types and their attributes. */

import { ORDER } from "../../../core/change.ts";
import { objectId } from "../../../core/snapshot.ts";
import { joinName } from "../names.ts";
import {
  commentFacts,
  commentOn,
  type CommonFacts,
  commonFacts,
  type CommonRow,
  compact,
} from "./common.ts";
import type { Found, Reader } from "./reader.ts";
import { otherCollation, typeTraits } from "./type_traits.ts";
import { notOfExtension, userSchema } from "./user_objects.ts";

interface Row extends CommonRow {
  readonly oid: string;
  readonly relation: string;
  readonly schema: string;
  readonly name: string;
  readonly attributes: readonly AttributeRow[] | null;
}

interface AttributeRow {
  readonly number: number;
  readonly name: string;
  readonly type: string;
  readonly collation: readonly [string, string] | null;
  readonly comment: string | null;
}

/** The facts of a `composite`. */
export interface CompositeFacts extends CommonFacts {
  /** The names of its attributes. */
  readonly order: readonly string[];
}

/** The facts of an `attribute`; its parent is the composite. */
export interface AttributeFacts extends CommonFacts {
  readonly type: string;
  readonly collation?: string;
}

/** Reads `composite`s and their `attribute`s. */
export const composites: Reader<Row> = {
  kinds: ["composite", "attribute"],
  sql: () => `
    SELECT t.oid::int8::text AS oid, c.oid::int8::text AS relation, n.nspname AS schema, t.typname AS name,
      (SELECT json_agg(json_build_object('number', a.attnum, 'name', a.attname,
          'type', format_type(a.atttypid, a.atttypmod),
          'collation', ${otherCollation("a.attcollation", "u.typcollation")},
          'comment', ${commentOn("pg_class", "c.oid", "a.attnum")}) ORDER BY a.attnum)
        FROM pg_attribute a
        JOIN pg_type u ON u.oid = a.atttypid
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS attributes,
      ${typeTraits()}
    FROM pg_type t
    JOIN pg_namespace n ON n.oid = t.typnamespace
    JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'
    WHERE t.typtype = 'c'
      AND ${userSchema("n")}
      AND ${notOfExtension("pg_type", "t.oid")}
    ORDER BY n.nspname, t.typname`,
  read: (row) => {
    const name = joinName(row.schema, row.name);
    const id = objectId("composite", name);
    const attributes = row.attributes ?? [];
    return [
      {
        object: {
          id,
          kind: "composite",
          name,
          parent: null,
          facts: {
            ...compact<CommonFacts>(commonFacts(row)),
            [ORDER]: attributes.map((attribute) => attribute.name),
          },
        },
        address: `pg_type/${row.oid}/0`,
        aliases: [`pg_class/${row.relation}/0`],
      },
      ...attributes.map((attribute, position): Found => ({
        object: {
          id: objectId("attribute", joinName(row.schema, row.name, attribute.name)),
          kind: "attribute",
          name: joinName(row.schema, row.name, attribute.name),
          parent: id,
          facts: compact<AttributeFacts>({
            type: attribute.type,
            collation: attribute.collation === null ? null : joinName(...attribute.collation),
            ...commentFacts(attribute.comment),
          }),
          position,
        },
        address: `pg_class/${row.relation}/${attribute.number}`,
      })),
    ];
  },
};
