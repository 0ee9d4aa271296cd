/** Indexes of tables and materialized views. */

import { sameJson } from "../../../../../core/change.ts";
import type { PlannedStatement } from "../../../../../core/statement.ts";
import { lastName } from "../../../names.ts";
import type { Index, KindOf, PostgresContext } from "../../../objects.ts";
import { ident, qualified, reference } from "../../../quote.ts";
import { signs } from "../../../signs.ts";
import { alterThen, atTheEnd } from "../../clauses/alter_by.ts";
import { inBrackets } from "../../clauses/brackets.ts";
import { commentStatements } from "../../clauses/comment.ts";
import { extensionDependencies } from "../../clauses/extension_dependency.ts";
import { optionList, optionStatements } from "../../clauses/options.ts";
import { isPartitioned, relationName, schemaOf } from "../../clauses/relation.ts";
import { planned } from "../../clauses/statement.ts";
import { changesWithTable } from "../attach_detach.ts";
import {
  areSameChild,
  childNames,
  childOptions,
  childRenames,
  getsChildren,
  hasKeyChildren,
  isAttachedAutomatically,
  isCreatedAlone,
  isCreatedByParent,
  survivingChild,
} from "./child_index.ts";
import { deduplicate } from "./deduplicate.ts";
import { isPromoted } from "./using_index.ts";
import { clusterStatements, identityStatements } from "./index_flags.ts";
import {
  attributeSet,
  created,
  dropped,
  renamed,
  subjectOf,
} from "../../../../common/statement.ts";
import { refusedAgain } from "./new_data.ts";

/** `index`; what a constraint owns is the constraint's. */
export const indexes: KindOf<"index"> = {
  kind: "index",
  rank: 36,
  reservedNames: ({ name }) => [`relation ${name}`],
  create: (index, _, context) => {
    const attached = index.facts.attached_to;
    if (attached === undefined) {
      return [
        ...deduplicate(index, context),
        createIndex(index, isCreatedAlone(index, context.to)),
        ...indexMetadata(null, index, context),
      ];
    }
    const before = survivingChild(index, context);
    if (before !== null) return changeChild(before, index, context);
    return [
      ...isCreatedByParent(index, context)
        ? [...renameChild(index, context), ...childOptions(index, context, index.name)]
        : [createIndex(index, false), attach(index)],
      ...indexMetadata(null, index, context),
    ];
  },
  drop: (index, context) => [
    planned(
      index,
      `DROP INDEX ${reference(index.name)}${hasKeyChildren(index, context.from) ? " CASCADE" : ""}`,
      dropped(index),
      refusedAgain(index, context),
    ),
  ],
  alter: alterThen({
    on: "replace",
    definition: "replace",
    unique: "replace",
    attached_to: attachChild,
    invalid: (before, after, context) => completes(before, after, context) ? [] : "replace",
    options: (before, after, context) =>
      isPartitioned(after, context) ? "replace" : indexOptions(before, after),
    tablespace: (_before, after) => [moveIndex(after)],
    clustered: atTheEnd,
    replica_identity: atTheEnd,
    statistics: atTheEnd,
  }, indexMetadata),
  alteredBy: (change, context) =>
    changesWithTable(change, context) || isPromoted(change, context)
      ? (change.op === "drop" ? change.before : change.after).parent
      : null,
  isSame: areSameChild,
  rename: (before, after) =>
    schemaOf(before.name) !== schemaOf(after.name) ? [] : [planned(
      after,
      `ALTER INDEX ${reference(before.name)} RENAME TO ${ident(lastName(after.name))}`,
      renamed(before, after),
    )],
};

/** `CREATE UNIQUE INDEX users_email_idx ON users (lower(email)) WHERE active` */
function createIndex(index: Index, only: boolean): PlannedStatement {
  const definition = index.facts.definition.replace(/^btree /, "");
  const where = definition.startsWith("(") ? definition : `USING ${definition}`;
  const tablespace = index.facts.tablespace;
  const options = index.facts.options ?? [];
  const extra = [
    options.length === 0 ? "" : ` WITH (${optionList(options)})`,
    tablespace === undefined ? "" : ` TABLESPACE ${ident(tablespace)}`,
  ].join("");
  return planned(
    index,
    `CREATE ${index.facts.unique === true ? "UNIQUE " : ""}INDEX ${
      ident(lastName(index.name))
    } ON ${only ? "ONLY " : ""}${reference(relationName(index))} ${beforeWhere(where, extra)}`,
    created(index),
  );
}

/** Puts options and tablespace where the grammar has them: in front of the predicate, which is the last clause on its level. */
function beforeWhere(definition: string, extra: string): string {
  let depth = 0;
  for (const { sign, at } of signs(definition, 0)) {
    if (sign === "(") depth++;
    else if (sign === ")") depth--;
    else if (depth === 0 && definition.startsWith(" WHERE ", at)) {
      const predicate = definition.slice(at + " WHERE ".length);
      return `${definition.slice(0, at)}${extra} WHERE ${inBrackets(predicate)}`;
    }
  }
  return definition + extra;
}

function attachChild(before: Index, after: Index, context: PostgresContext) {
  if (isAttachedAutomatically(before, after, context)) return [];
  return before.facts.attached_to !== undefined ? "replace" : [attach(after)];
}

function indexOptions(before: Index, after: Index): readonly PlannedStatement[] {
  return optionStatements(before, after, "options", `ALTER INDEX ${reference(after.name)}`);
}

function moveIndex(after: Index): PlannedStatement {
  return planned(
    after,
    `ALTER INDEX ${reference(after.name)} SET TABLESPACE ${
      ident(after.facts.tablespace ?? "pg_default")
    }`,
    attributeSet(after, "tablespace"),
    { rewrites: after.name },
  );
}

/** True when a partitioned index that lacked children gets them in this plan and so becomes valid. */
function completes(before: Index, after: Index, context: PostgresContext): boolean {
  if (before.facts.invalid !== true || after.facts.invalid === true) return false;
  return isPartitioned(after, context) && getsChildren(after, context);
}

/** Cluster and replica identity flags, statistics targets, comment. */
function indexMetadata(
  before: Index | null,
  after: Index,
  context: PostgresContext,
): readonly PlannedStatement[] {
  return [
    ...clusterStatements(before, after, context),
    ...identityStatements(before, after, context),
    ...targetStatements(before, after),
    ...commentStatements(before, after, `INDEX ${reference(after.name)}`),
    ...extensionDependencies(before, after, `INDEX ${reference(after.name)}`),
  ];
}

function targetStatements(
  before: Index | null,
  after: Index,
): readonly PlannedStatement[] {
  const was = targets(before);
  const is = targets(after);
  if (sameJson([...was], [...is])) return [];
  const columns = new Set([...was.keys(), ...is.keys()]);
  return [...columns].filter((column) => was.get(column) !== is.get(column)).map((column) =>
    planned(
      after,
      `ALTER INDEX ${reference(after.name)} ALTER COLUMN ${column} SET STATISTICS ${
        is.get(column) ?? -1
      }`,
      attributeSet({ kind: `column ${column} of index`, name: after.name }, "statistics target"),
    )
  );
}

function targets(index: Index | null): ReadonlyMap<number, number> {
  return new Map(index?.facts.statistics ?? []);
}

function attach(index: Index): PlannedStatement {
  const whole = index.facts.attached_to ?? "";
  return planned(
    index,
    `ALTER INDEX ${reference(whole)} ATTACH PARTITION ${reference(index.name)}`,
    { action: "attach", object: subjectOf(index), parent: whole, as: "part" },
  );
}

/** A child that stays with its table while its parent index changes. */
function changeChild(
  before: Index,
  after: Index,
  context: PostgresContext,
): readonly PlannedStatement[] {
  return [
    ...indexOptions(before, after),
    ...indexMetadata(before, after, context),
  ];
}

function renameChild(index: Index, context: PostgresContext): readonly PlannedStatement[] {
  const names = childNames(index, context);
  const schema = schemaOf(relationName(index));
  return childRenames(index.id, names).map(([made, wanted]) =>
    planned(
      index,
      `ALTER INDEX ${qualified(schema, made)} RENAME TO ${ident(wanted)}`,
      {
        action: "rename",
        object: { kind: "part of", name: index.facts.attached_to ?? "" },
        to: index.name,
      },
    )
  );
}
