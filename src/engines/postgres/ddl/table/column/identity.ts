/** Identity columns: added, changed and taken away in place. */

import { sameJson } from "../../../../../core/change.ts";
import type { PlannedStatement } from "../../../../../core/statement.ts";
import type { Identity } from "../../../catalog/column.ts";
import type { CommonFacts } from "../../../catalog/common.ts";
import { lastName } from "../../../names.ts";
import {
  type Column,
  objectOf,
  type PostgresContext,
  tableOf,
  type With,
} from "../../../objects.ts";
import { ident, literal, reference } from "../../../quote.ts";
import { isDropped } from "../../clauses/action.ts";
import { commentStatements } from "../../clauses/comment.ts";
import { grantStatements } from "../../clauses/grants.ts";
import { ownerName } from "../../clauses/owner.ts";
import { alterRelation, relationOf } from "../../clauses/relation.ts";
import { planned } from "../../clauses/statement.ts";
import { continueFrom, raiseToBound } from "../sequence.ts";
import { changedSequenceClauses, isNarrower, mustRestart } from "../sequence_options.ts";
import { identityClause, serialSequence } from "./clause.ts";
import { attributeSet, becomes, ceases } from "../../../../common/statement.ts";

/** DROP IDENTITY, where the column has one no longer. */
export function dropIdentity(
  before: Column,
  after: Column,
): readonly PlannedStatement[] {
  if (before.facts.identity === undefined || after.facts.identity !== undefined) return [];
  return [planned(
    after,
    `${alterRelation(after)} ALTER COLUMN ${ident(lastName(after.name))} DROP IDENTITY`,
    ceases(after, "an identity column"),
  )];
}

/** ADD GENERATED, SET GENERATED and the options of the sequence. */
export function setIdentity(
  before: Column,
  after: Column,
  context: PostgresContext,
): readonly PlannedStatement[] {
  const was = before.facts.identity;
  const is = after.facts.identity;
  if (is === undefined || sameJson(was, is)) return [];
  const column = ident(lastName(after.name));
  const alter = `${alterRelation(after)} ALTER COLUMN ${column}`;
  if (was === undefined) {
    return [
      planned(
        after,
        `${alter} ADD ${identityClause(is)}`,
        becomes(after, "an identity column"),
      ),
      ...continueIdentity(after, is, context),
      ...identityMetadata(null, after, context),
    ];
  }
  const statements: PlannedStatement[] = [];
  const name = sequenceName(after);
  if (sequenceName(before) !== name) {
    statements.push(planned(
      after,
      `ALTER SEQUENCE ${reference(sequenceName(before))} RENAME TO ${ident(lastName(name))}`,
      attributeSet(after, "sequence"),
    ));
  }
  // The sequence gets its column's new type from the column; what fits a narrower one comes before.
  const type = after.facts.type;
  const [oldOptions, newOptions] = [{ ...was, type }, { ...is, type }];
  const clauses = changedSequenceClauses(oldOptions, newOptions).map((clause) => `SET ${clause}`);
  if (clauses.length > 0) statements.push(...raiseToBound(after, name, oldOptions, newOptions));
  if (mustRestart(oldOptions, newOptions)) clauses.push("RESTART");
  if (was.generation !== is.generation) {
    clauses.unshift(`SET GENERATED ${is.generation.toUpperCase()}`);
  }
  if (clauses.length > 0) {
    statements.push(planned(
      after,
      `${alter} ${clauses.join(" ")}`,
      attributeSet(after, "identity"),
    ));
  }
  if (was.persistence_differs !== is.persistence_differs) {
    statements.push(...logged(after, is, context));
  }
  return [...statements, ...identityMetadata(before, after, context)];
}

/** True when `setIdentity` must come before the new type of the column. */
export function identityFirst(before: Column, after: Column): boolean {
  return before.facts.identity !== undefined && after.facts.identity !== undefined &&
    isNarrower(before.facts.type, after.facts.type);
}

/** Comment and privileges of the sequence behind the column. */
export function identityMetadata(
  before: Column | null,
  after: Column,
  context: PostgresContext,
): readonly PlannedStatement[] {
  const is = after.facts.identity;
  if (is === undefined) return [];
  const was = before?.facts.identity;
  const sequence = (object: Column, facts: Identity): With<CommonFacts> => ({ ...object, facts });
  const ref = `SEQUENCE ${reference(sequenceName(after))}`;
  const from = before === null || was === undefined ? null : sequence(before, was);
  const to = sequence(after, is);
  const table = objectOf(context.to, after.parent, "table", "foreign table", "view");
  const owner = table === undefined ? "CURRENT_USER" : ownerName(table);
  return [
    ...before === null && is.persistence_differs === true ? logged(after, is, context) : [],
    ...grantStatements(from, to, { on: ref, owner }, context),
    ...commentStatements(from, to, ref),
  ];
}

/** The full name of the sequence behind an identity column. */
export function sequenceName(column: Column): string {
  return column.facts.identity?.name ?? serialSequence(column);
}

/** Sets a sequence behind the values of existing rows. */
export function continueIdentity(
  column: Column,
  identity: Identity,
  context: PostgresContext,
): readonly PlannedStatement[] {
  // The server gives the first sequence that it finds, which may be one that the column owns besides.
  const ownsOthers = [context.from, context.to].some((snapshot) =>
    context.members(snapshot, column.id).some(({ id, kind }) =>
      kind === "sequence" && !isDropped(id, context)
    )
  );
  const sequence = ownsOthers
    ? literal(reference(sequenceName(column)))
    : `pg_get_serial_sequence(${literal(relationOf(column))}, ${literal(lastName(column.name))})`;
  return continueFrom(column, column, sequence, identity);
}

function logged(
  column: Column,
  identity: Identity,
  context: PostgresContext,
): readonly PlannedStatement[] {
  const unloggedTable = tableOf(context.to, column.parent)?.facts.unlogged === true;
  const unlogged = unloggedTable !== (identity.persistence_differs === true);
  return [planned(
    column,
    `ALTER SEQUENCE ${reference(sequenceName(column))} SET ${unlogged ? "UNLOGGED" : "LOGGED"}`,
    becomes({ kind: "sequence of column", name: column.name }, unlogged ? "unlogged" : "logged"),
  )];
}
