/** The schema loaded again and again on one server, each time from a state before the first statement that is other than before. */

import { DatabaseError, UsageError } from "../../core/error.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { Statement } from "../../core/statement.ts";
import { EngineEndedError } from "../../runtimes/limits.ts";
import type { Checkpoint, ScratchDatabase, Server } from "../../runtimes/runtime.ts";
import { type Project, schemaScript } from "../project.ts";
import type { Sources } from "../sources.ts";
import { beginning, commonStatements, type Step } from "./common_prefix.ts";
import { createDatabase, makeRunnerTables, runnerTableScripts } from "./create_database.ts";
import { loadSchema } from "./load_schema.ts";
import { inspectSchema, knowDump, schemaTexts, snapshotSchema } from "./snapshot.ts";
import { yieldToEventLoop } from "./yield_to_event_loop.ts";

/** A state in which the first `count` statements of the schema have run. */
interface Reached {
  readonly count: number;
  readonly state: Checkpoint;
}

/** See the module's comment. Of one server, which makes no other database meanwhile, or `forget` is called. */
export class WarmSchema {
  #database: ScratchDatabase | null = null;
  /** What was there before the first statement. */
  #ground = "";
  #steps: readonly Step[] = [];
  /** By their counts, the first with none. */
  #reached: Reached[] = [];
  /** The database on its way back to a state, before anybody asks for that. */
  #returning: { readonly to: Checkpoint; readonly done: Promise<void> } | null = null;

  /** The same as `snapshotSchema`, errors included. */
  async snapshot(
    project: Project,
    server: Server,
    { schema, before }: Pick<Sources, "schema" | "before">,
  ): Promise<Snapshot> {
    knowDump(project, schema);
    try {
      const database = await this.#load(project, server, { schema, before });
      const { snapshot } = await inspectSchema(project, database, schema);
      this.#return(database);
      return snapshot;
    } catch (error) {
      project.signal.throwIfAborted();
      await this.forget();
      if (hasEnded(error) || !(error instanceof UsageError || error instanceof DatabaseError)) {
        throw error;
      }
      // What is wrong is told as it is told of a schema that is loaded for the first time.
      return (await snapshotSchema(project, server, { schema, before })).snapshot;
    }
  }

  /** The server will have another database, or none; resolves when nothing goes on in the one before. */
  async forget(): Promise<void> {
    const returning = this.#returning;
    [this.#database, this.#steps, this.#reached, this.#returning] = [null, [], [], null];
    await returning?.done.catch(() => {});
  }

  /** The next edit is probably where the last one was: the database goes back to before it while nobody waits. */
  #return(database: ScratchDatabase): void {
    const to = this.#reached.at(-1)?.state;
    if (to === undefined) return;
    const done = database.rewind(to);
    // Whoever needs it hears of a failure.
    done.catch(() => {});
    this.#returning = { to, done };
  }

  /** Goes to a state, if not on the way there. */
  async #rewind(database: ScratchDatabase, to: Checkpoint): Promise<void> {
    const returning = this.#returning;
    this.#returning = null;
    await returning?.done;
    if (returning?.to !== to) await database.rewind(to);
  }

  async #load(
    project: Project,
    server: Server,
    { schema, before }: Pick<Sources, "schema" | "before">,
  ): Promise<ScratchDatabase> {
    const steps = [...beginning(project, schema.map(schemaScript), "")];
    const ground = JSON.stringify([before, runnerTableScripts(project, schemaTexts(schema))]);
    const database = this.#database !== null && this.#ground === ground
      ? this.#database
      : await this.#begin(project, server, { schema, before });
    this.#ground = ground;
    // Without an earlier schema it is to be seen how far this one goes on with itself.
    const known = this.#steps.length === 0 ? steps : this.#steps;
    const common = plainOnes(commonStatements(known.values(), steps.values()));
    const done = await this.#reach(project, database, common);
    this.#steps = steps;
    await loadSchema(project, database, schema, done);
    return database;
  }

  async #begin(
    project: Project,
    server: Server,
    { schema, before }: Pick<Sources, "schema" | "before">,
  ): Promise<ScratchDatabase> {
    await this.forget();
    const database = await createDatabase(project, server, { before });
    await makeRunnerTables(project, database, schemaTexts(schema));
    this.#reached = [{ count: 0, state: await database.checkpoint() }];
    return this.#database = database;
  }

  /** Goes to the state after these statements, or as far as they work; says how many have run. */
  async #reach(
    project: Project,
    database: ScratchDatabase,
    statements: readonly Statement[],
  ): Promise<number> {
    this.#keepUpTo(database, statements.length);
    const last = this.#reached.at(-1);
    if (last === undefined) throw new Error("There is no state to begin with");
    await this.#rewind(database, last.state);
    let { count } = last;
    const size = Math.max(LEAST, Math.ceil(statements.length / PARTS));
    while (statements.length - count >= LEAST) {
      await yieldToEventLoop(project.signal);
      const part = statements.slice(count, count + size).map(({ sql }) => sql);
      try {
        await database.execAll(["BEGIN", ...part, "COMMIT"]);
      } catch (error) {
        if (!(error instanceof DatabaseError) || hasEnded(error)) throw error;
        // Each file for itself may find what this one lacks, or say what is wrong.
        await database.rewind(this.#reached.at(-1)?.state ?? last.state);
        break;
      }
      count += part.length;
      this.#reached.push({ count, state: await database.checkpoint() });
    }
    this.#keepFew(database);
    return count;
  }

  /** States in which other statements have run are of no use any more. */
  #keepUpTo(database: ScratchDatabase, most: number): void {
    for (const { count, state } of this.#reached) if (count > most) database.forget?.(state);
    this.#reached = this.#reached.filter(({ count }) => count <= most);
  }

  /** Of too many states the one goes that is the nearest to the one before it. */
  #keepFew(database: ScratchDatabase): void {
    while (this.#reached.length > MOST) {
      const gaps = this.#reached.slice(1, -1).map(({ count }, at) =>
        count - (this.#reached[at]?.count ?? 0)
      );
      const [gone] = this.#reached.splice(gaps.indexOf(Math.min(...gaps)) + 1, 1);
      if (gone !== undefined) database.forget?.(gone.state);
    }
  }
}

/** Fewer statements are run in less time than a state of them is remembered. */
const LEAST = 12;

/** States that are made on the way through a schema, and that are kept. */
const PARTS = 4;
const MOST = 8;

/** The first ones, up to one that is not sent as it stands. */
function plainOnes(statements: readonly Statement[]): readonly Statement[] {
  const end = statements.findIndex(({ copyData, control, cutWhile }) =>
    copyData !== undefined || control !== undefined || cutWhile !== undefined
  );
  return end < 0 ? statements : statements.slice(0, end);
}

/** True when nothing can be asked of the server again. */
export function hasEnded(error: unknown): boolean {
  if (error instanceof EngineEndedError) return true;
  return error instanceof Error && error.cause !== undefined && hasEnded(error.cause);
}
