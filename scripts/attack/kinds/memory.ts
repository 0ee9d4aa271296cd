/** Statements that take as much memory as they get, on every built-in engine. */

import {
  type EngineCase,
  ENGINES,
  projectWith,
} from "../../../tests/attacks/endless_statements.ts";
import type { Random } from "../../../tests/property/random.ts";
import { runAim, temporaryFolder } from "../../../tests/run_aim.ts";
import type { Attack, AttackSetup } from "../attack.ts";

/** One attack for each engine. */
export const attacks: readonly Attack[] = ENGINES.map((engine) => ({
  name: `a statement without bounds, ${engine.name}`,
  run: (setup) => greedy(engine, setup),
}));

async function greedy(engine: EngineCase, { random }: AttackSetup): Promise<string | null> {
  const sql = engine.engine === "postgres" ? postgres(random) : sqlite(random);
  await using folder = await temporaryFolder(projectWith(engine, sql));
  const limit = random.pick(["256MB", "300MB", "0.4GB"]);
  // A statement that is slow to take memory ends by its time.
  const args = ["diff", "--memory-limit", limit, "--statement-timeout", "120"];
  const { code, stderr } = await runAim(args, { cwd: folder.path });
  if (code !== 2) return `exit ${code} after ${sql}: ${stderr}`;
  return /--> schema\.sql:\d+:/.test(stderr) ? null : `no place is named after ${sql}: ${stderr}`;
}

function postgres(random: Random): string {
  const text = random.pick([
    "repeat(md5(n::text), 100)",
    "repeat('x', 5000) || n",
    "rpad(n::text, 9000)",
  ]);
  const rows = `generate_series(1, ${random.pick(["1000000000", "1e9::bigint"])}) AS n`;
  return random.pick([
    `CREATE TABLE b AS SELECT ${text} AS x FROM ${rows};`,
    `CREATE TABLE b (x text); INSERT INTO b SELECT ${text} FROM ${rows};`,
    `CREATE TEMP TABLE b AS SELECT ${text} AS x FROM ${rows};`,
    `CREATE MATERIALIZED VIEW b AS SELECT ${text} AS x FROM ${rows};`,
    `SELECT string_agg(${text}, '') FROM ${rows};`,
    `SELECT array_agg(${text}) FROM ${rows};`,
    `SELECT jsonb_agg(${text}) FROM ${rows};`,
    `SELECT count(DISTINCT ${text}) FROM ${rows};`,
    `SELECT length(repeat('x', ${random.int(600_000_000, 1_000_000_000)}));`,
    `DO $$ DECLARE x text := 'x'; BEGIN LOOP x := x || x; END LOOP; END $$;`,
    `CREATE TABLE b (x text PRIMARY KEY); INSERT INTO b SELECT md5(n::text) FROM ${rows};`,
  ]);
}

function sqlite(random: Random): string {
  const size = random.int(20_000, 400_000);
  const numbers = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c)";
  const blobs = `WITH RECURSIVE c(n) AS (SELECT zeroblob(${size}) ${
    random.pick(["UNION", "UNION ALL"])
  } SELECT randomblob(${size}) FROM c)`;
  return random.pick([
    `CREATE TABLE b AS ${numbers} SELECT randomblob(${size}) FROM c;`,
    `CREATE TABLE b (z); ${numbers} INSERT INTO b SELECT zeroblob(${size * 50}) FROM c;`,
    `CREATE TEMP TABLE b AS ${numbers} SELECT randomblob(${size}) FROM c;`,
    `CREATE TABLE b AS ${blobs} SELECT count(*) FROM (SELECT n FROM c ORDER BY n DESC);`,
    `CREATE TABLE b AS ${numbers} SELECT group_concat(hex(randomblob(${size}))) FROM c;`,
    `PRAGMA max_page_count = 4294967294; CREATE TABLE b AS ${numbers} SELECT randomblob(${size}) FROM c;`,
    `PRAGMA temp_store = FILE; CREATE TABLE b AS ${blobs} SELECT count(*) FROM (SELECT n FROM c ORDER BY n);`,
    `CREATE TABLE b (z UNIQUE); ${numbers} INSERT INTO b SELECT randomblob(${size}) FROM c;`,
  ]);
}
