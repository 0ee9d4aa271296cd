/** Moves of columns to another table as the command line has them: `users.bio=profiles.bio`. */

import { splitName } from "../../core/name.ts";
import type { ColumnShape, TableShape } from "../../core/shape.ts";
import type { ExpandedColumn, Expansion, MoveSide } from "../../core/expansion.ts";
import {
  columnNamed,
  type ExpandRequest,
  type ExpandTables,
  refused,
  tableNamed,
} from "./named.ts";

/** A table of a move and what is known of it. */
interface Side {
  readonly table: TableShape;
  readonly columns: readonly ColumnShape[];
  readonly follows: boolean;
}

/** What is meant. Throws UsageError where rows of the tables do not belong together one by one, or something would be lost. */
export function moveOf(request: ExpandRequest, tables: ExpandTables): Expansion {
  const { columns } = request;
  const [left = "", right = ""] = columns.split("=");
  const was = partsOf(left);
  const goal = partsOf(right);
  const source = tableNamed(tables.before, was.table, columns, "the migrations");
  const wanted = tableNamed(tables.target, goal.table, columns, "the schema");
  const old: Side = {
    table: source,
    columns: was.names.map((name) => columnNamed(source, name, "the migrations")),
    follows: !tables.target.some(({ id }) => id === source.id),
  };
  const fresh: Side = {
    table: wanted,
    columns: goal.names.map((name) => columnNamed(wanted, name, "the schema")),
    follows: tables.wasMade?.(`${source.name}.${was.names}=${wanted.name}.${goal.names}`) ??
      !tables.before.some(({ id }) => id === wanted.id),
  };
  if (source.id === wanted.id) {
    throw refused(columns, `${source.name} is on both sides`, `--expand ${left}=${goal.names}`);
  }
  if (old.follows && fresh.follows) {
    throw refused(columns, `${source.name} goes and ${wanted.name} is made: that renames a table`);
  }
  const joined = joinOf(columns, old.table, fresh.table);
  const sides = [
    sideOf(request, tables, { own: old, other: fresh, joined: joined.old }),
    sideOf(request, tables, { own: fresh, other: old, joined: joined.fresh }),
  ] as const;
  if (old.follows) refuseLoss(columns, old.table, sides[0]);
  return {
    table: source.name,
    kind: "move",
    old: sides[0].columns,
    fresh: sides[1].columns,
    key: sides[0].key,
    stamped: sides[0].stamped,
    move: {
      old: sides[0],
      fresh: sides[1],
      isMadeEarly: fresh.follows && old.columns.some(({ hasDefault }) => hasDefault),
    },
  };
}

function partsOf(text: string): { readonly table: string; readonly names: readonly string[] } {
  const dot = text.lastIndexOf(".");
  return { table: text.slice(0, dot), names: text.slice(dot + 1).split(",") };
}

function sideOf(
  { columns, values }: ExpandRequest,
  { quote, convert }: ExpandTables,
  { own, other, joined }: {
    readonly own: Side;
    readonly other: Side;
    readonly joined: readonly string[];
  },
): MoveSide {
  const { table, follows } = own;
  const short = splitName(table.name).at(-1) ?? table.name;
  const stated = (name: string) => {
    const exact = [`${table.name}.${name}=`, `${short}.${name}=`];
    const isBoth = other.table.columns.some((column) => column.name === name);
    const heads = isBoth ? exact : [...exact, `${name}=`];
    const [found] = values.flatMap((value) =>
      heads.flatMap((head) => value.startsWith(head) ? [value.slice(head.length)] : [])
    );
    return found;
  };
  const isPaired = own.columns.length === other.columns.length;
  const moved = own.columns.map((column, at): ExpandedColumn => {
    const { name, type, isRequired } = column;
    const value = stated(name);
    const pair = other.columns[at];
    if (value === undefined && (!isPaired || pair === undefined)) {
      throw refused(
        columns,
        `nothing says how ${short}.${name} is made`,
        `--value "${short}.${name}=EXPRESSION"`,
      );
    }
    const from = quote(pair?.name ?? "");
    return {
      name,
      type,
      isRequired,
      value: value ?? (pair?.type === type ? from : convert(from, type)),
    };
  });
  const named = new Set([...joined, ...own.columns.map(({ name }) => name)]);
  const extras = !follows ? [] : table.columns.flatMap((column): readonly ExpandedColumn[] => {
    const { name, type, isRequired, hasDefault, isGenerated } = column;
    const value = stated(name);
    if (named.has(name)) return [];
    if (value !== undefined) return [{ name, type, isRequired, value }];
    if (!isRequired || hasDefault || isGenerated) return [];
    throw refused(
      columns,
      `nothing says what ${short}.${name} is in a row that is made`,
      `--value "${short}.${name}=EXPRESSION"`,
    );
  });
  if (table.primaryKey.length === 0) {
    throw refused(columns, `${table.name} has no primary key to go by`);
  }
  const isKey = own.columns.find(({ name }) => table.primaryKey.includes(name));
  if (isKey !== undefined) {
    throw refused(columns, `${table.name}.${isKey.name} is in the primary key`);
  }
  return {
    table: table.name,
    columns: moved,
    key: table.primaryKey,
    joined,
    follows,
    extras,
    writable: table.columns.filter(({ isGenerated }) => !isGenerated).map(({ name }) => name),
    stamped: stampedBeside(table, own.columns.map(({ name }) => name)),
  };
}

/** Columns besides those with the names that get the time when a row is written. */
export function stampedBeside(
  { columns }: TableShape,
  names: readonly string[],
): readonly string[] {
  return columns.filter(({ name, isStamped }) => isStamped === true && !names.includes(name))
    .map(({ name }) => name);
}

/** The columns by which rows belong together: those of the one foreign key between the tables, unique on both sides. */
function joinOf(
  columns: string,
  old: TableShape,
  fresh: TableShape,
): { readonly old: readonly string[]; readonly fresh: readonly string[] } {
  const ways = [
    ...keysBetween(old, fresh).map(([own, other]) => ({ old: own, fresh: other })),
    ...keysBetween(fresh, old).map(([own, other]) => ({ old: other, fresh: own })),
  ];
  const [way, ...others] = ways;
  if (way === undefined || others.length > 0) {
    throw refused(
      columns,
      `${
        way === undefined ? "no" : "more than one"
      } foreign key joins ${old.name} and ${fresh.name}: nothing says which rows belong together`,
    );
  }
  for (const [table, names] of [[old, way.old], [fresh, way.fresh]] as const) {
    if (isUnique(table, names)) continue;
    throw refused(
      columns,
      `several rows of ${table.name} may have the same ${
        names.join(", ")
      }, so it is not one row for one`,
    );
  }
  return way;
}

function keysBetween(
  from: TableShape,
  to: TableShape,
): readonly (readonly [readonly string[], readonly string[]])[] {
  return from.foreignKeys.filter(({ references }) => references === to.name).map(
    ({ columns, referenced }) => [columns, referenced.length > 0 ? referenced : to.primaryKey],
  );
}

function isUnique({ primaryKey, uniques, indexes }: TableShape, names: readonly string[]): boolean {
  const same = (list: readonly string[]) =>
    list.length === names.length && list.every((name) => names.includes(name));
  return same(primaryKey) || uniques.some(same) ||
    indexes.some(({ isUnique, isPartial, columns }) => isUnique && !isPartial && same(columns));
}

/** Of a table that goes, all must have a place: what moves, what joins, what is given anew. */
function refuseLoss(columns: string, table: TableShape, side: MoveSide): void {
  const kept = new Set([
    ...side.joined,
    ...[...side.columns, ...side.extras].map(({ name }) => name),
    ...side.key.length === 1 ? side.key : [],
  ]);
  const lost = table.columns.find(({ name, isGenerated }) => !isGenerated && !kept.has(name));
  if (lost === undefined) return;
  throw refused(
    columns,
    `${table.name} goes, and ${lost.name} with it, which does not move`,
    `--value "${
      splitName(table.name).at(-1)
    }.${lost.name}=EXPRESSION" for rows that DOWN makes, or move it too`,
  );
}
