/** Queries of programs, prepared before and after a change on the scratch database; none of them is ever run. */

import type { DatabaseError } from "../../core/error.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { QueryCheck } from "../../engines/engine.ts";
import type { ScratchDatabase } from "../../runtimes/runtime.ts";
import { HOLE } from "../../usage/code_scanner.ts";
import { withParameters } from "../../usage/queries.ts";
import type { FoundQuery } from "../../usage/use.ts";
import type { Project } from "../project.ts";
import { yieldToEventLoop } from "../scratch/yield_to_event_loop.ts";

/** The most queries that are prepared. */
const MOST = 10_000;

/** Ways to write one query that a server may take. */
export interface Candidate {
  readonly query: FoundQuery;
  readonly forms: readonly string[];
}

/** How one form of a query came out after the change, or before it; null where the server takes it. */
export type Refusals = ReadonlyMap<string, DatabaseError | null>;

/** The forms in which each query is tried. */
export function candidatesOf(
  { engine }: Project,
  check: QueryCheck,
  queries: readonly FoundQuery[],
): readonly Candidate[] {
  return queries.slice(0, MOST).map((query) => {
    const { sql } = query;
    const written = [
      ...sql.includes(HOLE) ? [withParameters(sql, check.parameter, true)] : [],
      withParameters(sql, check.parameter),
    ];
    const forms = [...new Set(written.reverse())].flatMap((form) => {
      const one = singleStatement(engine.split, form);
      return one === null ? [] : [one];
    });
    return { query, forms };
  });
}

/** The text of the only statement of a script; null where there are more, or it cannot be read. */
function singleStatement(split: Project["engine"]["split"], sql: string): string | null {
  try {
    const [statement, ...more] = split(sql);
    const isAlone = statement !== undefined && more.length === 0 && statement.control === undefined;
    return isAlone && QUERY.test(statement.sql) ? statement.sql : null;
  } catch {
    return null;
  }
}

/** What may be prepared: nothing that a server runs at once. */
const QUERY = /^[\s(]*(?:select|insert|update|delete|with|merge|replace|values)\b/i;

/** Prepares forms on a state of the database. */
export async function refusalsOf(
  { emit, signal }: Project,
  check: QueryCheck,
  database: ScratchDatabase,
  forms: Iterable<string>,
): Promise<Refusals> {
  const found = new Map<string, DatabaseError | null>();
  const wanted = [...new Set(forms)];
  for (const [index, form] of wanted.entries()) {
    await yieldToEventLoop(signal);
    found.set(form, await check.refusal(database, form));
    if (index % 50 === 0) {
      emit({
        type: "progress",
        stage: "verify",
        done: index,
        total: wanted.length,
        text: "queries",
      });
    }
  }
  return found;
}

/** What became of a query. */
export type Verdict =
  /** The server takes it before and after. */
  | { readonly state: "kept" }
  /** It takes it before, and not after. */
  | { readonly state: "broken"; readonly reason: DatabaseError }
  /** It takes no form of it before. */
  | { readonly state: "unknown" };

/** What became of a query, by the first form that the server takes before the change. */
export function verdictOn({ forms }: Candidate, before: Refusals, after: Refusals): Verdict {
  const form = forms.find((one) => before.get(one) === null);
  if (form === undefined) return { state: "unknown" };
  const reason = after.get(form) ?? null;
  return reason === null ? { state: "kept" } : { state: "broken", reason };
}

/** The queries that read views and the like, which a server may keep although they no longer work. */
export function storedQueries(
  check: QueryCheck,
  { objects }: Snapshot,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const object of objects.values()) {
    const sql = check.readAll(object);
    if (sql !== null) found.set(object.name, sql);
  }
  return found;
}
