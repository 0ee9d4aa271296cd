/** System versioning of MariaDB: it begins and ends by statements of its own, with the columns and the period that it has. */

import { sameJson } from "../../../core/change.ts";
import type { SchemaObject } from "../../../core/snapshot.ts";
import type { PlannedStatement } from "../../../core/statement.ts";
import { becomes, ceases, statement } from "../../common/statement.ts";
import type { TableChange } from "../../common/table_change.ts";
import { factsOf, type PeriodFacts, type TableFacts } from "../facts.ts";
import { columnText } from "./column_text.ts";
import { nameOf } from "./member.ts";
import { alterText, definition } from "./statement.ts";
import { periodText } from "./table_text.ts";

/** Statements by which a table is no longer versioned, or becomes so, before its other changes. */
export function versioningStatements(
  { before, after, columns }: TableChange,
): readonly PlannedStatement[] {
  const [had, has] = [factsOf(before, "table"), factsOf(after, "table")];
  const [old, fresh] = [systemPeriod(had), systemPeriod(has)];
  const stays = (had.system_versioned === true) === (has.system_versioned === true) &&
    sameJson(old ?? null, fresh ?? null);
  if (stays) return [];
  const out: PlannedStatement[] = [];
  if (had.system_versioned === true) {
    if (had.partitioning?.method === "SYSTEM_TIME") {
      const reason = ceases(after, "partitioned");
      out.push(definition(alterText(after.name, ["REMOVE PARTITIONING"]), after, reason));
    }
    out.push(definition(
      alterText(after.name, [
        ...columns.from.filter(isRow).map((column) => `DROP COLUMN ${nameOf(column)}`),
        ...old === undefined ? [] : ["DROP PERIOD FOR SYSTEM_TIME"],
        "DROP SYSTEM VERSIONING",
      ]),
      after,
      ceases(after, "system versioned"),
      { destroys: `the history of table ${before.name}`, reversible: "structure" },
    ));
  }
  if (has.system_versioned === true) {
    out.push(definition(
      alterText(after.name, [
        ...columns.to.filter(isRow).map((column) =>
          `ADD COLUMN ${columnText(column, { table: has, isMariadb: true })}`
        ),
        ...fresh === undefined ? [] : [`ADD ${periodText(fresh)}`],
        "ADD SYSTEM VERSIONING",
      ]),
      after,
      becomes(after, "system versioned"),
    ));
  }
  return out;
}

/** The statements with the setting around them that lets ALTER TABLE change a table with a history. */
export function keepingHistory(
  statements: readonly PlannedStatement[],
  { before, after }: Pick<TableChange, "before" | "after">,
): readonly PlannedStatement[] {
  const isVersioned = factsOf(before, "table").system_versioned === true ||
    factsOf(after, "table").system_versioned === true;
  if (!isVersioned || statements.length === 0) return statements;
  const set = (value: string) =>
    statement(
      `SET SESSION system_versioning_alter_history = ${value}`,
      after,
      { action: "describe", text: "Altering a table with a history needs this setting" },
    );
  return [set("KEEP"), ...statements, set("DEFAULT")];
}

/** The periods of an application. */
export function applicationPeriods({ periods = [] }: TableFacts): readonly PeriodFacts[] {
  return periods.filter(({ name }) => name !== "SYSTEM_TIME");
}

function systemPeriod({ periods = [] }: TableFacts): PeriodFacts | undefined {
  return periods.find(({ name }) => name === "SYSTEM_TIME");
}

function isRow(column: SchemaObject): boolean {
  return factsOf(column, "column").row !== undefined;
}
