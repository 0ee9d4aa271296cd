/** Extended statistics. */

import { objectId } from "../../../core/snapshot.ts";
import { joinName } from "../names.ts";
import { commonColumns, type CommonFacts, commonFacts, type CommonRow, compact } from "./common.ts";
import { normalized } from "./normalized_expression.ts";
import type { Reader } from "./reader.ts";
import { notOfExtension, userSchema } from "./user_objects.ts";

interface Row extends CommonRow {
  readonly oid: string;
  readonly schema: string;
  readonly name: string;
  readonly relation_schema: string;
  readonly relation: string;
  readonly relkind: string;
  readonly definition: string;
  readonly target: number | null;
}

/** The facts of `statistics`. */
export interface StatisticsFacts extends CommonFacts {
  /** From the kinds, or ON, on. */
  readonly definition: string;
  readonly target?: number;
}

/** Reads `statistics`. */
export const statistics: Reader<Row> = {
  kinds: ["statistics"],
  rare: true,
  sql: (version) => `
    SELECT s.oid::int8::text AS oid, n.nspname AS schema, s.stxname AS name,
      cn.nspname AS relation_schema, c.relname AS relation, c.relkind::text AS relkind,
      substr(pg_get_statisticsobjdef(s.oid), 1 + length(
        'CREATE STATISTICS ' || quote_ident(n.nspname) || '.' || quote_ident(s.stxname) || ' ')) AS definition,
      ${version >= 130000 ? "nullif(s.stxstattarget, -1)" : "NULL"} AS target,
      ${commonColumns({ catalog: "pg_statistic_ext", oid: "s.oid", owner: "s.stxowner" })}
    FROM pg_statistic_ext s
    JOIN pg_namespace n ON n.oid = s.stxnamespace
    JOIN pg_class c ON c.oid = s.stxrelid
    JOIN pg_namespace cn ON cn.oid = c.relnamespace
    WHERE ${userSchema("n")}
      AND ${notOfExtension("pg_statistic_ext", "s.oid")}
    ORDER BY n.nspname, s.stxname`,
  read: (row) => {
    const name = joinName(row.schema, row.name);
    return {
      object: {
        id: objectId("statistics", name),
        kind: "statistics",
        name,
        parent: objectId(
          RELATION[row.relkind] ?? "table",
          joinName(row.relation_schema, row.relation),
        ),
        facts: compact<StatisticsFacts>({
          definition: sorted(normalized(row.definition)),
          target: row.target,
          ...commonFacts(row),
        }),
      },
      address: `pg_statistic_ext/${row.oid}/0`,
    };
  },
};

/** The server lists columns in the order of the table, which is no fact: they are sorted, expressions stay behind them. */
function sorted(definition: string): string {
  const [, head = "", list = "", tail = ""] = /^(.*?\bON )(.*)( FROM .*)$/s.exec(definition) ?? [];
  const plain = /^(?:"(?:[^"]|"")*"|[a-z_][\w$]*)(?:, |$)/;
  const columns: string[] = [];
  let rest = list;
  for (let item = plain.exec(rest); item !== null; item = plain.exec(rest)) {
    columns.push(item[0].replace(/, $/, ""));
    rest = rest.slice(item[0].length);
  }
  return `${head}${[...columns.sort(), ...rest === "" ? [] : [rest]].join(", ")}${tail}`;
}

const RELATION: Readonly<Record<string, string>> = {
  f: "foreign table",
  m: "materialized view",
};
