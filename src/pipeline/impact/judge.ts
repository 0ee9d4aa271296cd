/** What preparing queries on both states says of them. */

import type { FoundQuery, FoundUses, Use } from "../../usage/use.ts";
import type { Target } from "../../usage/target.ts";
import type { Project } from "../project.ts";
import { catalogUse, catalogUses } from "./catalog_uses.ts";
import {
  type Candidate,
  candidatesOf,
  type Refusals,
  storedQueries,
  verdictOn,
} from "./check_queries.ts";
import type { Step } from "./steps.ts";

/** Statements among the files. */
export interface QueryCounts {
  readonly found: number;
  /** That the server takes before the change. */
  readonly prepared: number;
  /** And not after it. */
  readonly broken: number;
}

/** What preparing says of the statements that were found, and of those of the database itself. */
export async function judge(
  project: Project,
  step: Step,
  { queries }: FoundUses,
): Promise<{ readonly uses: readonly Use[]; readonly counts: QueryCounts }> {
  const check = project.engine.queryCheck;
  const candidates = check === undefined
    ? queries.map((query) => ({ query, forms: [] }))
    : candidatesOf(project, check, queries);
  const stored = check === undefined || step.targets.length === 0
    ? new Map<string, string>()
    : storedQueries(check, step.after);
  const forms = [...candidates.flatMap((one) => one.forms), ...stored.values()];
  const { before, after } = await step.refusals(forms);
  const verdicts = candidates.map((one) => [one, verdictOn(one, before, after)] as const);
  const views = brokenViews(step, stored, { before, after });
  return {
    uses: [
      ...verdicts.flatMap(([{ query }, verdict]): readonly Use[] => {
        if (verdict.state === "kept") return query.meanings;
        if (verdict.state === "unknown") return [...query.uses, ...query.meanings];
        return certainUses(query, verdict.reason.message, step.targets);
      }),
      ...views,
      ...catalogUses(step.after, step.targets)
        .filter(({ text }) => !views.some((view) => view.text === text)),
    ],
    counts: countsOf(queries, verdicts),
  };
}

function countsOf(
  queries: readonly FoundQuery[],
  verdicts: readonly (readonly [Candidate, ReturnType<typeof verdictOn>])[],
): QueryCounts {
  const of = (state: string) => verdicts.filter(([, verdict]) => verdict.state === state).length;
  return { found: queries.length, prepared: of("kept") + of("broken"), broken: of("broken") };
}

/** A statement that fails after the change, laid to the targets that its error or its words name. */
function certainUses(
  query: FoundQuery,
  message: string,
  targets: readonly Target[],
): readonly Use[] {
  const why = `the server takes it before, and after says: ${message}`;
  const words = new Set(message.toLowerCase().match(/[\w$]+/g) ?? []);
  const all = [...query.uses, ...query.meanings];
  const named = all.filter(({ target }) =>
    words.has((target.column ?? target.table).toLowerCase())
  );
  const meant = named.length > 0 ? named : all;
  const seen = new Set<Target>();
  const uses = meant.filter(({ target }) => !seen.has(target) && seen.add(target));
  if (uses.length > 0) return uses.map((use) => ({ ...use, certainty: "certain", why }));
  const sql = query.sql.toLowerCase();
  const target = targets.find(({ table }) => sql.includes(table.toLowerCase())) ?? targets[0];
  if (target === undefined) return [];
  const { file, line, column, via } = query;
  const text = (query.sql.split("\n", 1)[0] ?? "").trim().slice(0, 200);
  return [{ target, certainty: "certain", file, line, column, via, why, text }];
}

/** Views that the database still has, and that no longer work. */
function brokenViews(
  { targets }: Step,
  stored: ReadonlyMap<string, string>,
  { before, after }: { readonly before: Refusals; readonly after: Refusals },
): readonly Use[] {
  return [...stored].flatMap(([name, sql]): readonly Use[] => {
    const reason = after.get(sql) ?? null;
    if (reason === null || before.get(sql) !== null) return [];
    const words = new Set(reason.message.toLowerCase().match(/[\w$]+/g) ?? []);
    const target = targets.find((one) => words.has((one.column ?? one.table).toLowerCase())) ??
      targets[0];
    if (target === undefined) return [];
    const why = `it can be read before, and after the server says: ${reason.message}`;
    return [catalogUse({ kind: "view", name }, target, why, "certain")];
  });
}
