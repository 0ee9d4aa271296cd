/** Identity columns: added, changed and taken away in place. */

import { sameJson } from "../../../../../changes.ts";
import type { Facts, PlannedStatement, SchemaObject } from "../../../../../schema.ts";
import type { PlanContext } from "../../../../object_kind.ts";
import { lastName } from "../../../names.ts";
import { ident, literal, reference } from "../../../quote.ts";
import { goes } from "../../clauses/action.ts";
import { commentStatements } from "../../clauses/comment.ts";
import { grantStatements } from "../../clauses/grants.ts";
import { ownerName } from "../../clauses/owner.ts";
import { alterRelation, record, relationOf } from "../../clauses/relation.ts";
import { planned, text } from "../../clauses/statement.ts";
import { moveInside, numbersGoOn } from "../sequence.ts";
import { changedSequenceClauses, isNarrower, mustRestart } from "../sequence_options.ts";
import { identityClause, serialSequence } from "./clause.ts";

/** DROP IDENTITY, where the column has one no longer. */
export function dropIdentity(
  before: SchemaObject,
  after: SchemaObject,
): readonly PlannedStatement[] {
  if (record(before, "identity") === null || record(after, "identity") !== null) return [];
  return [planned(
    after,
    `${alterRelation(after)} ALTER COLUMN ${ident(lastName(after.name))} DROP IDENTITY`,
    `Column ${after.name} is no longer numbered by itself`,
  )];
}

/** ADD GENERATED, SET GENERATED and the options of the sequence. */
export function setIdentity(
  before: SchemaObject,
  after: SchemaObject,
  context: PlanContext,
): readonly PlannedStatement[] {
  const was = record(before, "identity");
  const is = record(after, "identity");
  if (is === null || sameJson(was, is)) return [];
  const column = ident(lastName(after.name));
  const alter = `${alterRelation(after)} ALTER COLUMN ${column}`;
  if (was === null) {
    return [
      planned(
        after,
        `${alter} ADD ${identityClause(is)}`,
        `Column ${after.name} is numbered by itself`,
      ),
      ...continueNumbers(after, is, context),
      ...identityExtras(null, after, context),
    ];
  }
  const statements: PlannedStatement[] = [];
  const name = sequenceName(after);
  if (sequenceName(before) !== name) {
    statements.push(planned(
      after,
      `ALTER SEQUENCE ${reference(sequenceName(before))} RENAME TO ${ident(lastName(name))}`,
      `The sequence of ${after.name} has another name`,
    ));
  }
  // The sequence gets its column's new type from the column; what fits a narrower one comes before.
  const type = text(after, "type") ?? "bigint";
  const [oldOptions, newOptions] = [{ ...was, type }, { ...is, type }];
  const clauses = changedSequenceClauses(oldOptions, newOptions).map((clause) => `SET ${clause}`);
  if (clauses.length > 0) statements.push(...moveInside(after, name, oldOptions, newOptions));
  if (mustRestart(oldOptions, newOptions)) clauses.push("RESTART");
  if (was.generation !== is.generation) {
    clauses.unshift(`SET GENERATED ${String(is.generation).toUpperCase()}`);
  }
  if (clauses.length > 0) {
    statements.push(planned(
      after,
      `${alter} ${clauses.join(" ")}`,
      `Column ${after.name} is numbered in another way`,
    ));
  }
  if (was.persistence_differs !== is.persistence_differs) {
    statements.push(...persistence(after, is, context));
  }
  return [...statements, ...identityExtras(before, after, context)];
}

/** True when `setIdentity` must come before the new type of the column. */
export function numbersFirst(before: SchemaObject, after: SchemaObject): boolean {
  return record(before, "identity") !== null && record(after, "identity") !== null &&
    isNarrower(text(before, "type") ?? "", text(after, "type") ?? "");
}

/** Comment and privileges of the sequence behind the column. */
export function identityExtras(
  before: SchemaObject | null,
  after: SchemaObject,
  context: PlanContext,
): readonly PlannedStatement[] {
  const is = record(after, "identity");
  if (is === null) return [];
  const was = before === null ? null : record(before, "identity");
  const sequence = (object: SchemaObject, facts: Facts): SchemaObject => ({ ...object, facts });
  const ref = `SEQUENCE ${reference(sequenceName(after))}`;
  const from = before === null || was === null ? null : sequence(before, was);
  const to = sequence(after, is);
  const table = context.to.objects.get(after.parent ?? "");
  const owner = table === undefined ? "CURRENT_USER" : ownerName(table);
  return [
    ...before === null && is.persistence_differs === true ? persistence(after, is, context) : [],
    ...grantStatements(from, to, { on: ref, owner }, context),
    ...commentStatements(from, to, ref),
  ];
}

/** The full name of the sequence behind an identity column. */
export function sequenceName(column: SchemaObject): string {
  const name = record(column, "identity")?.name;
  return typeof name === "string" ? name : serialSequence(column);
}

/** Sets a sequence behind the numbers that the rows already have. */
export function continueNumbers(
  column: SchemaObject,
  identity: Facts,
  context: PlanContext,
): readonly PlannedStatement[] {
  // The server gives the first sequence that it finds, which may be one that the column owns besides.
  const ownsOthers = [context.from, context.to].some((snapshot) =>
    context.members(snapshot, column.id).some(({ id, kind }) =>
      kind === "sequence" && !goes(id, context)
    )
  );
  const sequence = ownsOthers
    ? literal(reference(sequenceName(column)))
    : `pg_get_serial_sequence(${literal(relationOf(column))}, ${literal(lastName(column.name))})`;
  return numbersGoOn(column, column, sequence, identity);
}

function persistence(
  column: SchemaObject,
  identity: Facts,
  context: PlanContext,
): readonly PlannedStatement[] {
  const unloggedTable = context.to.objects.get(column.parent ?? "")?.facts.unlogged === true;
  const unlogged = unloggedTable !== (identity.persistence_differs === true);
  return [planned(
    column,
    `ALTER SEQUENCE ${reference(sequenceName(column))} SET ${unlogged ? "UNLOGGED" : "LOGGED"}`,
    `The sequence of ${column.name} is ${unlogged ? "not " : ""}written to the log`,
  )];
}
