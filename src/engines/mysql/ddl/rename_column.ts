/** RENAME COLUMN, with what MySQL wants out of the way meanwhile: the expressions that name the column. */

import { lastName } from "../../../core/name.ts";
import type { SchemaObject, Snapshot } from "../../../core/snapshot.ts";
import { columnsOf } from "../../common/table_change.ts";
import { isOlder } from "../../version_features.ts";
import { type CheckFacts, factsOf, type IndexFacts } from "../facts.ts";
import { isMariadb } from "../family.ts";
import { quote } from "../quote.ts";
import { definitionOf } from "./column_text.ts";
import { dropIndex, indexText } from "./index_text.ts";
import { checkFacts, indexColumns, nameOf } from "./member.ts";
import { mentions, renamedIn } from "./mentioned_names.ts";
import { alterText } from "./statement.ts";

/** One ALTER TABLE that renames the column and keeps all that reads it. */
export function renameColumn(column: SchemaObject, to: SchemaObject, from: Snapshot): string {
  const table = from.objects.get(column.parent ?? "");
  if (table === undefined) throw new Error(`Cannot rename ${column.id}, which has no table`);
  const [old, fresh] = [lastName(column.name), lastName(to.name)];
  const mariadb = isMariadb(from);
  const place = { table: factsOf(table, "table"), isMariadb: mariadb };
  const rename = isOlder(from.version, mariadb ? "10.5" : "8.0")
    ? `CHANGE COLUMN ${quote(old)} ${quote(fresh)} ${definitionOf(column, place)}`
    : `RENAME COLUMN ${quote(old)} TO ${quote(fresh)}`;
  if (mariadb) return alterText(table.name, [rename]);
  const members = [...from.objects.values()].filter(({ parent }) => parent === table.id);
  const columns = columnsOf(members);
  const generated = columns.filter((one) => mentions(factsOf(one, "column").generated ?? "", old));
  const names = new Set(generated.map(({ name }) => lastName(name)));
  const indexes = members.filter((one) => one.kind === "index" && readsColumns(one, old, names));
  const checks = members.filter((one) => {
    const expression = checkFacts(one)?.expression ?? "";
    return [old, ...names].some((name) => mentions(expression, name));
  });
  const partitioned = factsOf(table, "table").partitioning;
  const isPartitionedBy = partitioned !== undefined &&
    [partitioned.expression, partitioned.subpartitioning?.expression ?? ""]
      .some((text) => new RegExp(`(?<![\\w$])${escaped(old)}(?![\\w$])`, "i").test(text));
  const clauses = [
    ...checks.map((one) => `DROP CHECK ${nameOf(one)}`),
    ...indexes.map(dropIndex),
    ...generated.map((one) => `DROP COLUMN ${nameOf(one)}`),
    rename,
    ...generated.map((one) => {
      const facts = factsOf(one, "column");
      const text = definitionOf(one, place, {
        ...facts,
        generated: renamedIn(facts.generated ?? "", old, fresh),
      });
      return `ADD COLUMN ${nameOf(one)} ${text}${placeOf(one, columns, { old, fresh })}`;
    }),
    ...indexes.map((one) => `ADD ${indexText(one, false, renamedIndex(one, old, fresh))}`),
    ...checks.map((one) => `ADD ${checkText(one, checkFacts(one), { old, fresh })}`),
  ];
  return `${alterText(table.name, clauses)}${isPartitionedBy ? "\nREMOVE PARTITIONING" : ""}`;
}

/** True for an index over an expression that names the column, or over a generated column that is put aside. */
function readsColumns(index: SchemaObject, old: string, names: ReadonlySet<string>): boolean {
  return indexColumns(index).some((column) => names.has(column)) ||
    factsOf(index, "index").columns.some(({ expression = "" }) => mentions(expression, old));
}

interface NewName {
  readonly old: string;
  readonly fresh: string;
}

/** Behind the column that it stands behind now. */
function placeOf(
  column: SchemaObject,
  columns: readonly SchemaObject[],
  { old, fresh }: NewName,
): string {
  const before = columns[columns.indexOf(column) - 1];
  if (before === undefined) return " FIRST";
  const name = lastName(before.name);
  return ` AFTER ${quote(name === old ? fresh : name)}`;
}

function renamedIndex(index: SchemaObject, old: string, fresh: string): IndexFacts {
  const facts = factsOf(index, "index");
  return {
    ...facts,
    columns: facts.columns.map((part) => ({
      ...part,
      ...part.column === old ? { column: fresh } : {},
      ...part.expression === undefined
        ? {}
        : { expression: renamedIn(part.expression, old, fresh) },
    })),
  };
}

function checkText(check: SchemaObject, facts: CheckFacts | null, { old, fresh }: NewName): string {
  const enforced = facts?.not_enforced === true ? " NOT ENFORCED" : "";
  const expression = renamedIn(facts?.expression ?? "", old, fresh);
  return `CONSTRAINT ${nameOf(check)} CHECK (${expression})${enforced}`;
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
