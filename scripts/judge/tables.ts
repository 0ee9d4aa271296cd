/** Tables and columns that are there before a migration and after it, with what breaks them. */

import { splitName } from "../../src/core/name.ts";
import type { SchemaObject, Snapshot } from "../../src/core/snapshot.ts";

/** A column whose values nothing is to touch. */
export interface Target {
  readonly name: string;
  readonly key: string;
  readonly type: string;
  readonly isRequired: boolean;
  /** True where a key, a check, an index or a foreign key speaks of it. */
  readonly isBound: boolean;
}

/** A table whose rows nothing is to touch. */
export interface TargetTable {
  readonly id: string;
  readonly name: string;
  /** As it stands in SQL. */
  readonly sql: string;
  readonly columns: readonly Target[];
  /** True where no two rows can be the same. */
  readonly isKeyed: boolean;
}

/** Tables that are there before and after, with the columns that are the same; none whose loss is said, and none that is divided into nothing. */
export function survivors(
  dialect: string,
  { before, target, said }: {
    readonly before: Snapshot;
    readonly target: Snapshot;
    readonly said: readonly string[];
  },
): readonly TargetTable[] {
  return [...before.objects.values()].filter(({ kind, id, name }) =>
    kind === "table" && target.objects.get(id)?.kind === "table" && !isNamed(said, name) &&
    isStored(before, id) && isStored(target, id)
  ).map((table) => tableOf(dialect, table, { before, target }));
}

/** Whether a table has rows, be it in its partitions. */
function isStored({ objects }: Snapshot, id: string): boolean {
  return objects.get(id)?.facts.partition_by === undefined ||
    [...objects.values()].some(({ kind, dependsOn, facts }) =>
      kind === "table" && dependsOn.includes(id) && facts.partition_of !== undefined
    );
}

function tableOf(
  dialect: string,
  table: SchemaObject,
  { before, target }: { readonly before: Snapshot; readonly target: Snapshot },
): TargetTable {
  const parts = dialect === "sqlite" ? [table.name] : splitName(table.name);
  const members = [before, target].flatMap(({ objects }) =>
    [...objects.values()].filter((one) => one.parent === table.id && one.kind !== "column")
  );
  const texts = members.map(({ facts }) => JSON.stringify(facts).toLowerCase());
  const columns = [...before.objects.values()].flatMap((column): readonly Target[] => {
    const later = target.objects.get(column.id);
    if (column.kind !== "column" || column.parent !== table.id || later === undefined) return [];
    if (column.facts.generated !== undefined || later.facts.generated !== undefined) return [];
    if (column.facts.identity !== undefined || later.facts.identity !== undefined) return [];
    if (column.facts.type !== later.facts.type) return [];
    const name = dialect === "sqlite"
      ? column.name.slice(table.name.length + 1)
      : splitName(column.name).at(-1) ?? "";
    const isRequired = column.facts.not_null === true || later.facts.not_null === true;
    const isBound = texts.some((text) => text.includes(name.toLowerCase()));
    const key = column.id.slice(column.id.lastIndexOf(".") + 1);
    return [{
      name,
      key,
      type: String(column.facts.type ?? "").toLowerCase(),
      isRequired,
      isBound,
    }];
  });
  const isKeyed = members.some(({ facts }) =>
    facts.type === "primary key" || facts.type === "unique" || facts.unique === true ||
    /primary key|unique/i.test(String(facts.definition ?? ""))
  );
  return {
    id: table.id,
    name: table.name,
    sql: parts.map((part) => quoted(part, dialect)).join("."),
    columns,
    isKeyed,
  };
}

function isNamed(said: readonly string[], name: string): boolean {
  const last = splitName(name).at(-1) ?? name;
  return said.some((words) => words.includes(last));
}

/** A name in quotes. */
export function quoted(name: string, dialect: string): string {
  if (/^(?:mysql|mariadb)$/.test(dialect)) return `\`${name.replaceAll("`", "``")}\``;
  return `"${name.replaceAll('"', '""')}"`;
}

/** True for a type whose values are texts. */
export function isText({ type }: Target): boolean {
  return /char|text|clob/.test(type) && !/\[\]/.test(type);
}

/** True for a type whose values may have a fraction. */
export function isFraction({ type }: Target): boolean {
  return /^(?:numeric|decimal|real|double|float)/.test(type) &&
    !/\[\]|\(\d+(?:,\s*0)?\)/.test(type);
}
