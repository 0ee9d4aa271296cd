/** Procedural languages, transforms and access methods. */

import { objectId } from "../../../core/snapshot.ts";
import { joinName } from "../names.ts";
import { commonColumns, type CommonFacts, commonFacts, type CommonRow, compact } from "./common.ts";
import type { Reader } from "./reader.ts";
import { LAST_SERVER_OID, notOfExtension } from "./user_objects.ts";

interface LanguageRow extends CommonRow {
  readonly oid: string;
  readonly name: string;
  readonly trusted: boolean;
  readonly handler: string | null;
  readonly inline: string | null;
  readonly validator: string | null;
}

/** The facts of a `language`. */
export interface LanguageFacts extends CommonFacts {
  readonly trusted?: true;
  readonly handler?: string;
  readonly inline?: string;
  readonly validator?: string;
}

/** Reads `language`s. */
export const languages: Reader<LanguageRow> = {
  kinds: ["language"],
  sql: () => `
    SELECT l.oid::int8::text AS oid, l.lanname AS name, l.lanpltrusted AS trusted,
      nullif(l.lanplcallfoid, 0)::regproc::text AS handler,
      nullif(l.laninline, 0)::regproc::text AS inline,
      nullif(l.lanvalidator, 0)::regproc::text AS validator,
      ${
    commonColumns({
      catalog: "pg_language",
      oid: "l.oid",
      owner: "l.lanowner",
      acl: "l.lanacl",
      defaults: "'l'",
    })
  }
    FROM pg_language l
    WHERE l.lanispl AND l.oid > ${LAST_SERVER_OID}
      AND ${notOfExtension("pg_language", "l.oid")}
    ORDER BY l.lanname`,
  read: (row) => ({
    object: {
      id: objectId("language", joinName(row.name)),
      kind: "language",
      name: joinName(row.name),
      parent: null,
      facts: compact<LanguageFacts>({
        trusted: row.trusted,
        handler: row.handler,
        inline: row.inline,
        validator: row.validator,
        ...commonFacts(row),
      }),
    },
    address: `pg_language/${row.oid}/0`,
  }),
};

interface TransformRow extends CommonRow {
  readonly oid: string;
  readonly type: string;
  readonly language: string;
  readonly from_sql: string | null;
  readonly to_sql: string | null;
}

/** The facts of a `transform`; its name is `FOR type LANGUAGE language`. */
export interface TransformFacts extends CommonFacts {
  readonly type: string;
  readonly language: string;
  readonly from_sql?: string;
  readonly to_sql?: string;
}

/** Reads `transform`s. */
export const transforms: Reader<TransformRow> = {
  kinds: ["transform"],
  rare: true,
  sql: () => `
    SELECT t.oid::int8::text AS oid, format_type(t.trftype, NULL) AS type, l.lanname AS language,
      CASE WHEN t.trffromsql <> 0 THEN t.trffromsql::regprocedure::text END AS from_sql,
      CASE WHEN t.trftosql <> 0 THEN t.trftosql::regprocedure::text END AS to_sql,
      ${commonColumns({ catalog: "pg_transform", oid: "t.oid" })}
    FROM pg_transform t
    JOIN pg_language l ON l.oid = t.trflang
    WHERE ${notOfExtension("pg_transform", "t.oid")}
    ORDER BY 2, 3`,
  read: (row) => {
    const name = `FOR ${row.type} LANGUAGE ${joinName(row.language)}`;
    return {
      object: {
        id: objectId("transform", name),
        kind: "transform",
        name,
        parent: null,
        facts: compact<TransformFacts>({
          type: row.type,
          language: joinName(row.language),
          from_sql: row.from_sql,
          to_sql: row.to_sql,
          ...commonFacts(row),
        }),
      },
      address: `pg_transform/${row.oid}/0`,
    };
  },
};

interface AccessMethodRow extends CommonRow {
  readonly oid: string;
  readonly name: string;
  readonly type: string;
  readonly handler: string;
}

/** The facts of an `access method`. */
export interface AccessMethodFacts extends CommonFacts {
  readonly type: "table" | "index";
  readonly handler: string;
}

/** Reads `access method`s. */
export const accessMethods: Reader<AccessMethodRow> = {
  kinds: ["access method"],
  rare: true,
  sql: () => `
    SELECT a.oid::int8::text AS oid, a.amname AS name, a.amtype::text AS type,
      a.amhandler::regproc::text AS handler,
      ${commonColumns({ catalog: "pg_am", oid: "a.oid" })}
    FROM pg_am a
    WHERE a.oid > ${LAST_SERVER_OID}
      AND ${notOfExtension("pg_am", "a.oid")}
    ORDER BY a.amname`,
  read: (row) => ({
    object: {
      id: objectId("access method", joinName(row.name)),
      kind: "access method",
      name: joinName(row.name),
      parent: null,
      facts: compact<AccessMethodFacts>({
        type: row.type === "t" ? "table" : "index",
        handler: row.handler,
        ...commonFacts(row),
      }),
    },
    address: `pg_am/${row.oid}/0`,
  }),
};
