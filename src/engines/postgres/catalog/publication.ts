/** Publications with their tables and schemas. */

import { objectId } from "../../../core/snapshot.ts";
import { joinName } from "../names.ts";
import { commonColumns, type CommonFacts, commonFacts, type CommonRow, compact } from "./common.ts";
import type { Found, Reader } from "./reader.ts";
import { notOfExtension } from "./user_objects.ts";

interface Row extends CommonRow {
  readonly oid: string;
  readonly name: string;
  readonly all_tables: boolean;
  readonly publish: readonly string[];
  readonly via_root: boolean;
  readonly generated: boolean;
  readonly tables: readonly TableRow[] | null;
  readonly schemas: readonly SchemaRow[] | null;
}

interface TableRow {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly string[] | null;
  readonly where: string | null;
}

interface SchemaRow {
  readonly oid: string;
  readonly name: string;
}

/** The facts of a `publication`. */
export interface PublicationFacts extends CommonFacts {
  readonly all_tables?: true;
  /** Operations. */
  readonly publish?: readonly string[];
  readonly via_root?: true;
  readonly generated_columns?: "stored";
}

/** The facts of a `publication table`, whose parent is the publication. A `publication schema` has none. */
export interface PublicationTableFacts {
  /** Their order means nothing. */
  readonly columns?: readonly string[];
  readonly where?: string;
}

/** Reads `publication`s with their `publication table`s and `publication schema`s. */
export const publications: Reader<Row> = {
  kinds: ["publication", "publication table", "publication schema"],
  rare: true,
  sql: (version) => `
    SELECT p.oid::int8::text AS oid, p.pubname AS name, p.puballtables AS all_tables,
      to_json(array_remove(ARRAY[
        CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
        CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END], NULL)) AS publish,
      ${version >= 130000 ? "p.pubviaroot" : "false"} AS via_root,
      ${version >= 180000 ? "p.pubgencols = 's'" : "false"} AS generated,
      (SELECT json_agg(json_build_object('oid', r.oid::int8::text, 'schema', n.nspname, 'name', c.relname
          ${
    version >= 150000 ? TABLE_DETAILS : ", 'columns', NULL, 'where', NULL"
  }) ORDER BY n.nspname, c.relname)
        FROM pg_publication_rel r
        JOIN pg_class c ON c.oid = r.prrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE r.prpubid = p.oid) AS tables,
      ${version >= 150000 ? SCHEMAS : "NULL::json"} AS schemas,
      ${commonColumns({ catalog: "pg_publication", oid: "p.oid", owner: "p.pubowner" })}
    FROM pg_publication p
    WHERE ${notOfExtension("pg_publication", "p.oid")}
    ORDER BY p.pubname`,
  read: (row) => {
    const id = objectId("publication", joinName(row.name));
    return [
      {
        object: {
          id,
          kind: "publication",
          name: joinName(row.name),
          parent: null,
          facts: compact<PublicationFacts>({
            all_tables: row.all_tables,
            publish: row.publish,
            via_root: row.via_root,
            generated_columns: row.generated ? "stored" : null,
            ...commonFacts(row),
          }),
        },
        address: `pg_publication/${row.oid}/0`,
      },
      ...(row.tables ?? []).map((table): Found => {
        const name = joinName(row.name, table.schema, table.name);
        return {
          object: {
            id: objectId("publication table", name),
            kind: "publication table",
            name,
            parent: id,
            facts: compact<PublicationTableFacts>({ columns: table.columns, where: table.where }),
          },
          address: `pg_publication_rel/${table.oid}/0`,
        };
      }),
      ...(row.schemas ?? []).map((schema): Found => {
        const name = joinName(row.name, schema.name);
        return {
          object: {
            id: objectId("publication schema", name),
            kind: "publication schema",
            name,
            parent: id,
            facts: {},
          },
          address: `pg_publication_namespace/${schema.oid}/0`,
        };
      }),
    ];
  },
};

const TABLE_DETAILS = `,
          'columns', (SELECT json_agg(a.attname ORDER BY a.attname)
            FROM pg_attribute a WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs)),
          'where', pg_get_expr(r.prqual, r.prrelid)`;

const SCHEMAS =
  `(SELECT json_agg(json_build_object('oid', s.oid::int8::text, 'name', n.nspname) ORDER BY n.nspname)
        FROM pg_publication_namespace s
        JOIN pg_namespace n ON n.oid = s.pnnspid
        WHERE s.pnpubid = p.oid)`;
