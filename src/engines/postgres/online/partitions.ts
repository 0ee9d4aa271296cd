/** Partitioned tables: an index of one is built partition by partition, and a table that joins one is looked at before. */

import { objectId } from "../../../core/snapshot.ts";
import type { PlannedStatement } from "../../../core/statement.ts";
import { generatedName } from "../generated_name.ts";
import { lastName, splitName } from "../names.ts";
import { type Index, isOf, postgresSnapshot, type Table } from "../objects.ts";
import { ident, reference } from "../quote.ts";
import { boundCondition } from "./bound_condition.ts";
import { concurrentIndex } from "./concurrent_index.ts";
import type { OnlineInput } from "./alter_table.ts";
import type { Unit } from "./order.ts";

/**
 * The index of a partitioned table: those of its partitions are built while others write, then it is made of the table ONLY and takes
 * them over. Null where the state after does not say which indexes the partitions have, or a file could not be undone by itself.
 */
export function partitionedIndex(
  statement: PlannedStatement,
  name: string,
  { known, context }: OnlineInput,
): Unit | null {
  if (context.files !== "statements" || context.undoes !== null) return null;
  const { objects } = postgresSnapshot(context.to);
  const all = [...objects.values()].flatMap((object) => isOf(object, "index") ? [object] : []);
  const root = all.find((index) => splitName(index.name).join(".") === name);
  const head =
    /^(CREATE\s+(?:UNIQUE\s+)?INDEX)\s.*?\sON\s+(?:ONLY\s+)?(?:"(?:[^"]|"")+"|[^\s("])+/is
      .exec(statement.sql);
  if (root === undefined || head === null || root.facts.invalid === true) return null;
  const [start = "", verb = ""] = head;
  const rest = statement.sql.slice(start.length);
  const { serves, reason } = statement;
  const own = (sql: string): PlannedStatement => ({
    sql,
    serves,
    reason,
    transactional: false,
    ownTransaction: true,
  });
  const made = (index: Index): readonly PlannedStatement[] => {
    const parts = all.filter(({ facts }) => facts.attached_to === index.name);
    const isParent = parts.length > 0 || index === root;
    const words = `${ident(lastName(index.name))} ON`;
    if (!isParent) {
      const table = known.table(splitName(index.facts.on).join("."));
      const plain = `${words} ${reference(index.facts.on)}${rest}`;
      return table === null ? [own(`${verb} ${plain}`)] : concurrentIndex(
        { sql: `${verb} CONCURRENTLY ${plain}`, serves, reason, transactional: false },
        reference(index.name),
      );
    }
    return [
      ...parts.flatMap(made),
      own(`${verb} ${words} ONLY ${reference(index.facts.on)}${rest}`),
      ...parts.map((part) =>
        own(`ALTER INDEX ${reference(index.name)} ATTACH PARTITION ${reference(part.name)}`)
      ),
    ];
  };
  const [first, ...others] = made(root);
  if (first === undefined) return null;
  const { comment } = statement;
  // What a run before has joined already goes with it.
  const cleared = {
    ...own(`DROP INDEX IF EXISTS ${reference(root.name)}`),
    cleanup: true,
  } as const;
  return {
    statements: [comment === undefined ? cleared : { ...cleared, comment }, first, ...others],
    isLate: true,
  };
}

/** A table that becomes a partition: a check that implies its bound is validated first, so that ATTACH reads nothing. */
export function attachStatements(
  partition: string,
  action: string,
  { table: parent, known, context, head, statement }: OnlineInput & {
    readonly table: Table;
    readonly head: string;
    readonly statement: PlannedStatement;
  },
): Unit | null {
  if (context.files !== "statements" || context.undoes !== null) return null;
  const child = known.table(partition);
  const after = child === null
    ? undefined
    : postgresSnapshot(context.to).objects.get(objectId("table", child.name));
  if (child === null || after === undefined || !isOf(after, "table")) return null;
  const condition = boundCondition(
    parent.facts.partition_by ?? "",
    after.facts.partition_of?.bound ?? "",
  );
  if (condition === null) return null;
  const { serves, reason, comment } = statement;
  const own = (sql: string): PlannedStatement => ({
    sql,
    serves,
    reason,
    transactional: false,
    ownTransaction: true,
  });
  const other = known.defaultPartition(parent);
  const checked = [
    { on: child.name, condition },
    ...other === null ? [] : [{ on: other.name, condition: `NOT (${condition})` }],
  ].map(({ on, condition }) => {
    const name = ident(generatedName(lastName(on), lastName(child.name), "bound"));
    const alter = `ALTER TABLE ${reference(on)}`;
    return {
      before: [
        own(
          `${alter}\n  DROP CONSTRAINT IF EXISTS ${name},\n  ADD CONSTRAINT ${name} CHECK (${condition}) NOT VALID`,
        ),
        own(`${alter} VALIDATE CONSTRAINT ${name}`),
      ],
      after: own(`${alter} DROP CONSTRAINT ${name}`),
    };
  });
  const statements = [
    ...checked.flatMap(({ before }) => before),
    own(`${head} ${action}`),
    ...checked.map(({ after }) => after),
  ];
  const [first, ...rest] = statements;
  if (first === undefined) return null;
  return {
    statements: [comment === undefined ? first : { ...first, comment }, ...rest],
    isLate: false,
  };
}
