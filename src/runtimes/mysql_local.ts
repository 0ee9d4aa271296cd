/** MySQL and MariaDB by a server program of this machine, started for the occasion on a folder of its own. */

import { platform } from "node:os";
import { SetupError } from "../core/error.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { MysqlDatabase, MysqlServerState } from "./mysql_server/database.ts";
import { removeTree, scratchFolder, serverOwner } from "./mysql_server/folders.ts";
import { findPrograms, type ServerProgram } from "./mysql_server/program.ts";
import type { Runtime, ScratchDatabase, Server, StartOptions, Target } from "./runtime.ts";

/** The servers that are found on this machine. */
export const mysqlLocal: Runtime = {
  name: "local",

  async refuses(target: Target): Promise<string | null> {
    if (platform() === "win32") return "servers of MySQL and MariaDB are not started on Windows";
    const programs = await programsOf(target.dialect);
    if (programs.length === 0) {
      return `there is no ${
        PROGRAM[target.dialect] ?? target.dialect
      } on PATH, in the usual folders or in AIM_SERVERS`;
    }
    if (serving(programs, target) !== null) return null;
    const versions = programs.map(({ version }) => version).join(", ");
    return `there is ${target.dialect} ${versions} on this machine, not ${target.version}`;
  },

  async start(target, { signal, limits = DEFAULT_LIMITS }: StartOptions): Promise<Server> {
    signal.throwIfAborted();
    const program = serving(await programsOf(target.dialect), target);
    if (program === null) {
      throw new SetupError(`Cannot find a server of ${target.dialect}`, { code: "no-runtime" });
    }
    const owner = await serverOwner();
    const home = await scratchFolder(owner);
    const state = new MysqlServerState({ program, owner, limits, signal, home });
    try {
      await state.start(null);
    } catch (error) {
      removeTree(home);
      throw error;
    }
    return new LocalServer(program, state);
  },
};

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

/** True for 10.11.19 and 10.11. */
function isOf(version: string, wanted: string): boolean {
  const parts = version.split(".");
  return wanted.split(/[.-]/).slice(0, 3).every((part, at) =>
    !/^\d/.test(part) || part === parts[at]
  );
}
