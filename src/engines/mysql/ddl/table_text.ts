/** CREATE TABLE. */

import type { SchemaObject } from "../../../core/snapshot.ts";
import { columnsOf } from "../../common/table_change.ts";
import { factsOf, type PeriodFacts, styleOf } from "../facts.ts";
import { quote } from "../quote.ts";
import { columnText } from "./column_text.ts";
import { constraintText } from "./constraint_text.ts";
import { indexText } from "./index_text.ts";
import { foreignKeyFacts, keysAndChecks } from "./member.ts";
import { tableOptions } from "./option_text.ts";
import { partitioningText } from "./partition_text.ts";

/** CREATE TABLE with the given members. */
export function tableText(
  table: SchemaObject,
  members: readonly SchemaObject[],
  isMariadb: boolean,
): string {
  const facts = factsOf(table, "table");
  const lines = [
    ...columnsOf(members).map((column) => columnText(column, { table: facts, isMariadb })),
    ...(facts.periods ?? []).map(periodText),
    ...keysAndChecks(members).map((one) =>
      one.kind === "index" ? indexText(one, isMariadb) : constraintText(one)
    ),
    ...members.filter((one) => foreignKeyFacts(one) !== null).map(constraintText),
  ];
  const options = tableOptions(facts, styleOf(table, "table").auto_increment);
  return [
    `CREATE TABLE ${quote(table.name)} (`,
    lines.map((line) => `  ${line}`).join(",\n"),
    `) ${options}${facts.system_versioned === true ? " WITH SYSTEM VERSIONING" : ""}`,
    ...facts.partitioning === undefined ? [] : [partitioningText(facts.partitioning)],
  ].join("\n");
}

/** `PERIOD FOR valid (starts, ends)` */
export function periodText({ name, start, end }: PeriodFacts): string {
  const period = name === "SYSTEM_TIME" ? name : quote(name);
  return `PERIOD FOR ${period} (${quote(start)}, ${quote(end)})`;
}
