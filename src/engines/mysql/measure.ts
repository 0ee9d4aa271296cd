/**
 * What an ALTER TABLE costs, by asking the server: it is tried on copies of the tables without their rows, with the cheapest ALGORITHM
 * and LOCK first. The server says what it does not take, and why; the answer depends on the table and the version, so no list is right.
 */

import { DatabaseError } from "../../core/error.ts";
import type { MeasuredStatement } from "../../core/measured.ts";
import type { Statement } from "../../core/statement.ts";
import type { Connection } from "../../runtimes/runtime.ts";
import type { Measuring } from "../engine.ts";
import { tokenize } from "./catalog/cursor.ts";
import { type AlterTable, alterTableOperations, readAlterTable } from "./operations/alter_table.ts";
import { rebuilds } from "./rebuilds.ts";
import { literal, quote } from "./quote.ts";

/** Begins measuring in the state before a migration. */
export function measureOf(
  dialect: "mysql" | "mariadb",
): (database: Connection) => Promise<Measuring> {
  return async (database) => {
    const outer = new Set(await tablesIn(database));
    let cost: Cost | null = null;
    return {
      begin: async ({ sql }: Statement) => {
        const alter = readAlterTable(tokenize(sql));
        const isOld = alter !== null && outer.has(alter.table);
        cost = isOld ? await new Probe(database, dialect, sql, alter).cost() : null;
      },
      end: () => Promise.resolve(cost === null ? NOTHING : measured(cost)),
    };
  };
}

/** The least that the server takes. */
interface Cost {
  readonly table: string;
  readonly algorithm: string;
  /** Empty where it is not said. */
  readonly lock: string;
  readonly isRebuilt: boolean;
  /** Why it takes no less. */
  readonly reason: string;
}

const NOTHING: MeasuredStatement = {
  locks: [],
  held: [],
  rewrites: [],
  scans: [],
  builds: [],
  cascades: [],
  lockTimeout: null,
};

function measured({ table, algorithm, lock, isRebuilt, reason }: Cost): MeasuredStatement {
  const blocks = lock === "SHARED" ? "writes" : lock === "EXCLUSIVE" ? "reads and writes" : null;
  return {
    ...NOTHING,
    locks: blocks === null ? [] : [{ relation: table, mode: lock, blocks }],
    rewrites: isRebuilt ? [table] : [],
    algorithm,
    ...lock === "" ? {} : { lock },
    ...reason === "" ? {} : { reason },
  };
}

/** A database that no script knows. */
const PROBES = "aim_probe_5d1f";

const ALGORITHMS = {
  mysql: ["INSTANT", "INPLACE", "COPY"],
  mariadb: ["INSTANT", "NOCOPY", "INPLACE", "COPY"],
} as const;

class Probe {
  readonly #database: Connection;
  readonly #dialect: "mysql" | "mariadb";
  readonly #sql: string;
  readonly #alter: AlterTable;

  constructor(
    database: Connection,
    dialect: "mysql" | "mariadb",
    sql: string,
    alter: AlterTable,
  ) {
    this.#database = database;
    this.#dialect = dialect;
    this.#sql = sql;
    this.#alter = alter;
  }

  /** Null where nothing can be said: the server refuses the statement for another reason, or the names in it cannot be moved. */
  async cost(): Promise<Cost | null> {
    const { table, algorithm, lock, specifications } = this.#alter;
    if (specifications.length === 0 || table.includes(".")) return null;
    if (algorithm !== null) {
      const isRebuilt = algorithm === "COPY";
      return { table, algorithm, lock: lock ?? "", isRebuilt, reason: "" };
    }
    const checks = await this.#foreignKeyChecks();
    try {
      await this.#copyTables();
      await this.#database.exec(`SET foreign_key_checks = ${checks}`);
      return await this.#ask();
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      return null;
    } finally {
      await this.#database.exec(`SET foreign_key_checks = 0`);
      await this.#database.exec(`DROP DATABASE IF EXISTS ${PROBES}`);
      await this.#database.exec(`SET foreign_key_checks = ${checks}`);
    }
  }

  async #ask(): Promise<Cost | null> {
    const { table } = this.#alter;
    let reason = "";
    for (const algorithm of ALGORITHMS[this.#dialect]) {
      for (const lock of this.#locksOf(algorithm)) {
        const refusal = await this.#refusal(algorithm, lock);
        if (refusal === null) {
          const isRebuilt = algorithm === "COPY" ||
            (algorithm === "INPLACE" &&
              (this.#dialect === "mariadb" || await this.#isRebuiltInPlace()));
          return { table, algorithm, lock: lock ?? "NONE", isRebuilt, reason };
        }
        if (!UNSUPPORTED.test(refusal)) return null;
        reason = refusal.replace(/^.*?Reason: /, "").replace(/\.? *Try .*$/, "");
        if (/^ALGORITHM/.test(refusal)) break;
      }
    }
    return null;
  }

  /** MySQL takes no LOCK with INSTANT. */
  #locksOf(algorithm: string): readonly (string | null)[] {
    if (algorithm === "INSTANT" && this.#dialect === "mysql") return [null];
    return ["NONE", "SHARED", "EXCLUSIVE"];
  }

  /** What the server says against it; null when it took it. */
  async #refusal(algorithm: string, lock: string | null): Promise<string | null> {
    const asked = `, ALGORITHM=${algorithm}${lock === null ? "" : `, LOCK=${lock}`}`;
    const { start, end, table, specifications } = this.#alter;
    const rest = specifications.map((tokens) =>
      this.#sql.slice(tokens[0]?.start, tokens.at(-1)?.end)
    ).join(", ");
    const head = `${this.#sql.slice(0, start)}${PROBES}.${quote(table)}`;
    try {
      await this.#database.exec(
        `${head}${/\s/.exec(this.#sql[end] ?? "")?.[0] ?? " "}${rest}${asked}`,
      );
      return null;
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      return error.message;
    }
  }

  async #foreignKeyChecks(): Promise<number> {
    const [row] = await this.#database.query<{ readonly n: number | string }>(
      "SELECT @@foreign_key_checks AS n",
    );
    return Number(row?.n ?? 1);
  }

  /** The table as it is, and those that its keys or the statement refer to. */
  async #copyTables(): Promise<void> {
    const { table } = this.#alter;
    await this.#database.exec("SET foreign_key_checks = 0");
    await this.#database.exec(`DROP DATABASE IF EXISTS ${PROBES}`);
    await this.#database.exec(`CREATE DATABASE ${PROBES}`);
    const [row] = await this.#database.query<Record<string, string>>(
      `SHOW CREATE TABLE ${quote(table)}`,
    );
    const text = row?.["Create Table"] ?? "";
    const referred = [...`${text} ${this.#sql}`.matchAll(/\bREFERENCES\s+`?(\w+)`?/gi)];
    for (const name of new Set(referred.map(([, name = ""]) => name))) {
      if (name === table) continue;
      const like = `CREATE TABLE ${PROBES}.${quote(name)} LIKE ${quote(name)}`;
      await this.#database.exec(like).catch((error: unknown) => {
        if (!(error instanceof DatabaseError)) throw error;
      });
    }
    await this.#database.exec(text.replace(/^(CREATE\s+TABLE\s+)/i, `$1${PROBES}.`));
  }

  async #isRebuiltInPlace(): Promise<boolean> {
    const rows = await this.#database.query<{ readonly name: string }>(
      `SELECT COLUMN_NAME AS name FROM information_schema.COLUMNS
       WHERE TABLE_SCHEMA = database() AND TABLE_NAME = ${
        literal(this.#alter.table)
      } AND IS_NULLABLE = 'NO'`,
    );
    const required = new Set(rows.map(({ name }) => name.toLowerCase()));
    return alterTableOperations(this.#alter).some((operation) => rebuilds(operation, required));
  }
}

const UNSUPPORTED = /^(?:ALGORITHM|LOCK)=\w+(?:\/\w+)* is not supported/;

async function tablesIn(database: Connection): Promise<readonly string[]> {
  const rows = await database.query<{ readonly name: string }>(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = database()",
  );
  return rows.map(({ name }) => name);
}
