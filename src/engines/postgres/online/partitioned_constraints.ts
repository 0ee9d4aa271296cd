/** Keys of partitioned tables: made partition by partition while others read and write; then the table takes them over. */

import { objectId } from "../../../core/snapshot.ts";
import type { PlannedStatement } from "../../../core/statement.ts";
import { joinName, lastName, splitName } from "../names.ts";
import { isOf, postgresSnapshot, type Table } from "../objects.ts";
import { ident, reference } from "../quote.ts";
import type { OnlineInput } from "./alter_table.ts";
import { concurrentIndex } from "./concurrent_index.ts";
import { isPartitioned } from "./known.ts";
import type { Unit } from "./order.ts";

interface Keyed extends OnlineInput {
  readonly table: Table;
  readonly head: string;
  readonly statement: PlannedStatement;
}

/**
 * A foreign key, which a partitioned table cannot have NOT VALID before 18: each partition gets its own and validates it, and the one of
 * the table takes them over without a look at the rows. Null where a file could not be undone by itself.
 */
export function partitionedForeignKey(
  name: string,
  action: string,
  { table, known, context, head, statement }: Keyed,
): Unit | null {
  if (context.files !== "statements" || context.undoes !== null) return null;
  const statements = known.leaves(table).flatMap((leaf) => {
    const alter = `ALTER TABLE ${reference(leaf.name)}`;
    return [
      apart(
        `${alter}\n  DROP CONSTRAINT IF EXISTS ${ident(name)},\n  ${action} NOT VALID`,
        statement,
      ),
      apart(`${alter} VALIDATE CONSTRAINT ${ident(name)}`, statement),
    ];
  });
  if (statements.length === 0) return null;
  return { statements: [...statements, apart(`${head} ${action}`, statement)], isLate: true };
}

/** A unique or primary key as it is written. */
interface KeyText {
  readonly name: string;
  /** `UNIQUE` or `PRIMARY KEY`. */
  readonly type: string;
  /** The columns, in parentheses, with what stands around them. */
  readonly list: string;
  readonly action: string;
}

/**
 * A unique or primary key: the partitions' indexes are built concurrently and become their keys, then the key is made of the table ONLY
 * and takes them over. Null where partitions have partitions, or the state after does not say what the keys of these are called.
 */
export function partitionedKey(
  { name, type, list, action }: KeyText,
  { table, known, context, head, statement }: Keyed,
): Unit | null {
  if (context.files !== "statements" || context.undoes !== null) return null;
  const partitions = known.partitions(table.name);
  if (partitions.length === 0 || partitions.some(isPartitioned)) return null;
  const [schema = "public", bare = ""] = splitName(table.name);
  const root = joinName(schema, bare, name);
  const { objects } = postgresSnapshot(context.to);
  const keys = new Map(
    [...objects.values()].flatMap((object) =>
      isOf(object, "constraint") && object.facts.attached_to === root
        ? [[object.parent, lastName(object.id)]]
        : []
    ),
  );
  const made: PlannedStatement[] = [];
  const joined: PlannedStatement[] = [];
  for (const partition of partitions) {
    const key = keys.get(objectId("table", partition.name));
    if (key === undefined) return null;
    const index = reference(joinName(splitName(partition.name)[0] ?? "public", key));
    const alter = `ALTER TABLE ${reference(partition.name)}`;
    made.push(
      apart(`${alter} DROP CONSTRAINT IF EXISTS ${ident(key)}`, statement),
      ...concurrentIndex(
        {
          sql: uniqueIndex(key, partition.name, list),
          serves: statement.serves,
          reason: statement.reason,
          transactional: false,
        },
        index,
      ),
      apart(`${alter} ADD CONSTRAINT ${ident(key)} ${type} USING INDEX ${ident(key)}`, statement),
    );
    joined.push(
      apart(
        `ALTER INDEX ${reference(joinName(schema, name))} ATTACH PARTITION ${index}`,
        statement,
      ),
    );
  }
  const only = head.replace(/^ALTER\s+TABLE\s+(?!ONLY\s)/i, "ALTER TABLE ONLY ");
  return {
    statements: [
      // What a run before has joined already goes with it.
      { ...apart(`${head} DROP CONSTRAINT IF EXISTS ${ident(name)}`, statement), cleanup: true },
      ...made,
      apart(`${only} ${action}`, statement),
      ...joined,
    ],
    isLate: true,
  };
}

/** `list` may begin with NULLS NOT DISTINCT, as constraints have it; of an index it stands behind the columns. */
function uniqueIndex(name: string, table: string, list: string): string {
  const nulls = /^\s*(NULLS\s+NOT\s+DISTINCT)?\s*(.*)$/is.exec(list);
  const [, words = "", columns = ""] = nulls ?? [];
  return `CREATE UNIQUE INDEX CONCURRENTLY ${ident(name)} ON ${reference(table)} ${columns}${
    words === "" ? "" : ` ${words}`
  }`;
}

function apart(
  sql: string,
  { serves, reason, failsOn }: PlannedStatement,
): PlannedStatement {
  return {
    sql,
    serves,
    reason,
    transactional: false,
    ownTransaction: true,
    ...failsOn === undefined ? {} : { failsOn },
  };
}
