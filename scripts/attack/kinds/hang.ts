/** Statements that never end, in schemas and migrations, on every built-in engine. */

import {
  ENDLESS,
  type EngineCase,
  ENGINES,
  projectWith,
  signalled,
} from "../../../tests/attacks/endless_statements.ts";
import type { Random } from "../../../tests/property/random.ts";
import { runAim, temporaryFolder } from "../../../tests/run_aim.ts";
import type { Attack, AttackSetup } from "../attack.ts";

/** One attack for each engine and each way to reach it. */
export const attacks: readonly Attack[] = ENGINES.flatMap((engine) => [
  {
    name: `an endless statement in a schema, ${engine.name}`,
    run: (setup) => schema(engine, setup),
  },
  {
    name: `an endless statement in a migration, ${engine.name}`,
    run: (setup) => history(engine, setup),
  },
  {
    name: `an endless statement and a signal, ${engine.name}`,
    run: (setup) => signal(engine, setup),
  },
]);

async function schema(engine: EngineCase, setup: AttackSetup): Promise<string | null> {
  const sql = many(setup.random, endless(engine, setup));
  await using folder = await temporaryFolder(projectWith(engine, sql));
  return judged(
    await runAim(["diff", "--statement-timeout", timeout(setup)], { cwd: folder.path }),
  );
}

async function history(engine: EngineCase, setup: AttackSetup): Promise<string | null> {
  const sql = many(setup.random, endless(engine, setup));
  await using folder = await temporaryFolder({
    ...projectWith(engine, ""),
    "migrations/000001_a.up.sql": `CREATE TABLE a (id int);\n${sql}\n`,
    "migrations/000001_a.down.sql": "DROP TABLE a;\n",
  });
  return judged(
    await runAim(["diff", "--statement-timeout", timeout(setup)], { cwd: folder.path }),
  );
}

async function signal(engine: EngineCase, setup: AttackSetup): Promise<string | null> {
  const [name, wanted] = setup.random.pick(
    [
      ["SIGINT", 130],
      ["SIGTERM", 143],
      ["SIGHUP", 129],
    ] as const,
  );
  await using folder = await temporaryFolder(projectWith(engine, endless(engine, setup)));
  const { code, said } = await signalled(["diff", "-v", "--statement-timeout", "0"], {
    cwd: folder.path,
    after: /CREATE TABLE a/,
    signal: name,
  });
  return code === wanted ? null : `${name} ended it with ${code}: ${said}`;
}

/** Round 0 takes the first statement as it is; later ones another, nested and renamed. */
function endless(engine: EngineCase, { random, round }: AttackSetup): string {
  const all = Object.entries(ENDLESS[engine.engine])
    .filter(([name]) => !(engine.name === "node:sqlite" && name === "rows that nobody reads"))
    .map(([, sql]) => sql);
  const sql = round === 0 ? all[0] ?? "" : random.pick(all);
  const made = engine.engine === "postgres" ? variantOfPostgres(random) : variantOfSqlite(random);
  return round > 0 && random.chance(0.6) ? made : sql;
}

function variantOfPostgres(random: Random): string {
  const depth = random.int(1, 4);
  let body = random.pick(["NULL;", "PERFORM pg_sleep(1000);", "PERFORM count(*) FROM pg_class;"]);
  for (let at = 0; at < depth; at++) {
    const caught = random.pick(["query_canceled", "OTHERS", "assert_failure"]);
    body = random.chance(0.5)
      ? `LOOP ${body} END LOOP;`
      : `LOOP BEGIN LOOP ${body} END LOOP; EXCEPTION WHEN ${caught} THEN NULL; END; END LOOP;`;
  }
  const block = `BEGIN ${body} END`;
  if (random.chance(0.5)) return `DO $$ ${block} $$;`;
  const type = random.pick(["FUNCTION f() RETURNS int", "FUNCTION f() RETURNS text"]);
  const call = random.pick([
    "SELECT f();",
    "CREATE TABLE b AS SELECT f();",
    "CREATE TABLE b (x int); INSERT INTO b SELECT 1 WHERE f() IS NULL;",
    "CREATE TABLE b (x int); INSERT INTO b VALUES (1); CREATE INDEX ON b ((f()));",
  ]);
  return `CREATE ${type} LANGUAGE plpgsql IMMUTABLE AS $$ ${block} $$;\n${call}`;
}

function variantOfSqlite(random: Random): string {
  const step = random.pick(["(n + 1) % 7", "n", "n || ''", "abs(n)"]);
  const cte = `WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT ${step} FROM c)`;
  return random.pick([
    `CREATE TABLE b AS ${cte} SELECT max(n) FROM c;`,
    `CREATE TABLE b (n); ${cte} INSERT INTO b SELECT count(*) FROM c;`,
    `CREATE TABLE b (n); INSERT INTO b VALUES (1); UPDATE b SET n = (${cte} SELECT sum(n) FROM c);`,
    `CREATE TABLE b (n); INSERT INTO b VALUES (1); DELETE FROM b WHERE n IN (${cte} SELECT -n FROM c);`,
    `CREATE VIEW v AS ${cte} SELECT n FROM c; CREATE TABLE b AS SELECT count(*) AS n FROM v;`,
  ]);
}

/** Sometimes among so many statements that aim sends them together. */
function many(random: Random, sql: string): string {
  if (random.chance(0.5)) return sql;
  const tables = Array.from({ length: 60 }, (_, at) => `CREATE TABLE t${at} (id int);`);
  return [...tables.slice(0, 30), sql, ...tables.slice(30)].join("\n");
}

function timeout({ random }: AttackSetup): string {
  return random.pick(["300ms", "1", "1s", "0.01min"]);
}

function judged({ code, stderr }: { readonly code: number | null; readonly stderr: string }) {
  if (code !== 2) return `exit ${code}: ${stderr}`;
  if (!/--> \S+\.sql:\d+:/.test(stderr)) return `no place is named: ${stderr}`;
  return /statement.timeout/.test(stderr) ? null : `the setting is not named: ${stderr}`;
}
