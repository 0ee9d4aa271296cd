/**
 * Measures `aim pull` of a database of 500 tables on a server of this machine, over ways of different lengths.
 *
 *     deno run -A bench/pull_time.ts DIALECT-VERSION... [--program PATH] [--tables N] [--runs N] [--ways 1,25]
 *
 * `postgres-15` means a server of this machine (AIM_SERVERS). `--ways` are milliseconds in each direction. Prints a row for each: wall
 * time and processor time of aim itself, the middle of the runs after one that is not counted.
 */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ENGINES } from "../src/engines/all.ts";
import { fill, startSite } from "../scripts/pull/site.ts";
import { openDistance } from "../tests/pipeline/distance.ts";
import { measure } from "./measure.ts";
import { liveSchema } from "./live_schema.ts";

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    program: { type: "string", default: fileURLToPath(new URL("../dist/aim", import.meta.url)) },
    tables: { type: "string", default: "500" },
    runs: { type: "string", default: "5" },
    ways: { type: "string", default: "1,25" },
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
    for (const ms of flags.ways.split(",").map(Number)) {
      await using way = await openDistance(Number(new URL(url).port), ms);
      const through = new URL(url);
      through.port = String(way.port);
      const cost = await measure([flags.program, "pull", "--force"], {
        folder,
        runs: Number(flags.runs),
        longest: Infinity,
        variables: { AIM_DATABASE_URL: through.href },
      });
      if (cost.exitCode !== 0) throw new Error(`aim pull of ${spec} ended with ${cost.exitCode}`);
      const cells = [
        spec,
        2 * ms,
        Math.round(cost.ms),
        Math.round(cost.cpuMs ?? 0),
        cost.megabytes,
      ];
      console.log(`| ${cells.join(" | ")} |`);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}
