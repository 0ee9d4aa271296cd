/** ALTER TABLE: all that one statement takes in one statement, and what it does not take around it. */

import { lastName } from "../../../core/name.ts";
import type { Reason } from "../../../core/reason.ts";
import type { SchemaObject } from "../../../core/snapshot.ts";
import { attributeSet, type StatementFacts } from "../../common/statement.ts";
import type { TableChange } from "../../common/table_change.ts";
import type { Alteration, PlanContext } from "../../object_kind.ts";
import { factsOf, type TableFacts } from "../facts.ts";
import { quote } from "../quote.ts";
import { type ColumnWork, columnWork } from "./column_work.ts";
import { keyWork } from "./key_work.ts";
import { foreignKeyFacts } from "./member.ts";
import { newDataOf } from "./new_data.ts";
import { changedOptions, optionText } from "./option_text.ts";
import { partitionChange } from "./partition_change.ts";
import { alterText, combined, definition, togetherFacts } from "./statement.ts";
import { periodText } from "./table_text.ts";
import { applicationPeriods, keepingHistory, versioningStatements } from "./versioning.ts";

/** How a table becomes what it is to be. */
export function alterTable(change: TableChange, context: PlanContext): Alteration {
  const { before, after } = change;
  const [had, has] = [factsOf(before, "table"), factsOf(after, "table")];
  const columns = columnWork(change, context);
  const keys = keyWork(change, columns, context);
  const options = changedOptions(had, has);
  const periods = periodClauses(had, has);
  const versioning = versioningStatements(change);
  const isUnpartitioned = had.partitioning?.method === "SYSTEM_TIME" && versioning.length > 0 &&
    had.system_versioned === true;
  const partitions = partitionChange(
    isUnpartitioned ? undefined : had.partitioning,
    has.partitioning,
    after.name,
  );
  const served = [after, ...columns.served, ...keys.served];
  const reasons: readonly Reason[] = [
    ...columns.reasons,
    ...keys.reasons,
    ...options.map((option) => attributeSet(after, wordOf(option))),
    ...partitions === null ? [] : [attributeSet(after, "partitions")],
    ...periods.drops.length + periods.adds.length === 0 ? [] : [attributeSet(after, "periods")],
  ];
  const alter = (stated: readonly string[], facts: StatementFacts = {}, behind?: string) => {
    const clauses = [...stated, ...forgottenOptions(stated, had, has)];
    return clauses.length === 0 && behind === undefined ? [] : [
      definition(
        [alterText(after.name, clauses), ...behind === undefined ? [] : [behind]].join(
          clauses.length === 0 ? "" : "\n",
        ),
        served,
        combined(reasons),
        facts,
      ),
    ];
  };
  const fails = newDataOf(change).map((failsOn) => ({ failsOn }));
  const main = [
    ...keys.drops,
    ...periods.drops,
    ...columns.clauses,
    ...keys.adds,
    ...periods.adds,
    ...options,
  ];
  const facts = togetherFacts([...columns.facts, ...fails]);
  const joined = partitions?.joins === true ? partitions.text : undefined;
  const statements = [
    ...keys.before,
    ...columns.before,
    ...versioning,
    ...alter([...keys.first, ...columns.first]),
    ...alter(main, facts, joined),
    ...partitions?.joins === false ? alter([partitions.text], partitions.facts) : [],
    ...columns.after,
    ...alter([...columns.finish, ...keys.late]),
    ...[...keys.alone, ...columns.alone].flatMap((clause) => alter([clause])),
  ];
  return {
    statements: keepingHistory(statements, change),
    recreates: foreignKeysInTheWay(change, columns, context),
  };
}

function periodClauses(before: TableFacts, after: TableFacts) {
  const [old, fresh] = [applicationPeriods(before), applicationPeriods(after)];
  const texts = (list: typeof old) => list.map(periodText);
  return {
    drops: old.filter((one) => !texts(fresh).includes(periodText(one)))
      .map(({ name }) => `DROP PERIOD FOR ${quote(name)}`),
    adds: fresh.filter((one) => !texts(old).includes(periodText(one)))
      .map((one) => `ADD ${periodText(one)}`),
  };
}

/** Options that MariaDB drops from a table that it copies, unless they are stated again. */
function forgottenOptions(
  clauses: readonly string[],
  { options: had }: TableFacts,
  { options: has, engine }: TableFacts,
): readonly string[] {
  const value = has?.page_checksum;
  const isKept = value !== undefined && value === had?.page_checksum && engine !== "Aria";
  const copies = clauses.some((clause) => !/^\w+ PARTITION/.test(clause));
  return isKept && copies ? [optionText("page_checksum", value)] : [];
}

function wordOf(option: string): string {
  return option.slice(0, option.search(/[= ]/)).toLowerCase();
}

/** Foreign keys over columns whose values are stored otherwise, on either end of them. */
function foreignKeysInTheWay(
  { before, columns }: TableChange,
  { recreated }: ColumnWork,
  context: PlanContext,
): readonly string[] {
  const names = new Set(recreated);
  for (const { before: old, after: fresh } of columns.changed) {
    const [had, has] = [factsOf(old, "column"), factsOf(fresh, "column")];
    const isOther = had.type !== has.type || had.charset !== has.charset ||
      had.collation !== has.collation || had.generated !== has.generated;
    if (isOther) names.add(lastName(fresh.name));
  }
  if (names.size === 0) return [];
  return context.dependents(before.id).filter((one) => isOver(one, before, names))
    .map(({ id }) => id);
}

function isOver(
  object: SchemaObject,
  table: SchemaObject,
  columns: ReadonlySet<string>,
): boolean {
  const facts = foreignKeyFacts(object);
  if (facts === null) return false;
  const own = object.parent === table.id && facts.columns.some((column) => columns.has(column));
  const other = facts.table === table.name && facts.references.some((one) => columns.has(one));
  return own || other;
}
