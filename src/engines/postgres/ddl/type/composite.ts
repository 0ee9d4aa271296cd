/** Composite types and their attributes. */

import { comesAbout, ORDER } from "../../../../changes.ts";
import type { PlannedStatement, SchemaObject } from "../../../../schema.ts";
import type { Alteration, ObjectKind, PlanContext } from "../../../object_kind.ts";
import { lastName } from "../../names.ts";
import { ident, reference } from "../../quote.ts";
import { allRefs, belongings } from "../clauses/metadata.ts";
import { columnIn } from "../clauses/relation.ts";
import { renameInSchema } from "../clauses/rename.ts";
import { planned, text, texts } from "../clauses/statement.ts";
import { castsByItself, obstacles, typeStatements } from "../table/column/alter_type.ts";
import { madeOf, notOf } from "../table/typed_table.ts";
import { collateClause } from "./collate.ts";
import { byName } from "./convert_composite.ts";
import { attributeClause, attributeComment, clauseOf, createComposite, typeOf } from "./create.ts";
import { storedColumns, swapType } from "./replace_type.ts";

/** CREATE TYPE ... AS. A change of an attribute's type goes by way of a new type when tables hold values of it. */
export const composite: ObjectKind = {
  kind: "composite",
  rank: 11,
  asksRename: true,
  slots: (object) => [`type ${object.name}`, `relation ${object.name}`],
  create: createComposite,
  drop: (object) => [
    planned(object, `DROP TYPE ${reference(object.name)}`, `Type ${object.name} is gone`),
  ],
  alter: ({ before, after }, context) => {
    const rest = belongings(before, after, allRefs(`TYPE ${reference(after.name)}`), context);
    if (isReordered(before.id, context)) return reordered(before, after, context);
    if (!mustSwap(before.id, context)) return { statements: rest };
    return withSwap(before, after, context);
  },
  rename: (before, after) => renameInSchema("TYPE", before, after),
};

/** ALTER TYPE ... ADD, ALTER, DROP and RENAME ATTRIBUTE. */
export const attribute: ObjectKind = {
  kind: "attribute",
  rank: 30,
  asksRename: true,
  slots: (object) => [`attribute ${object.name}`],
  inline: () => true,
  create: (object, _members, context) => [
    planned(
      object,
      `ALTER TYPE ${typeOf(object)} ADD ATTRIBUTE ${attributeClause(object)}${
        cascade(object, context)
      }`,
      `Attribute ${object.name} is new`,
    ),
    ...attributeComment(null, object),
  ],
  drop: (object, context) => [
    planned(
      object,
      `ALTER TYPE ${typeOf(object)} DROP ATTRIBUTE ${ident(lastName(object.name))}${
        cascade(object, context)
      }`,
      `Attribute ${object.name} is gone`,
      !isStored(object, context) ? {} : {
        destroys: valuesOf(object),
        reversible: "structure",
      },
    ),
  ],
  alter: ({ before, after, facts }, context) => {
    const statements: PlannedStatement[] = [];
    const retyped = facts.includes("type") || facts.includes("collation");
    if (retyped) statements.push(...retype(before, after, context));
    return {
      statements: [...statements, ...attributeComment(before, after)],
      ...retyped ? { rebuilds: obstacles(before, after, context) } : {},
    };
  },
  absorbedBy: (change, context) => {
    const object = change.op === "create" ? change.after : change.before;
    const parent = object.parent ?? "";
    if (!context.to.objects.has(parent)) return null;
    return isReordered(parent, context) || mustSwap(parent, context) ? parent : null;
  },
  rename: (before, after) => [
    planned(
      after,
      `ALTER TYPE ${typeOf(after)} RENAME ATTRIBUTE ${ident(lastName(before.name))} TO ${
        ident(lastName(after.name))
      } CASCADE`,
      `Attribute ${before.name} is now called ${after.name}`,
    ),
  ],
};

/** ALTER ATTRIBUTE TYPE. Tables that are made of the type leave it meanwhile where their values need a conversion. */
function retype(
  before: SchemaObject,
  after: SchemaObject,
  context: PlanContext,
): readonly PlannedStatement[] {
  const typed = castsByItself(before, after, context) ? [] : typedTables(after, context);
  const change = planned(
    after,
    `ALTER TYPE ${typeOf(after)} ALTER ATTRIBUTE ${ident(lastName(after.name))} TYPE ${
      text(after, "type")
    }${collateClause(after)}${typed.length > 0 ? "" : cascade(after, context)}`,
    `Attribute ${after.name} has another type`,
  );
  const converted = typed.flatMap((table) => {
    const id = columnIn(table.name, lastName(after.name));
    const [old, fresh] = [context.from.objects.get(id), context.to.objects.get(id)];
    return old === undefined || fresh === undefined ? [] : typeStatements(old, fresh, context);
  });
  return [...typed.map(notOf), change, ...converted, ...typed.map(madeOf)];
}

/** Tables that are made of the attribute's type and stay so. */
function typedTables(member: SchemaObject, context: PlanContext): readonly SchemaObject[] {
  return context.dependents(member.parent ?? "").flatMap(({ id, facts }) => {
    const after = context.to.objects.get(id);
    return facts.of !== undefined && after?.facts.of === facts.of ? [after] : [];
  });
}

/** True when the attributes cannot come into their order by mere additions at the end. */
function isReordered(id: string, context: PlanContext): boolean {
  const [before, after] = [context.from.objects.get(id), context.to.objects.get(id)];
  return before !== undefined && after !== undefined &&
    !comesAbout(texts(before, ORDER), texts(after, ORDER));
}

/** The type is made again; rows find their attributes by name. Tables that are made of it are made again as well. */
function reordered(
  before: SchemaObject,
  after: SchemaObject,
  context: PlanContext,
): Alteration | "replace" {
  const users = context.dependents(before.id).filter((user) => user.parent !== before.id);
  if (users.length === 0) return "replace";
  const has = context.members(context.to, after.id);
  const lost = context.members(context.from, before.id)
    .filter((member) => !context.to.objects.has(member.id) && isStored(member, context));
  const swap = swapType(before, context, {
    create: createComposite(after, has, context),
    carry: (columns) => byName(before, columns, context),
    ...lost.length === 0 ? {} : { destroys: lost.map(valuesOf).join(", ") },
    why: `The attributes of ${before.name} stand in another order`,
  });
  if (swap === "replace") return swap;
  const typed = users.filter(({ kind }) => kind === "table").map(({ id }) => id);
  return { ...swap, rebuilds: [...swap.rebuilds ?? [], ...typed] };
}

/** True when an attribute changes its type while tables hold values of the composite type. */
function mustSwap(id: string, context: PlanContext): boolean {
  const type = context.from.objects.get(id);
  if (type === undefined) return false;
  const retyped = context.members(context.from, id).some((before) => {
    const after = context.to.objects.get(before.id);
    return after !== undefined && clauseOf(before) !== clauseOf(after);
  });
  return retyped && storedColumns(type, context).length > 0;
}

/** Attributes that go are dropped, then rows are carried over by way of text, then the new attributes come. */
function withSwap(
  before: SchemaObject,
  after: SchemaObject,
  context: PlanContext,
): Alteration | "replace" {
  const had = context.members(context.from, before.id);
  const has = context.members(context.to, after.id);
  const kept = had.flatMap((member) => context.to.objects.get(member.id) ?? []);
  const swap = swapType(before, context, {
    create: createComposite(after, kept, context),
    why:
      `Postgres cannot change an attribute's type of ${before.name} while tables hold its values`,
  });
  if (swap === "replace") return swap;
  return {
    ...swap,
    statements: [
      ...had.filter((member) => !context.to.objects.has(member.id))
        .flatMap((member) => attribute.drop(member, context)),
      ...swap.statements,
      ...has.filter((member) => !context.from.objects.has(member.id))
        .flatMap((member) => attribute.create(member, [], context)),
    ],
  };
}

function valuesOf(member: SchemaObject): string {
  return `the values of attribute ${member.name}`;
}

/** Tables that are made `OF` the type follow only on demand. */
function cascade(member: SchemaObject, context: PlanContext): string {
  const typed = context.dependents(member.parent ?? "").some((user) => user.kind === "table");
  return typed ? " CASCADE" : "";
}

/** True when rows hold its values: in columns of the type, or in tables that are made of it. */
function isStored(member: SchemaObject, context: PlanContext): boolean {
  return cascade(member, context) !== "" ||
    storedColumns(typeObject(member, context), context).length > 0;
}

function typeObject(member: SchemaObject, context: PlanContext): SchemaObject {
  return context.from.objects.get(member.parent ?? "") ?? member;
}
