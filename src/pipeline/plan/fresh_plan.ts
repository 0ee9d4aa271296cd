/** The statements that make a schema where there is nothing. */

import type { Hints } from "../../core/plan.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { PlannedStatement } from "../../core/statement.ts";
import { changesBetween } from "../../core/change.ts";
import type { SourceFile } from "../../formats/format.ts";
import type { ScratchDatabase, Server } from "../../runtimes/runtime.ts";
import type { Project } from "../project.ts";
import { createDatabase } from "../scratch/create_database.ts";
import { inspect } from "../scratch/snapshot.ts";
import { makeRunnable, mayRelax } from "./runnable.ts";

/** Plans of schemas, by what they make and the version that they are for. */
const plans = new WeakMap<Snapshot, Map<string, readonly PlannedStatement[]>>();

/** What makes the target in a new database as the engine knows one. */
export function planOfAll(
  { engine, version }: Pick<Project, "engine" | "version">,
  target: Snapshot,
): readonly PlannedStatement[] {
  const known = plans.get(target) ?? new Map<string, readonly PlannedStatement[]>();
  plans.set(target, known);
  const key = `${engine.dialect} ${version}`;
  const statements = known.get(key) ??
    engine.plan(engine.empty, target, freshHints(version)).statements;
  known.set(key, statements);
  return statements;
}

/** Nothing is renamed, and nothing asked: there is nothing yet. */
function freshHints(deployedVersion: string | null): Hints {
  return {
    answers: new Map(),
    renames: [],
    dropAdd: true,
    strictOrder: false,
    deployedVersion,
  };
}

/** What is made, and what is there before it. */
interface Wanted {
  readonly target: Snapshot;
  readonly before?: readonly SourceFile[];
}

/** The statements that make a schema in a fresh database, in an order that works; those that the server refuses relaxed where that helps. */
export async function planFresh(
  project: Project,
  server: Server,
  wanted: Wanted,
): Promise<readonly PlannedStatement[]> {
  await using database = await freshDatabase(project, server, wanted);
  const statements = await planIn(project, database, wanted);
  if (!statements.some(mayRelax(project))) return statements;
  const start = await database.checkpoint();
  return (await makeRunnable(project, database, [], statements, start)).statements;
}

/** The same as they were planned: nobody has tried whether the server takes them. */
export async function planUntried(
  project: Project,
  server: Server,
  wanted: Wanted,
): Promise<readonly PlannedStatement[]> {
  await using database = await freshDatabase(project, server, wanted);
  return await planIn(project, database, wanted);
}

function freshDatabase(
  project: Project,
  server: Server,
  { before = [] }: Wanted,
): Promise<ScratchDatabase> {
  return before.length === 0 ? server.create() : createDatabase(project, server, { before });
}

async function planIn(
  project: Project,
  database: ScratchDatabase,
  { target }: Wanted,
): Promise<readonly PlannedStatement[]> {
  const { engine, version } = project;
  const found = await inspect(project, database);
  return changesBetween(engine.empty, found, { strictOrder: true }).length === 0
    ? planOfAll(project, target)
    : engine.plan(found, target, freshHints(version)).statements;
}
