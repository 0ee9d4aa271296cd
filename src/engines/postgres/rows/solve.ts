/** Asks the server which values pass conditions. */

import { DatabaseError } from "../../../core/error.ts";
import { EngineEndedError } from "../../../runtimes/limits.ts";
import type { Query } from "./read_types.ts";

/** Columns whose values are chosen together. */
export interface Variable {
  readonly columns: readonly { readonly quoted: string; readonly type: string }[];
  /** SQL for each column. */
  readonly candidates: readonly (readonly string[])[];
}

/** How many combinations are asked one by one where the server cannot be asked for all. */
const MOST_ALONE = 80;
/** The most combinations that are asked for. */
const MOST = 4096;

/** How many candidates each of so many variables may have. */
export function mostCandidates(variables: number): number {
  return Math.max(2, Math.floor(MOST ** (1 / Math.max(variables, 1))));
}

/** The combinations, a candidate of each variable by its place, that no condition is false for; null where the server does not tell. */
export async function passing(
  query: Query,
  variables: readonly Variable[],
  conditions: readonly string[],
): Promise<readonly (readonly number[])[] | null> {
  if (variables.some(({ candidates }) => candidates.length === 0)) return [];
  if (variables.reduce((all, { candidates }) => all * candidates.length, 1) > MOST * 2) return null;
  try {
    return await ask(query, variables, conditions);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return await askAlone(query, variables, conditions);
  }
}

async function ask(
  query: Query,
  variables: readonly Variable[],
  conditions: readonly string[],
): Promise<readonly (readonly number[])[]> {
  const tables = variables.map(({ columns, candidates }, at) => {
    const rows = candidates.map((values, place) =>
      `(${
        [
          place,
          ...columns.map(({ type }, column) => `CAST(${values[column] ?? "NULL"} AS ${type})`),
        ].join(", ")
      })`
    );
    const names = [`aim_${at}`, ...columns.map(({ quoted }) => quoted)];
    return `(VALUES ${rows.join(", ")}) aim_v${at}(${names.join(", ")})`;
  });
  const places = variables.map((_, at) => `aim_${at}`).join(", ");
  const [row] = await query<{ readonly found: readonly (readonly number[])[] | null }>(`
    SELECT pg_catalog.json_agg(pg_catalog.json_build_array(${places}) ORDER BY ${places}) AS found
    FROM ${tables.join(" CROSS JOIN ")}
    WHERE ${conditions.map((condition) => `(${condition}) IS NOT FALSE`).join(" AND ")}`);
  return row?.found ?? [];
}

/** One value for which a condition fails with an error hides all others. */
async function askAlone(
  query: Query,
  variables: readonly Variable[],
  conditions: readonly string[],
): Promise<readonly (readonly number[])[] | null> {
  const found: (readonly number[])[] = [];
  let told = false;
  for (const places of combinations(variables.map(({ candidates }) => candidates.length))) {
    const alone = variables.map(({ columns, candidates }, at) => ({
      columns,
      candidates: [candidates[places[at] ?? 0] ?? []],
    }));
    try {
      if ((await ask(query, alone, conditions)).length > 0) found.push(places);
      told = true;
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
  }
  return told ? found : null;
}

/** Some of all combinations: each candidate of each variable comes up early. */
function* combinations(sizes: readonly number[]): Generator<readonly number[]> {
  const seen = new Set<string>();
  for (let turn = 0; turn < MOST_ALONE; turn++) {
    const longest = Math.max(...sizes);
    const places = sizes.map((size, at) =>
      (turn + at * Math.floor(turn / Math.max(longest, 1))) % size
    );
    const key = places.join(" ");
    if (seen.has(key)) continue;
    seen.add(key);
    yield places;
  }
}

const QUERY_CANCELED = "57014";

/** True for an error after which the same can be tried with other values; a statement that ran too long or ended its engine is not tried again. */
export function isRefusal(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && !(error instanceof EngineEndedError) &&
    error.code !== QUERY_CANCELED;
}

/** Whether the columns of a table are such that a condition can be asked about: what speaks of others refuses nothing. */
export async function canAsk(
  query: Query,
  { quoted }: { readonly quoted: string },
  expression: string,
): Promise<boolean> {
  try {
    await query(`SELECT 1 AS x FROM ${quoted} WHERE ${expression} LIMIT 0`);
    return true;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return false;
  }
}

/** Does something about one table; where a statement of it ran too long, what the server said of that. Throws EngineEndedError. */
export async function unlessEnded(act: () => Promise<void>): Promise<string | null> {
  try {
    await act();
    return null;
  } catch (error) {
    if (!(error instanceof DatabaseError) || error instanceof EngineEndedError) throw error;
    return error.message;
  }
}
