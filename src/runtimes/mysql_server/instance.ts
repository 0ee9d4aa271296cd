/** One running server on a folder of its own, with the session of the scripts and the one that watches over it. */

import { randomBytes } from "node:crypto";
import { chown, mkdir, writeFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { formatDuration, formatSize } from "../../config/quantities.ts";
import { DatabaseError } from "../../core/error.ts";
import { EngineEndedError, type Limits, MEMORY_HINT, TIMEOUT_HINT } from "../limits.ts";
import { bridgeTo } from "../bridge.ts";
import type { SharedDatabase } from "../runtime.ts";
import { DATABASE, type Master, masterScript, SCRIPT_USER, sequenceGrant } from "./accounts.ts";
import { folderIn, type Owner, removeTree } from "./folders.ts";
import { memoryOf } from "./memory_of.ts";
import { ServerProcess } from "./process.ts";
import type { ServerProgram } from "./program.ts";
import { Session } from "./session.ts";
import { SESSION_START } from "./session_start.ts";

/** What an instance is made with. */
export interface InstanceOptions {
  readonly program: ServerProgram;
  readonly owner: Owner | null;
  readonly limits: Limits;
  readonly signal: AbortSignal;
  /** The folder of all that one run has: it goes with the run, however that ends. */
  readonly home: string;
  /** Puts the data into the folder. */
  fill(data: string): Promise<void>;
}

/** See the module's comment. */
export class Instance {
  readonly #process: ServerProcess;
  readonly #options: InstanceOptions;
  readonly #folder: string;
  readonly #password: string;
  readonly #master: Session;
  #script: Session | null = null;
  #accounts: ReadonlySet<string> = new Set();
  #ended: Error | null = null;
  readonly #abort: () => void;

  /** Starts a server. Throws SetupError when it does not start. */
  static async start(options: InstanceOptions): Promise<Instance> {
    const { program, owner, signal, home } = options;
    const folder = await folderIn(home, owner);
    let process: ServerProcess | null = null;
    try {
      for (const name of ["data", "tmp"]) {
        await mkdir(join(folder, name), { mode: 0o700 });
        if (owner !== null) await chown(join(folder, name), owner.uid, owner.gid);
      }
      await options.fill(join(folder, "data"));
      const master = { user: `m${randomBytes(12).toString("hex")}`, password: secret() };
      const script = join(folder, "init");
      await writeFile(script, masterScript(master), { mode: 0o600 });
      if (owner !== null) await chown(script, owner.uid, owner.gid);
      signal.throwIfAborted();
      process = new ServerProcess({
        program,
        folder,
        home,
        owner,
        more: [`--init-file=${script}`],
      });
      await process.ready(signal);
      const instance = new Instance(options, process, await openMaster(process, master), folder);
      await instance.#readAccounts();
      return instance;
    } catch (error) {
      await process?.kill();
      removeTree(folder);
      throw error;
    }
  }

  private constructor(
    options: InstanceOptions,
    process: ServerProcess,
    master: Session,
    folder: string,
  ) {
    this.#options = options;
    this.#process = process;
    this.#master = master;
    this.#folder = folder;
    this.#password = "";
    this.#abort = () => void this.stop();
    options.signal.addEventListener("abort", this.#abort, { once: true });
  }

  /** Those that are there before any script ran. */
  async #readAccounts(): Promise<void> {
    const rows = await this.asMaster<{ account: string }>(
      "SELECT concat(user, '@', host) AS account FROM mysql.user",
    );
    this.#accounts = new Set(rows.map(({ account }) => account));
  }

  /** The path of its socket. */
  get socket(): string {
    return this.#process.socket;
  }

  /** The folder of its data, for a copy while it is stopped. */
  get data(): string {
    return join(this.#folder, "data");
  }

  /** Runs statements one after the other under the limits, in the session of the scripts. */
  async execAll(statements: readonly string[]): Promise<void> {
    const session = await this.#session();
    for (const [index, sql] of statements.entries()) {
      try {
        const run = () => this.#watched(sql, index, () => session.run(sql));
        await run().catch((error: unknown) => this.#again(error, run));
      } catch (error) {
        throw withIndex(error, index);
      }
    }
  }

  /** Runs what was refused for a right that only has to be stated once more. */
  async #again(error: unknown, run: () => Promise<void>): Promise<void> {
    const grant = error instanceof DatabaseError ? sequenceGrant(error) : null;
    if (grant === null) throw error;
    await this.asMaster(grant);
    await run();
  }

  /** Runs one statement under the limits and gives its rows. */
  async query<Row extends object>(sql: string): Promise<Row[]> {
    const session = await this.#session();
    return await this.#watched(sql, 0, () => session.ask<Row>(sql, this.#options.limits.memory));
  }

  /** Runs statements that all give rows, sent together, and gives those of each. */
  async queryEach<Row extends object>(statements: readonly string[]): Promise<readonly Row[][]> {
    const session = await this.#session();
    const { memory } = this.#options.limits;
    const sql = statements.join(";\n");
    return await this.#watched(sql, 0, () => session.askEach<Row>(statements, memory));
  }

  /** Runs a statement as the one that may do anything. */
  async asMaster<Row extends object>(sql: string): Promise<Row[]> {
    return await this.#master.ask<Row>(sql, this.#options.limits.memory);
  }

  /** Drops the users and roles that scripts made. */
  async dropUsers(): Promise<void> {
    const isMariadb = this.#options.program.family === "mariadb";
    const rows = await this.asMaster<{ user: string; host: string; role: string }>(
      `SELECT user AS user, host AS host, ${isMariadb ? "is_role" : "'N'"} AS role FROM mysql.user`,
    );
    for (const { user, host, role } of rows) {
      if (this.#accounts.has(`${user}@${host}`)) continue;
      const name = `'${user.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
      await this.asMaster(role === "Y" ? `DROP ROLE ${name}` : `DROP USER ${name}@'${host}'`);
    }
  }

  /**
   * Lets other programs use the database of the scripts until the end of the scope: by a port of the loopback address, as an account
   * of their own that reaches no other database.
   */
  async share(): Promise<SharedDatabase> {
    const user = `p${randomBytes(8).toString("hex")}`;
    const password = secret();
    const account = `'${user}'@'localhost'`;
    await this.asMaster(`CREATE USER ${account} IDENTIFIED BY '${password}'`);
    await this.asMaster(`GRANT ALL ON \`${DATABASE}\`.* TO ${account}`);
    const { socket: socketPath } = this.#process;
    // A server of MySQL tells by a first login over its own socket that later ones need no encryption.
    (await Session.open({ socketPath, user, password })).close();
    const bridge = await bridgeTo(() => connected(socketPath));
    const { port } = bridge;
    return {
      address: {
        url: `mysql://${user}:${password}@127.0.0.1:${port}/${DATABASE}`,
        host: "127.0.0.1",
        port,
        user,
        password,
        database: DATABASE,
        file: "",
      },
      [Symbol.asyncDispose]: async () => {
        await bridge[Symbol.asyncDispose]();
        await this.asMaster(`DROP USER ${account}`);
      },
    };
  }

  /** Gives the scripts a new session. */
  renew(): void {
    this.#script?.close();
    this.#script = null;
  }

  /** Stops it so that its data can be copied; everything that was committed is in it. */
  async halt(): Promise<void> {
    await this.#master.run("FLUSH TABLES");
    await this.#end(new DatabaseError("The scratch database is closed", { code: "08003" }));
  }

  /** Ends it and removes its folder. */
  async stop(): Promise<void> {
    await this.#end(new DatabaseError("The scratch database is closed", { code: "08003" }));
    removeTree(this.#folder);
  }

  async #end(reason: Error): Promise<void> {
    this.#ended ??= reason;
    this.#options.signal.removeEventListener("abort", this.#abort);
    this.#script?.close();
    this.#master.close();
    await this.#process.kill({ isLast: this.#options.signal.aborted });
  }

  async #session(): Promise<Session> {
    this.#options.signal.throwIfAborted();
    if (this.#ended !== null) throw this.#ended;
    if (this.#script !== null && !this.#script.isDead) return this.#script;
    const { socket: socketPath } = this.#process;
    const session = await Session.open({
      socketPath,
      user: SCRIPT_USER.user,
      password: this.#password,
    });
    this.#script = session;
    await session.run(SESSION_START);
    return session;
  }

  /** Runs something for a statement, with an eye on its time and on the memory of the server. */
  async #watched<Result>(sql: string, index: number, work: () => Promise<Result>): Promise<Result> {
    const { statementTimeout, memory } = this.#options.limits;
    const begun = performance.now();
    const session = this.#script;
    let isLate = false;
    let excess: EngineEndedError | null = null;
    const check = async () => {
      const passed = performance.now() - begun;
      if (this.#process.pid !== undefined && await memoryOf(this.#process.pid) > memory) {
        excess = new EngineEndedError(`the server takes more than ${formatSize(memory)}`, {
          code: "53200",
          hint: MEMORY_HINT,
          index,
          sql,
        });
        await this.#end(excess);
      } else if (statementTimeout > 0 && passed > statementTimeout + PATIENCE) {
        excess = timeoutError(statementTimeout, { index, sql });
        await this.#end(excess);
      } else if (statementTimeout > 0 && passed > statementTimeout && !isLate && session !== null) {
        isLate = true;
        await this.#master.run(`KILL QUERY ${session.id}`).catch(() => {});
      }
    };
    const timer = setInterval(() => void check(), 50);
    const late = (cause?: unknown) =>
      new DatabaseError(`the statement takes longer than ${formatDuration(statementTimeout)}`, {
        code: "57014",
        hint: TIMEOUT_HINT,
        cause,
      });
    try {
      const result = await work();
      // SLEEP and BENCHMARK end as if nothing were the matter.
      if (isLate) throw late();
      return result;
    } catch (error) {
      if (excess !== null) throw excess;
      this.#options.signal.throwIfAborted();
      const isKilled = error instanceof DatabaseError && KILLED.has(error.code) && !isLate;
      if (session?.isDead === true || isKilled) throw await this.#lost(error, { index, sql });
      if (isLate) throw late(error);
      throw error;
    } finally {
      clearInterval(timer);
    }
  }

  /** The error for a statement with which the session ended, or the server. */
  async #lost(
    error: unknown,
    { index, sql }: { readonly index: number; readonly sql: string },
  ): Promise<DatabaseError> {
    this.renew();
    await new Promise((resolve) => setTimeout(resolve, 100));
    if (!this.#process.isOver) {
      return new DatabaseError("the statement ended its own session", { cause: error });
    }
    const words = await this.#process.lastWords();
    const reason = new EngineEndedError(
      `the database server ended during the statement${words === "" ? "" : `: ${words}`}`,
      { code: "08006", hint: "Try the statement on a server of another version", index, sql },
    );
    await this.#end(reason);
    return reason;
  }
}

/** Numbers of the errors for a session that was killed. */
const KILLED = new Set(["1317", "1927"]);

/** Milliseconds that a statement has to end after it was told to. */
const PATIENCE = 5_000;

function timeoutError(
  timeout: number,
  { index, sql }: { readonly index: number; readonly sql: string },
): EngineEndedError {
  return new EngineEndedError(
    `the statement takes longer than ${formatDuration(timeout)} and does not end when told to`,
    { code: "57014", hint: TIMEOUT_HINT, index, sql },
  );
}

function connected(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path });
    socket.once("connect", () => resolve(socket));
    socket.once("error", reject);
  });
}

function secret(): string {
  return randomBytes(18).toString("hex");
}

async function openMaster(process: ServerProcess, master: Master): Promise<Session> {
  return await Session.open({ socketPath: process.socket, ...master });
}

function withIndex(error: unknown, index: number): unknown {
  if (!(error instanceof DatabaseError) || error instanceof EngineEndedError) return error;
  const { message, code, offset, hint, detail, cause } = error;
  return new DatabaseError(message, { code, offset, hint, detail, cause, statement: index });
}
