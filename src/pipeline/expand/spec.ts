/** Expansions as the command line has them: `users.fullname=name`, `users.age`, `users.fullname=first,last`. */

import { UsageError } from "../../core/error.ts";
import type { ExpandedColumn, Expansion } from "../../core/expansion.ts";
import type { ColumnShape, TableShape } from "../../core/shape.ts";
import { moveOf, stampedBeside } from "./move_spec.ts";
import {
  columnNamed,
  type ExpandRequest,
  type ExpandTables,
  refused,
  tableNamed,
} from "./named.ts";

/** What is meant. Throws UsageError where the schemas do not have it, or it cannot be expanded. */
export function expansionOf(
  request: ExpandRequest,
  tables: ExpandTables,
): Expansion {
  const { columns, values } = request;
  const { before, target, quote, convert } = tables;
  const [left = "", right] = columns.split("=");
  const dot = left.lastIndexOf(".");
  const table = left.slice(0, dot);
  const names = left.slice(dot + 1).split(",");
  if (dot < 1 || names.some((name) => name === "") || right === "") throw unread(columns);
  if (right?.includes(".")) return moveOf(request, tables);
  const was = tableNamed(before, table, columns, "the migrations");
  const wanted = tableNamed(target, table, columns, "the schema");
  const old = names.map((name) => columnNamed(was, name, "the migrations"));
  const key = was.primaryKey;
  if (key.length === 0) {
    throw refused(columns, `${was.name} has no primary key to go by in batches`);
  }
  if (names.some((name) => key.includes(name))) {
    throw refused(columns, `${left} is in the primary key, by which rows are filled in batches`);
  }
  if (right === undefined) return typeChange({ columns, was, wanted, old, quote, convert });
  const fresh = right.split(",").map((name) => columnNamed(wanted, name, "the schema"));
  const isRename = old.length === 1 && fresh.length === 1 && values.length === 0;
  const valueOf = (column: ColumnShape, others: readonly ColumnShape[]): ExpandedColumn => {
    const { name, type, isRequired } = column;
    const [other] = others;
    const stated = values.find((value) => value.startsWith(`${name}=`));
    if (stated !== undefined) {
      return { name, type, isRequired, value: stated.slice(name.length + 1) };
    }
    if (!isRename || other === undefined) {
      throw refused(columns, `nothing says how ${name} is made`, `--value "${name}=EXPRESSION"`);
    }
    return {
      name,
      type,
      isRequired,
      value: other.type === type ? quote(other.name) : convert(quote(other.name), type),
    };
  };
  return {
    table: was.name,
    kind: isRename ? "rename" : "split",
    old: old.map((column) => valueOf(column, fresh)),
    fresh: fresh.map((column) => valueOf(column, old)),
    key,
    stamped: stampedBeside(was, [...names, ...fresh.map(({ name }) => name)]),
  };
}

function typeChange({ columns, was, wanted, old, quote, convert }: {
  readonly columns: string;
  readonly was: TableShape;
  readonly wanted: TableShape;
  readonly old: readonly ColumnShape[];
  readonly quote: ExpandTables["quote"];
  readonly convert: ExpandTables["convert"];
}): Expansion {
  const [column] = old;
  if (column === undefined || old.length > 1) throw unread(columns);
  const after = columnNamed(wanted, column.name, "the schema");
  if (after.type === column.type) {
    throw refused(columns, `${was.name}.${column.name} has the type ${column.type} in both`);
  }
  const used = usersOf(was, column.name);
  if (used !== null) {
    throw refused(columns, `${used} uses ${column.name}, and would be gone between two statements`);
  }
  const name = `${column.name}_new`;
  return {
    table: was.name,
    kind: "type",
    old: [{ ...column, value: convert(quote(name), column.type) }],
    fresh: [{
      name,
      type: after.type,
      isRequired: after.isRequired,
      value: convert(quote(column.name), after.type),
    }],
    key: was.primaryKey,
    stamped: stampedBeside(was, [column.name]),
  };
}

function usersOf(table: TableShape, column: string): string | null {
  const index = table.indexes.find(({ columns }) => columns.includes(column));
  if (index !== undefined) return `index ${index.name}`;
  if (table.uniques.some((columns) => columns.includes(column))) return "a unique constraint";
  const key = table.foreignKeys.find(({ columns }) => columns.includes(column));
  return key === undefined ? null : `foreign key ${key.name}`;
}

function unread(columns: string): UsageError {
  return new UsageError(`Cannot read what to expand: "${columns}"`, {
    code: "flag-value",
    hint:
      "users.fullname=name, users.age, users.bio=profiles.bio, or users.fullname=first,last with --value",
  });
}
