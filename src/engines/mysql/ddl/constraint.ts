/** Checks and foreign keys. */

import { sameJson } from "../../../core/change.ts";
import { joinName, lastName } from "../../../core/name.ts";
import type { SchemaObject } from "../../../core/snapshot.ts";
import { created, dropped, type StatementFacts } from "../../common/statement.ts";
import { tableMember } from "../../common/table_member.ts";
import type { ObjectKind, PlanContext } from "../../object_kind.ts";
import { factsOf } from "../facts.ts";
import { looksNumbered } from "../match_names.ts";
import { isMariadb } from "../family.ts";
import { constraintText } from "./constraint_text.ts";
import { tableName } from "./index.ts";
import { checkFacts, foreignKeyFacts, indexColumns, nameOf } from "./member.ts";
import { alterText, definition } from "./statement.ts";

/**
 * A check, whose changes its table's ALTER carries out, or a foreign key, which is dropped before the tables on either end of it change
 * and added after: the server does not take a new one of a name that the same statement drops.
 */
export const constraint: ObjectKind = {
  kind: "constraint",
  rank: 35,
  ...tableMember,
  reservedNames: (object) =>
    foreignKeyFacts(object) === null ? [] : [`foreign key ${lastName(object.name).toLowerCase()}`],
  create: (object, _members, context) => [
    definition(
      alterText(tableName(object, context.to), [
        `ADD ${constraintText(object)}`,
        ...keptIndexes(object, context).map((name) => `RENAME INDEX ${name} TO ${name}`),
      ]),
      object,
      created(object),
    ),
  ],
  drop: (object, context) => [
    definition(
      alterText(tableName(object, context.from), [
        foreignKeyFacts(object) !== null
          ? `DROP FOREIGN KEY ${nameOf(object)}`
          : `DROP ${isMariadb(context.from) ? "CONSTRAINT" : "CHECK"} ${nameOf(object)}`,
      ]),
      object,
      dropped(object),
      { ...failsOn(object, context), ...losesOwnKey(object, context) ? { alone: true } : {} },
    ),
  ],
  alter: ({ before }) => foreignKeyFacts(before) === null ? { statements: [] } : "replace",
  alteredBy: (change) => {
    const object = change.op === "drop" ? change.before : change.after;
    return checkFacts(object) === null ? null : object.parent;
  },
};

/**
 * Indexes that the server may have made for an earlier foreign key without a name: it would put one called after the new foreign key in
 * their place, unless something is said of them.
 */
function keptIndexes(object: SchemaObject, { from, to }: PlanContext): readonly string[] {
  const facts = foreignKeyFacts(object);
  if (facts === null) return [];
  const isOver = (columns: readonly string[]) => sameJson(columns, facts.columns);
  const own = (snapshot: PlanContext["from"]) =>
    [...snapshot.objects.values()].filter(({ parent }) => parent === object.parent);
  const hadOne = own(from).some((one) => isOver(foreignKeyFacts(one)?.columns ?? []));
  if (!hadOne) return [];
  return own(to).filter((one) => {
    if (one.kind !== "index" || !sameJson(from.objects.get(one.id)?.facts, one.facts)) return false;
    const { type, columns } = factsOf(one, "index");
    const [first = ""] = facts.columns;
    return type === "plain" && isOver(columns.map(({ column = "" }) => column)) &&
      looksNumbered(lastName(one.name), first) &&
      lastName(one.name) !== lastName(object.name);
  }).map(nameOf);
}

/**
 * True for a foreign key that refers to its own table by an index or columns that change: the server drops no index that a foreign key
 * of the table refers to, not even one that the same statement drops.
 */
function losesOwnKey(object: SchemaObject, { from, to }: PlanContext): boolean {
  const facts = foreignKeyFacts(object);
  if (facts === null || `table:${facts.table}` !== object.parent) return false;
  return [...from.objects.values()].some((one) =>
    one.kind === "index" && one.parent === object.parent &&
    indexColumns(one).some((column) => facts.references.includes(column)) &&
    !sameJson(to.objects.get(one.id)?.facts, one.facts)
  );
}

/** Rows that only the foreign key keeps out; nothing where it comes back, or its columns go as well. */
function failsOn(object: SchemaObject, { to }: PlanContext): StatementFacts {
  const facts = foreignKeyFacts(object);
  if (facts === null) return {};
  const table = object.parent?.slice("table:".length) ?? "";
  const isLeft = facts.columns.every((name) => to.objects.has(`column:${joinName(table, name)}`)) &&
    to.objects.has(`table:${facts.table}`);
  const stays = [...to.objects.values()].some((other) => {
    const wanted = other.parent === object.parent ? foreignKeyFacts(other) : null;
    return wanted !== null && wanted.table === facts.table &&
      sameJson([wanted.columns, wanted.references], [facts.columns, facts.references]);
  });
  if (!isLeft || stays) return {};
  return {
    failsOn: `rows of ${table} whose ${facts.columns.join(", ")} is not in ${facts.table}`,
  };
}
