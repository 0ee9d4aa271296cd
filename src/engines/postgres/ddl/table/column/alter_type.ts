/** ALTER COLUMN TYPE: the conversion, the default around it, and what must go around it. */

import { ASSUME_EMPTY } from "../../../../../core/choice.ts";
import type { PlannedStatement } from "../../../../../core/statement.ts";
import { lastName } from "../../../names.ts";
import {
  type Column,
  defaultOf,
  type ObjectOf,
  type PostgresContext,
  type PostgresObject,
  type Table,
  tableOf,
} from "../../../objects.ts";
import { ident } from "../../../quote.ts";
import { isDropped } from "../../clauses/action.ts";
import { alterRelation, isPartitioned, relationName } from "../../clauses/relation.ts";
import { planned, type StatementFacts } from "../../clauses/statement.ts";
import {
  castOf,
  fitBack,
  fitBetween,
  hasOwnCast,
  isConvertible,
  isUndone,
} from "../../type/convert.ts";
import { mayRefuse } from "../../type/may_refuse.ts";
import { avoidsRewrite, comparable } from "../../type/similar_types.ts";
import { descendants, isInherited } from "../inheritance.ts";
import { keysOf } from "../key/index_columns.ts";
import { isKeyOrIndex } from "../key/index_flags.ts";
import { isAttribute } from "../typed_table.ts";
import { collationName, defaultExpression } from "./clause.ts";
import { isGenerated } from "./generated.ts";
import { attributeSet, subjectOf } from "../../../../common/statement.ts";
import { askConversion, askDuplicates } from "../../../../common/data_choice.ts";
import type { Reason } from "../../../../../core/reason.ts";

/** What has a type that can change. */
type Typed = Column | ObjectOf<"attribute">;

/** True when the type or the collation of a column that stays differs. */
export function changesType(before: Typed, after: Typed): boolean {
  return before.facts.type !== after.facts.type || before.facts.collation !== after.facts.collation;
}

/** True when the default must be dropped before the type changes, since it cannot be cast along. */
export function resetsDefault(
  before: Column,
  after: Column,
  context: PostgresContext,
): boolean {
  return changesType(before, after) && context.from.objects.has(`default:${before.name}`) &&
    !castsByItself(before, after, context);
}

/** True when the default of a column needs something new, so that it comes by itself after that. */
export function awaitsOthers(column: Column, context: PostgresContext): boolean {
  const value = defaultOf(context.to, column);
  return (value?.dependsOn ?? []).some((id) => !context.from.objects.has(id));
}

/** The statements that change the type, and the default where it is in the way. */
export function typeStatements(
  before: Column,
  after: Column,
  context: PostgresContext,
): readonly PlannedStatement[] {
  const statements: PlannedStatement[] = [];
  const column = ident(lastName(after.name));
  const alter = `${alterRelation(after)} ALTER COLUMN ${column}`;
  const reset = resetsDefault(before, after, context);
  const id = `default:${after.name}`;
  if (reset && !isDropped(id, context)) {
    statements.push(
      planned(after, `${alter} DROP DEFAULT`, {
        ...attributeSet(after, "default", null),
        because: { cause: "unsupported", operation: "cast_default" },
      }),
    );
  }
  askOfMerged(before, after, context);
  const collation = after.facts.collation;
  const using = usingClause(before, after, context);
  const oldType = before.facts.type;
  const newType = after.facts.type;
  const table = relationName(after);
  const kept = using === null && avoidsRewrite(oldType, newType) &&
    before.facts.collation === after.facts.collation;
  const collate = collation === undefined ? "" : ` COLLATE ${collationName(collation)}`;
  statements.push(planned(
    after,
    `${alter} TYPE ${newType}${collate}${using === null ? "" : ` USING ${using}`}`,
    typeReason(before, after),
    {
      ...kept || (oldType === newType && using === null) ? {} : { rewrites: table },
      ...typeLoss(before, after, context),
    },
  ));
  const value = defaultOf(context.to, after);
  if (
    reset && value !== undefined && context.action(id) !== "replace" &&
    !awaitsOthers(after, context)
  ) {
    const expression = defaultExpression(value, after);
    statements.push(
      planned(
        after,
        `${alter} SET DEFAULT ${expression}`,
        {
          action: "set",
          attribute: "default",
          object: subjectOf(after),
          because: { cause: "unsupported", operation: "cast_default" },
        },
      ),
    );
  }
  return statements;
}

/** Asks about rows that were apart in a key and become equal, by another collation or by values of another type. */
function askOfMerged(before: Column, after: Column, context: PostgresContext): void {
  const collation = context.to.objects.get(`collation:${after.facts.collation ?? ""}`);
  const isCoarser = before.facts.collation !== after.facts.collation &&
    collation?.kind === "collation" && collation.facts.nondeterministic === true;
  if (!isCoarser && lossOf(before, after, context) === null) return;
  const name = lastName(after.name);
  for (const key of context.members(context.to, after.parent ?? "").filter(isKeyOrIndex)) {
    if (!context.from.objects.has(key.id)) continue;
    const columns = key.kind === "index"
      ? key.facts.unique === true ? keysOf(key) : []
      : ["unique", "primary key"].includes(key.facts.type)
      ? key.facts.columns ?? []
      : [];
    if (!columns.includes(name)) continue;
    const table = relationName(after);
    askDuplicates({ object: key, table, columns, canDelete: false }, context);
  }
}

/** Ids of objects of `from` that refuse a new type for the column: views, rules, policies, triggers, generated columns, functions. */
export function dependentsToRecreate(
  before: Typed,
  after: Typed,
  context: PostgresContext,
): readonly string[] {
  const ids = new Set<string>();
  const family = comparable(before.facts.type, after.facts.type);
  const followers = context.dependents(before.id).filter(isAttribute);
  const below = before.kind === "column" ? descendants(context.from, before) : [];
  for (const column of [before, ...below, ...followers]) {
    for (const dependent of context.dependents(column.id)) {
      // One that lacks children would have them all afterwards.
      if (isIncomplete(dependent) && isPartitioned(dependent, context)) ids.add(dependent.id);
      // Postgres recreates it without them.
      if ("depends_on_extensions" in dependent.facts) ids.add(dependent.id);
      if (FOLLOWS.has(dependent.kind) || followers.some(({ id }) => id === dependent.id)) continue;
      if (dependent.kind === "column" && isInherited(dependent)) {
        const generated = isGenerated(dependent) &&
          dependent.parent === column.parent;
        if (!generated) continue;
      }
      if (dependent.kind === "constraint") {
        if (dependent.facts.type === "foreign key" && !family) ids.add(dependent.id);
        continue;
      }
      ids.add(dependent.id);
    }
    const table = tableOf(context.from, column.parent);
    if (table !== undefined && isPartitionKey(table, column)) ids.add(table.id);
  }
  return [...ids];
}

/** True for an index or key of a partitioned table while some of the partitions have none. */
function isIncomplete(object: PostgresObject): boolean {
  return (object.kind === "index" || object.kind === "constraint") && object.facts.invalid === true;
}

/** True when a table is partitioned by this column. */
export function isPartitionKey(table: Table, column: Pick<Column, "name">): boolean {
  const key = table.facts.partition_by;
  if (key === undefined) return false;
  const name = lastName(column.name);
  const words = key.slice(key.indexOf("(")).matchAll(/"((?:[^"]|"")*)"|([a-z_][\w$]*)/g);
  return [...words].some(([, quoted, bare]) => (quoted?.replaceAll('""', '"') ?? bare) === name);
}

/** What the server changes along with the column. */
const FOLLOWS: ReadonlySet<string> = new Set([
  "default",
  "index",
  "sequence",
  "statistics",
  "table",
]);

/** What is lost by the new type without an error: by an expression that was given, all that it says; null when nothing. */
export function lossOf(
  before: Typed,
  after: Typed,
  context: PostgresContext,
): string | null {
  const answer = context.hints.answers.get(`convert:${after.name}`);
  if (answer?.option === "expression") return `the former values of column ${after.name}`;
  const change = conversion(before, after, context);
  // What cannot be converted at all is refused.
  return isConvertible(change) && fitBetween(change) === "changed"
    ? `the part of ${after.name} that ${after.facts.type} cannot hold`
    : null;
}

/** What a change of the type loses, and what the way back cannot hold. */
export function typeLoss(before: Typed, after: Typed, context: PostgresContext): StatementFacts {
  const change = conversion(before, after, context);
  const loss = lossOf(before, after, context);
  const lost: StatementFacts = loss === null ? {} : { destroys: loss, reversible: "structure" };
  if (!isUndone(change)) {
    const failsOn =
      `any value of ${after.name}: no cast makes ${before.facts.type} of ${after.facts.type}`;
    return { ...lost, failsOn, reversible: "structure" };
  }
  if (fitBack(change) === "all") return lost;
  return { ...lost, failsOn: `values of ${after.name} that ${before.facts.type} cannot hold` };
}

/** What makes a value of the new type of one of the old, as SQL over the old row; null where the server does it by itself. */
export function usingClause(
  before: Column,
  after: Column,
  context: PostgresContext,
): string | null {
  const column = ident(lastName(after.name));
  const oldType = before.facts.type;
  const newType = after.facts.type;
  if (oldType === newType) return null;
  const needed = conversionOf(before, after, context);
  const mayFail = !hasOwnCast(conversion(before, after, context)) &&
    mayRefuse(oldType, newType, context);
  const narrowed = needed === null && mayFail;
  if (needed === null && !narrowed) return null;
  const cast = needed ?? `${column}::${newType}`;
  const isOpen = context.hints.isDown !== true &&
    !isConvertible(conversion(before, after, context));
  const answer = askConversion({
    column: after,
    from: oldType,
    to: newType,
    mayFail: mayFail || isOpen,
    usual: isOpen
      ? { id: ASSUME_EMPTY, label: "There are none: the migration fails when it meets one" }
      : narrowed
      ? { id: ASSUME_EMPTY, label: "All fit: the migration fails when one does not" }
      : {
        id: "cast",
        label: `Convert with ${cast}; the migration fails when a value cannot be read`,
      },
    sample: isOpen && newType === `${oldType}[]` ? `ARRAY[${column}]` : cast,
  }, context);
  if (answer?.option === "expression") return answer.expression ?? cast;
  return narrowed ? null : cast;
}

/** True when the server makes values of the new type of those of the old without being told how. */
export function castsByItself(
  before: Typed,
  after: Typed,
  context: PostgresContext,
): boolean {
  return conversionOf(before, after, context) === null;
}

function conversionOf(before: Typed, after: Typed, context: PostgresContext): string | null {
  return castOf(ident(lastName(after.name)), conversion(before, after, context));
}

function conversion(before: Typed, after: Typed, context: PostgresContext) {
  return { before: before.facts.type, after: after.facts.type, context };
}

function typeReason(before: Column, after: Column): Reason {
  return before.facts.type === after.facts.type
    ? attributeSet(after, "collation")
    : attributeSet(after, "type", after.facts.type);
}
