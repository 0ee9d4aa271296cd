/** What was there before a migration, for the names in its statements. */

import type { Snapshot } from "../../../core/snapshot.ts";
import { splitName } from "../names.ts";
import { isOf, type PostgresObject, postgresSnapshot, type Table } from "../objects.ts";

/** Relations of the state before, found by names as statements have them. */
export class Known {
  readonly #relations = new Map<string, PostgresObject>();
  readonly #before: ReadonlyMap<string, PostgresObject>;

  constructor(before: Snapshot) {
    const { objects } = postgresSnapshot(before);
    this.#before = objects;
    for (const object of objects.values()) {
      if (!isOf(object, "table") && !isOf(object, "index") && !isOf(object, "materialized view")) {
        continue;
      }
      const parts = splitName(object.name);
      this.#relations.set(`${object.kind} ${parts.join(".")}`, object);
      if (parts[0] === "public") this.#relations.set(`${object.kind} ${parts.at(-1)}`, object);
    }
  }

  /** The table of a name, with its schema or without. */
  table(name: string): Table | null {
    const found = this.#relations.get(`table ${name}`);
    return found !== undefined && isOf(found, "table") ? found : null;
  }

  /** True for a table or a materialized view that was there. */
  hasRows(name: string): boolean {
    return this.table(name) !== null || this.#relations.has(`materialized view ${name}`);
  }

  /** The table of an index, as the catalog has it; null where there is no such index. */
  tableOfIndex(name: string): { readonly table: Table | null; readonly isPart: boolean } | null {
    const found = this.#relations.get(`index ${name}`);
    if (found === undefined || !isOf(found, "index")) return null;
    const isPart = found.facts.attached_to !== undefined;
    return { table: this.table(splitName(found.facts.on).join(".")), isPart };
  }

  /** The tables that hold the rows of a partitioned one: its partitions, or those of these. */
  leaves({ name }: Table): readonly Table[] {
    const parts = this.partitions(name);
    return parts.flatMap((part) => isPartitioned(part) ? this.leaves(part) : [part]);
  }

  /** The partitions that a table has itself. */
  partitions(name: string): readonly Table[] {
    return [...this.#before.values()].flatMap((object) =>
      isOf(object, "table") && object.facts.partition_of?.parent === name ? [object] : []
    );
  }

  /** The partition for all that fits no other; null where there is none. */
  defaultPartition({ name }: Table): Table | null {
    return this.partitions(name).find(({ facts }) => facts.partition_of?.bound === "DEFAULT") ??
      null;
  }

  /** True for a column that was there and may be NULL. */
  isNullable(table: Table, column: string): boolean {
    const found = [...this.#before.values()].find((object) =>
      isOf(object, "column") && object.parent === table.id &&
      splitName(object.name).at(-1) === column
    );
    return found !== undefined && isOf(found, "column") && found.facts.not_null !== true;
  }
}

/** True for a table that is cut into partitions. */
export function isPartitioned({ facts }: Table): boolean {
  return facts.partition_by !== undefined;
}
