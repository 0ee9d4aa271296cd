/** The results of a corpus as a table. */

import type { RowFate } from "../rows/mod.ts";
import type { RenameFate, Result } from "./run_pair.ts";

const OUTCOMES = ["in-sync", "proven", "unproven", "undecided", "wrong", "error"] as const;

/** A table by source, with the shares that were proven and the median time. */
export function tableOf(dialect: string, results: readonly Result[], seconds: number): string {
  const sources = [...new Set(results.map((result) => result.source))].sort();
  const lines = [
    ["source", "pairs", ...OUTCOMES, "UP", "DOWN", "statements", "median ms"],
    ...sources.map((source) => line(source, results.filter((result) => result.source === source))),
    line("all", results),
  ];
  const widths = (lines[0] ?? []).map((_, at) => Math.max(...lines.map((l) => l[at]?.length ?? 0)));
  const text = lines.map((cells) =>
    cells.map((cell, at) =>
      at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)
    )
      .join("  ")
  );
  return [
    `${dialect}: ${results.length} pairs in ${seconds.toFixed(1)} s`,
    ...text,
    rowCount(results),
    proofCount(results),
    "",
  ].join("\n");
}

/** What became of rows in the tables of the pairs that are proven. */
function rowCount(results: readonly Result[]): string {
  const count = (fate: RowFate) => results.filter(({ rows }) => rows === fate).length;
  return `rows: ${count("kept")} times kept, ${count("said")} times lost as the plan says, ` +
    `${count("lost")} times without a word; ${count("up-refused")} UP and ${
      count("down-refused")
    } DOWN refused over them; ${count("none")} times none`;
}

/** What the proofs say of rows themselves. */
function proofCount(results: readonly Result[]): string {
  const proofs = results.flatMap(({ proofRows }) => proofRows ?? []);
  const sum = (of: (rows: (typeof proofs)[number]) => number) =>
    proofs.reduce((all, rows) => all + of(rows), 0);
  const tables = sum((rows) => rows.tables);
  const seeded = sum((rows) => rows.seeded);
  return `proofs over rows: ${proofs.length}, ${seeded} of ${tables} tables seeded, ${
    sum((rows) => rows.kept)
  } kept, ${sum((rows) => rows.declared.length)} losses said, ${
    sum((rows) => rows.newData.length)
  } times new data that DOWN does not take; undeclared: ${sum((rows) => rows.lost.length)} lost, ${
    sum((rows) => rows.altered.length)
  } altered, ${sum((rows) => rows.refused.length)} refused; ${
    sum((rows) => rows.uncovered.filter(({ reason }) => /says that|refers to/.test(reason)).length)
  } tables without rows by an answer`;
}

/** What became of the renames that the authors know of. */
export function renameCount(results: readonly Result[]): string {
  const sum = (fate: RenameFate) => results.reduce((all, { renames }) => all + renames[fate], 0);
  const list = (fate: RenameFate, words: string) =>
    results.filter(({ renames }) => renames[fate] > 0)
      .map(({ source, name, outcome }) => `  ${words}: ${source} ${name} (${outcome})`);
  return [
    `real renames: ${sum("asked")} came up as a choice, ${
      sum("carried")
    } lose nothing and were carried out, ` +
    `${sum("remade")} lose nothing and were recreated, ${sum("lost")} became a silent drop`,
    ...list("remade", "recreated"),
    ...list("lost", "lost"),
  ].join("\n");
}

function line(source: string, results: readonly Result[]): string[] {
  const count = (test: (result: Result) => boolean) => results.filter(test).length;
  const share = (number: number) =>
    results.length === 0 ? "" : `${(100 * number / results.length).toFixed(1)} %`;
  const good = (state: string) => state === "exact" || state === "column-order";
  const counted = (result: Result) => result.outcome !== "wrong";
  return [
    source,
    String(results.length),
    ...OUTCOMES.map((outcome) => String(count((result) => result.outcome === outcome))),
    share(count((r) => counted(r) && (r.outcome === "in-sync" || good(r.up)))),
    share(count((r) => counted(r) && (r.outcome === "in-sync" || good(r.down)))),
    String(results.reduce((sum, result) => sum + result.statements, 0)),
    String(median(results.map((result) => result.ms))),
  ];
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
