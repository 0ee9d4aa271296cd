/** A scratch database on a server of its own: its states are journals of what was run, and copies of the data where that is quicker. */

import { DatabaseError } from "../../core/error.ts";
import { EngineEndedError } from "../limits.ts";
import type { Checkpoint, ScratchDatabase, SharedDatabase } from "../runtime.ts";
import { queryInTurn } from "../query_each.ts";
import { DATABASE } from "./accounts.ts";
import { copyTree, folderIn, removeTree } from "./folders.ts";
import { Instance, type InstanceOptions } from "./instance.ts";
import { newData } from "./initialize.ts";
import { type Entry, isReading, Journal } from "./journal.ts";
import type { ServerProgram } from "./program.ts";

/** See the module's comment. */
export class MysqlDatabase implements ScratchDatabase {
  readonly dialect: ServerProgram["family"];
  readonly #server: MysqlServerState;
  readonly #images = new Set<Image>();
  /** Where the journal begins; null for a new server. */
  #base: Image | null = null;
  #journal = Journal.empty;
  #checkpoints = 0;
  #isOver = false;

  constructor(server: MysqlServerState) {
    this.dialect = server.options.program.family;
    this.#server = server;
  }

  exec(sql: string): Promise<void> {
    return this.execAll([sql]);
  }

  async execAll(statements: readonly string[]): Promise<void> {
    const instance = await this.#live();
    for (const [index, sql] of statements.entries()) {
      const begun = performance.now();
      try {
        await instance.execAll([sql]);
      } catch (error) {
        if (!(error instanceof DatabaseError) || error instanceof EngineEndedError) throw error;
        const { message, code, offset, hint, detail, cause } = error;
        throw new DatabaseError(message, { code, offset, hint, detail, cause, statement: index });
      } finally {
        this.#journal = this.#journal.with([{ sql, ms: performance.now() - begun }]);
      }
    }
  }

  async query<Row extends object>(sql: string): Promise<Row[]> {
    const instance = await this.#live();
    if (isReading(sql)) return await instance.query<Row>(sql);
    const begun = performance.now();
    try {
      return await instance.query<Row>(sql);
    } finally {
      this.#journal = this.#journal.with([{ sql, ms: performance.now() - begun }]);
    }
  }

  async queryEach<Row extends object>(statements: readonly string[]): Promise<readonly Row[][]> {
    if (statements.length === 0) return [];
    if (statements.every(isReading)) {
      return await (await this.#live()).queryEach<Row>(statements);
    }
    return await queryInTurn<Row>(this, statements);
  }

  async checkpoint(): Promise<Checkpoint> {
    const instance = await this.#live();
    const mustCopy = !this.#journal.isRepeatable;
    if (
      !this.#journal.keepsSession && (mustCopy || this.#journal.cost > this.#server.restartCost)
    ) {
      await this.#takeImage(instance);
    }
    return new MysqlCheckpoint(++this.#checkpoints, this, this.#base, this.#journal);
  }

  async share(): Promise<SharedDatabase> {
    const instance = await this.#live();
    const shared = await instance.share();
    return {
      address: shared.address,
      [Symbol.asyncDispose]: async () => {
        await shared[Symbol.asyncDispose]();
        // Nobody knows what ran: a state from here on is a copy, and not a journal that is run again.
        this.#journal = this.#journal.with([{ sql: "DO CONNECTION_ID()", ms: 0 }]);
      },
    };
  }

  async rewind(to: Checkpoint): Promise<void> {
    if (!(to instanceof MysqlCheckpoint) || to.database !== this) {
      throw new DatabaseError("Cannot rewind to a checkpoint of another database");
    }
    const isHere = this.#base === to.base && this.#journal.isSame(to.journal);
    if (isHere && this.#server.instance !== null) return;
    const before = this.#journal;
    const isQuick = to.base === null && this.#base === null && before.isPlain &&
      await this.#dropAll();
    if (!isQuick) await this.#restart(to.base);
    this.#base = to.base;
    this.#journal = Journal.empty;
    await this.#replay(to.journal.entries);
    this.#journal = to.journal;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    for (const { folder } of this.#images) removeTree(folder);
    this.#images.clear();
    await Promise.resolve();
  }

  /** Leaves the server as a new one has it; false where that is not certain. */
  async dropped(): Promise<boolean> {
    return this.#base === null && this.#journal.isPlain && await this.#dropAll();
  }

  async #live(): Promise<Instance> {
    if (this.#isOver) throw new DatabaseError("The scratch database is closed", { code: "08003" });
    return this.#server.instance ?? await this.#server.start(null);
  }

  /** Drops all databases and users that scripts made; what is left is what a new server has. */
  async #dropAll(): Promise<boolean> {
    const { instance } = this.#server;
    if (instance === null || this.#journal.entries.length === 0) return instance !== null;
    try {
      instance.renew();
      const rows = await instance.asMaster<{ name: string }>(
        `SELECT schema_name AS name FROM information_schema.schemata
         WHERE schema_name NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')`,
      );
      const drops = rows.map(({ name }) => `DROP DATABASE \`${name.replaceAll("`", "``")}\`;`);
      await instance.dropUsers();
      await instance.asMaster(
        `SET foreign_key_checks = 0; ${drops.join(" ")} CREATE DATABASE \`${DATABASE}\``,
      );
      return true;
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      return false;
    }
  }

  async #restart(image: Image | null): Promise<void> {
    await this.#server.stop();
    await this.#server.start(image?.folder ?? null);
  }

  async #replay(entries: readonly Entry[]): Promise<void> {
    const instance = await this.#live();
    for (const { sql } of entries) {
      try {
        await instance.execAll([sql]);
      } catch (error) {
        // It failed then as well.
        if (!(error instanceof DatabaseError) || error instanceof EngineEndedError) throw error;
      }
    }
  }

  /** Keeps a copy of the data, from which the journal begins anew. */
  async #takeImage(instance: Instance): Promise<void> {
    const { home, owner } = this.#server.options;
    const folder = await folderIn(home, owner);
    const image = { folder };
    this.#images.add(image);
    const [row] = await instance.query<{ name: string | null }>("SELECT DATABASE() AS name");
    await instance.halt();
    await copyTree(instance.data, folder, null);
    await this.#server.stop();
    await this.#server.start(folder);
    this.#base = image;
    this.#journal = Journal.empty;
    if (row?.name !== DATABASE) await this.exec(`USE \`${row?.name?.replaceAll("`", "``")}\``);
  }
}

/** A copy of a stopped server's data. */
interface Image {
  readonly folder: string;
}

class MysqlCheckpoint implements Checkpoint {
  constructor(
    readonly id: number,
    readonly database: MysqlDatabase,
    readonly base: Image | null,
    readonly journal: Journal,
  ) {}
}

/** Milliseconds, until one was measured. */
const USUAL_RESTART: Readonly<Record<ServerProgram["family"], number>> = {
  mysql: 1200,
  mariadb: 200,
};

/** The server that is running, or none. */
export class MysqlServerState {
  readonly options: Omit<InstanceOptions, "fill">;
  /** Milliseconds that a start from a copy takes. */
  restartCost: number;
  #instance: Instance | null = null;

  constructor(options: Omit<InstanceOptions, "fill">) {
    this.options = options;
    this.restartCost = USUAL_RESTART[options.program.family];
  }

  /** The running one. */
  get instance(): Instance | null {
    return this.#instance;
  }

  /** Starts one from a copy of data, or a new one. */
  async start(copy: string | null): Promise<Instance> {
    const { program, owner } = this.options;
    const begun = performance.now();
    this.#instance = await Instance.start({
      ...this.options,
      fill: async (data) => {
        if (copy === null) await newData(program, data, owner);
        else await copyTree(copy, data, owner);
      },
    });
    this.restartCost = Math.max(performance.now() - begun, USUAL_RESTART[program.family]);
    return this.#instance;
  }

  /** Ends the running one. */
  async stop(): Promise<void> {
    const instance = this.#instance;
    this.#instance = null;
    await instance?.stop();
  }
}
