/**
 * Proves every migration of real public histories, each UP and DOWN, and compares the end with schema.sql where there is one.
 *
 *     deno task histories [--dir DIR] [--only NAME] [--engine E] [--server VERSION] [--out FILE] [--rows on|off] [-v]
 *
 * A folder holds `manifest.json` (a list of `{name, engine, format, count}`) and for each name `migrations/`, and where needed
 * `pre.sql` and `baseline.sql`, run before the first migration, and `schema.sql`. `--server 15` runs on a server of this machine of that version. Always exits 0.
 */

import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { ENGINES } from "../src/engines/all.ts";
import type { MigrationVerdict } from "../src/core/outcome.ts";
import { startServer, validateOn } from "../src/pipeline/mod.ts";
import { entriesFor, type Entry, historyOf } from "./histories/history.ts";

const { values: flags } = parseArgs({
  options: {
    dir: { type: "string", default: "../shared/histories" },
    only: { type: "string", default: "" },
    engine: { type: "string" },
    server: { type: "string" },
    out: { type: "string" },
    rows: { type: "string", default: "on" },
    verbose: { type: "boolean", short: "v", default: false },
  },
});

/** One line of the table and of the JSON lines. */
interface Line {
  readonly name: string;
  readonly engine: string;
  readonly format: string;
  readonly expected: number;
  readonly read: number;
  readonly replayed: number;
  readonly statements: number;
  readonly seconds: number;
  readonly up: Readonly<Record<string, number>>;
  readonly down: Readonly<Record<string, number>>;
  readonly again: Readonly<Record<string, number>>;
  readonly rows: Readonly<Record<string, number>>;
  readonly schema: string;
  readonly changes: number;
  readonly reason: string;
  readonly wrong: readonly { readonly migration: string; readonly detail: string }[];
  readonly notes: readonly string[];
}

const folder = resolve(flags.dir);
const manifest: readonly Entry[] = JSON.parse(
  await readFile(join(folder, "manifest.json"), "utf8"),
);
if (flags.out !== undefined) await writeFile(flags.out, "");
const lines: Line[] = [];
for (const entry of entriesFor(manifest, flags)) {
  if (!ENGINES.some((engine) => engine.dialect === entry.engine)) continue;
  const line = await proveHistory(entry);
  lines.push(line);
  if (flags.out !== undefined) await appendFile(flags.out, `${JSON.stringify(line)}\n`);
  if (process.stderr.isTTY) process.stderr.write(`\r${line.name} `.padEnd(60));
}
if (process.stderr.isTTY) process.stderr.write("\r");
printTable(lines);
process.exit(0);

async function proveHistory(entry: Entry): Promise<Line> {
  const start = performance.now();
  const empty: Line = {
    name: entry.name,
    engine: entry.engine,
    format: entry.format,
    expected: entry.count,
    read: 0,
    replayed: 0,
    statements: 0,
    seconds: 0,
    up: {},
    down: {},
    again: {},
    rows: {},
    schema: "none",
    changes: 0,
    reason: "",
    wrong: [],
    notes: [],
  };
  let read = 0;
  try {
    const { project: opened, sources, extra } = await historyOf(folder, entry, flags.server);
    const rows = flags.rows === "off" ? "off" as const : "on" as const;
    const project = { ...opened, config: { ...opened.config, rows } };
    read = sources.history.migrations.length - extra;
    await using server = await startServer(project, sources);
    const outcome = await validateOn(project, server, sources);
    const verdicts = outcome.migrations.slice(extra);
    const failed = verdicts.find((verdict) => verdict.up === "error");
    return {
      ...empty,
      read,
      replayed: verdicts.filter((verdict) => verdict.up === "ok").length,
      statements: outcome.statements,
      seconds: (performance.now() - start) / 1000,
      up: tally(verdicts, "up"),
      down: tally(verdicts, "down"),
      again: tally(verdicts, "again"),
      rows: tallyOf(verdicts.map(({ rows }) => rows?.state ?? "not looked at")),
      schema: outcome.schema,
      changes: outcome.changes.length,
      reason: failed?.detail ?? "",
      wrong: verdicts.map((verdict) => ({ verdict, detail: detailOf(verdict) }))
        .filter(({ detail }) => detail !== "")
        .map(({ verdict: { version, name }, detail }) => ({
          migration: `${version}_${name}`,
          detail,
        })),
      notes: outcome.notes,
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ...empty, read, seconds: (performance.now() - start) / 1000, reason };
  }
}

function tally(
  verdicts: readonly MigrationVerdict[],
  key: "up" | "down" | "again",
): Record<string, number> {
  return tallyOf(verdicts.map((verdict) => verdict[key]));
}

function tallyOf(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

/** What is wrong with a migration, and what it does to rows. */
function detailOf({ detail, rows }: MigrationVerdict): string {
  const found = rows === undefined ? [] : [
    ...rows.refused === undefined
      ? []
      : [`rows refuse ${rows.refused.direction}: ${rows.refused.message}`],
    ...[...rows.lost, ...rows.altered].map(({ kind, text, before, after, statement }) =>
      `rows ${kind}: ${text} (${before} -> ${after}) by ${statement?.sql.slice(0, 200)}`
    ),
  ];
  return [...detail === "" ? [] : [detail], ...found].join("\n    ");
}

function printTable(found: readonly Line[]): void {
  const head = [
    "history",
    "format",
    "read",
    "replayed",
    "statements",
    "seconds",
    "DOWN exact",
    "order",
    "differs",
    "error",
    "missing",
    "again wrong",
    "rows kept",
    "none",
    "lost",
    "altered",
    "refused",
    "schema",
  ];
  const rows = found.map((line) => [
    line.name,
    line.format,
    `${line.read}/${line.expected}`,
    `${line.replayed}/${line.read}`,
    String(line.statements),
    line.seconds.toFixed(1),
    ...["exact", "column-order", "differs", "error", "missing"]
      .map((word) => String(line.down[word] ?? 0)),
    String((line.again.error ?? 0) + (line.again.differs ?? 0)),
    ...["kept", "none", "lost", "altered", "refused"].map((word) => String(line.rows[word] ?? 0)),
    line.schema === "differs" ? `differs (${line.changes})` : line.schema,
  ]);
  const widths = head.map((_, at) =>
    Math.max(...[head, ...rows].map((row) => row[at]?.length ?? 0))
  );
  for (const row of [head, ...rows]) {
    console.log(row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  ").trimEnd());
  }
  for (const line of found) {
    if (line.reason !== "") console.log(`${line.name}: ${line.reason}`);
    if (!flags.verbose) continue;
    for (const { migration, detail } of line.wrong) {
      console.log(`${line.name} ${migration}: ${detail}`);
    }
    for (const text of line.notes) console.log(`${line.name}: note: ${text}`);
  }
}
