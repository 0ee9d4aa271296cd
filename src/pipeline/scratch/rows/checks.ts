/** The project's own checks: queries that are run over the rows before UP, after it and after DOWN. */

import type { RowCheck } from "../../../core/row_check.ts";
import { DatabaseError, UsageError } from "../../../core/error.ts";
import type { FailedCheck } from "../../../core/proof.ts";
import type { Connection } from "../../../runtimes/runtime.ts";
import type { Project } from "../../project.ts";
import { leaveTransaction } from "../chunked.ts";

/** What stands for the answer before UP. */
const SAME = "same";

/** The most characters of an answer that are shown. */
const LONGEST = 200;

/** The checks of a project on one database, and what they gave before UP. */
export class RowChecks {
  readonly #project: Project;
  readonly #database: Pick<Connection, "exec" | "query">;
  readonly #reset: () => Promise<void>;
  readonly #checks: readonly RowCheck[];
  readonly #before = new Map<string, string>();
  readonly #leftOut = new Set<string>();

  /** `reset` gives the session its defaults back; `more` are checks besides the project's own. */
  constructor(
    project: Project,
    database: Pick<Connection, "exec" | "query">,
    reset: () => Promise<void>,
    more: readonly RowCheck[] = [],
  ) {
    this.#project = project;
    this.#database = database;
    this.#reset = reset;
    this.#checks = [...project.config.checks, ...more];
  }

  /** How many there are. */
  get count(): number {
    return this.#checks.length;
  }

  /**
   * Runs them all, and gives those that do not hold. One that cannot be run before UP is left out from then on where `onlyIfRun` says
   * so; else it is a UsageError.
   */
  async run(
    when: FailedCheck["when"],
    { onlyIfRun = false }: { readonly onlyIfRun?: boolean } = {},
  ): Promise<readonly FailedCheck[]> {
    const failed: FailedCheck[] = [];
    for (const check of this.#checks) {
      if (this.#leftOut.has(check.name) || check.sql === "" && when !== "up") continue;
      const { all, first, error } = await this.#ask(check, when);
      if (error !== null && when === "before") {
        if (!onlyIfRun) throw this.#fault(check, error.message, error);
        this.#leftOut.add(check.name);
        continue;
      }
      if (when === "before") this.#before.set(check.name, all);
      const isSame = check.expect === SAME;
      const expected = isSame ? this.#before.get(check.name) ?? "" : check.expect;
      const found = isSame ? all : first;
      if (found === expected) continue;
      failed.push({ name: check.name, when, expected: cut(expected), found: cut(found) });
    }
    if (this.count > 0) await this.#reset();
    return failed;
  }

  async #ask(
    check: RowCheck,
    when: FailedCheck["when"],
  ): Promise<
    { readonly all: string; readonly first: string; readonly error: DatabaseError | null }
  > {
    const sql = this.#statementOf(check, when);
    await this.#database.exec("BEGIN");
    try {
      const rows = await this.#database.query<Record<string, unknown>>(sql);
      const [row] = rows;
      return {
        all: textOf(rows),
        first: row === undefined ? "" : valueText(Object.values(row)[0]),
        error: null,
      };
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      const text = `error: ${error.message}`;
      return { all: text, first: text, error };
    } finally {
      await leaveTransaction(this.#database);
    }
  }

  /** The one statement of a check, which must leave its transaction alone. */
  #statementOf(check: RowCheck, when: FailedCheck["when"]): string {
    const sql = when === "up" ? check.after ?? check.sql : check.sql;
    const [only, ...more] = this.#project.engine.split(sql);
    if (only === undefined || more.length > 0) throw this.#fault(check, "it must be one statement");
    const isQuery = only.control === undefined && only.transactional && only.copyData === undefined;
    if (!isQuery) throw this.#fault(check, "it must be a query");
    return only.sql;
  }

  #fault({ name }: RowCheck, why: string, cause?: unknown): UsageError {
    return new UsageError(`Cannot run the check "${name}": ${why}`, {
      code: "check",
      hint: "a check is one query that runs on the schema before the migration",
      ...this.#project.config.places?.check,
      cause,
    });
  }
}

function textOf(rows: readonly Record<string, unknown>[]): string {
  const values = rows.map((row) => Object.values(row).map(valueText));
  return values.length === 1 && values[0]?.length === 1
    ? values[0][0] ?? ""
    : JSON.stringify(values);
}

function valueText(value: unknown): string {
  if (value === null || value === undefined) return "NULL";
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return [...value].map((byte) => byte.toString(16)).join(" ");
  if (typeof value === "object") return JSON.stringify(value);
  return String(value);
}

function cut(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}
