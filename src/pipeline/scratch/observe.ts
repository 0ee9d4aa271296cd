/**
 * A draft under observation: it is run on the scratch database with rows in every table, up and down, and everything outside of the
 * changes that it is for must be as it was. Catalogs that are equal say nothing about rows, counters, settings and roles.
 */

import { DatabaseError } from "../../core/error.ts";
import type { Migration } from "../../formats/format.ts";
import type { Refutation } from "../../models/prompts/feedback.ts";
import type { Observation } from "../../core/observation.ts";
import type { Draft } from "../../core/plan.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { PlannedStatement, Statement } from "../../core/statement.ts";
import { changesIn } from "./changes.ts";
import { leaveTransaction } from "./chunked.ts";
import { type Effect, type Effects, effectsBetween, type Intent, intentOf } from "./effects.ts";
import { folderOf, note, type Project, runOptions } from "../project.ts";
import { type Loss, missingAfterReturn } from "./row_effects.ts";
import { runScript, ScriptFailure } from "./run_script.ts";
import { downScripts, type ProofInput, upScripts } from "./verify.ts";

/** What was seen: a draft that now says all that it destroys, or why it is refused. */
export type Observed = { readonly draft: Draft } | { readonly refutation: Refutation };

/** Observes a draft whose schemas are proven. `candidate` are its migrations as read back from the files. */
export async function observeDraft(
  project: Project,
  proofInput: ProofInput,
  { draft, candidate }: { readonly draft: Draft; readonly candidate: readonly Migration[] },
): Promise<Observed> {
  const begun = performance.now();
  const { emit } = project;
  emit({
    type: "stage",
    stage: "verify",
    state: "start",
    text: "observing the migration over rows",
  });
  const observed = await new Observer(project, proofInput, candidate).observe(draft);
  const text = "refutation" in observed ? "it touches more" : "nothing else is touched";
  emit({ type: "stage", stage: "verify", state: "done", text, ms: performance.now() - begun });
  return observed;
}

type Direction = "up" | "down";

class Observer {
  readonly #project: Project;
  readonly #proofInput: ProofInput;
  readonly #candidate: readonly Migration[];

  constructor(project: Project, proofInput: ProofInput, candidate: readonly Migration[]) {
    this.#project = project;
    this.#proofInput = proofInput;
    this.#candidate = candidate;
  }

  async observe(draft: Draft): Promise<Observed> {
    const { database, before, target, start } = this.#proofInput;
    await database.rewind(start);
    await this.#seed(draft);
    const seeded = await database.checkpoint();
    const first = await this.#look();
    const failed = await this.#run("up");
    if (failed !== null) return { refutation: failed };
    const middle = await this.#look();
    const up = this.#intent(before, target);
    const seen = effectsBetween(first, middle, up);
    const scanUp = async () => {
      await database.rewind(seeded);
      return await this.#scan("up", first, up);
    };
    const judged = await judge(seen, { draft, scan: scanUp });
    if ("refutation" in judged) return judged;
    if (!this.#candidate.every(({ down }) => down !== null)) return judged;

    if (seen.touched.length + seen.losses.length > 0) {
      await database.rewind(seeded);
      await this.#run("up");
    }
    await this.#reset();
    const failedDown = await this.#run("down");
    if (failedDown !== null) return { refutation: failedDown };
    const last = await this.#look();
    const down = this.#intent(target, before);
    const back = effectsBetween(middle, last, down).touched;
    const missing = missingAfterReturn(first, last, { changes: up.changes, lost: seen.losses });
    const touched = [...back, ...missing];
    if (touched.length === 0) return judged;
    const scanDown = async () => {
      await database.rewind(seeded);
      await this.#run("up");
      await this.#reset();
      return await this.#scan("down", middle, down);
    };
    return { refutation: refutationOf("down", touched[0], await scanDown()) };
  }

  async #seed({ up, down }: Draft): Promise<void> {
    const { database, target: expected } = this.#proofInput;
    const { engine } = this.#project;
    const statements = [...up, ...down].map(({ sql }) => sql);
    const { empty } = await engine.rows.seed(database, { expected, statements });
    const held = (await this.#look()).tables;
    for (const { table, reason } of empty) {
      const isEmpty = [...held.values()].some(({ name, rows }) =>
        name === table && rows.length === 0
      );
      if (!isEmpty) continue;
      note(this.#project, `The migration was observed without rows in table ${table}: ${reason}`);
    }
    await this.#reset();
  }

  /** Gives the session its defaults back. */
  async #reset(): Promise<void> {
    const { reset } = this.#project.engine;
    if (reset !== "") await this.#proofInput.database.exec(reset);
  }

  #look(): Promise<Observation> {
    return this.#project.engine.rows.observe(this.#proofInput.database);
  }

  #intent(from: Snapshot, to: Snapshot): Intent {
    return intentOf(from, to, changesIn(this.#project, from, to));
  }

  /** Runs one direction; the refusal of what the rows do not let through, or null. */
  async #run(
    direction: Direction,
    after?: (statement: Statement, index: number) => Promise<void>,
  ): Promise<Refutation | null> {
    const scripts = direction === "up" ? upScripts(this.#candidate) : downScripts(this.#candidate);
    const options = { ...runOptions(this.#project, folderOf(this.#project)), emit: () => {} };
    for (const script of scripts) {
      try {
        await runScript(
          this.#proofInput.database,
          script,
          after === undefined ? options : { ...options, after },
        );
      } catch (error) {
        if (!(error instanceof ScriptFailure)) throw error;
        const { statement, index, reason } = error;
        return {
          stage: `data_${direction}`,
          statement: index + 1,
          sql: statement.sql,
          error: `over rows: ${reason.message}`,
          proven: PROVEN,
        };
      }
    }
    return null;
  }

  /** Runs one direction and looks after each statement; what it gives finds the statement from which on something is touched. */
  async #scan(direction: Direction, before: Observation, intent: Intent): Promise<Scan> {
    const steps: Step[] = [];
    try {
      await this.#run(direction, async (statement, index) => {
        const { touched, losses } = effectsBetween(before, await this.#look(), intent);
        const keys = new Set([...touched.map(({ key }) => key), ...losses.map(lossKey)]);
        steps.push({ sql: statement.sql, number: index + 1, keys });
      });
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      await leaveTransaction(this.#proofInput.database);
    }
    return (key) =>
      steps[steps.findLastIndex(({ keys }) => !keys.has(key)) + 1] ?? steps.at(-1) ?? null;
  }
}

const PROVEN = "UP gives AFTER; DOWN gives BEFORE";

/** A statement and what was touched after it. */
interface Step {
  readonly sql: string;
  readonly number: number;
  readonly keys: ReadonlySet<string>;
}

/** The statement from which on something is touched. */
type Scan = (key: string) => Step | null;

/** Refuses what is touched, and losses that could be avoided and are not stated; others are put into the draft. */
async function judge(
  { touched, losses }: Effects,
  { draft, scan }: { readonly draft: Draft; readonly scan: () => Promise<Scan> },
): Promise<Observed> {
  if (touched.length + losses.length === 0) return { draft };
  const steps = await scan();
  const stated = (key: string) => statementOf(draft.up, steps(key))?.destroys !== undefined;
  const wrong = touched.find(({ key, isLoss }) => isLoss !== true || !stated(key));
  if (wrong !== undefined) return { refutation: refutationOf("up", wrong, steps) };
  const unstated = losses.filter((loss) => !stated(lossKey(loss)));
  const avoidable = unstated.find((loss) => loss.avoidable);
  if (avoidable !== undefined) {
    const text = `${avoidable.text} are lost, and no warning says so (destroys_data)`;
    return { refutation: refutationOf("up", { key: lossKey(avoidable), text }, steps) };
  }
  return { draft: withLosses(draft, unstated, steps) };
}

function refutationOf(
  direction: Direction,
  effect: Effect | undefined,
  scan: Scan,
): Refutation {
  const step = scan(effect?.key ?? "");
  const stated = effect?.isLoss === true ? "; a loss must be stated (destroys_data)" : "";
  return {
    stage: `data_${direction}`,
    ...(step === null ? {} : { statement: step.number, sql: step.sql }),
    error: `it touches what no change asks for: ${effect?.text}${stated}`,
    proven: PROVEN,
  };
}

function lossKey({ table, column }: Loss): string {
  return `loss ${table} ${column}`;
}

function statementOf(
  statements: readonly PlannedStatement[],
  step: Step | null,
): PlannedStatement | undefined {
  return statements.find(({ sql }) => sameSql(sql, step?.sql ?? ""));
}

function sameSql(one: string, other: string): boolean {
  const [a, b] = [one, other].map((sql) => sql.replaceAll(/\s+/g, " ").replace(/;? ?$/, "").trim());
  return a === b;
}

/** The draft with what its statements destroy. */
function withLosses(draft: Draft, losses: readonly Loss[], scan: Scan): Draft {
  if (losses.length === 0) return draft;
  const up = draft.up.map((statement): PlannedStatement => {
    const own = losses.filter((loss) => statementOf(draft.up, scan(lossKey(loss))) === statement);
    if (own.length === 0) return statement;
    return {
      ...statement,
      destroys: own.map(({ text }) => text).join(", "),
      reversible: "structure",
    };
  });
  return { ...draft, up, reversible: "structure" };
}
