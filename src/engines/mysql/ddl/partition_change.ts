/** How a partitioned table gets other partitions with as little work, and as few lost rows, as the server allows. */

import { sameJson } from "../../../core/change.ts";
import type { StatementFacts } from "../../common/statement.ts";
import type { PartitionFacts, PartitioningFacts } from "../facts.ts";
import { quoteList } from "../quote.ts";
import { partitioningText, partitionList } from "./partition_text.ts";

/** What is written. */
export interface PartitionChange {
  /** True where it may stand behind the clauses of ALTER TABLE; else it needs a statement of its own. */
  readonly joins: boolean;
  /** `PARTITION BY ...`, `REMOVE PARTITIONING`, `ADD PARTITION (...)` */
  readonly text: string;
  readonly facts: StatementFacts;
}

/** From one partitioning to another; null where nothing is to be done. */
export function partitionChange(
  before: PartitioningFacts | undefined,
  after: PartitioningFacts | undefined,
  table: string,
): PartitionChange | null {
  if (sameJson(before ?? null, after ?? null)) return null;
  if (after === undefined) return { joins: true, text: "REMOVE PARTITIONING", facts: {} };
  const partial = before === undefined ? null : partialChange(before, after, table);
  return partial ?? { joins: true, text: partitioningText(after), facts: {} };
}

function partialChange(
  before: PartitioningFacts,
  after: PartitioningFacts,
  table: string,
): PartitionChange | null {
  const { partitions: had, count: few, ...rest } = before;
  const { partitions: has, count: many, ...wanted } = after;
  if (!sameJson(rest, wanted) || before.method === "SYSTEM_TIME") return null;
  if (had === undefined && has === undefined) return countChange(few ?? 1, many ?? 1);
  if (had === undefined || has === undefined || had.some(({ values }) => values === undefined)) {
    return null;
  }
  return listChange(had, has, { table, isRange: before.method.startsWith("RANGE") });
}

function countChange(before: number, after: number): PartitionChange {
  return {
    joins: false,
    text: after > before
      ? `ADD PARTITION PARTITIONS ${after - before}`
      : `COALESCE PARTITION ${before - after}`,
    facts: {},
  };
}

/** The partitions that differ, between those in front and behind that stay, become others. */
function listChange(
  before: readonly PartitionFacts[],
  after: readonly PartitionFacts[],
  { table, isRange }: { readonly table: string; readonly isRange: boolean },
): PartitionChange | null {
  const most = Math.min(before.length, after.length);
  let front = 0;
  while (front < most && sameJson(before[front], after[front])) front++;
  let back = 0;
  while (back < most - front && sameJson(before.at(-1 - back), after.at(-1 - back))) back++;
  const old = before.slice(front, before.length - back);
  const fresh = after.slice(front, after.length - back);
  if (old.length === 0 && (back === 0 || !isRange)) {
    // The server puts new ones behind the others.
    return back === 0
      ? { joins: false, text: `ADD PARTITION ${partitionList(fresh)}`, facts: {} }
      : null;
  }
  if (fresh.length === 0 && (back === 0 || !isRange)) {
    const names = old.map(({ name }) => name);
    return {
      joins: false,
      text: `DROP PARTITION ${quoteList(names)}`,
      facts: {
        destroys: `the rows of partitions ${names.join(", ")} of table ${table}`,
        reversible: "structure",
      },
    };
  }
  if (!isRange) return null;
  // What lies between two bounds goes to the partition behind it.
  const end = old.length === 0 || fresh.length === 0 ? 1 : 0;
  const from = before.slice(front, before.length - back + end);
  const to = after.slice(front, after.length - back + end);
  const last = from.at(-1)?.values;
  if (last === undefined || last !== to.at(-1)?.values) return null;
  return {
    joins: false,
    text: `REORGANIZE PARTITION ${quoteList(from.map(({ name }) => name))} INTO ${
      partitionList(to)
    }`,
    facts: {},
  };
}
