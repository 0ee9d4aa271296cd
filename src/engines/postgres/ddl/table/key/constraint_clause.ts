/** The definition of a constraint as text. */

import type { PlannedStatement, SchemaObject } from "../../../../../schema.ts";
import type { PlanContext } from "../../../../object_kind.ts";
import { generatedName } from "../../../generated_name.ts";
import { lastName } from "../../../names.ts";
import { ident } from "../../../quote.ts";
import { inBrackets } from "../../clauses/brackets.ts";
import { optionList } from "../../clauses/options.ts";
import { alterRelation, flag, nameIsFree, relationName } from "../../clauses/relation.ts";
import { planned, text, texts } from "../../clauses/statement.ts";

/** ALTER TABLE ... ADD CONSTRAINT, or ALTER TABLE ONLY. */
export function addConstraint(constraint: SchemaObject, alone = false): PlannedStatement {
  return planned(
    constraint,
    `${alterRelation(constraint, alone)} ADD CONSTRAINT ${ident(lastName(constraint.name))} ${
      constraintBody(constraint)
    }${flag(constraint, "not_valid") ? " NOT VALID" : ""}`,
    `Constraint ${lastName(constraint.name)} of ${relationName(constraint)} is new`,
  );
}

/** A constraint inside CREATE TABLE: `CONSTRAINT c CHECK (n > 0)`, without the name where the server chooses the same. */
export function tableConstraint(constraint: SchemaObject, context: PlanContext): string {
  return named(constraint, constraintBody(constraint), context);
}

/** The same behind its only column, or null where it cannot stand there. */
export function columnConstraint(constraint: SchemaObject, context: PlanContext): string | null {
  const columns = texts(constraint, "columns");
  const [column] = columns;
  if (columns.length !== 1 || column === undefined) return null;
  if (!hasUsualName(constraint, context)) return null;
  const definition = text(constraint, "definition") ?? "";
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
function hasUsualName(constraint: SchemaObject, context: PlanContext): boolean {
  return lastName(constraint.name) === usualName(constraint) &&
    nameIsFree(context, constraint.id);
}

/** The name that Postgres gives a constraint of this kind over these columns. */
export function usualName(
  constraint: SchemaObject,
  table = lastName(relationName(constraint)),
): string {
  const columns = texts(constraint, "columns");
  const all = columns.length === 0 ? null : columns.join("_");
  switch (constraint.facts.type) {
    case "primary key":
      return generatedName(table, null, "pkey");
    case "unique":
      return generatedName(table, all, "key");
    case "foreign key":
      return generatedName(table, all, "fkey");
    case "check":
      return generatedName(table, columns.length === 1 ? all : null, "check");
    default:
      return generatedName(table, all, "excl");
  }
}

/** What an index or the index of a key is over, the usual method and the kind of key left out. */
export function keyText(object: SchemaObject): string {
  return (text(object, "definition") ?? "").replace(/^(?:btree|PRIMARY KEY|UNIQUE) /, "");
}

/** What stands behind the name, without NOT VALID. */
export function constraintBody(constraint: SchemaObject): string {
  const definition = text(constraint, "definition") ?? "";
  const check = /^CHECK \((.*)\)( NO INHERIT)?$/s.exec(definition);
  const body = check === null
    ? definition
    : `CHECK (${inBrackets(check[1] ?? "")})${check[2] ?? ""}`;
  return `${withPlacement(constraint, body)}${deferral(constraint)}${enforcement(constraint)}`;
}

/** Puts the parameters of the index where the grammar has them: in front of the predicate of an exclusion. */
function withPlacement(constraint: SchemaObject, body: string): string {
  const parameters = placement(constraint);
  if (parameters === "" || constraint.facts.type !== "exclude") return `${body}${parameters}`;
  const predicate = /^EXCLUDE [^']*?\)( WHERE \(.*)$/s.exec(body)?.[1] ?? "";
  return `${body.slice(0, body.length - predicate.length)}${parameters}${predicate}`;
}

function placement(constraint: SchemaObject): string {
  const options = texts(constraint, "options");
  const tablespace = text(constraint, "tablespace");
  return [
    options.length === 0 ? "" : ` WITH (${optionList(options)})`,
    tablespace === null ? "" : ` USING INDEX TABLESPACE ${ident(tablespace)}`,
  ].join("");
}

export function deferral(constraint: SchemaObject): string {
  if (!flag(constraint, "deferrable")) return "";
  return flag(constraint, "deferred") ? " DEFERRABLE INITIALLY DEFERRED" : " DEFERRABLE";
}

function enforcement(constraint: SchemaObject): string {
  return flag(constraint, "not_enforced") ? " NOT ENFORCED" : "";
}

function named(constraint: SchemaObject, body: string, context: PlanContext): string {
  return hasUsualName(constraint, context)
    ? body
    : `CONSTRAINT ${ident(lastName(constraint.name))} ${body}`;
}

export function hasIndex(constraint: SchemaObject): boolean {
  return ["primary key", "unique", "exclude"].includes(text(constraint, "type") ?? "");
}
