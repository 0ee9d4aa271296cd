/** Domains and their constraints. */

import type { PlannedStatement } from "../../../../core/statement.ts";
import { lastName } from "../../names.ts";
import { type KindOf, type ObjectOf, objectOf, type PostgresContext } from "../../objects.ts";
import { ident, reference } from "../../quote.ts";
import { checkClause } from "../clauses/brackets.ts";
import { allRefs, metadata } from "../clauses/metadata.ts";
import { renameInSchema } from "../clauses/rename.ts";
import { planned } from "../clauses/statement.ts";
import {
  constraintComment,
  createDomain,
  domainNotNull,
  domainNotNullComment,
  domainOf,
} from "./create.ts";
import { askRefused } from "../../../common/data_choice.ts";
import { isLooser } from "../../../common/looser_check.ts";
import { replaceType, storedColumns } from "./replace_type.ts";
import {
  attributeSet,
  becomes,
  created,
  dropped,
  renamed,
  subjectOf,
} from "../../../common/statement.ts";

/** CREATE DOMAIN with its constraints; all but the type and the collation are changed in place. */
export const domain: KindOf<"domain"> = {
  kind: "domain",
  rank: 11,
  asksRename: true,
  reservedNames: (object) => [`type ${object.name}`],
  create: createDomain,
  drop: (object) => [
    planned(object, `DROP DOMAIN ${reference(object.name)}`, dropped(object)),
  ],
  alter: ({ before, after, facts }, context) => {
    if (mustReplaceType(before.id, context)) {
      const retyped = facts.includes("type") || facts.includes("collation");
      return replaceType(before, context, {
        create: createDomain(after, context.members(context.to, after.id), context),
        because: { cause: "unsupported", operation: retyped ? "alter_type" : "restrict_domain" },
      });
    }
    const ref = `DOMAIN ${reference(after.name)}`;
    return {
      statements: [
        ...changes(before, after, ref, context),
        ...metadata(before, after, allRefs(ref), context),
        ...domainNotNullComment(before, after),
      ],
    };
  },
  rename: (before, after) => renameInSchema("DOMAIN", before, after),
};

/** ALTER DOMAIN ... ADD and DROP CONSTRAINT. */
export const domainConstraint: KindOf<"domain constraint"> = {
  kind: "domain constraint",
  rank: 31,
  reservedNames: (object) => [`domain constraint ${object.name}`],
  inline: (object) => !isNotValid(object),
  alteredBy: (change, context) => {
    const object = change.op === "create" ? change.after : change.before;
    const parent = object.parent ?? "";
    return mustReplaceType(parent, context) ? parent : null;
  },
  create: (object, _, context) => [
    ...settleStored(object, checkClause(object.facts.definition), context),
    planned(
      object,
      `ALTER DOMAIN ${domainOf(object)} ADD CONSTRAINT ${ident(lastName(object.name))} ${
        checkClause(object.facts.definition)
      }`,
      created(object),
    ),
    ...constraintComment(null, object),
  ],
  drop: (object, context) => [
    planned(
      object,
      `ALTER DOMAIN ${domainOf(object)} DROP CONSTRAINT ${ident(lastName(object.name))}`,
      dropped(object),
      staysStrict(object, context)
        ? {}
        : { failsOn: `values of ${domainOf(object)} that ${object.facts.definition} refuses` },
    ),
  ],
  alter: ({ before, after, facts }) => {
    const statements: PlannedStatement[] = [];
    if (facts.includes("definition")) {
      if (before.facts.definition !== `${after.facts.definition} NOT VALID`) return "replace";
      statements.push(planned(
        after,
        `ALTER DOMAIN ${domainOf(after)} VALIDATE CONSTRAINT ${ident(lastName(after.name))}`,
        { action: "validate", object: subjectOf(after) },
      ));
    }
    return { statements: [...statements, ...constraintComment(before, after)] };
  },
  rename: (before, after) => [
    planned(
      after,
      `ALTER DOMAIN ${domainOf(after)} RENAME CONSTRAINT ${ident(lastName(before.name))} TO ${
        ident(lastName(after.name))
      }`,
      renamed(before, after),
    ),
  ],
};

/**
 * True when the domain must be recreated: its type changes, or it gets stricter while rows hold it inside arrays or composites,
 * which the server cannot check in place.
 */
function mustReplaceType(id: string, context: PostgresContext): boolean {
  const before = objectOf(context.from, id, "domain");
  const after = objectOf(context.to, id, "domain");
  if (before === undefined || after === undefined) return false;
  if (before.facts.type !== after.facts.type) return true;
  if (before.facts.collation !== after.facts.collation) return true;
  const stricter = (after.facts.not_null === true && before.facts.not_null !== true) ||
    context.members(context.to, id).some((constraint) => {
      if (constraint.kind !== "domain constraint") return false;
      const known = objectOf(context.from, constraint.id, "domain constraint");
      return !isNotValid(constraint) && known?.facts.definition !== constraint.facts.definition;
    });
  return stricter &&
    storedColumns(before, context).some((column) => column.facts.type !== reference(before.name));
}

/** True when the domain refuses the same afterwards, or is dropped itself. */
function staysStrict(object: ObjectOf<"domain constraint">, context: PostgresContext): boolean {
  const parent = object.parent ?? "";
  return !context.to.objects.has(parent) ||
    context.members(context.to, parent).some((other) =>
      other.kind === "domain constraint" && other.facts.definition === object.facts.definition
    );
}

function isNotValid(constraint: ObjectOf<"domain constraint">): boolean {
  return isNotValidRule(constraint.facts.definition);
}

/** Asks about values that rows hold and a stricter domain refuses. */
function settleStored(
  object: ObjectOf<"domain" | "domain constraint">,
  rule: string,
  context: PostgresContext,
): readonly PlannedStatement[] {
  const id = object.kind === "domain" ? object.id : object.parent ?? "";
  const domain = objectOf(context.from, id, "domain");
  if (domain === undefined || isNotValidRule(rule)) return [];
  const columns = storedColumns(domain, context);
  const isKnown = context.members(context.from, id).some((other) =>
    other.kind === "domain constraint" && isLooser(other.facts.definition, rule)
  );
  if (columns.length === 0 || isKnown) return [];
  askRefused({
    object,
    kind: "check",
    rows: `values of ${columns.map(({ name }) => name).join(", ")}`,
    must: `satisfy ${rule} of ${domain.name}`,
    options: [],
  }, context);
  return [];
}

function isNotValidRule(rule: string): boolean {
  return rule.endsWith(" NOT VALID");
}

function changes(
  before: ObjectOf<"domain">,
  after: ObjectOf<"domain">,
  ref: string,
  context: PostgresContext,
) {
  const statements: PlannedStatement[] = [];
  const value = after.facts.default;
  if (before.facts.default !== value) {
    statements.push(planned(
      after,
      `ALTER ${ref} ${value === undefined ? "DROP DEFAULT" : `SET DEFAULT ${value}`}`,
      attributeSet(after, "default"),
    ));
  }
  const [had, has] = [before, after].map((object) =>
    object.facts.not_null === true ? domainNotNull(object) : null
  );
  if (had === has) return statements;
  if (had !== null) {
    statements.push(
      planned(
        after,
        `ALTER ${ref} DROP NOT NULL`,
        becomes(after, "nullable"),
        has === null ? { failsOn: `NULLs in columns of ${after.name}` } : {},
      ),
    );
  }
  if (has !== null && has !== undefined) {
    if (had === null) settleStored(after, "NOT NULL", context);
    statements.push(planned(
      after,
      `ALTER ${ref} ${has === "NOT NULL" ? "SET NOT NULL" : `ADD ${has}`}`,
      becomes(after, "NOT NULL"),
    ));
  }
  return statements;
}
