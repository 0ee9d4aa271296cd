/** Foreign-data wrappers, servers, user mappings and foreign tables. */

import { objectId } from "../../../core/snapshot.ts";
import { joinName } from "../names.ts";
import {
  commentFacts,
  commonColumns,
  type CommonFacts,
  commonFacts,
  type CommonRow,
  compact,
} from "./common.ts";
import { optionRecord, type Options } from "./options.ts";
import type { Reader } from "./reader.ts";
import type { PartitionOf } from "./table.ts";
import { notOfExtension, userSchema } from "./user_objects.ts";

interface WrapperRow extends CommonRow {
  readonly oid: string;
  readonly name: string;
  readonly handler: string | null;
  readonly validator: string | null;
  readonly options: readonly string[] | null;
}

/** The facts of a `foreign data wrapper`. */
export interface ForeignDataWrapperFacts extends CommonFacts {
  readonly handler?: string;
  readonly validator?: string;
  readonly options?: Options;
}

/** Reads `foreign data wrapper`s. */
export const foreignDataWrappers: Reader<WrapperRow> = {
  kinds: ["foreign data wrapper"],
  rare: true,
  sql: () => `
    SELECT w.oid::int8::text AS oid, w.fdwname AS name,
      nullif(w.fdwhandler, 0)::regproc::text AS handler,
      nullif(w.fdwvalidator, 0)::regproc::text AS validator,
      to_json(w.fdwoptions) AS options,
      ${
    commonColumns({
      catalog: "pg_foreign_data_wrapper",
      oid: "w.oid",
      owner: "w.fdwowner",
      acl: "w.fdwacl",
      defaults: "'F'",
    })
  }
    FROM pg_foreign_data_wrapper w
    WHERE ${notOfExtension("pg_foreign_data_wrapper", "w.oid")}
    ORDER BY w.fdwname`,
  read: (row) => ({
    object: {
      id: objectId("foreign data wrapper", joinName(row.name)),
      kind: "foreign data wrapper",
      name: joinName(row.name),
      parent: null,
      facts: compact<ForeignDataWrapperFacts>({
        handler: row.handler,
        validator: row.validator,
        options: optionRecord(row.options),
        ...commonFacts(row),
      }),
    },
    address: `pg_foreign_data_wrapper/${row.oid}/0`,
  }),
};

interface ServerRow extends CommonRow {
  readonly oid: string;
  readonly name: string;
  readonly wrapper: string;
  readonly type: string | null;
  readonly version: string | null;
  readonly options: readonly string[] | null;
}

/** The facts of a `server`. */
export interface ServerFacts extends CommonFacts {
  readonly wrapper: string;
  readonly type?: string;
  readonly version?: string;
  readonly options?: Options;
}

/** Reads `server`s. */
export const servers: Reader<ServerRow> = {
  kinds: ["server"],
  rare: true,
  sql: () => `
    SELECT s.oid::int8::text AS oid, s.srvname AS name, w.fdwname AS wrapper,
      s.srvtype AS type, s.srvversion AS version, to_json(s.srvoptions) AS options,
      ${
    commonColumns({
      catalog: "pg_foreign_server",
      oid: "s.oid",
      owner: "s.srvowner",
      acl: "s.srvacl",
      defaults: "'S'",
    })
  }
    FROM pg_foreign_server s
    JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
    WHERE ${notOfExtension("pg_foreign_server", "s.oid")}
    ORDER BY s.srvname`,
  read: (row) => ({
    object: {
      id: objectId("server", joinName(row.name)),
      kind: "server",
      name: joinName(row.name),
      parent: null,
      facts: compact<ServerFacts>({
        wrapper: joinName(row.wrapper),
        type: row.type,
        version: row.version,
        options: optionRecord(row.options),
        ...commonFacts(row),
      }),
    },
    address: `pg_foreign_server/${row.oid}/0`,
  }),
};

interface MappingRow {
  readonly oid: string;
  readonly server: string;
  readonly role: string;
  readonly options: readonly string[] | null;
}

/** The facts of a `user mapping`; its name is `role SERVER server`, with `CURRENT_USER` for the connected user. */
export interface UserMappingFacts extends CommonFacts {
  readonly role: string;
  readonly server: string;
  readonly options?: Options;
}

/** Reads `user mapping`s. */
export const userMappings: Reader<MappingRow> = {
  kinds: ["user mapping"],
  rare: true,
  sql: () => `
    SELECT m.umid::int8::text AS oid, m.srvname AS server,
      CASE WHEN m.umuser = 0 THEN 'PUBLIC' WHEN m.usename = current_user THEN 'CURRENT_USER'
        ELSE quote_ident(m.usename) END AS role,
      to_json(m.umoptions) AS options
    FROM pg_user_mappings m
    WHERE ${notOfExtension("pg_user_mapping", "m.umid")}
    ORDER BY 2, 3`,
  read: (row) => {
    const name = `${row.role} SERVER ${joinName(row.server)}`;
    return {
      object: {
        id: objectId("user mapping", name),
        kind: "user mapping",
        name,
        parent: null,
        facts: compact<UserMappingFacts>({
          role: row.role,
          server: joinName(row.server),
          options: optionRecord(row.options),
          ...commentFacts(null),
        }),
      },
      address: `pg_user_mapping/${row.oid}/0`,
    };
  },
};

interface TableRow extends CommonRow {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  readonly server: string;
  readonly options: readonly string[] | null;
  readonly bound: string | null;
  readonly parents: readonly (readonly [string, string])[] | null;
}

/** The facts of a `foreign table`. Its columns are read with those of tables. */
export interface ForeignTableFacts extends CommonFacts {
  readonly server: string;
  readonly options?: Options;
  readonly partition_of?: PartitionOf;
  readonly inherits?: readonly string[];
}

/** Reads `foreign table`s. */
export const foreignTables: Reader<TableRow> = {
  kinds: ["foreign table"],
  rare: true,
  sql: () => `
    SELECT c.oid::int8::text AS oid, n.nspname AS schema, c.relname AS name,
      s.srvname AS server, to_json(f.ftoptions) AS options,
      pg_get_expr(c.relpartbound, c.oid) AS bound,
      (SELECT json_agg(json_build_array(pn.nspname, p.relname) ORDER BY i.inhseqno)
        FROM pg_inherits i
        JOIN pg_class p ON p.oid = i.inhparent
        JOIN pg_namespace pn ON pn.oid = p.relnamespace
        WHERE i.inhrelid = c.oid) AS parents,
      ${
    commonColumns({
      catalog: "pg_class",
      oid: "c.oid",
      owner: "c.relowner",
      acl: "c.relacl",
      defaults: "'r'",
    })
  }
    FROM pg_foreign_table f
    JOIN pg_class c ON c.oid = f.ftrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_foreign_server s ON s.oid = f.ftserver
    WHERE ${userSchema("n")}
      AND ${notOfExtension("pg_class", "c.oid")}
    ORDER BY n.nspname, c.relname`,
  read: (row) => {
    const name = joinName(row.schema, row.name);
    const parents = (row.parents ?? []).map((parent) => joinName(...parent));
    return {
      object: {
        id: objectId("foreign table", name),
        kind: "foreign table",
        name,
        parent: null,
        facts: compact<ForeignTableFacts>({
          server: joinName(row.server),
          options: optionRecord(row.options),
          partition_of: row.bound === null ? null : { parent: parents[0] ?? "", bound: row.bound },
          inherits: row.bound !== null || parents.length === 0 ? null : parents,
          ...commonFacts(row),
        }),
      },
      address: `pg_class/${row.oid}/0`,
    };
  },
};
