/** A schema as a picture shows it: tables, their columns, and what refers to what; with what is new, changed and gone. */

import type { ColumnShape, TableShape } from "../core/shape.ts";

/** How something stands to what was before. */
export type DiagramState = "same" | "new" | "changed" | "gone";

/** A column of a picture. */
export interface DiagramColumn {
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly isKey: boolean;
  readonly isForeign: boolean;
  readonly state: DiagramState;
}

/** A table of a picture. */
export interface DiagramTable {
  readonly name: string;
  readonly columns: readonly DiagramColumn[];
  readonly comment: string | null;
  readonly state: DiagramState;
  /** Shown beside the name: whose it is, what becomes of it. */
  readonly note?: string;
}

/** A foreign key of a picture. */
export interface DiagramLink {
  /** Name of the table that refers. */
  readonly from: string;
  readonly to: string;
  readonly columns: readonly string[];
  /** True where a row may refer to nothing. */
  readonly isOptional: boolean;
  /** True where a row is referred to once at most. */
  readonly isUnique: boolean;
  readonly state: DiagramState;
  /** Of a service: its rows that the line stands for. */
  readonly rows?: readonly string[];
}

/** The picture. Names are those of the catalog. */
export interface Diagram {
  readonly tables: readonly DiagramTable[];
  readonly links: readonly DiagramLink[];
  /** The services among them, by name, where the picture says who uses which table. */
  readonly services?: ReadonlySet<string>;
}

/** `12 tables, 3 foreign keys`, `20 services, 14 tables`: what a picture shows. */
export function contentsOf({ tables, links, services }: Diagram): string {
  const count = (number: number, one: string) => `${number} ${one}${number === 1 ? "" : "s"}`;
  return services === undefined
    ? `${count(tables.length, "table")}, ${count(links.length, "foreign key")}`
    : `${count(services.size, "service")}, ${count(tables.length - services.size, "table")}`;
}

/** The picture of a schema; against another one, with what changed. Links to tables that are not there are left out. */
export function diagramOf(
  now: readonly TableShape[],
  before: readonly TableShape[] = now,
): Diagram {
  const old = new Map(before.map((table) => [table.name, table]));
  const present = new Map(now.map((table) => [table.name, table]));
  const names = [...new Set([...present.keys(), ...old.keys()])].sort();
  const tables = names.map((name) => tableOf(present.get(name), old.get(name)));
  const links = names.flatMap((name) => linksOf(present.get(name), old.get(name)));
  return { tables, links: links.filter(({ to }) => present.has(to) || old.has(to)) };
}

function tableOf(now: TableShape | undefined, before: TableShape | undefined): DiagramTable {
  const shown = now ?? before;
  if (shown === undefined) throw new Error("A table of a picture is in one of the schemas");
  const columns = [
    ...shown.columns.map((column) => ({
      column,
      state: now === undefined ? "gone" as const : columnState(column, before),
    })),
    ...(now === undefined ? [] : goneColumns(now, before)),
  ];
  const foreign = new Set(shown.foreignKeys.flatMap((key) => key.columns));
  const state = now === undefined
    ? "gone"
    : before === undefined
    ? "new"
    : columns.some((one) => one.state !== "same")
    ? "changed"
    : "same";
  return {
    name: shown.name,
    comment: shown.comment,
    state,
    columns: columns.map(({ column, state }) => ({
      name: column.name,
      type: column.type,
      isRequired: column.isRequired,
      isKey: shown.primaryKey.includes(column.name),
      isForeign: foreign.has(column.name),
      state,
    })),
  };
}

function columnState(column: ColumnShape, before: TableShape | undefined): DiagramState {
  if (before === undefined) return "new";
  const old = before.columns.find(({ name }) => name === column.name);
  if (old === undefined) return "new";
  const isSame = old.type === column.type && old.isRequired === column.isRequired &&
    old.hasDefault === column.hasDefault && old.isGenerated === column.isGenerated;
  return isSame ? "same" : "changed";
}

function goneColumns(now: TableShape, before: TableShape | undefined) {
  return (before?.columns ?? [])
    .filter((old) => !now.columns.some(({ name }) => name === old.name))
    .map((column) => ({ column, state: "gone" as const }));
}

function linksOf(
  now: TableShape | undefined,
  before: TableShape | undefined,
): readonly DiagramLink[] {
  const links = new Map<string, DiagramLink>();
  const add = (table: TableShape | undefined, state: DiagramState) => {
    for (const { columns, references } of table?.foreignKeys ?? []) {
      if (table === undefined) continue;
      const key = JSON.stringify([columns, references]);
      const known = links.get(key);
      links.set(
        key,
        known === undefined
          ? {
            from: table.name,
            to: references,
            columns,
            isOptional: columns.some((name) =>
              table.columns.find((column) => column.name === name)?.isRequired !== true
            ),
            isUnique: [table.primaryKey, ...table.uniques].some((unique) =>
              unique.length > 0 && unique.every((name) => columns.includes(name))
            ),
            state,
          }
          : { ...known, state: "same" },
      );
    }
  };
  add(before, "gone");
  add(now, "new");
  return [...links.values()];
}
