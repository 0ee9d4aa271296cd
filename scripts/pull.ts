/**
 * Pulls databases of real servers: those that the schemas of a corpus and the migrations of histories leave. The file is loaded on a
 * scratch server of the same version and compared, as `aim pull` does; on Postgres it is also loaded into a second database of the same
 * server, and pg_dump, which knows nothing of aim, must say the same of both.
 *
 *     deno task pull DIALECT-VERSION... [--dir DIR] [--histories DIR] [--every N] [--only NAME] [--sql]
 *
 * `postgres-15` means a server of this machine (AIM_SERVERS). `--every N` takes every Nth schema. Prints what differs, and a line of
 * counts for each server; exit 1 where anything does.
 */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { ENGINES } from "../src/engines/all.ts";
import type { Engine } from "../src/engines/engine.ts";
import type { Statement } from "../src/core/statement.ts";
import { writtenDown } from "../src/pipeline/plan/written_down.ts";
import { openLive } from "../src/pipeline/live/open_live.ts";
import { statementsOf } from "../src/pipeline/scratch/run_script.ts";
import { Bench } from "./corpus/bench.ts";
import { readRows, scriptOf } from "./corpus/rows.ts";
import { entriesFor, historyOf } from "./histories/history.ts";
import { fill, type Site, startSite } from "./pull/site.ts";

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    dir: { type: "string", default: "../shared/corpus" },
    histories: { type: "string", default: "../shared/histories" },
    every: { type: "string", default: "1" },
    only: { type: "string", default: "" },
    sql: { type: "boolean", default: false },
  },
});

/** A database that is to be pulled. */
interface Schema {
  readonly name: string;
  readonly statements: readonly Statement[];
}

type Verdict =
  | "proven"
  | "proven without pg_dump"
  | "unproven"
  | "dump differs"
  | "not loaded"
  | "error";

let hasFailed = false;
for (const spec of positionals) {
  const [dialect = "", version = ""] = spec.split("-");
  const engine = ENGINES.find((one) => one.dialect === dialect);
  if (engine === undefined) throw new Error(`There is no engine ${dialect}`);
  const counts = new Map<Verdict, number>();
  const start = performance.now();
  const schemas = [...await corpusOf(engine), ...await historiesOf(engine)]
    .filter(({ name }) => name.includes(flags.only))
    .filter((_, at) => at % Number(flags.every) === 0);
  await using site = await startSite(engine, version);
  await using bench = new Bench(engine, { own: { engine: spec, superuser: true } });
  for (const schema of schemas) {
    const [verdict, why] = await pulled(site, bench, schema).catch(
      async (error): Promise<[Verdict, string]> => {
        await bench.drop();
        return ["error", error instanceof Error ? error.message : String(error)];
      },
    );
    counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
    if (verdict.startsWith("proven")) continue;
    hasFailed ||= verdict !== "not loaded";
    console.log(`${spec} ${verdict}: ${schema.name}: ${why}`);
  }
  const said = [...counts].map(([verdict, count]) => `${count} ${verdict}`).join(", ");
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  console.log(`${spec}: ${schemas.length} schemas: ${said} (${seconds} s)`);
}
process.exit(hasFailed ? 1 : 0);

/** Both sides of every pair. */
async function corpusOf(engine: Engine): Promise<readonly Schema[]> {
  const rows = await readRows(flags.dir, engine.dialect);
  return rows.flatMap((row) =>
    (["current", "desired"] as const).filter((side) => (row[side] ?? "").trim() !== "").map(
      (side) => ({
        name: `${row.source} ${row.name} ${side}`,
        statements: engine.split(scriptOf(row, side)),
      }),
    )
  );
}

async function historiesOf(engine: Engine): Promise<readonly Schema[]> {
  const manifest = JSON.parse(await readFile(join(flags.histories, "manifest.json"), "utf8"));
  const entries = entriesFor(manifest, { only: "", engine: engine.dialect });
  return await Promise.all(entries.map(async (entry) => {
    const { project, sources } = await historyOf(flags.histories, entry);
    const options = { engine: project.engine, folder: "" };
    const statements = sources.history.migrations.flatMap(({ up }) => statementsOf(up, options));
    return { name: `history ${entry.name}`, statements };
  }));
}

/** What comes of one. */
async function pulled(
  site: Site,
  bench: Bench,
  { statements }: Schema,
): Promise<[Verdict, string]> {
  const { engine } = site;
  const url = await site.fresh("live");
  const refused = await fill(engine, url, statements);
  if (refused !== null) return ["not loaded", refused];
  await using opened = await openLive(await bench.project(), { url, variables: {} });
  const target = await opened.snapshot();
  const project = opened.project;
  const none = { files: [], history: { migrations: [], notes: [] } };
  const needs = engine.plan(engine.empty, target, {
    answers: new Map(),
    renames: [],
    dropAdd: true,
    strictOrder: false,
    deployedVersion: project.version,
  }).statements.map(({ sql }) => `${sql};\n`).join("");
  const server = await bench.server(project, {
    ...none,
    schema: [{ path: "live.sql", text: needs }],
  });
  const { text, isProven, wrong } = await writtenDown(project, server, { target, migrations: [] });
  if (flags.sql) console.log(text);
  if (!isProven) return ["unproven", wrong.join("; ")];
  const first = site.dump("live");
  if (first === null) {
    return [engine.dialect === "postgres" ? "proven without pg_dump" : "proven", ""];
  }
  const again = await fill(engine, await site.fresh("again"), engine.split(text));
  if (again !== null) return ["dump differs", `the file does not load: ${again}`];
  const differing = differences(first, site.dump("again") ?? "");
  return differing === "" ? ["proven", ""] : ["dump differs", differing];
}

/** The first statements that only one dump has. */
function differences(one: string, other: string): string {
  const [a, b] = [partsOf(one), partsOf(other)];
  const only = (some: readonly string[], rest: readonly string[], sign: string) =>
    some.filter((text) => !rest.includes(text)).slice(0, 3).map((text) =>
      `${sign}${text.slice(0, 200)}`
    );
  return [...only(a, b, "- "), ...only(b, a, "+ ")].join("\n  ");
}

/** The statements of a dump, without comments and blank lines. */
function partsOf(dump: string): readonly string[] {
  return dump.replaceAll(/^(?:--.*|\\.*|SET .*|SELECT pg_catalog\.set_config.*)$/gm, "")
    .split(/;\n/).map((text) => text.trim().replaceAll(/\s+/g, " ")).filter((text) => text !== "")
    // The order of options is that in which they were set.
    .map((text) =>
      text.replaceAll(
        /(?<= (?:SET|WITH) \()(?:[^()']|'[^']*')*(?=\))/g,
        (list) => list.split(", ").sort().join(", "),
      )
    );
}
