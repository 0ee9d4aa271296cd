/** ALTER of the kinds each of whose facts is changed on its own. */

import type { PlannedStatement } from "../../../../core/statement.ts";
import type { Alteration } from "../../../object_kind.ts";
import type { CommonFacts } from "../../catalog/common.ts";
import type { AlterOf, Kind, ObjectOf, PostgresContext, PostgresFacts } from "../../objects.ts";
import { metadata, type MetadataRefs, otherFacts } from "./metadata.ts";

/** The kinds that have metadata. */
type Described = Exclude<Kind, "default" | "publication schema" | "publication table">;

/** Statements that change a fact, or several at once; `replace` for drop and create. */
export type FactChange<K extends Described> =
  | "replace"
  | ((
    before: ObjectOf<K>,
    after: ObjectOf<K>,
    context: PostgresContext,
  ) => readonly PlannedStatement[] | "replace");

/** How each fact of a kind is changed, in the order of the statements; those of metadata are known. A fact that is missing does not compile. */
export type FactChanges<K extends Described> = {
  readonly [F in Exclude<keyof PostgresFacts[K], keyof CommonFacts>]-?: FactChange<K>;
};

/**
 * The alteration of a kind: what the table says of the facts that differ, each function once however many of its facts do, then the
 * metadata of the object, which `refs` names.
 */
export function alterBy<K extends Described>(
  changes: FactChanges<K>,
  refs: (object: ObjectOf<K>) => MetadataRefs,
): (change: AlterOf<K>, context: PostgresContext) => Alteration | "replace" {
  return alterThen(
    changes,
    (before, after, context) => metadata(before, after, refs(after), context),
  );
}

/** The same with other statements at the end, whatever differs. */
export function alterThen<K extends Described>(
  changes: FactChanges<K>,
  rest: Exclude<FactChange<K>, "replace">,
): (change: AlterOf<K>, context: PostgresContext) => Alteration | "replace" {
  const order = new Set([...Object.values<FactChange<K>>(changes), rest]);
  return ({ before, after, facts }, context) => {
    const wanted = new Set(otherFacts(facts).map((fact) => changes[fact as keyof FactChanges<K>]));
    const statements: PlannedStatement[] = [];
    for (const change of order) {
      if (change !== rest && !wanted.has(change)) continue;
      const made = change === "replace" ? change : change(before, after, context);
      if (made === "replace") return made;
      statements.push(...made);
    }
    return { statements };
  };
}

/** For a fact that the statements at the end serve. */
export function atTheEnd(): readonly PlannedStatement[] {
  return [];
}
