/** Operators, operator families and operator classes. */

import { objectId } from "../../../core/snapshot.ts";
import { joinName } from "../names.ts";
import { commonColumns, type CommonFacts, commonFacts, type CommonRow, compact } from "./common.ts";
import type { Reader } from "./reader.ts";
import { notOfExtension, userSchema } from "./user_objects.ts";

interface OperatorRow extends CommonRow {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  readonly left: string | null;
  readonly right: string | null;
  readonly function: string;
  readonly commutator: string | null;
  readonly negator: string | null;
  readonly restrict: string | null;
  readonly join: string | null;
  readonly hashes: boolean;
  readonly merges: boolean;
}

/** The facts of an `operator`; its name ends with the types of its operands. */
export interface OperatorFacts extends CommonFacts {
  readonly left?: string;
  readonly right?: string;
  readonly function: string;
  readonly commutator?: string;
  readonly negator?: string;
  readonly restrict?: string;
  readonly join?: string;
  readonly hashes?: true;
  readonly merges?: true;
}

/** Reads `operator`s. */
export const operators: Reader<OperatorRow> = {
  kinds: ["operator"],
  rare: true,
  sql: () => `
    SELECT o.oid::int8::text AS oid, n.nspname AS schema, o.oprname AS name,
      CASE WHEN o.oprleft <> 0 THEN format_type(o.oprleft, NULL) END AS "left",
      CASE WHEN o.oprright <> 0 THEN format_type(o.oprright, NULL) END AS "right",
      o.oprcode::regproc::text AS function,
      ${operatorName("o.oprcom")} AS commutator,
      ${operatorName("o.oprnegate")} AS negator,
      nullif(o.oprrest, 0)::regproc::text AS restrict,
      nullif(o.oprjoin, 0)::regproc::text AS "join",
      o.oprcanhash AS hashes, o.oprcanmerge AS merges,
      ${commonColumns({ catalog: "pg_operator", oid: "o.oid", owner: "o.oprowner" })}
    FROM pg_operator o
    JOIN pg_namespace n ON n.oid = o.oprnamespace
    WHERE o.oprcode <> 0
      AND ${userSchema("n")}
      AND ${notOfExtension("pg_operator", "o.oid")}
    ORDER BY n.nspname, o.oprname, o.oid`,
  read: (row) => {
    const name = `${joinName(row.schema, row.name)}(${row.left ?? "NONE"}, ${row.right ?? "NONE"})`;
    return {
      object: {
        id: objectId("operator", name),
        kind: "operator",
        name,
        parent: null,
        facts: compact<OperatorFacts>({
          left: row.left,
          right: row.right,
          function: row.function,
          commutator: row.commutator,
          negator: row.negator,
          restrict: row.restrict,
          join: row.join,
          hashes: row.hashes,
          merges: row.merges,
          ...commonFacts(row),
        }),
      },
      address: `pg_operator/${row.oid}/0`,
    };
  },
};

interface FamilyRow extends CommonRow {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  readonly method: string;
  readonly items: readonly string[] | null;
}

/** The facts of an `operator family`; its name ends with ` USING method`. */
export interface OperatorFamilyFacts extends CommonFacts {
  readonly method: string;
  /** Those that belong to no class. */
  readonly items?: readonly string[];
}

/** Reads `operator family`s. */
export const operatorFamilies: Reader<FamilyRow> = {
  kinds: ["operator family"],
  rare: true,
  sql: () => `
    SELECT f.oid::int8::text AS oid, n.nspname AS schema, f.opfname AS name, am.amname AS method,
      ${items("pg_opfamily", "f.oid")} AS items,
      ${commonColumns({ catalog: "pg_opfamily", oid: "f.oid", owner: "f.opfowner" })}
    FROM pg_opfamily f
    JOIN pg_namespace n ON n.oid = f.opfnamespace
    JOIN pg_am am ON am.oid = f.opfmethod
    WHERE ${userSchema("n")}
      AND ${notOfExtension("pg_opfamily", "f.oid")}
    ORDER BY n.nspname, f.opfname`,
  read: (row) => {
    const name = `${joinName(row.schema, row.name)} USING ${row.method}`;
    return {
      object: {
        id: objectId("operator family", name),
        kind: "operator family",
        name,
        parent: null,
        facts: compact<OperatorFamilyFacts>({
          method: row.method,
          items: row.items ?? [],
          ...commonFacts(row),
        }),
      },
      address: `pg_opfamily/${row.oid}/0`,
    };
  },
};

interface ClassRow extends FamilyRow {
  readonly default: boolean;
  readonly type: string;
  readonly storage: string | null;
  readonly family: readonly [string, string];
}

/** The facts of an `operator class`; its name ends with ` USING method`. */
export interface OperatorClassFacts extends CommonFacts {
  readonly method: string;
  readonly default?: true;
  readonly type: string;
  readonly storage?: string;
  readonly family: string;
  readonly items?: readonly string[];
}

/** Reads `operator class`es. */
export const operatorClasses: Reader<ClassRow> = {
  kinds: ["operator class"],
  rare: true,
  sql: () => `
    SELECT c.oid::int8::text AS oid, n.nspname AS schema, c.opcname AS name, am.amname AS method,
      c.opcdefault AS "default", format_type(c.opcintype, NULL) AS type,
      CASE WHEN c.opckeytype <> 0 THEN format_type(c.opckeytype, NULL) END AS storage,
      json_build_array(fn.nspname, f.opfname) AS family,
      ${items("pg_opclass", "c.oid")} AS items,
      ${commonColumns({ catalog: "pg_opclass", oid: "c.oid", owner: "c.opcowner" })}
    FROM pg_opclass c
    JOIN pg_namespace n ON n.oid = c.opcnamespace
    JOIN pg_am am ON am.oid = c.opcmethod
    JOIN pg_opfamily f ON f.oid = c.opcfamily
    JOIN pg_namespace fn ON fn.oid = f.opfnamespace
    WHERE ${userSchema("n")}
      AND ${notOfExtension("pg_opclass", "c.oid")}
    ORDER BY n.nspname, c.opcname`,
  read: (row) => {
    const name = `${joinName(row.schema, row.name)} USING ${row.method}`;
    return {
      object: {
        id: objectId("operator class", name),
        kind: "operator class",
        name,
        parent: null,
        facts: compact<OperatorClassFacts>({
          method: row.method,
          default: row.default,
          type: row.type,
          storage: row.storage,
          family: joinName(...row.family),
          items: row.items ?? [],
          ...commonFacts(row),
        }),
      },
      address: `pg_opclass/${row.oid}/0`,
    };
  },
};

function operatorName(oid: string): string {
  return `(SELECT CASE WHEN x.oprnamespace IN ('pg_catalog'::regnamespace, 'public'::regnamespace)
          THEN x.oprname::text ELSE format('OPERATOR(%I.%s)', xn.nspname, x.oprname) END
        FROM pg_operator x JOIN pg_namespace xn ON xn.oid = x.oprnamespace
        WHERE x.oid = ${oid})`;
}

/** Operators and functions of a class or family, each as ALTER OPERATOR FAMILY ... ADD would write it. */
function items(catalog: string, oid: string): string {
  return `(SELECT json_agg(i.item ORDER BY i.item) FROM (
        SELECT format('OPERATOR %s %s(%s, %s)', o.amopstrategy,
          (SELECT CASE WHEN xn.nspname IN ('pg_catalog', 'public') THEN x.oprname::text
              ELSE format('%I.%s', xn.nspname, x.oprname) END
            FROM pg_operator x JOIN pg_namespace xn ON xn.oid = x.oprnamespace
            WHERE x.oid = o.amopopr),
          format_type(o.amoplefttype, NULL), format_type(o.amoprighttype, NULL))
          || coalesce((SELECT ' FOR ORDER BY ' || format(
              CASE WHEN sn.nspname IN ('pg_catalog', 'public') THEN '%2$I' ELSE '%1$I.%2$I' END,
              sn.nspname, s.opfname)
            FROM pg_opfamily s JOIN pg_namespace sn ON sn.oid = s.opfnamespace
            WHERE s.oid = o.amopsortfamily), '') AS item
        FROM pg_amop o
        JOIN pg_depend d ON d.classid = 'pg_amop'::regclass AND d.objid = o.oid
        WHERE d.refclassid = '${catalog}'::regclass AND d.refobjid = ${oid}
        UNION ALL
        SELECT format('FUNCTION %s (%s, %s) %s', p.amprocnum, format_type(p.amproclefttype, NULL),
          format_type(p.amprocrighttype, NULL), p.amproc::regprocedure)
        FROM pg_amproc p
        JOIN pg_depend d ON d.classid = 'pg_amproc'::regclass AND d.objid = p.oid
        WHERE d.refclassid = '${catalog}'::regclass AND d.refobjid = ${oid}
      ) i)`;
}
