/** The definition of a constraint as text. */

import type { PlannedStatement } from "../../../../../core/statement.ts";
import { generatedName } from "../../../generated_name.ts";
import { lastName } from "../../../names.ts";
import type { Constraint, Index, PostgresContext } from "../../../objects.ts";
import { ident } from "../../../quote.ts";
import { checkClause } from "../../clauses/brackets.ts";
import { optionList } from "../../clauses/options.ts";
import { alterRelation, nameIsFree, relationName } from "../../clauses/relation.ts";
import { planned } from "../../clauses/statement.ts";
import { created } from "../../../../common/statement.ts";

/** ALTER TABLE ... ADD CONSTRAINT, or ALTER TABLE ONLY. */
export function addConstraint(constraint: Constraint, alone = false): PlannedStatement {
  return planned(
    constraint,
    `${alterRelation(constraint, alone)} ADD CONSTRAINT ${ident(lastName(constraint.name))} ${
      constraintBody(constraint)
    }${constraint.facts.not_valid === true ? " NOT VALID" : ""}`,
    created(constraint),
  );
}

/** A constraint inside CREATE TABLE: `CONSTRAINT c CHECK (n > 0)`, without the name where the server chooses the same. */
export function tableConstraint(constraint: Constraint, context: PostgresContext): string {
  return named(constraint, constraintBody(constraint), context);
}

/** The same behind its only column, or null where it cannot stand there. */
export function columnConstraint(constraint: Constraint, context: PostgresContext): string | null {
  const columns = constraint.facts.columns ?? [];
  const [column] = columns;
  if (columns.length !== 1 || column === undefined) return null;
  if (!hasUsualName(constraint, context)) return null;
  const definition = constraint.facts.definition;
  const name = ident(column);
  const endings = `${deferral(constraint)}${enforcement(constraint)}`;
  switch (constraint.facts.type) {
    case "primary key":
      return definition === `PRIMARY KEY (${name})`
        ? `PRIMARY KEY${placement(constraint)}${endings}`
        : null;
    case "unique":
      return definition === `UNIQUE (${name})` ? `UNIQUE${placement(constraint)}${endings}` : null;
    case "foreign key": {
      const start = `FOREIGN KEY (${name}) `;
      return definition.startsWith(start) ? constraintBody(constraint).slice(start.length) : null;
    }
    case "check":
      return constraintBody(constraint);
    default:
      return null;
  }
}

/** True when the name is the one that Postgres gives by itself. */
function hasUsualName(constraint: Constraint, context: PostgresContext): boolean {
  return lastName(constraint.name) === usualName(constraint) &&
    nameIsFree(context, constraint.id);
}

/** The name that Postgres gives a constraint of this kind over these columns. */
function usualName(
  constraint: Constraint,
  table = lastName(relationName(constraint)),
): string {
  const { column, label } = usualParts(constraint);
  return generatedName(table, column, label);
}

/** What that name is made of besides the table's. */
export function usualParts(
  constraint: Constraint,
): { readonly column: string | null; readonly label: string } {
  const columns = constraint.facts.columns ?? [];
  const all = columns.length === 0 ? null : columns.join("_");
  switch (constraint.facts.type) {
    case "primary key":
      return { column: null, label: "pkey" };
    case "unique":
      return { column: all, label: "key" };
    case "foreign key":
      return { column: all, label: "fkey" };
    case "check":
      return { column: columns.length === 1 ? all : null, label: "check" };
    default:
      return { column: all, label: "excl" };
  }
}

/** What an index or the index of a key is over, the usual method and the kind of key left out. */
export function keyText(object: Constraint | Index): string {
  return object.facts.definition.replace(/^(?:btree|PRIMARY KEY|UNIQUE) /, "");
}

/** What stands behind the name, without NOT VALID. */
function constraintBody(constraint: Constraint): string {
  const body = checkClause(constraint.facts.definition);
  return `${withPlacement(constraint, body)}${deferral(constraint)}${enforcement(constraint)}`;
}

/** Puts the parameters of the index where the grammar has them: in front of the predicate of an exclusion. */
function withPlacement(constraint: Constraint, body: string): string {
  const parameters = placement(constraint);
  if (parameters === "" || constraint.facts.type !== "exclude") return `${body}${parameters}`;
  const predicate = /^EXCLUDE [^']*?\)( WHERE \(.*)$/s.exec(body)?.[1] ?? "";
  return `${body.slice(0, body.length - predicate.length)}${parameters}${predicate}`;
}

function placement(constraint: Constraint): string {
  const options = constraint.facts.options ?? [];
  const tablespace = constraint.facts.tablespace;
  return [
    options.length === 0 ? "" : ` WITH (${optionList(options)})`,
    tablespace === undefined ? "" : ` USING INDEX TABLESPACE ${ident(tablespace)}`,
  ].join("");
}

/** The clause that says when a constraint is checked; empty for at once. */
export function deferral(constraint: Constraint): string {
  if (constraint.facts.deferrable !== true) return "";
  return constraint.facts.deferred === true ? " DEFERRABLE INITIALLY DEFERRED" : " DEFERRABLE";
}

function enforcement(constraint: Constraint): string {
  return constraint.facts.not_enforced === true ? " NOT ENFORCED" : "";
}

function named(constraint: Constraint, body: string, context: PostgresContext): string {
  return hasUsualName(constraint, context)
    ? body
    : `CONSTRAINT ${ident(lastName(constraint.name))} ${body}`;
}

/** Whether an index stands behind a constraint. */
export function hasIndex(constraint: Constraint): boolean {
  return ["primary key", "unique", "exclude"].includes(constraint.facts.type);
}
