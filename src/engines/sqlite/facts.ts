/** The facts of SQLite's kinds of objects, each as its reader in `catalog/` declares them. */

import type { SchemaObject } from "../../core/snapshot.ts";
import { factsFrom, factsView, type Stated, styleView } from "../common/facts.ts";
import type { ColumnFacts, ColumnStyle } from "./catalog/column_object.ts";
import type { ConstraintFacts, ConstraintStyle } from "./catalog/constraint_object.ts";
import type { IndexFacts, IndexStyle } from "./catalog/index_object.ts";
import type { TableFacts, TableStyle } from "./catalog/table_object.ts";
import type { TriggerFacts, TriggerStyle } from "./catalog/trigger_object.ts";
import type { ViewFacts, ViewStyle } from "./catalog/view_object.ts";
import type { VirtualTableFacts } from "./catalog/virtual_table_object.ts";

/** Facts by kind. */
export interface SqliteFacts {
  readonly table: TableFacts;
  readonly column: ColumnFacts;
  readonly constraint: ConstraintFacts;
  readonly index: IndexFacts;
  readonly view: ViewFacts;
  readonly trigger: TriggerFacts;
  readonly "virtual table": VirtualTableFacts;
}

/** Styles by kind. */
export interface SqliteStyles {
  readonly table: TableStyle;
  readonly column: ColumnStyle;
  readonly constraint: ConstraintStyle;
  readonly index: IndexStyle;
  readonly view: ViewStyle;
  readonly trigger: TriggerStyle;
  readonly "virtual table": Readonly<Record<never, never>>;
}

/** The facts of an object of a kind. Throws an Error for an object of another kind, which is a bug. */
export const factsOf = factsView<SqliteFacts>();

/** How its author wrote an object of a kind; nothing is known of one that was made from facts alone. */
export const styleOf = styleView<SqliteStyles>();

/** An object as its reader states it. */
export type ObjectInput<Kind extends keyof SqliteFacts> =
  & Omit<SchemaObject, "kind" | "facts" | "style">
  & {
    readonly kind: Kind;
    readonly facts: Stated<SqliteFacts[Kind]>;
    readonly style?: Stated<SqliteStyles[Kind]>;
  };

/** Makes an object; facts that are null or false are left out. */
export function makeObject<Kind extends keyof SqliteFacts>(
  { style, facts, ...rest }: ObjectInput<Kind>,
): SchemaObject {
  const kept = style === undefined ? {} : factsFrom(style);
  return {
    ...rest,
    facts: factsFrom(facts),
    ...Object.keys(kept).length === 0 ? {} : { style: kept },
  };
}
