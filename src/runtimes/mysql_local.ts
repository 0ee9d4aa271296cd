/** MySQL and MariaDB by a server program of this machine, started for the occasion on a folder of its own. */

import { platform } from "node:os";
import process from "node:process";
import { SetupError } from "../core/error.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import { MysqlDatabase, MysqlServerState } from "./mysql_server/database.ts";
import { removeTree, scratchFolder, serverOwner } from "./mysql_server/folders.ts";
import { addMariadb } from "./mysql_server/add_server.ts";
import { type MariadbBuild, mariadbBuilds } from "./mysql_server/builds.ts";
import { hasData } from "./mysql_server/initialize.ts";
import { findPrograms, forgetPrograms, type ServerProgram } from "./mysql_server/program.ts";
import type { Runtime, ScratchDatabase, Server, StartOptions, Target } from "./runtime.ts";
import { isOf } from "./version.ts";

/** The servers that are found on this machine. */
export const mysqlLocal: Runtime = {
  name: "local",

  async refuses(target: Target): Promise<string | null> {
    if (platform() === "win32") return "servers of MySQL and MariaDB are not started on Windows";
    const programs = await programsOf(target.dialect);
    if (programs.length === 0) {
      return `there is no ${
        PROGRAM[target.dialect] ?? target.dialect
      } on PATH, in the usual folders or in AIM_SERVERS${fetching(target)}`;
    }
    if (serving(programs, target) !== null) return null;
    const versions = programs.map(({ version }) => version).join(", ");
    return `there is ${target.dialect} ${versions} on this machine, not ${target.version}${
      fetching(target)
    }`;
  },

  mends: (target) => {
    const build = buildFor(target);
    return Promise.resolve(build === null ? null : `aim runtime add ${build.name}`);
  },

  offer: (target) => {
    const build = buildFor(target);
    return Promise.resolve(
      build === null ? null : {
        what: `MariaDB ${build.version} (${Math.ceil(build.bytes / 1e6)} MB)`,
        fetch: async (options) => {
          await addMariadb(build, { ...options, variables: process.env });
          forgetPrograms();
        },
      },
    );
  },

  async start(target, { signal, limits = DEFAULT_LIMITS }: StartOptions): Promise<Server> {
    signal.throwIfAborted();
    const program = serving(await programsOf(target.dialect), target);
    if (program === null) {
      throw new SetupError(`Cannot find a server of ${target.dialect}`, { code: "no-runtime" });
    }
    const begun = ahead;
    ahead = null;
    const isSame = begun?.program.path === program.path && begun.signal === signal &&
      begun.limits.memory === limits.memory &&
      begun.limits.statementTimeout === limits.statementTimeout;
    const state = begun !== null && isSame
      ? await begun.state
      : await startState(program, limits, signal);
    return new LocalServer(program, state);
  },

  prepare({ target, signal, limits = DEFAULT_LIMITS }): void {
    programsOf(target.dialect).then(async (programs) => {
      const program = serving(programs, target);
      // Making the data of a new server takes seconds, which are spent when they must be.
      if (program === null || !await hasData(program) || ahead !== null) return;
      const state = startState(program, limits, signal);
      // Who starts it hears of it.
      state.catch(() => {});
      ahead = { program, limits, signal, state };
    }, () => {});
  },
};

/** A server that was begun before it was certain that it is wanted; the guard ends it with the process. */
interface Ahead {
  readonly program: ServerProgram;
  readonly limits: Limits;
  readonly signal: AbortSignal;
  readonly state: Promise<MysqlServerState>;
}

let ahead: Ahead | null = null;

/** Removes a folder into which threads of the runtime may still be copying; the exit code is not to suffer from it. */
function removeAtExit(folder: string): void {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let turn = 0; turn < 20; turn++) {
    try {
      return removeTree(folder);
    } catch {
      Atomics.wait(pause, 0, 0, 25);
    }
  }
}

async function startState(
  program: ServerProgram,
  limits: Limits,
  signal: AbortSignal,
): Promise<MysqlServerState> {
  const owner = await serverOwner();
  const home = await scratchFolder(owner);
  const state = new MysqlServerState({ program, owner, limits, signal, home });
  // Until there is a process, nobody else would remove the folder.
  const onExit = () => removeAtExit(home);
  process.once("exit", onExit);
  try {
    await state.start(null);
  } catch (error) {
    removeTree(home);
    throw error;
  } finally {
    process.off("exit", onExit);
  }
  return state;
}

/** What can be fetched for a target; null for nothing. */
function buildFor({ dialect, version }: Target): MariadbBuild | null {
  if (dialect !== "mariadb") return null;
  return mariadbBuilds().find((build) => version === null || isOf(build.version, version)) ?? null;
}

/** The end of a refusal that something mends. */
function fetching(target: Target): string {
  const build = buildFor(target);
  return build === null ? "" : `: \`aim runtime add ${build.name}\` fetches it`;
}

const PROGRAM: Readonly<Record<string, string>> = { mysql: "mysqld", mariadb: "mariadbd" };

class LocalServer implements Server {
  readonly runtime = "local";
  readonly version: string;
  readonly #state: MysqlServerState;
  #database: MysqlDatabase | null = null;

  constructor(program: ServerProgram, state: MysqlServerState) {
    this.version = program.version;
    this.#state = state;
  }

  /** The socket of the running server, for the programs that come with it. */
  get socket(): string | undefined {
    return this.#state.instance?.socket;
  }

  async create(): Promise<ScratchDatabase> {
    const before = this.#database;
    if (before !== null && !await before.dropped()) await this.#state.stop();
    await before?.[Symbol.asyncDispose]();
    if (this.#state.instance === null) await this.#state.start(null);
    return this.#database = new MysqlDatabase(this.#state);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#database?.[Symbol.asyncDispose]();
    await this.#state.stop();
    removeTree(this.#state.options.home);
  }
}

async function programsOf(dialect: string): Promise<readonly ServerProgram[]> {
  return (await findPrograms()).filter(({ family }) => family === dialect);
}

/** The first of the wanted version, or simply the first. */
function serving(programs: readonly ServerProgram[], target: Target): ServerProgram | null {
  const { version, anyVersion } = target;
  const exact = programs.find((one) => version === null || isOf(one.version, version));
  return exact ?? (anyVersion ? programs[0] ?? null : null);
}
