/** A private server process: on a copy of a cluster, in a folder that only its user can enter, gone when aim is gone. */

import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, chownSync, constants, mkdtempSync, readFileSync, statfsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SetupError } from "../../core/error.ts";
import type { Cluster } from "./cluster.ts";
import type { FoundServer } from "./find_server.ts";
import { asUnprivileged, unprivilegedUser } from "./unprivileged.ts";

/** A server that was started. */
export interface ServerProcess {
  /** Folder of its socket. */
  readonly folder: string;
  /** Why it ended, in the server's own words; null while it runs. */
  failure(): string | null;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** Starts a server; it takes sessions some time later. */
export function startProcess(
  server: FoundServer,
  cluster: Cluster,
  limits: { readonly memory: number },
): ServerProcess {
  const folder = mkdtempSync(join(placeFor(limits.memory), "aim-"));
  const user = unprivilegedUser();
  if (user !== null) chownSync(folder, user.uid, user.gid);
  const child = spawn("sh", [
    "-c",
    SCRIPT,
    join(server.bin, "postgres"),
    cluster.data,
    folder,
    ...settingsFor(server, folder, limits),
  ], {
    ...asUnprivileged(),
    cwd: "/",
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    env: { LC_ALL: "C", TZ: "UTC", PATH: "/usr/bin:/bin" },
  });
  return new RunningProcess(child, folder);
}

/**
 * Copies the cluster and becomes the server. The shell beside it waits for the end of its input, which comes when aim closes it or
 * is gone in whatever way, ends the server and removes the folder.
 */
const SCRIPT = `
data=$1 folder=$2
shift 2
umask 077
exec 3<&0 </dev/null
(
  trap '' INT TERM HUP
  read -r _ <&3
  while [ -d "$folder" ]; do
    kill -QUIT $$ 2>/dev/null
    rm -rf "$folder" 2>/dev/null
  done
) &
exec 3<&-
cp -R "$data" "$folder/data" 2>"$folder/log" || exit 1
exec "$0" -D "$folder/data" "$@" 2>>"$folder/log"
`;

class RunningProcess implements ServerProcess {
  readonly folder: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #failure: string | null = null;

  constructor(child: ChildProcess, folder: string) {
    this.#child = child;
    this.folder = folder;
    this.#ended = new Promise((resolve) => {
      child.on("error", (error) => {
        this.#failure = error.message;
        resolve();
      });
      child.on("exit", (code, signal) => {
        this.#failure = this.#log() ?? `it ended with ${signal ?? `code ${code}`}`;
        resolve();
      });
    });
    child.stdin?.on("error", () => {});
  }

  failure(): string | null {
    return this.#failure;
  }

  async stop(): Promise<void> {
    this.#child.stdin?.end();
    await this.#ended;
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  #log(): string | null {
    try {
      const lines = readFileSync(join(this.folder, "log"), "utf8").split("\n");
      return lines.findLast((line) => /FATAL|PANIC|cannot|error/i.test(line)) ?? null;
    } catch {
      return null;
    }
  }
}

/** In memory where there is room for it. */
function placeFor(memory: number): string {
  const shared = "/dev/shm";
  try {
    accessSync(shared, constants.W_OK);
    const { bavail, bsize } = statfsSync(shared);
    if (bavail * bsize > Math.min(memory, ROOM)) return shared;
  } catch {
    // There is none.
  }
  const usual = tmpdir();
  // The path of a socket has at most some hundred bytes.
  return usual.length > 60 || unprivilegedUser() !== null ? "/tmp" : usual;
}

/** Bytes that a few databases take. */
const ROOM = 512 * 1024 ** 2;

/** Nobody recovers a scratch server, and nothing but scripts runs on it. */
function settingsFor(
  { version }: FoundServer,
  folder: string,
  { memory }: { readonly memory: number },
): string[] {
  const major = Number.parseInt(version);
  return [
    `unix_socket_directories=${folder}`,
    "unix_socket_permissions=0700",
    "listen_addresses=",
    `port=${PORT}`,
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "autovacuum=off",
    "shared_buffers=16MB",
    "max_connections=20",
    // A schema of thousands of tables is made, and dropped, in one transaction.
    "max_locks_per_transaction=2048",
    "max_worker_processes=0",
    "max_logical_replication_workers=0",
    "max_parallel_workers_per_gather=0",
    "jit=off",
    "dynamic_shared_memory_type=mmap",
    "update_process_title=off",
    "log_min_messages=fatal",
    "logging_collector=off",
    "timezone=UTC",
    `temp_file_limit=${Math.ceil(memory / 1024)}`,
    ...(major >= 18 ? ["io_method=sync"] : []),
  ].flatMap((setting) => ["-c", setting]);
}

/** A part of the socket's name. */
export const PORT = 5432;

/** The error for a server that ended before it took a session. */
export function startError(server: FoundServer, failure: string): SetupError {
  return new SetupError(`Cannot start Postgres ${server.version} in ${server.bin}: ${failure}`, {
    code: "no-runtime",
    hint: "Check that the programs of this server are whole, or use another runtime",
  });
}
