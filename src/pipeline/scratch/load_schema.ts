/** The files of a schema on a scratch database: in their order, or in one that works. */

import type { AimError } from "../../core/error.ts";
import type { Script, SourceFile } from "../../formats/format.ts";
import type { ScratchDatabase } from "../../runtimes/runtime.ts";
import { type Project, runOptions, schemaScript } from "../project.ts";
import { runInSession } from "./run_in_session.ts";
import { scriptError } from "./script_error.ts";
import { ScriptFailure, statementsOf } from "./run_script.ts";
import { isWrapped } from "./script_transaction.ts";

/**
 * Loads the files, of whose statements the first `done` have run already. Of several, one that fails for want of an object is tried
 * again after the others; where that does not help, its statements are, one by one. The order depends on the files alone.
 * Throws UsageError, with the place, for what fails nevertheless.
 */
export async function loadSchema(
  project: Project,
  database: ScratchDatabase,
  files: readonly SourceFile[],
  done: number,
): Promise<void> {
  const pieces = piecesOf(project, files, done);
  if (files.length === 1) return await loadInOrder(project, database, pieces);
  const left = await loadWhatGoes(project, database, pieces);
  if (left.length === 0) return;
  const single = left.flatMap(({ piece }) => statementPieces(project, piece));
  const stuck = await loadWhatGoes(project, database, single);
  if (stuck.length > 0) throw stuckError(stuck, project);
}

/** The error of the first that waits for none of the others, and in the hint those of the others. */
function stuckError(stuck: readonly Stuck[], project: Project): AimError {
  const { engine } = project;
  const first = stuck.find(({ failure }) => {
    const missing = engine.errorPosition(failure.reason, failure.statement.sql)?.missing ?? null;
    return missing === null ||
      !stuck.some((other) =>
        other.failure !== failure && other.failure.statement.sql.includes(missing) &&
        engine.definitionAt(other.failure.statement.sql, 0) !== null
      );
  }) ?? stuck[0];
  if (first === undefined) throw new Error("Nothing is stuck");
  const others = stuck.filter((other) => other !== first).slice(0, MOST_SHOWN).map(({ failure }) =>
    `${failure.place.file}:${failure.place.line}: ${failure.reason.message}`
  );
  return scriptError(
    project,
    "load",
    first.failure,
    others.length === 0
      ? undefined
      : `It fails after all other files as well, and so do ${others.join("; ")}`,
  );
}

/** How many of the others an error names. */
const MOST_SHOWN = 5;

/** A script of which some statements have run already. */
interface Piece {
  readonly script: Script;
  readonly done: number;
  /** The only statements that are run, by their index; all when absent. */
  readonly only?: ReadonlySet<number>;
}

function piecesOf(
  { engine }: Project,
  files: readonly SourceFile[],
  done: number,
): readonly Piece[] {
  let left = done;
  return files.map((file) => {
    const script = schemaScript(file);
    if (left === 0) return { script, done: 0 };
    const count = Math.min(left, statementsOf(script, { engine, folder: "" }).length);
    left -= count;
    return { script, done: count };
  });
}

async function loadInOrder(
  project: Project,
  database: ScratchDatabase,
  pieces: readonly Piece[],
): Promise<void> {
  for (const piece of pieces) {
    const failure = await load(project, database, piece);
    if (failure !== null) throw scriptError(project, "load", failure);
  }
}

interface Stuck {
  readonly piece: Piece;
  readonly failure: ScriptFailure;
}

/** Loads pieces over and over until none is left, or none of the others helps those that are. Throws what fails for another reason. */
async function loadWhatGoes(
  project: Project,
  database: ScratchDatabase,
  pieces: readonly Piece[],
): Promise<readonly Stuck[]> {
  for (let waiting = pieces;;) {
    const stuck: Stuck[] = [];
    for (const piece of waiting) {
      const failure = await loadOrLeave(project, database, piece);
      if (failure === null) continue;
      if (!project.engine.isMissingObject(failure.reason)) {
        throw scriptError(project, "load", failure);
      }
      stuck.push({ piece, failure });
    }
    if (stuck.length === 0 || stuck.length === waiting.length) return stuck;
    waiting = stuck.map(({ piece }) => piece);
  }
}

/** Loads a piece, or leaves the database as it was. */
async function loadOrLeave(
  project: Project,
  database: ScratchDatabase,
  piece: Piece,
): Promise<ScriptFailure | null> {
  const { engine } = project;
  const isUndone = piece.only !== undefined ||
    isWrapped(piece.script, statementsOf(piece.script, { engine, folder: "" }));
  const before = isUndone ? null : await database.checkpoint();
  const failure = await load(project, database, piece);
  if (failure !== null && before !== null) await database.rewind(before);
  if (before !== null) database.forget?.(before);
  return failure;
}

/** Each statement of a piece for itself, after the settings that stand before it. */
function statementPieces({ engine }: Project, { script, done }: Piece): readonly Piece[] {
  const settings: number[] = [];
  const pieces: Piece[] = [];
  for (const [index, statement] of statementsOf(script, { engine, folder: "" }).entries()) {
    if (statement.control !== undefined) continue;
    if (statement.batchable === "setting") settings.push(index);
    else if (index >= done) pieces.push({ script, done: 0, only: new Set([...settings, index]) });
  }
  return pieces;
}

async function load(
  project: Project,
  database: ScratchDatabase,
  { script, done, only }: Piece,
): Promise<ScriptFailure | null> {
  try {
    const options = { ...runOptions(project, ""), done, ...(only === undefined ? {} : { only }) };
    await runInSession(project, database, script, options);
    return null;
  } catch (error) {
    if (error instanceof ScriptFailure) return error;
    throw error;
  }
}
