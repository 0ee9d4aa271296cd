/** Columns that are added, or that come along and are to be otherwise. */

import { sameJson } from "../../../../../core/change.ts";
import type { PlannedStatement } from "../../../../../core/statement.ts";
import { lastName } from "../../../names.ts";
import {
  type Column,
  defaultOf,
  type PostgresContext,
  type PostgresObject,
  tableOf,
} from "../../../objects.ts";
import { ident } from "../../../quote.ts";
import { isCreated } from "../../clauses/action.ts";
import { alterRelation, relationName } from "../../clauses/relation.ts";
import { planned } from "../../clauses/statement.ts";
import { ancestors, defaultValue, parentColumns } from "../inheritance.ts";
import { createSequence, sequenceMetadata, setOwnedBy, setTableOwner } from "../sequence.ts";
import { columnAttributes } from "./attributes.ts";
import { backfillStatements, chooseBackfill } from "./backfill.ts";
import { columnClause, defaultExpression, identityClause, isSerial } from "./clause.ts";
import { formerExpression, isGenerated } from "./generated.ts";
import {
  isNotNullInheritable,
  keyMakesNotNull,
  namedDescendants,
  notNullStatement,
} from "./not_null.ts";
import { explicitNotNullName } from "./not_null_name.ts";
import { attributeSet, becomes, created } from "../../../../common/statement.ts";

/** What a column that CREATE TABLE got from a parent is to have otherwise. */
export function inheritedDifferences(
  column: Column,
  context: PostgresContext,
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
      attributeSet(column, "default"),
    ));
  }
  if (column.facts.compression !== parent.facts.compression) {
    statements.push(planned(
      column,
      `${alterRelation(column)} ALTER COLUMN ${name} SET COMPRESSION ${
        column.facts.compression ?? "default"
      }`,
      attributeSet(column, "compression"),
    ));
  }
  const own = column.facts.not_null === true && !isNotNullInheritable(parent) &&
    !keyMakesNotNull(column, context);
  const isThere = ancestors(context.to, column).some((above) =>
    isCreated(above.id, context) &&
    namedDescendants(above, context).some(({ id }) => id === column.id)
  );
  if (!isThere && (own || column.facts.not_null_local === true)) {
    statements.push(notNullStatement(column, context));
  }
  const table = tableOf(context.to, column.parent);
  const identity = column.facts.identity;
  // A partition has it from the parent, a child never.
  if (identity !== undefined && table !== undefined && table.facts.partition_of === undefined) {
    statements.push(planned(
      column,
      `${alterRelation(column)} ALTER COLUMN ${name} ADD ${identityClause(identity)}`,
      becomes(column, "an identity column"),
    ));
  }
  return statements;
}

/** What a column that came with an attribute of its table's type is to have besides. */
export function typedDifferences(
  column: Column,
  members: readonly PostgresObject[],
  context: PostgresContext,
): readonly PlannedStatement[] {
  const value = members.find((member) => member.kind === "default");
  return [
    ...value === undefined ? [] : [planned(
      value,
      `${alterRelation(column)} ALTER COLUMN ${ident(lastName(column.name))} SET DEFAULT ${
        defaultExpression(value, column)
      }`,
      attributeSet(column, "default"),
    )],
    ...column.facts.not_null === true ? [notNullStatement(column, context)] : [],
  ];
}

/** ADD COLUMN, with what its rows need before it can be NOT NULL. */
export function addColumn(
  column: Column,
  members: readonly PostgresObject[],
  context: PostgresContext,
): readonly PlannedStatement[] {
  const sequences = members.filter((member) => member.kind === "sequence");
  const value = members.find((member) => member.kind === "default");
  const own = sequences.find((sequence) => isSerial(column, sequence, value));
  const serial = own !== undefined;
  const apart = sequences.filter((sequence) => sequence !== own).map((sequence) => ({
    before: [createSequence(sequence), ...setTableOwner(null, sequence, context)],
    after: setOwnedBy(sequence),
  }));
  const computed = formerExpression(column, context);
  const required = computed === null && column.facts.not_null === true && !serial &&
    value === undefined &&
    column.facts.identity === undefined && !isGenerated(column) &&
    column.facts.not_null_not_valid !== true && context.from.objects.has(column.parent ?? "");
  const asked = required ? chooseBackfill(column, context) : { by: "fail" } as const;
  const later = defaultOf(context.to, column);
  // A default that is set in a later step cannot be asked for yet.
  const fill = computed !== null
    ? { by: "expression", expression: computed } as const
    : asked.by === "default" && later !== undefined
    ? { by: "expression", expression: defaultExpression(later, column) } as const
    : asked;
  const named = serial ? [] : namedDescendants(column, context);
  const isSetLater = named.length > 0 || (fill.by !== "fail" && fill.by !== "value");
  const clause = columnClause({
    column,
    default: value,
    serial,
    nullable: isSetLater,
    ...fill.by === "value" ? { usual: fill.expression } : {},
    notNullName: explicitNotNullName(column, context),
  });
  const rewrites = serial || column.facts.identity !== undefined ||
    column.facts.generated?.kind === "stored" ||
    isVolatile(value?.facts.expression);
  return [
    ...apart.flatMap((sequence) => sequence.before),
    planned(
      column,
      `${alterRelation(column)} ADD COLUMN ${clause}`,
      created(column),
      rewrites ? { rewrites: relationName(column) } : {},
    ),
    ...fill.by === "value"
      ? [planned(
        column,
        `${alterRelation(column)} ALTER COLUMN ${ident(lastName(column.name))} DROP DEFAULT`,
        attributeSet(column, "default", null),
      )]
      : backfillStatements(column, fill, true, context),
    ...named.map((heir) => notNullStatement(heir, context)),
    ...column.facts.not_null === true && (isSetLater || column.facts.not_null_not_valid === true)
      ? [notNullStatement(column, context)]
      : [],
    ...apart.flatMap((sequence) => sequence.after),
    ...columnAttributes(column, context),
    ...sequences.flatMap((sequence) => sequenceMetadata(sequence, context)),
  ];
}

function isVolatile(expression: string | undefined): boolean {
  return expression !== undefined &&
    /\b(nextval|random|gen_random_uuid|uuid_generate_\w+|uuidv\d|clock_timestamp|timeofday)\s*\(/
      .test(expression);
}
