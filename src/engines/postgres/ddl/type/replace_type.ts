/** A new type in the place of an old one of the same name, with the rows converted. */

import type { PlannedStatement } from "../../../../core/statement.ts";
import type { Alteration } from "../../../object_kind.ts";
import { joinName, splitName } from "../../names.ts";
import {
  type Column,
  objectOf,
  type PostgresContext,
  type PostgresObject,
  tableOf,
} from "../../objects.ts";
import { ident, reference } from "../../quote.ts";
import { isDropped, isKept } from "../clauses/action.ts";
import { freeName } from "../clauses/relation.ts";
import { planned, type StatementFacts } from "../clauses/statement.ts";
import { isPartitionKey } from "../table/column/alter_type.ts";
import { isGenerated } from "../table/column/generated.ts";
import { isInherited } from "../table/inheritance.ts";
import type { RowConversion } from "./convert_composite.ts";
import { createType, type StandaloneType } from "./create.ts";
import { becomes, ceases, renamed, rowReason, subjectOf } from "../../../common/statement.ts";
import type { Because } from "../../../../core/reason.ts";

/** What is new about the type. */
export interface TypeReplacement {
  /** Statements that make the new type. */
  readonly create: readonly PlannedStatement[];
  /** The expression that converts a column of the type (or an array of it); default a cast by way of text. */
  readonly cast?: (column: string, type: string) => string;
  /** Where that does not do: converts these columns, once the new types exist. */
  readonly carry?: (columns: readonly Column[]) => RowConversion;
  /** What rows lose for good. */
  readonly destroys?: string;
  /** What the server cannot do in place. */
  readonly because: Because;
}

/** Columns of tables that hold values of the type, also inside arrays, domains and composites, each once at the top of its inheritance. */
export function storedColumns(type: StandaloneType, context: PostgresContext): readonly Column[] {
  return columnsOf(typesBuiltOn(type, context), context).filter(isTop);
}

/**
 * Renames the old type, creates the new one, converts all columns and drops the old one; with it all domains, composites
 * and ranges that are built on it. What else depends on them is recreated. `replace` when the columns cannot be converted.
 */
export function replaceType(
  type: StandaloneType,
  context: PostgresContext,
  swap: TypeReplacement,
): Alteration | "replace" {
  const types = typesBuiltOn(type, context);
  if (types.some((member) => member.kind === "range")) {
    // The text of a range does not tell which value belongs to which attribute.
    return swap.carry === undefined ? throughText(types, context, swap) : "replace";
  }
  const columns = columnsOf(types, context);
  const partitioned = partitionedBy(columns, context);
  const changing = columns.filter((column) => !partitioned.includes(column.parent ?? ""));
  const carrying = swap.carry?.(changing.filter(isTop));
  const away = types.map((member) => ({ member, name: freeName(member.name, "_old", context) }));
  const statements = [
    ...away.map(({ member, name }) =>
      planned(
        type,
        `ALTER TYPE ${reference(member.name)} RENAME TO ${ident(name)}`,
        { ...renamed(member, { name }), because: swap.because },
      )
    ),
    ...swap.create,
    ...types.slice(1).flatMap((member) => recreate(member, context)),
    ...detachTypedTables(types, context),
    ...carrying?.before ?? [],
    ...conversions(type, changing, { ...swap, cast: carrying?.cast ?? textCast(swap) }),
    ...carrying?.after ?? [],
    ...attachTypedTables(types, context),
    ...away.toReversed().map(({ member, name }) => {
      const [schema = ""] = splitName(member.name);
      return planned(
        type,
        `DROP ${member.kind === "domain" ? "DOMAIN" : "TYPE"} ${reference(joinName(schema, name))}`,
        { action: "drop", object: subjectOf(member), because: { cause: "unused" } },
      );
    }),
  ];
  return {
    statements,
    recreates: [...dependentsToRecreate(types, columns, context), ...partitioned],
    alsoDrops: types.slice(1).flatMap((member) => constraintsDroppedWith(member, context)),
  };
}

/** What is recreated with a column whose type is replaced, although Postgres would keep it through a mere change of its type. */
const IN_THE_WAY: ReadonlySet<string> = new Set([
  "default",
  "view",
  "materialized view",
  "rule",
  "trigger",
  "policy",
  "publication table",
  "function",
  "procedure",
]);

/** Ids of what stands in the way of a change of the types of these columns. */
export function dependentsInTheWay(
  columns: readonly Column[],
  context: PostgresContext,
): readonly string[] {
  return columns.flatMap((column) =>
    context.dependents(column.id).filter((dependent) =>
      IN_THE_WAY.has(dependent.kind) ||
      (dependent.kind === "constraint" && dependent.facts.type === "foreign key") ||
      (dependent.kind === "column" && isGenerated(dependent))
    ).map((dependent) => dependent.id)
  );
}

/** The type and all types that are built on it, each after what it needs. */
function typesBuiltOn(type: StandaloneType, context: PostgresContext): readonly StandaloneType[] {
  const found: StandaloneType[] = [type];
  for (const member of found) {
    for (const dependent of context.dependents(member.id)) {
      const outer = dependent.kind === "attribute"
        ? objectOf(context.from, dependent.parent, "composite")
        : dependent.kind === "domain" || dependent.kind === "range"
        ? dependent
        : undefined;
      if (outer === undefined || isLeaving(outer, context)) continue;
      const at = found.indexOf(outer);
      if (at > 0 && at < found.indexOf(member)) found.splice(at, 1);
      if (!found.includes(outer)) found.push(outer);
    }
  }
  return found;
}

function columnsOf(
  types: readonly StandaloneType[],
  context: PostgresContext,
): readonly Column[] {
  const columns = new Map<string, Column>();
  for (const type of types) {
    for (const dependent of context.dependents(type.id)) {
      if (dependent.kind !== "column" || isGenerated(dependent)) continue;
      if (!isLeaving(dependent, context)) columns.set(dependent.id, dependent);
    }
  }
  return [...columns.values()];
}

function isLeaving(object: PostgresObject, context: PostgresContext): boolean {
  return isDropped(object.id, context) ||
    (object.parent !== null && isDropped(object.parent, context));
}

function isTop(column: Column): boolean {
  return !isInherited(column);
}

/** What a column is converted with, and what is said of it. */
interface Conversion extends Pick<TypeReplacement, "because" | "destroys"> {
  readonly cast: RowConversion["cast"];
}

function textCast({ cast }: TypeReplacement): RowConversion["cast"] {
  return (_column, name, type) => cast?.(name, type) ?? `${name}::text::${type}`;
}

/** One ALTER TABLE a table. */
function conversions(
  type: StandaloneType,
  columns: readonly Column[],
  swap: Conversion,
  target: (column: Column) => string = (column) => column.facts.type,
): readonly PlannedStatement[] {
  const tables = new Map<string, Column[]>();
  for (const column of columns.filter(isTop)) {
    const table = column.parent ?? "";
    tables.set(table, [...tables.get(table) ?? [], column]);
  }
  const facts: StatementFacts = swap.destroys === undefined
    ? {}
    : { destroys: swap.destroys, reversible: "structure" };
  return [...tables].map(([table, members]) => {
    const relation = table.slice(table.indexOf(":") + 1);
    const actions = members.map((column) => {
      const name = ident(splitName(column.name).at(-1) ?? "");
      const wanted = target(column);
      const cast = swap.cast(column, name, wanted);
      return `ALTER COLUMN ${name} TYPE ${wanted} USING ${cast}`;
    });
    const foreign = table.startsWith("foreign table:");
    return {
      sql: foreign
        ? `ALTER FOREIGN TABLE ${reference(relation)}\n  ${
          actions.map((action) => action.replace(/ USING .*$/s, "")).join(",\n  ")
        }`
        : `ALTER TABLE ${reference(relation)}\n  ${actions.join(",\n  ")}`,
      serves: [type.id, ...members.map((column) => column.id)],
      reason: rowReason("convert_values", type, swap.because),
      transactional: true,
      ...(foreign ? {} : { rewrites: relation }),
      ...facts,
    };
  });
}

/** Range types have constructors that no other type may have at the same time, so columns are text meanwhile. */
function throughText(
  types: readonly StandaloneType[],
  context: PostgresContext,
  swap: TypeReplacement,
): Alteration {
  const [type] = types;
  if (type === undefined) return { statements: [] };
  const columns = columnsOf(types, context);
  const drops = types.toReversed().map((member) =>
    planned(
      type,
      `DROP ${member.kind === "domain" ? "DOMAIN" : "TYPE"} ${reference(member.name)}`,
      { action: "drop", object: subjectOf(member), because: swap.because },
    )
  );
  const onColumns = columns.flatMap((column) =>
    context.dependents(column.id).filter((dependent) =>
      ["index", "constraint", "statistics"].includes(dependent.kind)
    ).map((dependent) => dependent.id)
  );
  return {
    statements: [
      ...detachTypedTables(types, context),
      ...conversions(
        type,
        columns,
        { ...swap, cast: (_column, name) => `${name}::text` },
        () => "text",
      ),
      ...drops,
      ...swap.create,
      ...types.slice(1).flatMap((member) => recreate(member, context)),
      ...conversions(type, columns, {
        ...swap,
        cast: (_column, name, target) => (swap.cast?.(name, target) ?? `${name}::${target}`),
      }),
      ...attachTypedTables(types, context),
    ],
    recreates: [...new Set([...dependentsToRecreate(types, columns, context), ...onColumns])],
    alsoDrops: types.slice(1).flatMap((member) => constraintsDroppedWith(member, context)),
  };
}

function recreate(member: StandaloneType, context: PostgresContext): readonly PlannedStatement[] {
  const members = context.members(context.from, member.id).filter((part) =>
    part.kind === "attribute" || isKept(part.id, context)
  );
  return createType(member, members, context);
}

/** Constraints of a domain that change as well are dropped with it; the new ones are created on their own. */
function constraintsDroppedWith(
  member: StandaloneType,
  context: PostgresContext,
): readonly string[] {
  if (member.kind !== "domain") return [];
  return context.members(context.from, member.id)
    .filter((constraint) => !isKept(constraint.id, context))
    .map((constraint) => constraint.id);
}

/** What uses the types or their columns otherwise. */
function dependentsToRecreate(
  types: readonly StandaloneType[],
  columns: readonly Column[],
  context: PostgresContext,
): readonly string[] {
  const carried = new Set([...types, ...columns].map((object) => object.id));
  const kept = new Set(["attribute", "domain constraint", "table", "foreign table"]);
  const users = types.flatMap((type) => context.dependents(type.id))
    .filter((user) => !carried.has(user.id) && !kept.has(user.kind) && !isLeaving(user, context))
    .filter((user) => user.kind !== "column" || isGenerated(user))
    .map((user) => user.id);
  return [...new Set([...users, ...dependentsInTheWay(columns, context)])];
}

/** Ids of tables whose partition key holds one of the columns: it cannot change its type, so that the table is recreated. */
function partitionedBy(
  columns: readonly Column[],
  context: PostgresContext,
): readonly string[] {
  const found = new Set<string>();
  for (const column of columns) {
    const table = tableOf(context.from, column.parent);
    if (table !== undefined && isPartitionKey(table, column)) found.add(table.id);
  }
  return [...found];
}

/** Tables `OF` a type are detached from it while their columns change. */
function detachTypedTables(types: readonly StandaloneType[], context: PostgresContext) {
  return typedTables(types, context).map(({ table }) =>
    planned(
      table,
      `ALTER TABLE ${reference(table.name)} NOT OF`,
      ceases(table, "typed"),
    )
  );
}

function attachTypedTables(types: readonly StandaloneType[], context: PostgresContext) {
  return typedTables(types, context).map(({ table, of }) =>
    planned(
      table,
      `ALTER TABLE ${reference(table.name)} OF ${reference(of)}`,
      becomes(table, `a table of type ${of}`),
    )
  );
}

function typedTables(types: readonly StandaloneType[], context: PostgresContext) {
  return types.filter((type) => type.kind === "composite").flatMap((type) =>
    context.dependents(type.id)
      .filter((table) => table.kind === "table")
      .filter((table) => table.facts.of === type.name && !isLeaving(table, context))
      .map((table) => ({ table, of: type.name }))
  );
}
