/** Columns that are added, or that come along and are to be otherwise. */

import { sameJson } from "../../../../../changes.ts";
import type { PlannedStatement, SchemaObject } from "../../../../../schema.ts";
import type { PlanContext } from "../../../../object_kind.ts";
import { lastName } from "../../../names.ts";
import { ident } from "../../../quote.ts";
import { arrives } from "../../clauses/action.ts";
import { alterRelation, flag, record, relationName } from "../../clauses/relation.ts";
import { planned, text } from "../../clauses/statement.ts";
import { ancestors, defaultValue, parentColumns } from "../inheritance.ts";
import { createSequence, joinOwner, ownSequence, sequenceExtras } from "../sequence.ts";
import { columnExtras } from "./attributes.ts";
import { filling, fillStatements } from "./backfill.ts";
import { columnClause, defaultExpression, identityClause, isSerial } from "./clause.ts";
import { formerExpression, isGenerated } from "./generated.ts";
import { keyMakesNotNull, namedHeirs, notNullStatement, passesNotNull } from "./not_null.ts";
import { takenNotNullName } from "./not_null_name.ts";

/** What a column that CREATE TABLE got from a parent is to have otherwise. */
export function inheritedDifferences(
  column: SchemaObject,
  context: PlanContext,
): readonly PlannedStatement[] {
  const [parent] = parentColumns(context.to, column);
  if (parent === undefined) return [];
  const statements: PlannedStatement[] = [];
  const name = ident(lastName(column.name));
  const wanted = defaultValue(context.to, column);
  if (!sameJson(wanted, defaultValue(context.to, parent))) {
    statements.push(planned(
      column,
      `${alterRelation(column)} ALTER COLUMN ${name} ${
        wanted === null ? "DROP DEFAULT" : `SET DEFAULT ${wanted}`
      }`,
      `Column ${column.name} has another default than that of its parent`,
    ));
  }
  if (text(column, "compression") !== text(parent, "compression")) {
    statements.push(planned(
      column,
      `${alterRelation(column)} ALTER COLUMN ${name} SET COMPRESSION ${
        text(column, "compression") ?? "default"
      }`,
      `Column ${column.name} is compressed otherwise than that of its parent`,
    ));
  }
  const own = flag(column, "not_null") && !passesNotNull(parent) &&
    !keyMakesNotNull(column, context);
  const isThere = ancestors(context.to, column).some((above) =>
    arrives(above.id, context) && namedHeirs(above, context).some(({ id }) => id === column.id)
  );
  if (!isThere && (own || flag(column, "not_null_local"))) {
    statements.push(notNullStatement(column, context));
  }
  const table = context.to.objects.get(column.parent ?? "");
  const identity = record(column, "identity");
  // A partition has it from the parent, a child never.
  if (identity !== null && table !== undefined && record(table, "partition_of") === null) {
    statements.push(planned(
      column,
      `${alterRelation(column)} ALTER COLUMN ${name} ADD ${identityClause(identity)}`,
      `Column ${column.name} is numbered by itself`,
    ));
  }
  return statements;
}

/** What a column that came with an attribute of its table's type is to have besides. */
export function typedDifferences(
  column: SchemaObject,
  members: readonly SchemaObject[],
  context: PlanContext,
): readonly PlannedStatement[] {
  const value = members.find(({ kind }) => kind === "default");
  return [
    ...value === undefined ? [] : [planned(
      value,
      `${alterRelation(column)} ALTER COLUMN ${ident(lastName(column.name))} SET DEFAULT ${
        text(value, "expression")
      }`,
      `Column ${column.name} has this default`,
    )],
    ...flag(column, "not_null") ? [notNullStatement(column, context)] : [],
  ];
}

export function addColumn(
  column: SchemaObject,
  members: readonly SchemaObject[],
  context: PlanContext,
): readonly PlannedStatement[] {
  const sequences = members.filter(({ kind }) => kind === "sequence");
  const value = members.find(({ kind }) => kind === "default");
  const own = sequences.find((sequence) => isSerial(column, sequence, value));
  const serial = own !== undefined;
  const apart = sequences.filter((sequence) => sequence !== own).map((sequence) => ({
    before: [createSequence(sequence), ...joinOwner(null, sequence, context)],
    after: ownSequence(sequence),
  }));
  const computed = formerExpression(column, context);
  const required = computed === null && flag(column, "not_null") && !serial &&
    value === undefined &&
    record(column, "identity") === null && !isGenerated(column) &&
    !flag(column, "not_null_not_valid") && context.from.objects.has(column.parent ?? "");
  const asked = required ? filling(column, context) : { by: "fail" } as const;
  const later = context.to.objects.get(`default:${column.name}`);
  // A default that is set in a later step cannot be asked for yet.
  const fill = computed !== null
    ? { by: "expression", expression: computed } as const
    : asked.by === "default" && later !== undefined
    ? { by: "expression", expression: defaultExpression(later, column) } as const
    : asked;
  const named = serial ? [] : namedHeirs(column, context);
  const isSetLater = named.length > 0 || (fill.by !== "fail" && fill.by !== "value");
  const clause = columnClause({
    column,
    default: value,
    serial,
    nullable: isSetLater,
    ...fill.by === "value" ? { usual: fill.expression } : {},
    notNullName: takenNotNullName(column, context),
  });
  const rewrites = serial || record(column, "identity") !== null ||
    record(column, "generated")?.kind === "stored" ||
    isVolatile(text(value ?? column, "expression"));
  return [
    ...apart.flatMap((sequence) => sequence.before),
    planned(
      column,
      `${alterRelation(column)} ADD COLUMN ${clause}`,
      `Column ${column.name} is new`,
      rewrites ? { rewrites: relationName(column) } : {},
    ),
    ...fill.by === "value"
      ? [planned(
        column,
        `${alterRelation(column)} ALTER COLUMN ${ident(lastName(column.name))} DROP DEFAULT`,
        `The rows that exist have a value of ${column.name}; new ones must bring theirs`,
      )]
      : fillStatements(column, fill, true, context),
    ...named.map((heir) => notNullStatement(heir, context)),
    ...flag(column, "not_null") && (isSetLater || flag(column, "not_null_not_valid"))
      ? [notNullStatement(column, context)]
      : [],
    ...apart.flatMap((sequence) => sequence.after),
    ...columnExtras(column, context),
    ...sequences.flatMap((sequence) => sequenceExtras(sequence, context)),
  ];
}

function isVolatile(expression: string | null): boolean {
  return expression !== null &&
    /\b(nextval|random|gen_random_uuid|uuid_generate_\w+|uuidv\d|clock_timestamp|timeofday)\s*\(/
      .test(expression);
}
