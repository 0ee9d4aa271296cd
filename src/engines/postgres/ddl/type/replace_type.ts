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
import { typesOf } from "./convert.ts";
import type { RowConversion } from "./convert_composite.ts";
import { convertedValue, isValueConvertible, type Mapping } from "./convert_value.ts";
import { createType, type StandaloneType } from "./create.ts";
import { fitOf } from "./fit.ts";
import { shapeOf } from "./shape.ts";
import { askConversion } from "../../../common/data_choice.ts";
import { becomes, ceases, renamed, rowReason, subjectOf } from "../../../common/statement.ts";
import type { Because } from "../../../../core/reason.ts";

/** What is new about the type. */
export interface TypeReplacement {
  /** Statements that make the new type. */
  readonly create: readonly PlannedStatement[];
  /** Labels of the enumeration that rows lose, and what takes their place. */
  readonly mapping?: Mapping;
  /** Where that does not do: converts these columns, once the new types exist. */
  readonly carry?: (columns: readonly Column[]) => RowConversion;
  /** What rows lose for good. */
  readonly destroys?: string;
  /** What may be written afterwards and the old type cannot hold. */
  readonly failsOn?: string;
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
    ...conversions(type, changing, {
      ...swap,
      cast: carrying?.cast ?? valueCast(swap, context),
      facts: (column) =>
        carrying === undefined && swap.mapping === undefined ? valueFacts(column, context) : {},
    }),
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
interface Conversion extends Pick<TypeReplacement, "because" | "destroys" | "failsOn"> {
  /** Null where the server converts by itself. */
  readonly cast: (...of: Parameters<RowConversion["cast"]>) => string | null;
  /** What is lost of a column, now or on the way back. */
  readonly facts?: (column: Column) => Pick<StatementFacts, "destroys" | "failsOn">;
}

function valueCast(swap: TypeReplacement, context: PostgresContext) {
  const mapping = swap.mapping ?? null;
  return (column: Column, name: string, type: string): string | null => {
    const change = { ...shapesOf(column, context), after: type, context, mapping };
    const value = convertedValue(name, change);
    const isKnown = value !== "impossible" && isValueConvertible(change);
    if (isKnown || context.hints.isDown === true) {
      return value === "impossible" ? `${name}::text::${type}` : value;
    }
    const answer = askConversion({
      column,
      from: type,
      to: type,
      usual: null,
      mayFail: true,
      sample: `${name}::text::${type}`,
    }, context);
    return answer?.expression ?? value;
  };
}

function shapesOf({ facts }: Column, { from, to }: PostgresContext) {
  return { source: shapeOf(facts.type, from), target: shapeOf(facts.type, to) };
}

function valueFacts(column: Column, context: PostgresContext) {
  const { source, target } = shapesOf(column, context);
  const types = typesOf(context);
  const { name, facts: { type } } = column;
  return {
    ...fitOf(source, target, types) === "changed"
      ? { destroys: `the part of ${name} that the new ${type} cannot hold` }
      : {},
    ...fitOf(target, source, types) === "all"
      ? {}
      : { failsOn: `values of ${name} that the former ${type} cannot hold` },
  };
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
  return [...tables].map(([table, members]) => {
    const relation = table.slice(table.indexOf(":") + 1);
    const actions = members.map((column) => {
      const name = ident(splitName(column.name).at(-1) ?? "");
      const wanted = target(column);
      const cast = swap.cast(column, name, wanted);
      return `ALTER COLUMN ${name} TYPE ${wanted}${cast === null ? "" : ` USING ${cast}`}`;
    });
    const told = members.map((column) => swap.facts?.(column) ?? {});
    const destroys = [swap.destroys ?? [], told.flatMap((each) => each.destroys ?? [])].flat();
    const failsOn = [swap.failsOn ?? [], told.flatMap((each) => each.failsOn ?? [])].flat();
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
      ...destroys.length === 0
        ? {}
        : { destroys: destroys.join(", "), reversible: "structure" as const },
      ...failsOn.length === 0 ? {} : { failsOn: failsOn.join(", ") },
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
        cast: (column, name, target) => {
          const { source, target: shape } = shapesOf(column, context);
          const mapping = swap.mapping ?? null;
          const isEnum = mapping !== null && source.kind === "enum";
          return isEnum
            ? convertedValue(name, { source, target: shape, after: target, context, mapping })
            : `${name}::${target}`;
        },
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
