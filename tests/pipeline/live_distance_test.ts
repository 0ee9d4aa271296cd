/** How often a live database is waited for: a server far away answers each round trip late. */

import assert from "node:assert/strict";
import test from "node:test";
import { Administration } from "../../src/runtimes/postgres_server/administration.ts";
import { findPrograms } from "../../src/runtimes/mysql_server/program.ts";
import { PASSWORD, startRemote } from "../mysql/remote_server.ts";
import { runAim, serverFolders, temporaryFolder } from "../run_aim.ts";
import { NEEDS_SERVER, SERVERS, startListening } from "../runtimes/native_servers.ts";
import { openDistance } from "./distance.ts";

/** The more tables there are, the more statements a reader could send one by one. */
const TABLES = 120;
const SCHEMA = Array.from(
  { length: TABLES },
  (_, at) =>
    `CREATE TABLE t${at} (id int PRIMARY KEY, name varchar(100) NOT NULL);
CREATE VIEW v${at} AS SELECT name FROM t${at};`,
).join("\n");

/** At 50 ms each, they leave most of four seconds to the work itself. */
const MOST_TRIPS = 40;

/** Pulls through a long way, and gives how often it was waited for. */
async function tripsOf(engine: string, to: number, url: (port: number) => string): Promise<number> {
  await using way = await openDistance(to, 1);
  await using folder = await temporaryFolder({ "aim.toml": `engine = "${engine}"\n` });
  const pulled = await runAim(["pull", "-o", "-"], {
    cwd: folder.path,
    variables: { ...serverFolders(), AIM_DATABASE_URL: url(way.port) },
  });
  assert.equal(pulled.code, 0, pulled.stderr);
  assert.equal(pulled.stdout.match(/CREATE TABLE/g)?.length, TABLES);
  assert.equal(pulled.stdout.match(/CREATE VIEW/g)?.length, TABLES);
  return way.trips();
}

test(
  "a pull from Postgres waits for few answers, however many tables there are",
  NEEDS_SERVER,
  async () => {
    await using server = await startListening(SERVERS[0] ?? "", {
      rules: ["host all all 127.0.0.1/32 trust"],
    });
    const { address } = server;
    const { signal } = new AbortController();
    const admin = await Administration.connect(address, signal);
    await admin.exec("CREATE DATABASE shop TEMPLATE template0");
    await admin.end();
    const shop = await Administration.connect({ ...address, database: "shop" }, signal);
    await shop.exec(SCHEMA);
    await shop.end();
    const trips = await tripsOf(
      "postgres",
      address.port,
      (port) => `postgres://${address.user}@127.0.0.1:${port}/shop?sslmode=disable`,
    );
    assert.ok(trips < MOST_TRIPS, `${trips}`);
  },
);

for (const program of await findPrograms()) {
  const { family } = program;
  test(`a pull from ${family} waits for few answers, however many tables there are`, async () => {
    await using server = await startRemote(program, { tls: false });
    await server.admin.run(`CREATE DATABASE shop; USE shop; ${SCHEMA}`);
    const trips = await tripsOf(
      family,
      server.port,
      (port) => `mysql://wide:${PASSWORD}@127.0.0.1:${port}/shop?ssl-mode=DISABLED`,
    );
    assert.ok(trips < MOST_TRIPS, `${trips}`);
  });
}
