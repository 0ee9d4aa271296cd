/** What came of conversions, counted; and what is gone without a note, by the shapes of both catalogs. */

import type { TableShape } from "../../src/core/shape.ts";
import type { Snapshot } from "../../src/core/snapshot.ts";
import type { Engine } from "../../src/engines/engine.ts";
import type { Converted } from "../../src/pipeline/convert/convert_snapshot.ts";

/** Counts of a pair of dialects. */
export interface Counts {
  readonly from: string;
  readonly to: string;
  schemas: number;
  failed: number;
  tables: number;
  equal: number;
  viewsKept: number;
  triggersKept: number;
  dropped: number;
  changed: number;
  lost: number;
  copied: number;
  copies: number;
  rows: number;
  misfits: number;
}

/** None yet. */
export function newCounts(from: string, to: string): Counts {
  const none = { schemas: 0, failed: 0, tables: 0, equal: 0, viewsKept: 0 };
  return {
    from,
    to,
    ...none,
    triggersKept: 0,
    rows: 0,
    misfits: 0,
    dropped: 0,
    changed: 0,
    lost: 0,
    copied: 0,
    copies: 0,
  };
}

/** Adds a conversion. */
export function counted(counts: Counts, { source, found, notes, unlike }: Converted): void {
  const bad = new Set(unlike.flatMap(({ table }) => table ?? []));
  const there = new Set(found.tables.map(({ name }) => name));
  counts.schemas++;
  counts.tables += source.tables.length;
  counts.equal += source.tables.filter(({ name }) => there.has(name) && !bad.has(name)).length;
  counts.viewsKept += found.views.length;
  counts.triggersKept += found.triggers.length;
  counts.dropped += notes.filter(({ outcome }) => outcome === "dropped").length;
  counts.changed += notes.filter(({ outcome }) => outcome !== "dropped").length;
}

/** Kinds of members of a table, as the shapes of both dialects count them. */
const MEMBERS = {
  "column": ({ columns }: TableShape) => columns.length,
  "primary key": ({ primaryKey }: TableShape) => primaryKey.length > 0 ? 1 : 0,
  "foreign key": ({ foreignKeys }: TableShape) => foreignKeys.length,
  "check": ({ checks }: TableShape) => checks.length,
  "unique key|index": ({ uniques, indexes }: TableShape) => uniques.length + indexes.length,
} as const;

/** What the source has more of than the target, beyond the notes that name it. */
export function lostWithoutNote(
  before: Snapshot,
  from: Engine,
  to: Engine,
  { foundSnapshot, notes, source }: Converted,
): readonly string[] {
  const tables = from.shape?.(before) ?? [];
  const there = to.shape?.(foundSnapshot) ?? [];
  const own = (name: string) => name.toLowerCase().replaceAll('"', "");
  const byName = new Map(there.map((table) => [own(table.name.replace(/^public\./, "")), table]));
  const noted = (kind: string, table: string) =>
    notes.filter(({ object }) =>
      new RegExp(`^(?:${kind})s? `).test(object) && object.toLowerCase().includes(own(table))
    ).length;
  const lost: string[] = [];
  const names = new Set(source.tables.map(({ name }) => own(name)));
  for (const table of tables) {
    const name = own(table.name.replace(/^public\./, "").replaceAll(".", "_"));
    const other = byName.get(name);
    if (other === undefined) {
      if (noted("table", name) === 0) {
        lost.push(`table ${name}${names.has(name) ? "" : " (not read)"}`);
      }
      continue;
    }
    for (const [kind, count] of Object.entries(MEMBERS)) {
      const [was, is] = [count(table), count(other)];
      if (was > is + noted(kind, name)) lost.push(`${was - is} ${kind} of ${name}`);
    }
  }
  return [...lost, ...lostObjects(before, foundSnapshot, notes)];
}

/** Views and triggers, by kind. */
function lostObjects(
  before: Snapshot,
  after: Snapshot,
  notes: Converted["notes"],
): readonly string[] {
  const count = ({ objects }: Snapshot, kind: string) =>
    [...objects.values()].filter((one) => one.kind === kind).length;
  return ["view", "trigger", "procedure", "event", "materialized view", "virtual table"].flatMap(
    (kind) => {
      const noted =
        notes.filter(({ object, outcome }) =>
          object.startsWith(`${kind} `) && (outcome === "dropped" || kind === "materialized view")
        ).length;
      const missing = count(before, kind) - count(after, kind) - noted;
      return missing > 0 ? [`${missing} ${kind}`] : [];
    },
  );
}

/** As a table of Markdown. */
export function tableOf(all: readonly Counts[]): string {
  const head =
    "| from -> to | schemas | tables | as meant | % | views | triggers | dropped | changed | lost | failed | copies equal | rows | misfits |";
  const rows = all.map((one) =>
    `| ${one.from} -> ${one.to} | ${one.schemas} | ${one.tables} | ${one.equal} | ${
      (100 * one.equal / Math.max(one.tables, 1)).toFixed(1)
    } | ${one.viewsKept} | ${one.triggersKept} | ${one.dropped} | ${one.changed} | ${one.lost} | ${one.failed} | ${one.copied} of ${one.copies} | ${one.rows} | ${one.misfits} |`
  );
  return [head, "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|", ...rows].join("\n");
}
