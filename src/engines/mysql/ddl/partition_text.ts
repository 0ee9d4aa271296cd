/** How a table is partitioned, as text. */

import type { PartitionFacts, PartitioningFacts } from "../facts.ts";
import { literal, quote } from "../quote.ts";

/** `PARTITION BY RANGE (year)` with all partitions, over several lines. */
export function partitioningText(
  { method, expression, count, subpartitioning, partitions }: PartitioningFacts,
): string {
  const by = method === "SYSTEM_TIME" ? expression : `(${expression})`;
  return [
    `PARTITION BY ${method} ${by}`.trimEnd(),
    ...count === undefined ? [] : [`PARTITIONS ${count}`],
    ...subpartitioning === undefined
      ? []
      : [`SUBPARTITION BY ${subpartitioning.method} (${subpartitioning.expression})`],
    ...subpartitioning?.count === undefined ? [] : [`SUBPARTITIONS ${subpartitioning.count}`],
    ...partitions === undefined ? [] : [partitionList(partitions)],
  ].join("\n");
}

/** Partitions in parentheses, a line for each. */
export function partitionList(partitions: readonly PartitionFacts[]): string {
  return `(\n${partitions.map((one) => `  ${partitionText(one, "PARTITION")}`).join(",\n")}\n)`;
}

function partitionText(partition: PartitionFacts, word: "PARTITION" | "SUBPARTITION"): string {
  const { name, values, comment, options = {}, subpartitions } = partition;
  return [
    `${word} ${quote(name)}`,
    ...values === undefined ? [] : [/^(?:LESS|IN)\b/.test(values) ? `VALUES ${values}` : values],
    ...Object.entries(options).map(([option, value]) => `${option.toUpperCase()} = ${value}`),
    ...comment === undefined ? [] : [`COMMENT = ${literal(comment)}`],
    ...subpartitions === undefined
      ? []
      : [`(${subpartitions.map((one) => partitionText(one, "SUBPARTITION")).join(", ")})`],
  ].join(" ");
}
