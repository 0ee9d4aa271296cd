/** What conversion asks of a dialect. */

import type { Snapshot } from "../../core/snapshot.ts";
import type { DataSide } from "./data.ts";
import type {
  Adapted,
  NeutralForeignKey,
  NeutralIndex,
  NeutralSchema,
  NeutralSequence,
  NeutralTable,
  NeutralTrigger,
  NeutralView,
} from "./neutral.ts";

/** A dialect that schemas are converted from and to. SQL is without semicolons at its end. */
export interface Converting {
  /** What a snapshot of the dialect holds. */
  readonly read: (snapshot: Snapshot) => Adapted;
  /** What the dialect can hold of a schema. */
  readonly adapt: (schema: NeutralSchema) => Adapted;
  /** What a table needs before it: types. */
  readonly beforeTable: (table: NeutralTable) => readonly string[];
  /** The table and its comments; with its foreign keys where they cannot be added. */
  readonly table: (table: NeutralTable) => readonly string[];
  /** Null where it stands in its table. */
  readonly foreignKey: (table: NeutralTable, key: NeutralForeignKey) => string | null;
  readonly index: (table: NeutralTable, index: NeutralIndex) => string;
  readonly view: (view: NeutralView) => string;
  readonly trigger: (trigger: NeutralTrigger) => readonly string[];
  readonly sequence: (sequence: NeutralSequence) => string;
  readonly dropTable: (name: string) => string;
  /** A statement with what its client wants at its end and, where it holds semicolons, around it. */
  readonly terminated: (statement: string) => string;
  readonly data: DataSide;
}
