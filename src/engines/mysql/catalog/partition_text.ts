/** The partitions of a table as SHOW CREATE TABLE writes them. */

import { NOW_TEXT } from "../../../runtimes/mysql_server/session_start.ts";
import type { PartitionFacts, PartitioningFacts } from "../facts.ts";
import { UnreadableStatement } from "../../common/token_cursor.ts";
import type { Cursor } from "./cursor.ts";

/** Reads `PARTITION BY` and all behind it. */
export function readPartitioning(cursor: Cursor): PartitioningFacts {
  cursor.expect("PARTITION", "BY");
  const method = readMethod(cursor);
  const expression = method === "SYSTEM_TIME" ? readHistory(cursor) : cursor.parenthesis();
  const count = cursor.takes("PARTITIONS") ? { count: Number(cursor.token().text) } : {};
  const subpartitioning = cursor.takes("SUBPARTITION", "BY")
    ? { subpartitioning: readSubpartitioning(cursor) }
    : {};
  const partitions = cursor.seesMark("(")
    ? { partitions: readPartitions(cursor, "PARTITION") }
    : {};
  return { method, expression, ...count, ...subpartitioning, ...partitions };
}

function readSubpartitioning(
  cursor: Cursor,
): NonNullable<PartitioningFacts["subpartitioning"]> {
  const method = readMethod(cursor);
  const expression = cursor.parenthesis();
  return {
    method,
    expression,
    ...cursor.takes("SUBPARTITIONS") ? { count: Number(cursor.token().text) } : {},
  };
}

/** `RANGE`, `LIST COLUMNS`, `LINEAR KEY ALGORITHM = 1`. */
function readMethod(cursor: Cursor): string {
  const words = [cursor.word()];
  while (cursor.peek()?.kind === "word" && !HISTORY.has(cursor.peek()?.text.toUpperCase() ?? "")) {
    words.push(cursor.word());
    if (cursor.takesMark("=")) words.push("=", cursor.token().text);
  }
  return words.join(" ");
}

const HISTORY = new Set(["INTERVAL", "LIMIT", "PARTITIONS", "AUTO", "STARTS"]);

/** `INTERVAL 1 MONTH STARTS TIMESTAMP'...' AUTO`, `LIMIT 1000`. */
function readHistory(cursor: Cursor): string {
  const first = cursor.peek();
  if (cursor.seesMark("(") || cursor.sees("PARTITIONS") || cursor.done) return "";
  while (!cursor.done && !cursor.seesMark("(") && !cursor.sees("PARTITIONS")) cursor.token();
  return cursor.since(first).replace(BEGUN_NOW, "");
}

/** What the server states of intervals that begin when the table is made. */
const BEGUN_NOW = ` STARTS TIMESTAMP'${NOW_TEXT}'`;

function readPartitions(cursor: Cursor, word: string): readonly PartitionFacts[] {
  cursor.expectMark("(");
  const partitions: PartitionFacts[] = [];
  do {
    cursor.expect(word);
    partitions.push(readPartition(cursor));
  } while (cursor.takesMark(","));
  cursor.expectMark(")");
  return partitions;
}

function readPartition(cursor: Cursor): PartitionFacts {
  const name = cursor.name();
  const values = readValues(cursor);
  let comment: string | null = null;
  const options: Record<string, string> = {};
  let subpartitions: readonly PartitionFacts[] | null = null;
  while (!cursor.done && !cursor.seesMark(",") && !cursor.seesMark(")")) {
    if (cursor.seesMark("(")) {
      subpartitions = readPartitions(cursor, "SUBPARTITION");
      continue;
    }
    const option = readOptionName(cursor);
    if (option === "comment") comment = cursor.string();
    else if (option === "engine") cursor.name();
    else options[option] = cursor.token().text;
  }
  return {
    name,
    ...values === null ? {} : { values },
    ...comment === null || comment === "" ? {} : { comment },
    ...Object.keys(options).length === 0 ? {} : { options },
    ...subpartitions === null ? {} : { subpartitions },
  };
}

function readValues(cursor: Cursor): string | null {
  for (const word of ["HISTORY", "CURRENT", "DEFAULT"]) if (cursor.takes(word)) return word;
  if (!cursor.takes("VALUES")) return null;
  if (cursor.takes("LESS", "THAN")) {
    return cursor.takes("MAXVALUE") ? "LESS THAN MAXVALUE" : `LESS THAN (${cursor.parenthesis()})`;
  }
  cursor.expect("IN");
  return `IN (${cursor.parenthesis()})`;
}

/** `MAX_ROWS`, `DATA DIRECTORY`, with the sign behind it. */
function readOptionName(cursor: Cursor): string {
  const words = [cursor.name().toLowerCase()];
  while (cursor.peek()?.kind === "word" && !cursor.seesMark("=")) {
    words.push(cursor.name().toLowerCase());
  }
  if (!cursor.takesMark("=")) {
    throw new UnreadableStatement("an option of a partition", cursor.peek());
  }
  return words.join(" ");
}
