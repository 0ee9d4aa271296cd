/** A table as SHOW CREATE TABLE writes it. */

import type { PartitioningFacts, PeriodFacts } from "../facts.ts";
import { type ColumnText, readColumn } from "./column_text.ts";
import { UnreadableStatement } from "../../common/token_cursor.ts";
import { Cursor } from "./cursor.ts";
import { type ConstraintText, type KeyText, readMember } from "./key_text.ts";
import { readPartitioning } from "./partition_text.ts";

/** What its statement says. */
export interface TableText {
  readonly columns: readonly ColumnText[];
  readonly keys: readonly KeyText[];
  readonly constraints: readonly ConstraintText[];
  readonly periods: readonly PeriodFacts[];
  /** By their names in lower case; values as they stand there. */
  readonly options: Readonly<Record<string, string>>;
  readonly comment: string | null;
  readonly versioned: boolean;
  readonly partitioning: PartitioningFacts | null;
}

/** Reads a statement. Throws UnreadableStatement. */
export function readTable(sql: string): TableText {
  const cursor = new Cursor(withQuotes(sql));
  cursor.expect("CREATE");
  cursor.takes("TEMPORARY");
  cursor.expect("TABLE");
  cursor.name();
  cursor.expectMark("(");
  const columns: ColumnText[] = [];
  const keys: KeyText[] = [];
  const constraints: ConstraintText[] = [];
  const periods: PeriodFacts[] = [];
  do {
    // A quoted name is a column, whatever it is called.
    const member = cursor.peek()?.kind === "name" ? null : readMember(cursor);
    if (member === null) columns.push(readColumn(cursor));
    else if (member.kind === "key") keys.push(member.key);
    else if (member.kind === "constraint") constraints.push(member.constraint);
    else periods.push(member.period);
  } while (cursor.takesMark(","));
  cursor.expectMark(")");
  return { columns, keys, constraints, periods, ...readOptions(cursor) };
}

/** MariaDB prints names in foreign keys as they are: a lone quote in one is doubled, as it is everywhere else. */
function withQuotes(sql: string): string {
  return sql.replaceAll(
    FOREIGN_KEY,
    (_, name: string, columns: string, table: string, others: string) =>
      `CONSTRAINT ${doubled(name)} FOREIGN KEY (${doubled(columns)}) REFERENCES ${table} (${
        doubled(others)
      })`,
  );
}

const FOREIGN_KEY =
  /(?<=^ {2})CONSTRAINT (`.*`) FOREIGN KEY \((`.*?`)\) REFERENCES (`.*?`) \((`.*`)\)/gm;

/** Names in quotes with commas between them. */
function doubled(names: string): string {
  return names.slice(1, -1).split("`, `")
    .map((name) => `\`${name.replaceAll(/`+/g, (run) => run.length % 2 === 1 ? run + run : run)}\``)
    .join(", ");
}

type Options = Pick<TableText, "options" | "comment" | "versioned" | "partitioning">;

function readOptions(cursor: Cursor): Options {
  const options: Record<string, string> = {};
  let comment: string | null = null;
  let versioned = false;
  let partitioning: PartitioningFacts | null = null;
  while (!cursor.done) {
    if (cursor.sees("PARTITION", "BY")) partitioning = readPartitioning(cursor);
    else if (cursor.takes("WITH", "SYSTEM", "VERSIONING")) versioned = true;
    else if (cursor.takes("COMMENT")) {
      cursor.expectMark("=");
      comment = cursor.string();
    } else {
      const [name, value] = readOption(cursor);
      options[name] = value;
    }
  }
  return { options, comment, versioned, partitioning };
}

/** `ENGINE=InnoDB`, `DEFAULT CHARSET=latin1`, `DATA DIRECTORY='/x'`, `UNION=(\`a\`)`, `TABLESPACE \`ts\``. */
function readOption(cursor: Cursor): readonly [string, string] {
  const words: string[] = [];
  while (cursor.peek()?.kind === "word" || cursor.peek()?.kind === "name") {
    const isValue = words.at(-1) === "tablespace" || words.at(-1) === "storage";
    if (isValue) return [words.join(" "), cursor.token().text];
    words.push(cursor.name().toLowerCase());
    if (words.join(" ") === "start transaction") return ["start transaction", ""];
    if (cursor.takesMark("=")) return [words.join(" "), readValue(cursor)];
  }
  throw new UnreadableStatement("an option of the table", cursor.peek());
}

function readValue(cursor: Cursor): string {
  const first = cursor.peek();
  if (cursor.seesMark("(")) cursor.parenthesis();
  else cursor.token();
  return cursor.since(first);
}
