/** Questions of the planner: what a model decides, and whether values are still there afterwards. */

import type { GenerateOutcome } from "../../src/core/outcome.ts";
import { generateOn } from "../../src/pipeline/mod.ts";
import { load, migrate, sourcesOf } from "../corpus/bench.ts";
import { DECIDE_CASES, type DecideCase } from "./decide_cases.ts";
import { counts, type Place, type Result, type Task } from "./task.ts";

/** Every question, on an engine. */
export function decideTasks(engine: Task["engine"]): readonly Task[] {
  return DECIDE_CASES.map((one) => ({
    kind: "decide",
    engine,
    title: one.title,
    run: async (place) => {
      const sources = sourcesOf(one.from, one.to);
      const outcome = await generateOn(place.project, place.server, sources, {
        name: "change",
        dryRun: true,
        answers: new Map(),
        renames: [],
        onAmbiguity: "ask",
        openModel: place.openModel,
      });
      const { result, after } = await judged(one, outcome, place);
      const said = [
        ...outcome.choices.map(({ answer, id }) =>
          `${id} = ${answer?.expression ?? answer?.option ?? "ask"}`
        ),
        ...after === "" ? [] : [after],
        ...outcome.model?.message == null ? [] : [outcome.model.message],
      ].join("; ");
      return { result, said, ...counts(outcome.usage, outcome.model) };
    },
  }));
}

/** What became of the rows, by running the draft over them on a database of its own. */
async function judged(
  one: DecideCase,
  { outcome, draft, files }: GenerateOutcome,
  { project, server }: Place,
): Promise<{ readonly result: Result; readonly after: string }> {
  if (outcome === "undecided") {
    return { result: one.right === "ask" ? "right" : "asked", after: "" };
  }
  if (outcome !== "proven") return { result: "refused", after: "" };
  await using database = await server.create();
  await load(project, database, [one.from, ...one.rows].map((sql) => `${sql};`).join("\n"));
  await migrate(project, database, files, "up");
  const tables = [...one.to.matchAll(/CREATE TABLE (\w+)/g)].map(([, name]) => name ?? "");
  const rows: unknown[] = [];
  for (const name of tables) rows.push(await database.query(`SELECT * FROM ${name}`));
  const after = JSON.stringify(rows);
  const isGone = one.keeps.some((value) => !after.includes(value));
  const isSaid = draft?.up.some(({ destroys }) => destroys !== undefined) === true;
  if (isGone) return { result: isSaid ? "other" : "lost", after };
  if (one.shows === undefined) return { result: "other", after };
  const [sql, value] = one.shows;
  const [shown] = await database.query<{ v: unknown }>(sql).catch(() => []);
  return { result: shown !== undefined && String(shown.v) === value ? "right" : "other", after };
}
