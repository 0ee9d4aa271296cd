/** ADD CONSTRAINT ... USING INDEX. */

import type { PlannedStatement } from "../../../../../core/statement.ts";
import { created } from "../../../../common/statement.ts";
import { lastName } from "../../../names.ts";
import type { Constraint, Index, PostgresContext } from "../../../objects.ts";
import { ident, reference } from "../../../quote.ts";
import { columnIn, relationName } from "../../clauses/relation.ts";
import { planned } from "../../clauses/statement.ts";
import { constraintMetadata } from "./constraint.ts";
import { deferral } from "./constraint_clause.ts";
import { promotions } from "./using_index.ts";

/** ADD CONSTRAINT ... USING INDEX for each of a table. */
export function promotionsOf(table: string, context: PostgresContext): {
  readonly statements: readonly PlannedStatement[];
  /** Ids of columns that must be as they are to be before. */
  readonly columns: readonly string[];
} {
  const found = promotions(table, context);
  return {
    statements: found.flatMap(({ index, constraint }) => [
      planned(
        constraint,
        `ALTER TABLE ${reference(relationName(constraint))} ADD CONSTRAINT ${
          ident(lastName(constraint.name))
        } ${constraint.facts.type.toUpperCase()} USING INDEX ${ident(lastName(index.name))}${
          deferral(constraint)
        }`,
        created(constraint),
      ),
      ...constraintMetadata(asConstraint(index, constraint), constraint, context),
    ]),
    columns: found.flatMap(({ constraint }) =>
      (constraint.facts.columns ?? []).map((name) => columnIn(relationName(constraint), name))
    ),
  };
}

/** What the constraint has from the index as soon as it is there. */
function asConstraint({ facts }: Index, constraint: Constraint): Constraint {
  const { clustered, replica_identity, comment } = facts;
  return {
    ...constraint,
    facts: {
      type: constraint.facts.type,
      definition: constraint.facts.definition,
      ...clustered === undefined ? {} : { clustered },
      ...replica_identity === undefined ? {} : { replica_identity },
      ...comment === undefined ? {} : { index_comment: comment },
    },
  };
}
