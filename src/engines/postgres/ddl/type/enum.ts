/** Enumerated types. */

import type { PlannedStatement } from "../../../../core/statement.ts";
import type { Alteration } from "../../../object_kind.ts";
import type { KindOf, ObjectOf, PostgresContext } from "../../objects.ts";
import { literal, reference } from "../../quote.ts";
import { allRefs, metadata, otherFacts } from "../clauses/metadata.ts";
import { renameInSchema } from "../clauses/rename.ts";
import { planned } from "../clauses/statement.ts";
import { createEnum } from "./create.ts";
import { ADD_IN_PLACE, editEnum, type EnumEdit } from "./enum_labels.ts";
import { replaceType, storedColumns } from "./replace_type.ts";
import { dropped } from "../../../common/statement.ts";

/** CREATE TYPE ... AS ENUM; labels are added and renamed in place, removed and reordered by way of a new type. */
export const enumType: KindOf<"enum"> = {
  kind: "enum",
  rank: 10,
  asksRename: true,
  reservedNames: (object) => [`type ${object.name}`],
  create: createEnum,
  drop: (object) => [
    planned(object, `DROP TYPE ${reference(object.name)}`, dropped(object)),
  ],
  alter: ({ before, after, facts }, context) => {
    const rest = metadata(before, after, allRefs(`TYPE ${reference(after.name)}`), context);
    if (otherFacts(facts).length === 0) return { statements: rest };
    const edit = editEnum(before, after, context);
    const renamed = edit.renames.map(([from, to]) =>
      planned(
        after,
        `ALTER TYPE ${reference(after.name)} RENAME VALUE ${literal(from)} TO ${literal(to)}`,
        { action: "rename", object: { kind: "value", name: `${from} of ${after.name}` }, to },
      )
    );
    if (edit.kind === ADD_IN_PLACE) {
      return { statements: [...renamed, ...additions(after, edit, context), ...rest] };
    }
    return replaceEnum(before, after, { edit, renamed, context });
  },
  rename: (before, after) => renameInSchema("TYPE", before, after),
};

/** ALTER TYPE ... ADD VALUE. A new value cannot be used in the transaction that adds it. */
function additions(
  after: ObjectOf<"enum">,
  edit: EnumEdit,
  context: PostgresContext,
): readonly PlannedStatement[] {
  const isStored = storedColumns(after, context).length > 0;
  return edit.additions.map(({ label, place }) =>
    planned(
      after,
      `ALTER TYPE ${reference(after.name)} ADD VALUE ${literal(label)}${place}`,
      { action: "create", object: { kind: "value", name: `${label} of ${after.name}` } },
      {
        ...usedInPlan(label, after, context)
          ? { transactional: false, usedOnceCommitted: true } as const
          : {},
        ...isStored ? { failsOn: `rows that hold ${literal(label)} of ${after.name}` } : {},
      },
    )
  );
}

/** True when something that this plan makes, changes or fills names the label as a constant, or as a part of one. */
function usedInPlan(label: string, type: ObjectOf<"enum">, context: PostgresContext): boolean {
  const constants = new RegExp(
    `'(?:[^']*[^\\w'])??"?${
      escaped(JSON.stringify(label.replaceAll("'", "''")).slice(1, -1))
    }"?(?:[^\\w'][^']*)?'`,
  );
  for (const { option, expression } of context.hints.answers.values()) {
    if (option === "expression" && constants.test(JSON.stringify(expression))) return true;
  }
  for (const object of context.to.objects.values()) {
    if (object.id === type.id || context.action(object.id) === "keep") continue;
    if (object.kind !== "enum" && constants.test(JSON.stringify(object.facts))) return true;
  }
  return false;
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function replaceEnum(
  before: ObjectOf<"enum">,
  after: ObjectOf<"enum">,
  { edit, renamed, context }: {
    readonly edit: EnumEdit;
    readonly renamed: readonly PlannedStatement[];
    readonly context: PostgresContext;
  },
): Alteration | "replace" {
  const swap = replaceType(before, context, {
    create: createEnum(after, [], context),
    mapping: { type: before.name, mapped: edit.mapped },
    failsOn: edit.added.length === 0
      ? undefined
      : `rows that hold ${edit.added.map(literal).join(", ")} of ${before.name}`,
    destroys: edit.mapped.length === 0
      ? undefined
      : `the values ${edit.mapped.map(([label]) => label).join(", ")} of ${before.name}`,
    because: {
      cause: "unsupported",
      operation: edit.removed.length > 0 ? "remove_value" : "reorder_values",
    },
  });
  return swap === "replace" ? swap : { ...swap, statements: [...renamed, ...swap.statements] };
}
