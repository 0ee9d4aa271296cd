/** The initialised cluster that every private server begins with a copy of: made once for each version, and kept. */

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { SetupError } from "../../core/error.ts";
import { makeSharedFolder } from "../../host/shared_folder.ts";
import { quoteName, quoteText } from "../postgres_server/administration.ts";
import type { FoundServer } from "./find_server.ts";
import { ADMIN_ROLE, SCRIPT_ROLE } from "./roles.ts";
import { asUnprivileged, unprivilegedUser } from "./unprivileged.ts";

/** An initialised cluster and how its roles log in. */
export interface Cluster {
  /** The data folder; nobody runs a server on it, copies are made. */
  readonly data: string;
  /** Of both roles. */
  readonly password: string;
}

/**
 * The cluster of a version; `making` is called before it is made, which takes about a second. Safe when several processes do it at
 * once. Throws SetupError, with what `initdb` said, when it cannot be made.
 */
export async function clusterOf(
  server: FoundServer,
  { signal, making }: { readonly signal: AbortSignal; making(): void },
): Promise<Cluster> {
  if (!existsSync(join(server.cluster, "version"))) {
    making();
    await make(server, signal);
  }
  const password = (await readFile(join(server.cluster, "password"), "utf8")).trim();
  return { data: join(server.cluster, "data"), password };
}

/** Made beside its place and moved there: what is there is whole. */
async function make(server: FoundServer, signal: AbortSignal): Promise<void> {
  const folder = dirname(server.cluster);
  await makeSharedFolder(folder);
  await removeAbandoned(folder);
  const made = await mkdtemp(join(folder, MAKING));
  try {
    own(made);
    await fill(made, server, signal);
    await rename(made, server.cluster);
  } catch (error) {
    // Another process was quicker.
    if (!existsSync(join(server.cluster, "version"))) throw error;
  } finally {
    await rm(made, { recursive: true, force: true });
  }
}

const MAKING = ".making-";

/** A run that was killed cannot remove what it began. */
async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(MAKING)) continue;
    const path = join(folder, name);
    const age = Date.now() - (await stat(path).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs;
    if (age > ABANDONED) await rm(path, { recursive: true, force: true });
  }
}

/** Milliseconds after which nobody makes a cluster any more. */
const ABANDONED = 600_000;

async function fill(made: string, server: FoundServer, signal: AbortSignal): Promise<void> {
  const password = randomBytes(18).toString("hex");
  const secret = join(made, "password");
  await writeFile(secret, `${password}\n`, { mode: 0o600 });
  own(secret);
  const major = Number.parseInt(server.version);
  await run(signal, [
    join(server.bin, "initdb"),
    ...["-D", join(made, "data"), "-U", ADMIN_ROLE, "-A", "scram-sha-256"],
    ...[`--pwfile=${secret}`, "-E", "UTF8", "--no-locale", "-N", "--wal-segsize=1"],
    // Password checks take most of the time of a login otherwise: nobody else reaches the server.
    ...(major >= 16 ? ["-c", "scram_iterations=1"] : []),
  ]);
  for (const database of ["template0", "template1", "postgres"]) {
    await run(
      signal,
      [
        join(server.bin, "postgres"),
        ...["--single", "-j", "-F", "-D", join(made, "data"), database],
      ],
      setupSql(database, { major, password }),
    );
  }
  await writeFile(join(made, "version"), `${server.version}\n`);
}

/**
 * The role of scripts can do what an owner of databases can do on a hosted server, and nothing that reaches out of this one. Up to
 * Postgres 15 it could make itself a member of the roles that read files and start programs: as superusers they are beyond it.
 */
function setupSql(
  database: string,
  { major, password }: { readonly major: number; readonly password: string },
): string {
  const role = quoteName(SCRIPT_ROLE);
  const memberships = [
    "pg_monitor",
    "pg_signal_backend",
    ...(major >= 14 ? ["pg_read_all_data", "pg_write_all_data"] : []),
    ...(major >= 15 ? ["pg_checkpoint"] : []),
    ...(major >= 16 ? ["pg_create_subscription"] : []),
    ...(major >= 17 ? ["pg_maintain"] : []),
  ];
  const shared = database !== "postgres" ? [] : [
    `GRANT ${memberships.join(", ")} TO ${role}`,
    `UPDATE pg_authid SET rolsuper = true WHERE rolname IN (${OUTWARD.map(quoteText).join(", ")})`,
    `ALTER DATABASE postgres OWNER TO ${role}`,
  ];
  const first = database !== "template0" ? [] : [
    `CREATE ROLE ${role} LOGIN CREATEDB CREATEROLE BYPASSRLS REPLICATION PASSWORD ${
      quoteText(password)
    }`,
  ];
  const own = [
    `GRANT SELECT ON pg_authid TO ${role}`,
    // Dumps comment on it.
    `UPDATE pg_extension SET extowner = ${quoteText(SCRIPT_ROLE)}::regrole`,
    `ALTER LANGUAGE plpgsql OWNER TO ${role}`,
    ...(major >= 15 ? [] : [`ALTER SCHEMA public OWNER TO ${role}`]),
  ];
  return [...first, ...own, ...shared].map((sql) => `${sql};\n\n`).join("");
}

/** Members of these reach the machine. */
const OUTWARD = ["pg_execute_server_program", "pg_read_server_files", "pg_write_server_files"];

/** Runs a program as the user of servers; throws SetupError with what it said when it fails. */
function run(signal: AbortSignal, command: readonly string[], input = ""): Promise<void> {
  const [program = ""] = command;
  return new Promise((resolve, reject) => {
    const child = spawn("sh", ["-c", 'exec "$0" "$@"', ...command], {
      ...asUnprivileged(),
      cwd: "/",
      signal,
      env: { LC_ALL: "C", TZ: "UTC", PATH: "/usr/bin:/bin" },
    });
    let said = "";
    const hear = (bytes: Uint8Array) => {
      said = (said + new TextDecoder().decode(bytes)).slice(-MOST_SAID);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0 && !/\b(?:ERROR|FATAL|PANIC):/.test(said)) return resolve();
      reject(
        new SetupError(`Cannot prepare a cluster with ${program}: ${said.trim() || code}`, {
          code: "no-runtime",
          hint: "Check that the programs of this server are whole",
        }),
      );
    });
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}

const MOST_SAID = 4000;

function own(path: string): void {
  const user = unprivilegedUser();
  if (user !== null) chownSync(path, user.uid, user.gid);
}
