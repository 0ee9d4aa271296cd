/**
 * Measures `aim pull` of a database of 500 tables on a server of this machine, over lines of different lengths.
 *
 *     deno run -A bench/pull_time.ts DIALECT-VERSION... [--program PATH] [--tables N] [--runs N] [--lines 1,50]
 *
 * `postgres-15` means a server of this machine (AIM_SERVERS). Prints a row for each line: wall time and processor time of aim itself,
 * the middle of the runs after one that is not counted.
 */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ENGINES } from "../src/engines/all.ts";
import { fill, startSite } from "../scripts/pull/site.ts";
import { openLine } from "./line.ts";
import { measure } from "./measure.ts";
import { liveSchema } from "./live_schema.ts";

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    program: { type: "string", default: fileURLToPath(new URL("../dist/aim", import.meta.url)) },
    tables: { type: "string", default: "500" },
    runs: { type: "string", default: "5" },
    lines: { type: "string", default: "1,50" },
  },
});

console.log("| server | round trip, ms | pull, ms | of it aim's processor time, ms | MB |");
console.log("| --- | ---: | ---: | ---: | ---: |");
for (const spec of positionals) await measureOn(spec);
process.exit(0);

async function measureOn(spec: string): Promise<void> {
  const [dialect = "", version = ""] = spec.split("-");
  const engine = ENGINES.find((one) => one.dialect === dialect);
  if (engine === undefined) throw new Error(`There is no engine ${dialect}`);
  await using site = await startSite(engine, version);
  const url = await site.fresh("shop");
  const schema = engine.split(liveSchema(dialect, Number(flags.tables)));
  const refused = await fill(engine, url, schema);
  if (refused !== null) throw new Error(refused);
  const folder = await mkdtemp(join(tmpdir(), "aim-bench-"));
  try {
    await writeFile(join(folder, "aim.toml"), `engine = "${dialect}"\n`);
    for (const ms of flags.lines.split(",").map(Number)) {
      await using line = await openLine(Number(new URL(url).port), ms);
      const through = new URL(url);
      through.port = String(line.port);
      const cost = await measure([flags.program, "pull", "--force"], {
        folder,
        runs: Number(flags.runs),
        longest: Infinity,
        variables: { AIM_DATABASE_URL: through.href },
      });
      if (cost.exitCode !== 0) throw new Error(`aim pull of ${spec} ended with ${cost.exitCode}`);
      const cells = [spec, ms, Math.round(cost.ms), Math.round(cost.cpuMs ?? 0), cost.megabytes];
      console.log(`| ${cells.join(" | ")} |`);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}
