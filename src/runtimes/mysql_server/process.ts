/** A server as a process of its own, which does not outlive aim, however aim ends. */

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { SetupError } from "../../core/error.ts";
import type { Owner } from "./folders.ts";
import type { ServerProgram } from "./program.ts";

/** What a server is started with. */
export interface ProcessOptions {
  readonly program: ServerProgram;
  /** Its own folder: data in `data`, the socket `s`, temporary files in `tmp`. */
  readonly folder: string;
  /** The folder that is removed when aim dies. */
  readonly home: string;
  readonly owner: Owner | null;
  /** Further arguments. */
  readonly more?: readonly string[];
}

/**
 * Waits for the end of its input, which comes when aim ends or dies, and kills what it has become; a line says that there is nothing
 * to kill any more. The files that a server may write have a bound as well, in blocks of 512 bytes.
 */
const GUARD = `
exec 3<&0
watched=$$
folder=$1
shift
(
  if read -r _ <&3; then exit 0; fi
  kill -9 "$watched" 2>/dev/null
  sleep 1
  rm -rf "$folder"
) </dev/null >/dev/null 2>&1 &
ulimit -f 4194304 2>/dev/null
exec "$@" 3<&- </dev/null`;

/** See the module's comment. */
export class ServerProcess {
  readonly folder: string;
  readonly #child: ChildProcess;
  readonly #exit: Promise<void>;
  #isOver = false;
  #failure: Error | null = null;

  /** Starts it; `ready` tells when it listens. */
  constructor({ program, folder, home, owner, more = [] }: ProcessOptions) {
    this.folder = folder;
    const flags = [...flagsFor(program, folder, owner), ...more];
    this.#child = spawn("sh", ["-c", GUARD, "sh", home, program.path, ...flags], {
      stdio: ["pipe", "ignore", "ignore"],
      cwd: "/",
      env: { PATH: "/usr/bin:/bin:/usr/sbin:/sbin", TMPDIR: folder, TZ: "UTC" },
      detached: true,
    });
    this.#child.stdin?.on("error", () => {});
    this.#exit = new Promise((resolve) => {
      const over = () => {
        this.#isOver = true;
        resolve();
      };
      this.#child.once("error", (error) => {
        this.#failure = error;
        over();
      });
      this.#child.once("exit", over);
    });
    this.#child.unref();
  }

  /** The path of its socket. */
  get socket(): string {
    return join(this.folder, SOCKET);
  }

  /** The number of the process. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** True when the process has ended. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Resolves when it listens. Throws SetupError with the server's own words when it ends instead. */
  async ready(signal: AbortSignal): Promise<void> {
    for (const begun = performance.now(); !existsSync(this.socket);) {
      signal.throwIfAborted();
      if (this.#isOver) throw await this.#startError("it ended");
      if (performance.now() - begun > START_TIMEOUT) {
        await this.kill();
        throw await this.#startError("it does not listen");
      }
      await new Promise((resolve) => setTimeout(resolve, 4));
    }
  }

  /** Waits until it has ended by itself. */
  async ended(): Promise<void> {
    await this.#exit;
  }

  /** Ends it at once. What it holds is brought in order by its next start; where nothing is to follow, the guard removes all. */
  async kill({ isLast = false }: { readonly isLast?: boolean } = {}): Promise<void> {
    if (this.#isOver) return;
    this.#child.ref();
    const { stdin } = this.#child;
    if (stdin !== null && !isLast) {
      await new Promise<void>((resolve) => stdin.end("over\n", () => resolve()));
    }
    this.#child.kill("SIGKILL");
    await this.#exit;
  }

  /** What the server wrote into its log last. */
  async lastWords(): Promise<string> {
    if (this.#failure !== null) return this.#failure.message;
    const log = await readFile(join(this.folder, LOG), "utf8").catch(() => "");
    const errors = log.split("\n").filter((line) => /\[ERROR\]/.test(line));
    return errors.slice(-2).map((line) => line.replace(/^.*\[ERROR\]\s*(?:\[[^\]]*\]\s*)*/, ""))
      .join("; ");
  }

  async #startError(what: string): Promise<SetupError> {
    const words = await this.lastWords();
    return new SetupError(`Cannot start the database server: ${words === "" ? what : words}`, {
      code: "server-start",
      hint: "Another server can be given with AIM_SERVERS, a list of folders",
    });
  }
}

const SOCKET = "s";
const LOG = "log";

/** Milliseconds until a server must listen. */
const START_TIMEOUT = 120_000;

/** What is the same on every machine, whatever is installed there; and what an untrusted schema is not to have. */
function flagsFor(
  { family }: ServerProgram,
  folder: string,
  owner: Owner | null,
): readonly string[] {
  return [
    "--no-defaults",
    `--datadir=${join(folder, "data")}`,
    `--tmpdir=${join(folder, "tmp")}`,
    `--socket=${join(folder, SOCKET)}`,
    `--pid-file=${join(folder, "pid")}`,
    `--log-error=${join(folder, LOG)}`,
    ...owner === null ? [] : [`--user=${owner.name}`],
    "--skip-networking",
    "--skip-name-resolve",
    "--skip-log-bin",
    "--character-set-server=utf8mb4",
    "--default-time-zone=+00:00",
    "--event-scheduler=OFF",
    "--local-infile=OFF",
    "--skip-symbolic-links",
    "--performance-schema=OFF",
    "--max-allowed-packet=64M",
    "--max-connections=20",
    "--innodb-doublewrite=OFF",
    "--innodb-flush-log-at-trx-commit=2",
    "--innodb-flush-method=nosync",
    "--innodb-buffer-pool-size=32M",
    "--innodb-lock-wait-timeout=5",
    "--lock-wait-timeout=10",
    ...FAMILY_FLAGS[family](folder),
  ];
}

const FAMILY_FLAGS: Readonly<
  Record<ServerProgram["family"], (folder: string) => readonly string[]>
> = {
  mysql: () => [
    "--secure-file-priv=NULL",
    "--innodb-redo-log-capacity=8M",
    "--loose-mysqlx=OFF",
    "--loose-auto-generate-certs=OFF",
    "--loose-sha256-password-auto-generate-rsa-keys=OFF",
    "--loose-caching-sha2-password-auto-generate-rsa-keys=OFF",
    "--loose-admin-ssl=OFF",
  ],
  mariadb: (folder) => [
    `--secure-file-priv=${join(folder, "tmp")}`,
    "--innodb-log-file-size=4M",
    "--loose-innodb-buffer-pool-dump-at-shutdown=OFF",
    "--loose-innodb-buffer-pool-load-at-startup=OFF",
    "--loose-skip-ssl",
    "--loose-aria-log-file-size=8M",
    "--sysdate-is-now",
  ],
};
