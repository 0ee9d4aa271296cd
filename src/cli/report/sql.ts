/** SQL in colour. The colours are for the eye only: a word list and a few token shapes, for all dialects alike. */

import type { Paint } from "../paint.ts";

const KEYWORDS = new Set(
  `ADD AFTER ALL ALTER ALWAYS AND ANY AS ASC ATOMIC ATTACH AUTOINCREMENT BEFORE BEGIN BETWEEN BY CACHE CALL CASCADE CASCADED
  CASE CAST CHECK COLLATE COLUMN COMMENT COMMIT CONCURRENTLY CONFLICT CONSTRAINT CREATE CROSS CURRENT CURRENT_TIMESTAMP CYCLE
  DATABASE DECLARE DEFAULT DEFAULTS DEFERRABLE DEFERRED DEFINER DELETE DESC DETACH DISABLE DISTINCT DO DOMAIN DROP EACH ELSE
  ENABLE END ENGINE ENUM EXCEPT EXCLUDE EXECUTE EXISTS EXTENSION FALSE FOR FORCE FOREIGN FROM FULL FUNCTION GENERATED GRANT
  GROUP HAVING IDENTITY IF ILIKE IMMEDIATE IMMUTABLE IN INCLUDE INCREMENT INDEX INHERIT INHERITS INITIALLY INNER INSERT INSTEAD
  INTO INVOKER IS JOIN KEY LANGUAGE LATERAL LEFT LIKE LIMIT LOCAL LOGGED MATCH MATERIALIZED MAXVALUE MINVALUE MODIFY NATURAL NO
  NOT NOTHING NOTNULL NULL NULLS OF OFFSET ON ONLY OPERATOR OPTIONS OR ORDER OUTER OVER OWNED OWNER PARTITION POLICY PRAGMA
  PRIMARY PRIVILEGES PROCEDURE PUBLICATION RANGE RECURSIVE REFERENCES REFRESH RENAME REPLACE REPLICA RESET RESTART RESTRICT
  RETURN RETURNING RETURNS REVOKE RIGHT ROLE ROLLBACK ROW ROWID ROWS RULE SAVEPOINT SCHEMA SECURITY SELECT SEQUENCE SERVER SET
  SETOF SHOW STABLE START STATEMENT STATISTICS STORAGE STORED STRICT TABLE TABLESPACE TEMP TEMPORARY THEN TO TRANSACTION
  TRIGGER TRUE TRUNCATE TYPE UNION UNIQUE UNLOGGED UPDATE USING VACUUM VALID VALIDATE VALUES VIEW VIRTUAL VOLATILE WHEN WHERE
  WINDOW WITH WITHOUT`.split(/\s+/),
);

const TOKEN =
  /(?<comment>--[^\n]*|\/\*[^]*?(?:\*\/|$))|(?<dollar>\$(?<tag>\w*)\$[^]*?(?:\$\k<tag>\$|$))|(?<text>'(?:[^']|'')*(?:'|$))|(?<name>"(?:[^"]|"")*(?:"|$)|`[^`]*(?:`|$))|(?<number>\b\d+(?:\.\d+)?\b)|(?<word>[\p{L}_][\p{L}\p{N}_$]*)/gu;

/** The same text with colours. */
export function highlightSql(sql: string, paint: Paint): string {
  if (!paint.colour) return sql;
  return sql.replaceAll(TOKEN, (token: string, ...rest: unknown[]) => {
    const groups = rest.at(-1) as Readonly<Record<string, string | undefined>>;
    if (groups.comment !== undefined) return eachLine(token, paint.dim);
    if (groups.text !== undefined || groups.dollar !== undefined) {
      return eachLine(token, paint.green);
    }
    if (groups.number !== undefined) return paint.yellow(token);
    if (groups.word !== undefined && KEYWORDS.has(token.toUpperCase())) return paint.blue(token);
    return token;
  });
}

/** Colours line by line, so that a pager or an indent between lines does not break it. */
function eachLine(text: string, colour: (line: string) => string): string {
  return text.split("\n").map(colour).join("\n");
}
