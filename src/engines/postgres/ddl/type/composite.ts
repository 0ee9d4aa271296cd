/** Composite types and their attributes. */

import { comesAbout } from "../../../../core/change.ts";
import type { PlannedStatement } from "../../../../core/statement.ts";
import type { Alteration } from "../../../object_kind.ts";
import { lastName } from "../../names.ts";
import {
  columnOf,
  type KindOf,
  type ObjectOf,
  objectOf,
  type PostgresContext,
  type Table,
  tableOf,
} from "../../objects.ts";
import { ident, reference } from "../../quote.ts";
import { allRefs, metadata } from "../clauses/metadata.ts";
import { columnIn } from "../clauses/relation.ts";
import { renameInSchema } from "../clauses/rename.ts";
import { planned } from "../clauses/statement.ts";
import {
  castsByItself,
  dependentsToRecreate,
  typeLoss,
  typeStatements,
} from "../table/column/alter_type.ts";
import { madeOf, notOf } from "../table/typed_table.ts";
import { collateClause } from "./collate.ts";
import { convertByName } from "./convert_composite.ts";
import { attributeClause, attributeComment, clauseOf, createComposite, typeOf } from "./create.ts";
import { replaceType, storedColumns } from "./replace_type.ts";
import { attributeSet, created, dropped, renamed } from "../../../common/statement.ts";

/** CREATE TYPE ... AS. A change of an attribute's type goes by way of a new type when tables hold values of it. */
export const composite: KindOf<"composite"> = {
  kind: "composite",
  rank: 11,
  asksRename: true,
  reservedNames: (object) => [`type ${object.name}`, `relation ${object.name}`],
  create: createComposite,
  drop: (object) => [
    planned(object, `DROP TYPE ${reference(object.name)}`, dropped(object)),
  ],
  alter: ({ before, after }, context) => {
    const rest = metadata(before, after, allRefs(`TYPE ${reference(after.name)}`), context);
    if (isReordered(before.id, context)) return reordered(before, after, context);
    if (!mustReplaceType(before.id, context)) return { statements: rest };
    return retypedByReplacement(before, after, context);
  },
  rename: (before, after) => renameInSchema("TYPE", before, after),
};

/** ALTER TYPE ... ADD, ALTER, DROP and RENAME ATTRIBUTE. */
export const attribute: KindOf<"attribute"> = {
  kind: "attribute",
  rank: 30,
  asksRename: true,
  reservedNames: (object) => [`attribute ${object.name}`],
  inline: () => true,
  create: (object, _members, context) => [
    planned(
      object,
      `ALTER TYPE ${typeOf(object)} ADD ATTRIBUTE ${attributeClause(object)}${
        cascade(object, context)
      }`,
      created(object),
    ),
    ...attributeComment(null, object),
  ],
  drop: (object, context) => [
    planned(
      object,
      `ALTER TYPE ${typeOf(object)} DROP ATTRIBUTE ${ident(lastName(object.name))}${
        cascade(object, context)
      }`,
      dropped(object),
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
      ...retyped ? { recreates: dependentsToRecreate(before, after, context) } : {},
    };
  },
  alteredBy: (change, context) => {
    const object = change.op === "create" ? change.after : change.before;
    const parent = object.parent ?? "";
    if (!context.to.objects.has(parent)) return null;
    return isReordered(parent, context) || mustReplaceType(parent, context) ? parent : null;
  },
  rename: (before, after) => [
    planned(
      after,
      `ALTER TYPE ${typeOf(after)} RENAME ATTRIBUTE ${ident(lastName(before.name))} TO ${
        ident(lastName(after.name))
      } CASCADE`,
      renamed(before, after),
    ),
  ],
};

type Attribute = ObjectOf<"attribute">;

/** ALTER ATTRIBUTE TYPE. Tables `OF` the type are detached from it meanwhile where their values need a conversion. */
function retype(
  before: Attribute,
  after: Attribute,
  context: PostgresContext,
): readonly PlannedStatement[] {
  const typed = castsByItself(before, after, context) ? [] : typedTables(after, context);
  const change = planned(
    after,
    `ALTER TYPE ${typeOf(after)} ALTER ATTRIBUTE ${
      ident(lastName(after.name))
    } TYPE ${after.facts.type}${collateClause(after)}${
      typed.length > 0 ? "" : cascade(after, context)
    }`,
    attributeSet(after, "type"),
    typed.length > 0 || !isStored(after, context) ? {} : typeLoss(before, after, context),
  );
  const converted = typed.flatMap((table) => {
    const id = columnIn(table.name, lastName(after.name));
    const [old, fresh] = [columnOf(context.from, id), columnOf(context.to, id)];
    return old === undefined || fresh === undefined ? [] : typeStatements(old, fresh, context);
  });
  return [...typed.map(notOf), change, ...converted, ...typed.map(madeOf)];
}

/** Tables that are made of the attribute's type and stay so. */
function typedTables(member: Attribute, context: PostgresContext): readonly Table[] {
  return context.dependents(member.parent ?? "").flatMap((user) => {
    const before = user.kind === "table" ? user : undefined;
    const after = tableOf(context.to, user.id);
    return before?.facts.of !== undefined && after?.facts.of === before.facts.of ? [after] : [];
  });
}

/** True when the attributes cannot come into their order by mere additions at the end. */
function isReordered(id: string, context: PostgresContext): boolean {
  const before = objectOf(context.from, id, "composite");
  const after = objectOf(context.to, id, "composite");
  return before !== undefined && after !== undefined &&
    !comesAbout(before.facts.order, after.facts.order);
}

/** The type is recreated; rows are converted by the names of attributes. Tables `OF` it are recreated as well. */
function reordered(
  before: ObjectOf<"composite">,
  after: ObjectOf<"composite">,
  context: PostgresContext,
): Alteration | "replace" {
  const users = context.dependents(before.id).filter((user) => user.parent !== before.id);
  if (users.length === 0) return "replace";
  const has = context.members(context.to, after.id);
  const lost = context.members(context.from, before.id)
    .filter((member) => member.kind === "attribute")
    .filter((member) => !context.to.objects.has(member.id) && isStored(member, context));
  const swap = replaceType(before, context, {
    create: createComposite(after, has, context),
    carry: (columns) => convertByName(before, columns, context),
    ...lost.length === 0 ? {} : { destroys: lost.map(valuesOf).join(", ") },
    because: { cause: "unsupported", operation: "reorder_attributes" },
  });
  if (swap === "replace") return swap;
  const typed = users.filter(({ kind }) => kind === "table").map(({ id }) => id);
  return { ...swap, recreates: [...swap.recreates ?? [], ...typed] };
}

/** True when an attribute changes its type while tables hold values of the composite type. */
function mustReplaceType(id: string, context: PostgresContext): boolean {
  const type = objectOf(context.from, id, "composite");
  if (type === undefined) return false;
  const retyped = attributesOf(id, context, "from").some((before) => {
    const after = objectOf(context.to, before.id, "attribute");
    return after !== undefined && clauseOf(before) !== clauseOf(after);
  });
  return retyped && storedColumns(type, context).length > 0;
}

/** Attributes are dropped, then rows are converted by way of text, then the new attributes are added. */
function retypedByReplacement(
  before: ObjectOf<"composite">,
  after: ObjectOf<"composite">,
  context: PostgresContext,
): Alteration | "replace" {
  const had = attributesOf(before.id, context, "from");
  const has = attributesOf(after.id, context, "to");
  const kept = had.flatMap((member) => context.to.objects.get(member.id) ?? []);
  const swap = replaceType(before, context, {
    create: createComposite(after, kept, context),
    because: { cause: "unsupported", operation: "alter_attribute_type" },
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

function valuesOf(member: Attribute): string {
  return `the values of attribute ${member.name}`;
}

/** Tables that are made `OF` the type follow only on demand. */
function cascade(member: Attribute, context: PostgresContext): string {
  const typed = context.dependents(member.parent ?? "").some((user) => user.kind === "table");
  return typed ? " CASCADE" : "";
}

/** True when rows hold its values: in columns of the type, or in tables that are made of it. */
function isStored(member: Attribute, context: PostgresContext): boolean {
  const type = objectOf(context.from, member.parent, "composite");
  return cascade(member, context) !== "" ||
    (type !== undefined && storedColumns(type, context).length > 0);
}

function attributesOf(id: string, context: PostgresContext, side: "from" | "to") {
  return context.members(context[side], id).filter((member) => member.kind === "attribute");
}
