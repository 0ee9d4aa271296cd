/** Postgres of this machine: a private server of the wanted version, on a data folder that is thrown away. */

import process from "node:process";
import { DatabaseError } from "../core/error.ts";
import { addBuild } from "./local_postgres/add_build.ts";
import { buildOf } from "./local_postgres/builds.ts";
import { clusterOf } from "./local_postgres/cluster.ts";
import { elevated, isHarmless } from "./local_postgres/elevated.ts";
import {
  findServers,
  type FoundServer,
  hasExtension,
  isTrusted,
  MAJORS,
} from "./local_postgres/find_server.ts";
import { ADMIN_ROLE, SCRIPT_ROLE } from "./local_postgres/roles.ts";
import { PORT, type ServerProcess, startError, startProcess } from "./local_postgres/process.ts";
import { registerStart } from "./leftovers/mod.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { openPostgresServer, type PostgresServerOptions } from "./postgres_server/server.ts";
import type { Runtime, Server, Target } from "./runtime.ts";

/** See the module's comment. */
export const local: Runtime = {
  name: "local",
  needsVersion: true,

  refuses: (target) => Promise.resolve(refusal(target)),

  mends: (target) => Promise.resolve(needsBuild(target) ? addCommand(target) : null),

  offer: (target) => {
    const build = needsBuild(target) && target.version !== null
      ? buildOf(majorOf(target.version))
      : null;
    return Promise.resolve(
      build === null ? null : {
        what: `Postgres ${build.major} (${Math.ceil(build.bytes / 1e6)} MB)`,
        fetch: async (options) =>
          void await addBuild(build, { ...options, variables: process.env }),
      },
    );
  },

  async start(target, { emit, signal, limits = DEFAULT_LIMITS }): Promise<Server> {
    signal.throwIfAborted();
    const server = serverFor(target);
    if (server === null) throw new DatabaseError(refusal(target) ?? "There is no server");
    const cluster = await clusterOf(server, {
      signal,
      making: () =>
        emit({
          type: "note",
          text: `Preparing a cluster of Postgres ${server.version}, which is done once`,
        }),
    });
    const running = startProcess(server, cluster, limits);
    // Ended by who watches over it when this run is killed; by a later one when that, or the machine, was as well.
    const registration = await registerStart({ kind: "server", folder: running.folder });
    const stop = async () => {
      await running.stop();
      await registration.forget();
    };
    try {
      return await connect({ server, running, signal }, {
        runtime: "local",
        address: {
          host: running.folder,
          port: PORT,
          user: ADMIN_ROLE,
          password: cluster.password,
          database: "template1",
          tls: "disable",
        },
        role: { user: SCRIPT_ROLE, password: cluster.password },
        isPrivate: true,
        signal,
        limits,
        ...(target.superuser === true
          ? { prepare: `ALTER ROLE ${SCRIPT_ROLE} SUPERUSER` }
          : { elevated, joinsRoles: true, forbiddenHint: FORBIDDEN }),
        stop,
      });
    } catch (error) {
      await stop();
      throw error;
    }
  },
};

const FORBIDDEN =
  "Scripts run as an owner of the database that is no superuser. If you trust them with this machine, pass --allow-superuser; or prove on the built-in one: --runtime pglite";

function refusal(target: Target): string | null {
  if (target.dialect !== "postgres") return `servers of ${target.dialect} are not started`;
  if (process.platform === "win32") return "servers of this machine are not started on Windows";
  const server = serverFor(target);
  const { version } = target;
  if (server === null) {
    const name = version === null ? "" : ` ${majorOf(version)}`;
    const fetches = isKnown(target) ? `: \`${addCommand(target)}\` fetches it` : "";
    return `there is no Postgres${name} on this machine that can be run${fetches}`;
  }
  const missing = missingIn(server, target);
  const refused = target.superuser === true
    ? []
    : target.needs.filter((name) => !isCreatable(server, name));
  if (missing.length === 0 && refused.length > 0) {
    return `creating ${refused.map((name) => `"${name}"`).join(", ")} takes a superuser there: ` +
      "--allow-superuser lets scripts be one";
  }
  if (missing.length === 0) return null;
  return `its Postgres ${server.version} in ${server.bin} does not have ${
    missing.length > 1 ? "the extensions" : "the extension"
  } ${missing.map((name) => `"${name}"`).join(", ")}`;
}

/** True when nothing is missing but the programs. */
function needsBuild(target: Target): boolean {
  return target.dialect === "postgres" && process.platform !== "win32" && isKnown(target) &&
    serverFor(target) === null;
}

function isKnown({ version }: Target): boolean {
  return version === null || MAJORS.includes(majorOf(version));
}

function addCommand({ version }: Target): string {
  return `aim runtime add postgres-${version === null ? MAJORS[0] : majorOf(version)}`;
}

/** A version that is named is the only one; of several the first that has all extensions. */
function serverFor(target: Target): FoundServer | null {
  const { version } = target;
  const found = findServers(version === null ? MAJORS : [majorOf(version)], process.env);
  let first: FoundServer | null = null;
  for (const server of found) {
    first ??= server;
    if (missingIn(server, target).length === 0) return server;
  }
  return first;
}

function missingIn(server: FoundServer, { needs }: Target): readonly string[] {
  return needs.filter((name) => hasExtension(server, name) === false);
}

/** Whether the scripts' role can create an extension that is there. */
function isCreatable(server: FoundServer, name: string): boolean {
  return isHarmless(name) || isTrusted(server, name) !== false;
}

function majorOf(version: string): number {
  return Number.parseInt(version);
}

/** Tries until the server takes sessions, or has ended. */
async function connect(
  { server, running, signal }: {
    readonly server: FoundServer;
    readonly running: ServerProcess;
    readonly signal: AbortSignal;
  },
  options: PostgresServerOptions,
): Promise<Server> {
  const deadline = Date.now() + START_TIMEOUT;
  for (;;) {
    signal.throwIfAborted();
    const failure = running.failure();
    if (failure !== null) throw startError(server, failure);
    try {
      return await openPostgresServer(options);
    } catch (error) {
      const isEarly = error instanceof DatabaseError && EARLY.has(error.code);
      if (!isEarly || Date.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, BETWEEN));
  }
}

/** What a server says, or does not, before it is ready. */
const EARLY: ReadonlySet<string> = new Set(["08006", "57P03"]);

/** Milliseconds. */
const START_TIMEOUT = 30_000;
const BETWEEN = 4;
