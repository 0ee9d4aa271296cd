/** How long statements take on tables of a known size. */

import assert from "node:assert/strict";
import test from "node:test";
import { estimateText } from "../../src/core/estimate.ts";
import { SERVERS as MYSQL_SERVERS } from "../mysql/servers.ts";
import { runAim, temporaryFolder } from "../run_aim.ts";
import { SERVERS } from "../runtimes/native_servers.ts";

const STATS = '[tables."t"]\nrows = 40000000\n[tables."small"]\nrows = 10\n';

function project(engine: string, change: string) {
  return {
    "aim.toml": `engine = "${engine}"\nformat = "goose"\nmigrations = "m"\nfail_on = "never"\n`,
    "aim.stats.toml": STATS,
    "m/00001_a.sql":
      "-- +goose Up\nCREATE TABLE t (id int PRIMARY KEY, n int, e varchar(20));\nCREATE TABLE small (id int PRIMARY KEY, n int);\n-- +goose Down\nDROP TABLE t;\nDROP TABLE small;\n",
    "m/00002_b.sql": `-- +goose Up\n${change}\n`,
  };
}

interface Seen {
  readonly work: string;
  readonly rows: number;
  readonly low: number;
  readonly high: number;
  readonly basis: string;
}

async function estimates(
  engine: string,
  change: string,
  args: readonly string[] = [],
): Promise<readonly (readonly Seen[])[]> {
  await using folder = await temporaryFolder(project(engine, change));
  const ran = await runAim(["lint", "--json", ...args], { cwd: folder.path });
  assert.equal(ran.code, 0, ran.stderr);
  const { migrations: [migration] } = JSON.parse(ran.stdout);
  return migration.statements.map((one: { estimates?: readonly Seen[] }) => one.estimates ?? []);
}

const CHANGE =
  "ALTER TABLE t ALTER COLUMN n TYPE bigint;\nALTER TABLE t ADD COLUMN q int;\nALTER TABLE small ALTER COLUMN n TYPE bigint;";

test("what rewrites a table is counted up by its rows, and what does not has no estimate", async () => {
  const [rewrite = [], instant = [], small = []] = await estimates("postgres", CHANGE);
  assert.equal(rewrite[0]?.work, "rewrite");
  assert.equal(rewrite[0]?.rows, 40_000_000);
  assert.ok((rewrite[0]?.low ?? 0) > 2 && (rewrite[0]?.high ?? 0) < 36_000);
  assert.match(rewrite[0]?.basis ?? "", /rows a second at such a rewrite on pglite/);
  assert.deepEqual(instant, []);
  assert.ok((small[0]?.high ?? 1) < 1);
});

for (const version of SERVERS) {
  test(`the statement itself is timed on made rows of Postgres ${version}`, async () => {
    const [rewrite = []] = await estimates(`postgres-${version}`, CHANGE, ["--sample", "20000"]);
    assert.match(rewrite[0]?.basis ?? "", /this statement took \d+\.\d\d s on 20,000 made rows/);
  });
}

for (const { engine, isMissing } of MYSQL_SERVERS) {
  test(`${engine.dialect} is timed as well`, { skip: isMissing }, async () => {
    const change = "ALTER TABLE t MODIFY COLUMN n bigint;";
    const [[rate] = []] = await estimates(engine.dialect, change);
    assert.match(rate?.basis ?? "", /rows a second at such a rewrite/);
    const [[sampled] = []] = await estimates(engine.dialect, change, ["--sample", "20000"]);
    assert.match(sampled?.basis ?? "", /on 20,000 made rows/);
  });
}

test("a stats file that is wrong has its place, and the runbook has the times of one that is right", async () => {
  await using folder = await temporaryFolder(project("postgres", CHANGE));
  const page = await runAim(["runbook"], { cwd: folder.path });
  assert.match(page.stdout, /- Takes .* for 40,000,000 rows of public\.t: /);
  await using wrong = await temporaryFolder({
    ...project("postgres", CHANGE),
    "aim.stats.toml": '[tables."t"]\nrows = "many"\n',
  });
  const ran = await runAim(["lint"], { cwd: wrong.path });
  assert.equal(ran.code, 2);
  assert.match(ran.stderr, /Cannot read aim\.stats\.toml: "t" has no numbers of rows and bytes/);
});

test("times are said in units that people read", () => {
  assert.equal(estimateText({ low: 0.01, high: 0.2 }), "less than a second");
  assert.equal(estimateText({ low: 2, high: 15 }), "2 to 15 seconds");
  assert.equal(estimateText({ low: 360, high: 1200 }), "6 to 20 minutes");
  assert.equal(estimateText({ low: 3600, high: 27000 }), "1 to 7.5 hours");
});

for (const { engine, isMissing } of MYSQL_SERVERS) {
  test(`a large table of ${engine.dialect} that would be copied has tools for it, or why not`, {
    skip: isMissing,
  }, async () => {
    const files = project(engine.dialect, "ALTER TABLE t MODIFY COLUMN e char(30);");
    await using folder = await temporaryFolder(files);
    const { stdout } = await runAim(["runbook"], { cwd: folder.path });
    assert.match(stdout, /--table='t' --alter='MODIFY COLUMN e char\(30\)'/);
    assert.match(stdout, /pt-online-schema-change --alter 'MODIFY COLUMN e char\(30\)'/);
    await using referred = await temporaryFolder({
      ...files,
      "m/00001_a.sql": files["m/00001_a.sql"].replace(
        "CREATE TABLE small (id int PRIMARY KEY, n int);",
        "CREATE TABLE small (id int PRIMARY KEY, n int, FOREIGN KEY (n) REFERENCES t (id));",
      ).replace("DROP TABLE t;\nDROP TABLE small;", "DROP TABLE small;\nDROP TABLE t;"),
    });
    const page = await runAim(["runbook"], { cwd: referred.path });
    assert.match(page.stdout, /gh-ost cannot do it: foreign keys refer to t/);
    assert.match(page.stdout, /--alter-foreign-keys-method=auto/);
  });
}
