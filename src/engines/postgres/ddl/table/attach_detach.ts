/** A table that is attached to parents or detached from them: what the server demands of it before, and what stays behind after. */

import { sameJson } from "../../../../core/change.ts";
import type { PlannedStatement } from "../../../../core/statement.ts";
import { lastName } from "../../names.ts";
import {
  type ChangeOf,
  type Column,
  type Constraint,
  type FactOf,
  type Index,
  type PostgresContext,
  type Table,
  tableOf,
} from "../../objects.ts";
import { ident, reference } from "../../quote.ts";
import { isDropped } from "../clauses/action.ts";
import { parentsOf } from "../clauses/relation.ts";
import { planned } from "../clauses/statement.ts";
import { isChildIndex } from "./key/child_index.ts";
import { addConstraint } from "./key/constraint_clause.ts";
import { isKeyOrIndex } from "./key/index_flags.ts";
import { isCheck, isReattached, parentsJoined, parentsLeft } from "./reattached.ts";
import { askRefused } from "../../../common/data_choice.ts";
import { dropped, subjectOf } from "../../../common/statement.ts";

type Member = Column | Constraint | Index;

/** True when a column, constraint or index of a reattached table is changed by the table's own step, between DETACH and ATTACH. */
export function changesWithTable(
  change: ChangeOf<Member["kind"]>,
  context: PostgresContext,
): boolean {
  const object = change.op === "drop" ? change.before : change.after;
  const table = object.parent ?? "";
  if (!isReattached(context, table)) return false;
  if (change.op === "alter") {
    return object.kind === "column" &&
      (change.facts as readonly FactOf<"column">[]).some((fact) =>
        fact !== "inherited" && fact !== "local"
      );
  }
  if (object.kind === "column") return true;
  if (change.op === "drop") {
    return (isChildIndex(object) && leavesAny(table, context)) ||
      joinedChecks(table, context).has(lastName(object.name));
  }
  if (object.kind !== "constraint" || isChildIndex(object) || object.facts.inherited === true) {
    return false;
  }
  return leftConstraints(table, context).some((left) => isSame(left, object)) ||
    (object.facts.type === "check" && joinsAny(table, context));
}

/** Statements before a reattached table's columns change: it is detached, and loses what it has only from its parents. */
export function detachStatements(
  before: Table,
  after: Table,
  context: PostgresContext,
): readonly PlannedStatement[] {
  const was = before.facts.partition_of;
  const statements = parentsLeft(before, after, context).map((parent) =>
    planned(
      after,
      was === undefined
        ? `ALTER TABLE ${reference(after.name)} NO INHERIT ${reference(parent)}`
        : `ALTER TABLE ${reference(parent)} DETACH PARTITION ${reference(after.name)}`,
      {
        action: "detach",
        object: subjectOf(after),
        parent,
        as: was === undefined ? "child" : "partition",
      },
    )
  );
  const wanted = constraintsOf(context, after.id, "to");
  const surplus = leftConstraints(after.id, context).filter((left) =>
    !wanted.some((constraint) => isAsWanted(left, constraint, context)) &&
    !context.from.objects.has(`constraint:${after.name}.${lastName(left.name)}`)
  );
  const parts = !leavesAny(after.id, context)
    ? []
    : context.members(context.from, after.id).filter(isKeyOrIndex).filter((member) =>
      isChildIndex(member) && !context.to.objects.has(member.id)
    );
  return [
    ...statements,
    ...surplus.map((left) => dropConstraint(after, lastName(left.name), !remains(left, context))),
    ...parts.map((part) =>
      part.kind === "constraint"
        ? dropConstraint(after, lastName(part.name))
        : planned(after, `DROP INDEX ${reference(part.name)}`, dropped(part))
    ),
  ];
}

/** Statements after a reattached table's columns changed: it gets the checks that its parents demand, and is attached. */
export function attachStatements(
  before: Table,
  after: Table,
  context: PostgresContext,
): readonly PlannedStatement[] {
  const is = after.facts.partition_of;
  const has = new Set([
    ...constraintsOf(context, after.id, "from").map(({ name }) => lastName(name)),
    ...leftConstraints(after.id, context).filter((left) => remains(left, context))
      .map(({ name }) => lastName(name)),
  ]);
  const checks = new Map<string, Constraint>();
  if (joinsAny(after.id, context)) {
    for (const check of [...joinedChecks(after.id, context).values()]) {
      checks.set(lastName(check.name), check);
    }
    for (const check of constraintsOf(context, after.id, "to")) {
      const own = check.facts.type === "check" && check.facts.inherited !== true;
      if (own && !context.from.objects.has(check.id)) {
        checks.set(lastName(check.name), check);
      }
    }
  }
  if (is !== undefined && before.facts.partition_of?.parent !== is.parent) {
    askRefused({
      object: after,
      kind: "rows",
      rows: `rows of ${after.name}`,
      must: `fit the partition, ${is.bound}`,
      options: [],
    }, context);
  }
  const left = leftConstraints(after.id, context).filter((one) => !remains(one, context));
  for (const constraint of constraintsOf(context, after.id, "to")) {
    if (left.some((one) => isSame(one, constraint))) {
      checks.set(lastName(constraint.name), constraint);
    }
  }
  return [
    ...[...checks].filter(([name]) => !has.has(name)).map(([, check]) => ({
      ...addConstraint({ ...check, parent: after.id }),
      serves: [after.id],
    })),
    ...parentsJoined(before, after, context).map((parent) =>
      planned(
        after,
        is === undefined
          ? `ALTER TABLE ${reference(after.name)} INHERIT ${reference(parent)}`
          : `ALTER TABLE ${reference(parent)} ATTACH PARTITION ${
            reference(after.name)
          } ${is.bound}`,
        {
          action: "attach",
          object: subjectOf(after),
          parent,
          as: is === undefined ? "child" : "partition",
        },
      )
    ),
  ];
}

function dropConstraint(table: Table, name: string, unsure = false): PlannedStatement {
  return planned(
    table,
    `ALTER TABLE ${reference(table.name)} DROP CONSTRAINT ${unsure ? "IF EXISTS " : ""}${
      ident(name)
    }`,
    {
      action: "drop",
      object: { kind: "constraint", name: `${table.name}.${name}` },
      because: { cause: "former_parent" },
    },
  );
}

function joinsAny(id: string, context: PostgresContext): boolean {
  const before = tableOf(context.from, id);
  const after = tableOf(context.to, id);
  return before !== undefined && after !== undefined &&
    parentsJoined(before, after, context).length > 0;
}

function leavesAny(id: string, context: PostgresContext): boolean {
  const before = tableOf(context.from, id);
  const after = tableOf(context.to, id);
  return before !== undefined && after !== undefined &&
    parentsOf(before).some((parent) => !parentsOf(after).includes(parent));
}

/** True when what a parent leaves behind is what the table is to have. */
function isAsWanted(left: Constraint, wanted: Constraint, context: PostgresContext): boolean {
  return isSame(left, wanted) && remains(left, context);
}

/** False for a constraint of the parent that is dropped itself, perhaps before the table is detached. */
function remains(left: Constraint, context: PostgresContext): boolean {
  const after = context.to.objects.get(left.id);
  return after !== undefined && sameJson(left.facts, after.facts) &&
    !isDropped(left.id, context);
}

/** Constraints of former parents, which stay behind on the table. */
function leftConstraints(id: string, context: PostgresContext): readonly Constraint[] {
  const before = tableOf(context.from, id);
  const after = tableOf(context.to, id);
  if (before === undefined || after === undefined) return [];
  const partition = before.facts.partition_of !== undefined;
  return parentsLeft(before, after, context)
    .filter((parent) => !parentsOf(after).includes(parent))
    .flatMap((parent) => lineage(parent, context))
    .flatMap((parent) => constraintsOf(context, `table:${parent}`, "from"))
    .filter((constraint) => isCheck(constraint) || (partition && isKey(constraint)));
}

/** Checks of parents to which the table is attached, by name. */
function joinedChecks(id: string, context: PostgresContext): ReadonlyMap<string, Constraint> {
  const before = tableOf(context.from, id);
  const after = tableOf(context.to, id);
  if (before === undefined || after === undefined) return new Map();
  const old = parentsOf(before);
  return new Map(
    parentsJoined(before, after, context)
      .filter((parent) => !old.includes(parent))
      .flatMap((parent) => constraintsOf(context, `table:${parent}`, "to"))
      .filter(isCheck)
      .map((check) => [lastName(check.name), check]),
  );
}

/** A parent and all above it. */
function lineage(parent: string, context: PostgresContext): readonly string[] {
  const table = tableOf(context.from, `table:${parent}`);
  if (table === undefined) return [parent];
  return [parent, ...parentsOf(table).flatMap((above) => lineage(above, context))];
}

function constraintsOf(
  context: PostgresContext,
  table: string,
  side: "from" | "to",
): readonly Constraint[] {
  return context.members(context[side], table).filter((member) => member.kind === "constraint");
}

function isKey(constraint: Constraint): boolean {
  return constraint.facts.type === "foreign key";
}

function isSame(a: Constraint, b: Constraint): boolean {
  return lastName(a.name) === lastName(b.name) &&
    a.facts.definition === b.facts.definition &&
    a.facts.deferrable === b.facts.deferrable && a.facts.deferred === b.facts.deferred;
}
