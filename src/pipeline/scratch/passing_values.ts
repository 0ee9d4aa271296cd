/** Asks the scratch database which values pass the checks of a table. */

import { DatabaseError, UsageError } from "../../core/error.ts";
import { EngineEndedError } from "../../runtimes/limits.ts";
import type { ScratchDatabase } from "../../runtimes/runtime.ts";
import type { ValueQuestion } from "../../core/choice.ts";

/**
 * The expression of the first candidate of each question that passes, by the question's id; the usual one where none does. A test that
 * the database cannot run on the usual value (it needs what is not there yet) refuses nothing. Throws UsageError for a check that
 * does not end.
 */
export async function passingValues(
  database: ScratchDatabase,
  questions: readonly ValueQuestion[],
): Promise<ReadonlyMap<string, string>> {
  const values = new Map<string, string>();
  for (const question of questions) {
    const value = await firstPassing(database, question);
    if (value !== undefined) values.set(question.id, value);
  }
  return values;
}

async function firstPassing(
  database: ScratchDatabase,
  { candidates }: ValueQuestion,
): Promise<string | undefined> {
  const [usual, ...others] = candidates;
  if (usual === undefined) return undefined;
  const results: (boolean | null)[] = [];
  for (const test of usual.tests) results.push(await passes(database, test));
  if (!results.includes(false)) return usual.expression;
  for (const { expression, tests } of others) {
    if (await passAll(database, tests.filter((_, at) => results[at] !== null))) return expression;
  }
  return usual.expression;
}

async function passAll(database: ScratchDatabase, tests: readonly string[]): Promise<boolean> {
  for (const test of tests) {
    if (await passes(database, test) !== true) return false;
  }
  return true;
}

/** Null where the database cannot run the test. */
async function passes(database: ScratchDatabase, test: string): Promise<boolean | null> {
  try {
    return (await database.query(test)).length > 0;
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    if (error instanceof EngineEndedError || error.code === QUERY_CANCELED) {
      throw new UsageError(`Cannot try a value for a new column: ${error.message}`, {
        code: "sql",
        hint: `Look at the checks of its table; ${error.hint}`,
        cause: error,
      });
    }
    return null;
  }
}

/** Its time was over: the next value would take as long again. */
const QUERY_CANCELED = "57014";
