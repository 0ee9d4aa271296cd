/** Which statement did it: the candidate is run again over the same rows, and looked at after each of its statements. */

import { DatabaseError } from "../../../core/error.ts";
import type { Migration, Script } from "../../../formats/format.ts";
import type { Direction } from "../../../core/proof.ts";
import { leaveTransaction } from "../chunked.ts";
import { downScripts, upScripts } from "../directions.ts";
import { ScriptFailure } from "../run_script.ts";
import { effectsBetween, lossEffect } from "./effects.ts";
import type { Seen } from "./judge.ts";
import { returnEffects } from "./round_trip.ts";
import type { RowTrial } from "./trial.ts";

/** A statement that was run, and what was seen after it. */
interface Step {
  readonly direction: Direction;
  readonly number: number;
  readonly sql: string;
  readonly keys: ReadonlySet<string>;
}

/** The statement from which on something is touched; null where none was found. */
export type Blame = (key: string, direction: Direction) => Omit<Step, "keys"> | null;

/** So many statements are looked at one by one. */
const MOST_STATEMENTS = 300;

/** Runs both directions again. */
export async function blameFor(
  trial: RowTrial,
  { from, last }: Seen,
  candidate: readonly Migration[],
): Promise<Blame> {
  const steps: Step[] = [];
  await trial.begin();
  const { first, up, down } = trial;
  try {
    await runSteps(trial, { direction: "up", scripts: upScripts(candidate) }, async (step) => {
      const now = await trial.look();
      const { touched, losses } = effectsBetween(first, now, up);
      const keys = [...touched, ...losses.map(lossEffect)].map(({ key }) => key);
      const back = returnEffects(first, now, {
        intent: up,
        lost: [],
        known: new Set(),
        isExact: trial.isMoving,
      });
      steps.push({
        ...step,
        direction: "up",
        keys: new Set([
          ...keys,
          ...[...back, ...trial.wronglyConverted(now)].map(({ key }) => key),
        ]),
      });
    });
    if (last !== null) {
      await trial.rest();
      await runSteps(
        trial,
        { direction: "down", scripts: downScripts(candidate) },
        async (step) => {
          const now = await trial.look();
          const back = returnEffects(first, now, {
            intent: up,
            lost: [],
            known: new Set(),
            isExact: trial.isMoving,
          });
          const { touched } = trial.isWatched ? effectsBetween(from, now, down) : { touched: [] };
          steps.push({
            ...step,
            direction: "down",
            keys: new Set([...back, ...touched].map(({ key }) => key)),
          });
        },
      );
    }
  } catch (error) {
    if (!(error instanceof DatabaseError || error instanceof ScriptFailure)) throw error;
    await leaveTransaction(trial.database);
  }
  return (key, direction) => {
    const isReturn = key.startsWith("return ");
    const among = steps.filter((step) => isReturn || step.direction === direction);
    const found = among[among.findLastIndex(({ keys }) => !keys.has(key)) + 1] ?? among.at(-1);
    return found ?? null;
  };
}

async function runSteps(
  trial: RowTrial,
  { direction, scripts }: {
    readonly direction: "up" | "down";
    readonly scripts: readonly Script[];
  },
  after: (step: Pick<Step, "number" | "sql">) => Promise<void>,
): Promise<void> {
  let count = 0;
  for (const script of scripts) {
    await trial.run(script, direction, async ({ sql }, index) => {
      if (count++ < MOST_STATEMENTS) await after({ number: index + 1, sql });
    });
  }
}
