/** In which transactions the statements of a script stand: the runner's, the server's, or those that the script opens. */

import type { Script } from "../../formats/format.ts";
import type { ScratchDatabase } from "../../runtimes/runtime.ts";
import type { Statement } from "../../core/statement.ts";

/** True for a script that is one transaction: the runner's, or the one that the server makes of a message of several statements. */
export function isWrapped(script: Script, statements: readonly Statement[]): boolean {
  if (statements.some(endsOrBegins)) return false;
  if (isOneMessage(script, statements)) return true;
  const isAlone = script.whole === true && script.transaction === "auto";
  if (script.transaction === "none" || isAlone) return false;
  return script.transaction === "one" || statements.every((s) => s.transactional);
}

/** True for several statements that the server gets at once, outside of any transaction: it opens one by itself, and after each COMMIT another. */
export function isOneMessage(script: Script, statements: readonly Statement[]): boolean {
  return script.whole === true && script.transaction !== "one" && statements.length > 1;
}

function endsOrBegins({ control }: Statement): boolean {
  return control !== undefined && control !== "savepoint";
}

/** The transactions that the server opens by itself in a message of several statements. */
export class ImplicitBlock {
  readonly #database: ScratchDatabase;
  readonly #applies: boolean;
  #state: "none" | "implicit" | "explicit" = "none";

  constructor(database: ScratchDatabase, applies: boolean) {
    this.#database = database;
    this.#applies = applies;
  }

  /** True while one is open that no statement of the script has made its own. */
  get isOpen(): boolean {
    return this.#state === "implicit";
  }

  /** Opens one where the statement stands in none. A BEGIN makes the open one that of the script. */
  async before({ control }: Statement): Promise<void> {
    if (!this.#applies) return;
    if (control === "begin") this.#state = "explicit";
    else if (control === "commit" || control === "rollback") this.#state = "none";
    else if (this.#state === "none") {
      await this.#database.exec("BEGIN");
      this.#state = "implicit";
    }
  }
}

/** Where to start again after a failure; in a message, behind the COMMIT before it. */
export function restartOf(
  statements: readonly Statement[],
  failed: number,
  isMessage: boolean,
): number {
  if (!isMessage) return beginOf(statements, failed);
  return statements.slice(0, failed).findLastIndex(({ control }) =>
    control === "commit" || control === "rollback"
  ) + 1;
}

/** Where to start again after a failure outside of the runner's transaction: the script's own BEGIN, if the failure undid it, else the statement itself. */
export function beginOf(statements: readonly Statement[], failed: number): number {
  for (let at = failed - 1; at >= 0; at--) {
    const control = statements[at]?.control;
    if (control === "begin") return at;
    if (control === "commit" || control === "rollback") break;
  }
  return failed;
}

/** True where a transaction of the script's own is open at a statement. */
export function opensTransaction(statements: readonly Statement[], failed: number): boolean {
  return beginOf(statements, failed) !== failed;
}

/**
 * True where the runner's own COMMIT ends the last transaction of a script: it opened one around the whole, which the script ended, and
 * began another.
 */
export function endsRunnersLast(script: Script, statements: readonly Statement[]): boolean {
  const [first] = statements.filter(endsOrBegins);
  return script.transaction === "one" && first !== undefined && first.control !== "begin" &&
    opensTransaction(statements, statements.length);
}
