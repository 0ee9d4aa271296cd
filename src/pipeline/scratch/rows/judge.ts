/** The verdict on rows: what UP and DOWN did to them that nothing says, and by which statement. */

import type { Migration } from "../../../formats/format.ts";
import type { Observation } from "../../../core/observation.ts";
import type { Direction, RowFinding } from "../../../core/proof.ts";
import { type Blame, blameFor } from "./blame.ts";
import { type Effect, effectsBetween, lossEffect } from "./effects.ts";
import { isRestored } from "./losses.ts";
import { wholesOf } from "./partitions.ts";
import { returnEffects } from "./round_trip.ts";
import { isSaid } from "./said.ts";
import type { RowTrial } from "./trial.ts";

/** What was seen of a run. */
export interface Seen {
  readonly middle: Observation;
  /** What DOWN began with: the same, and rows that were written since. */
  readonly from: Observation;
  /** Null where there is no DOWN. */
  readonly last: Observation | null;
}

/** What became of rows. */
export interface RowJudgement {
  readonly findings: readonly RowFinding[];
  /** Losses that are said, in words. */
  readonly declared: readonly string[];
  /** Names of the tables that did not come through as they were, said or not. */
  readonly touched: ReadonlySet<string>;
}

/** Judges what was seen; runs the candidate again, statement by statement, where something must be laid to one. */
export async function judgeRows(
  trial: RowTrial,
  seen: Seen,
  candidate: readonly Migration[],
): Promise<RowJudgement> {
  const effects = allEffects(trial, seen);
  // What is said of a table that is divided is said of its partitions; a table that others inherit from has rows of its own.
  const storing = new Set([...trial.first.tables.values()].map(({ name }) => name));
  const isTold = (effect: Effect) =>
    [
      effect.table,
      ...wholesOf(effect.table, trial.up.from).filter((whole) => !storing.has(whole)),
    ].some((table) => isSaid(trial.said, { ...effect, table }));
  const touched = new Set(effects.map(({ table }) => table));
  const unsaid = effects.filter((effect) =>
    effect.direction === "down" || effect.isOwn === true || !isTold(effect)
  );
  const declared = effects.filter((effect) => !unsaid.includes(effect));
  if (unsaid.length === 0) return { findings: [], declared: textsOf(declared), touched };
  const blame = await blameFor(trial, seen, candidate);
  const found = unsaid.map((effect) => ({ effect, finding: findingOf(effect, blame) }));
  // A model says a loss at its statement, in words of its own.
  const stated = found.filter(({ effect, finding }) =>
    effect.canBeSaid && finding.direction === "up" && isSaid(trial.said, finding)
  );
  return {
    findings: found.filter((one) => !stated.includes(one)).map(({ finding }) => finding),
    declared: textsOf([...declared, ...stated.map(({ effect }) => effect)]),
    touched,
  };
}

/** An effect, and the direction that it was seen after. */
interface Seeing extends Effect {
  readonly direction: Direction;
  /** True for what a statement of UP may say of itself. */
  readonly canBeSaid: boolean;
  /** True where it is enough to say it, and aim can. */
  readonly implied: boolean;
  /** True for what nothing that is said of the column is about. */
  readonly isOwn?: boolean;
}

function allEffects(trial: RowTrial, { middle, from, last }: Seen): readonly Seeing[] {
  const seen = effectsBetween(trial.first, middle, trial.up);
  // What DOWN puts together again was kept, in whatever form.
  const losses = seen.losses.filter((loss) =>
    last === null || !isRestored(trial.first, last, loss)
  );
  const up = { ...seen, losses };
  const there: readonly Seeing[] = [
    ...up.touched.map((effect) => seeing(trial, effect, "up")),
    ...trial.wronglyConverted(middle).map((effect) => ({
      ...seeing(trial, effect, "up"),
      isOwn: true,
    })),
    ...up.losses.map((loss) => ({
      ...lossEffect(loss),
      direction: "up" as const,
      canBeSaid: true,
      implied: !loss.avoidable && !trial.isMoving,
    })),
  ];
  if (last === null) return there;
  const known = new Set(up.touched.map(({ key }) => key));
  const back = returnEffects(trial.first, last, {
    intent: trial.up,
    lost: up.losses,
    known,
    isExact: trial.isMoving,
  });
  const touched = trial.isWatched ? effectsBetween(from, last, trial.down).touched : [];
  return [
    ...there,
    ...touched.map((effect) => ({ ...seeing(trial, effect, "down"), canBeSaid: false })),
    ...back.map((effect) => ({ ...seeing(trial, effect, "up"), canBeSaid: true })),
  ];
}

/** What a planner's statements do to values by the change itself, aim says for them; a model must say it itself. */
function seeing(trial: RowTrial, effect: Effect, direction: Direction): Seeing {
  const isLoss = effect.isLoss === true;
  const implied = isLoss && !trial.isWatched && !trial.isMoving;
  return { ...effect, direction, canBeSaid: isLoss, implied };
}

function findingOf(effect: Seeing, blame: Blame): RowFinding {
  const { key, direction, table, column, before, after, text, kind, implied, canBeSaid } = effect;
  const found = blame(key, direction);
  return {
    key,
    direction: found?.direction ?? direction,
    table,
    column,
    before,
    after,
    text,
    kind,
    implied,
    canBeSaid,
    statement: found === null ? null : { number: found.number, sql: found.sql },
  };
}

function textsOf(effects: readonly Pick<Effect, "text">[]): readonly string[] {
  return [...new Set(effects.map(({ text }) => text))];
}
