/** What a change takes away or makes otherwise, that code may use: from two states of a database and what the statements say. */

import { lastName, splitName } from "../../core/name.ts";
import type { Operation } from "../../core/operation.ts";
import type { ColumnShape, TableShape } from "../../core/shape.ts";
import type { SchemaObject, Snapshot } from "../../core/snapshot.ts";
import type { Engine } from "../../engines/engine.ts";
import { plural, singular, spellingKey, wordsIn } from "../../usage/spelling.ts";
import type { Target } from "../../usage/target.ts";

/** Two states, and the operations that lead from one to the other; none where only the states are known. */
export interface Step {
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly operations: readonly Operation[];
}

/** All targets of a step. */
export function targetsOf(
  engine: Pick<Engine, "shape" | "nameKey">,
  step: Step,
): readonly Target[] {
  const before = engine.shape?.(step.before) ?? [];
  const after = engine.shape?.(step.after) ?? [];
  const all = allTargets({ tables: before, step, engine }, after);
  return [...all, ...objectTargets(step), ...typeTargets(step, engine)];
}

/** Every table of a state as if it were dropped: who uses what. */
export function everyTable(
  engine: Pick<Engine, "shape" | "nameKey">,
  snapshot: Snapshot,
): readonly Target[] {
  const tables = engine.shape?.(snapshot) ?? [];
  const prefix = commonPrefix(tables);
  return tables.map(({ name }) => tableTarget("drop", name, { prefix }));
}

interface Before {
  readonly tables: readonly TableShape[];
  readonly step: Step;
  readonly engine: Pick<Engine, "nameKey">;
}

function allTargets(
  { tables, step, engine }: Before,
  after: readonly TableShape[],
): readonly Target[] {
  const prefix = commonPrefix(tables);
  // A name that goes everywhere at once is shared with nobody: what had it is used by whoever names it.
  const holders = new Map<string, Set<TableShape>>();
  for (const table of after) {
    for (const { name } of table.columns) {
      holders.set(name, (holders.get(name) ?? new Set()).add(table));
    }
  }
  const isHeldBeside = (column: string, own: TableShape) => {
    const all = holders.get(column);
    return all !== undefined && all.size > (all.has(own) ? 1 : 0);
  };
  const called = new Set(
    tables.flatMap(({ name }) => [lastName(name), plural(lastName(name))]).map(spellingKey),
  );
  const byName = new Map(after.map((table) => [table.name, table]));
  const taken = new Set<string>();
  return tables.flatMap((table): readonly Target[] => {
    const renamed = renamedTable(table, step.operations, engine);
    const now = renamed === null ? byName.get(table.name) : byName.get(renamed);
    const named = renamed === null
      ? []
      : [tableTarget("rename", table.name, { prefix, to: lastName(renamed) })];
    if (now === undefined || taken.has(now.name)) {
      return [tableTarget("drop", table.name, { prefix })];
    }
    taken.add(now.name);
    const others = longerNames(table, tables);
    const names = [table.name, now.name];
    const renames = renamedColumns(names, step.operations, engine);
    return [
      ...named,
      ...columnTargets(table, now, renames).map((target) => ({
        ...target,
        isShared: isHeldBeside(target.column ?? "", now),
        ...others.length === 0 ? {} : { others },
        ...called.has(spellingKey(target.column ?? "")) ? { isTableName: true } : {},
        ...prefix === "" ? {} : { prefix },
      })),
    ];
  });
}

/** The tables whose names begin with that of one: `dataset_items` for `datasets`. */
function longerNames({ name }: TableShape, tables: readonly TableShape[]): readonly string[] {
  const own = wordsIn(singular(lastName(name)));
  return tables.map((table) => lastName(table.name)).filter((other) => {
    const words = wordsIn(other);
    return words.length > own.length && own.every((word, at) => word === words[at]);
  });
}

function tableTarget(
  change: "drop" | "rename",
  name: string,
  { prefix, to }: { readonly prefix: string; readonly to?: string },
): Target {
  return {
    change,
    kind: "table",
    name,
    table: lastName(name),
    column: null,
    isShared: false,
    ...to === undefined ? {} : { to },
    ...prefix === "" ? {} : { prefix },
  };
}

function columnTargets(
  table: TableShape,
  now: TableShape,
  renames: ReadonlyMap<string, string>,
): readonly Target[] {
  const targets: Target[] = [];
  const later = new Map(now.columns.map((column) => [column.name, column]));
  const target = (column: string, rest: Pick<Target, "change"> & Partial<Target>): Target => ({
    kind: "column",
    name: `${table.name}.${column}`,
    table: lastName(table.name),
    column,
    isShared: false,
    ...rest,
  });
  const known = new Set<string>();
  for (const column of table.columns) {
    const to = renames.get(column.name);
    const is = later.get(to ?? column.name);
    if (to !== undefined && is !== undefined) {
      targets.push(target(column.name, { change: "rename", to }));
    }
    if (is === undefined) {
      targets.push(target(column.name, { change: "drop" }));
      continue;
    }
    known.add(is.name);
    targets.push(...altered(column, is).map((rest) => target(column.name, rest)));
  }
  for (const column of now.columns) {
    if (!known.has(column.name) && mustBeGiven(column)) {
      targets.push(target(column.name, { change: "require" }));
    }
  }
  return targets;
}

/** What became of a column that stays. */
function altered(
  was: ColumnShape,
  is: ColumnShape,
): readonly (Pick<Target, "change"> & Partial<Target>)[] {
  const [old, fresh] = [valuesIn(was.type), valuesIn(is.type)];
  const found: (Pick<Target, "change"> & Partial<Target>)[] = [];
  if (old.length > 0 && fresh.length > 0) {
    found.push(...valueChanges(old, fresh));
  } else if (was.type !== is.type) found.push({ change: "retype", to: is.type });
  if (!mustBeGiven(was) && mustBeGiven(is)) found.push({ change: "require" });
  if (was.isRequired && !is.isRequired) found.push({ change: "nullable" });
  return found;
}

/** Whether an INSERT that leaves a column out is refused. */
function mustBeGiven({ isRequired, hasDefault, isGenerated }: ColumnShape): boolean {
  return isRequired && !hasDefault && !isGenerated;
}

/** The values of a type that lists them: `enum('a','b')`. */
function valuesIn(type: string): readonly string[] {
  if (!/^enum\s*\(/i.test(type)) return [];
  return [...type.matchAll(/'((?:[^']|'')*)'/g)].map(([, value = ""]) =>
    value.replaceAll("''", "'")
  );
}

/** The full name that a table gets; null where it keeps its own. */
function renamedTable(
  { name }: TableShape,
  operations: readonly Operation[],
  { nameKey }: Pick<Engine, "nameKey">,
): string | null {
  let now = name;
  for (const { action, kind, on, newName } of operations) {
    if (newName === undefined || !isSame(on, now, nameKey)) continue;
    if (action === "rename" && kind === "table") {
      now = [...splitName(now).slice(0, -1), lastName(newName)].join(".");
    } else if (action === "set-schema") now = `${newName}.${lastName(now)}`;
  }
  return now === name ? null : now;
}

function renamedColumns(
  tables: readonly string[],
  operations: readonly Operation[],
  { nameKey }: Pick<Engine, "nameKey">,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { action, on, name, newName } of operations) {
    if (action !== "rename-column" || name === undefined || newName === undefined) continue;
    if (!tables.some((table) => isSame(on, table, nameKey))) continue;
    const first = [...found].find(([, to]) => to === name)?.[0] ?? name;
    found.set(first, newName);
  }
  return found;
}

/** Whether a written name means a table by its full name. */
function isSame(written: string, full: string, nameKey: (name: string) => string): boolean {
  const [wanted, whole] = [nameKey(written), nameKey(full)];
  return wanted === whole || !wanted.includes(".") && wanted === nameKey(lastName(full));
}

const CALLED = new Set(["view", "materialized view", "function", "procedure"]);

/** Views and routines that are dropped, and of which none of the same name is left. */
function objectTargets({ before, after }: Step): readonly Target[] {
  const plain = ({ name }: SchemaObject) => splitName(name).join(".");
  const left = new Set(
    [...after.objects.values()].filter(({ kind }) => CALLED.has(kind)).map(plain),
  );
  const gone = new Map<string, Target>();
  for (const object of before.objects.values()) {
    const name = plain(object);
    if (!CALLED.has(object.kind) || left.has(name)) continue;
    const table = lastName(object.name);
    const { kind } = object;
    gone.set(name, { change: "drop", kind, name, table, column: null, isShared: false });
  }
  return [...gone.values()];
}

/** Types that list values, and got further ones or lost some. */
function typeTargets(
  { before, after, operations }: Step,
  { nameKey }: Pick<Engine, "nameKey">,
): readonly Target[] {
  return [...before.objects.values()].flatMap((object): readonly Target[] => {
    const old = labelsOf(object);
    const is = after.objects.get(object.id);
    if (old.length === 0 || is === undefined) return [];
    const { name } = object;
    const table = lastName(name);
    const renames = renamedValues(name, operations, nameKey);
    return valueChanges(old, labelsOf(is), renames).map((change) => ({
      ...change,
      kind: "enum",
      name,
      table,
      column: null,
      isShared: false,
    }));
  });
}

/** Values that got another name, by the old one. */
function renamedValues(
  type: string,
  operations: readonly Operation[],
  nameKey: (name: string) => string,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { action, on, name, newName } of operations) {
    if (action !== "rename-value" || name === undefined || newName === undefined) continue;
    if (!isSame(on, type, nameKey)) continue;
    const first = [...found].find(([, to]) => to === name)?.[0] ?? name;
    found.set(first, newName);
  }
  return found;
}

/** Values that are called otherwise, those that are new, and those that are gone. */
function valueChanges(
  old: readonly string[],
  now: readonly string[],
  renames: ReadonlyMap<string, string> = new Map(),
): readonly Pick<Target, "change" | "values" | "to">[] {
  const renamed = old.flatMap((value) => {
    const to = renames.get(value);
    return to === undefined || now.includes(value) || !now.includes(to) ? [] : [{ value, to }];
  });
  const fresh = now.filter((value) =>
    !old.includes(value) && !renamed.some(({ to }) => to === value)
  );
  const gone = old.filter((value) =>
    !now.includes(value) && !renamed.some((one) => one.value === value)
  );
  const values = { old, fresh, gone };
  return [
    ...renamed.map(({ value, to }) => ({
      change: "value-rename" as const,
      to,
      values: { old, fresh: [to], gone: [value] },
    })),
    ...fresh.length === 0 ? [] : [{ change: "values" as const, values }],
    ...gone.length === 0 ? [] : [{ change: "value-drop" as const, values }],
  ];
}

function labelsOf({ facts: { labels } }: SchemaObject): readonly string[] {
  return Array.isArray(labels) ? labels.filter((label) => typeof label === "string") : [];
}

/** What the names of most tables begin with: `wp_`; empty for nothing. */
function commonPrefix(tables: readonly TableShape[]): string {
  const counts = new Map<string, number>();
  for (const { name } of tables) {
    const prefix = /^[^_]+_/.exec(lastName(name))?.[0];
    if (prefix !== undefined) counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
  }
  const [best] = [...counts].sort((a, b) => b[1] - a[1]);
  return best !== undefined && best[1] >= 3 && best[1] >= tables.length * 0.6 ? best[0] : "";
}
