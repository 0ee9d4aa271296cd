/** The rows that stand under a proof: put in before UP, looked at after each direction, and judged against what the migration says. */

import type { Choice } from "../../../core/choice.ts";
import type { Converted, Observation } from "../../../core/observation.ts";
import type { Draft } from "../../../core/plan.ts";
import type { FailedCheck } from "../../../core/proof.ts";
import type { Statement } from "../../../core/statement.ts";
import type { Migration, Script } from "../../../formats/format.ts";
import type { Seeds } from "../../files/seeds.ts";
import type { ScratchDatabase } from "../../../runtimes/runtime.ts";
import { folderOf, type Project, runOptions } from "../../project.ts";
import { changesIn } from "../changes.ts";
import { downScripts, upScripts } from "../directions.ts";
import { KeptSession } from "../kept_session.ts";
import { resetSession } from "../run_in_session.ts";
import { runScript } from "../run_script.ts";
import type { Passage, Passengers, ProofInput } from "../passage.ts";
import { RowChecks } from "./checks.ts";
import { conversionEffects, convertedBy } from "./conversions.ts";
import { type Effect, effectsBetween } from "./effects.ts";
import { type Intent, intentOf } from "./intent.ts";
import { returnEffects } from "./round_trip.ts";
import { type Said, saidBy } from "./said.ts";
import { scopeOf } from "./scope.ts";
import {
  type Coverage,
  coverageOf,
  emptyByAnswer,
  type Put,
  putRows,
  type Seeding,
} from "./seeding.ts";

/** What a proof knows of its candidate besides the statements. */
export interface TrialOptions {
  /** Absent for statements that nobody drafted. */
  readonly draft?: Draft;
  readonly choices?: readonly Choice[];
  /** Rows of the project's own. */
  readonly seeds?: Seeds;
}

/** Values that a draft fills rows with: what they refer to is to be there. */
function filling(draft: Draft | undefined): Pick<Seeding, "statements"> {
  const isFilled = draft?.up.some(({ reason }) => reason.action === "backfill") === true;
  return isFilled ? { statements: draft.up.map(({ sql }) => sql) } : {};
}

const NO_SEEDS: Seeds = { files: [], areNamed: false };

/** Rows under a candidate. */
export class RowTrial {
  readonly #project: Project;
  readonly #proofInput: ProofInput;
  readonly #seeding: Seeding;
  /** What the candidate is to change, there and back. */
  readonly up: Intent;
  readonly down: Intent;
  readonly said: Said;
  /** True where everything is looked at, because SQL runs that nobody planned. */
  readonly isWatched: boolean;
  /** True where statements of the candidate are there to keep what would be lost. */
  readonly isMoving: boolean;
  readonly #draft: Draft | null;
  #converted: readonly Converted[] = [];
  #put: Put = { reasons: new Map(), silent: [] };
  #first: Observation | null = null;
  readonly #checks: RowChecks;
  /** The project's checks that did not hold, as far as they were run. */
  readonly failedChecks: FailedCheck[] = [];

  constructor(
    project: Project,
    proofInput: ProofInput,
    candidate: readonly Migration[],
    { draft, choices = [], seeds = NO_SEEDS }: TrialOptions,
  ) {
    this.#project = project;
    this.#proofInput = proofInput;
    this.#draft = draft ?? null;
    this.#checks = new RowChecks(
      project,
      proofInput.database,
      () => resetSession(project, proofInput.database),
      proofInput.checks,
    );
    const { before, target } = proofInput;
    this.up = intentOf(before, target, changesIn(project, before, target));
    this.down = intentOf(target, before, changesIn(project, target, before));
    this.said = saidBy(draft ?? null, choices);
    this.isWatched = isOfModel(draft, choices);
    this.isMoving = proofInput.isMoving === true;
    const scripts = [...upScripts(candidate), ...downScripts(candidate)].map(({ text }) => text);
    this.#seeding = {
      before,
      seeds,
      without: emptyByAnswer(choices, { before, target }),
      ...this.isWatched
        ? {
          expected: target,
          statements: [...draft?.up ?? [], ...draft?.down ?? []].map(({ sql }) => sql),
        }
        : { tables: scopeOf(this.up, scripts), ...filling(draft) },
    };
  }

  /** What was seen before UP. */
  get first(): Observation {
    if (this.#first === null) throw new Error("No rows were put in yet");
    return this.#first;
  }

  /** Which tables have rows. */
  get coverage(): Coverage {
    return coverageOf(this.first, this.#seeding, this.#put.reasons);
  }

  /** Triggers and rules that did not fire while rows were put in, by name. */
  get silent(): readonly string[] {
    return this.#put.silent;
  }

  /** How many files of the project put rows in. */
  get seedCount(): number {
    return this.#seeding.seeds.files.length;
  }

  /** True when there is no table to put a row into. */
  get isVain(): boolean {
    const { tables, seeds } = this.#seeding;
    return tables?.size === 0 && seeds.files.length + this.#checks.count === 0;
  }

  /** Goes back to the state before UP and puts the rows in. */
  async begin(): Promise<void> {
    const { database, start } = this.#proofInput;
    await database.rewind(start);
    this.#put = await putRows(this.#project, database, this.#seeding);
    if (this.#first !== null) return;
    await this.#check("before");
    this.#first = await this.look();
    const { up: intent, first } = this;
    this.#converted = await convertedBy(this.#project, database, {
      draft: this.#draft,
      intent,
      first,
    });
  }

  /** Columns that hold other values now than the draft says that their conversion gives. */
  wronglyConverted(now: Observation): readonly Effect[] {
    return conversionEffects(this.first, now, this.#converted);
  }

  /** True when the project has checks, which rows that are written after UP would upset. */
  get hasChecks(): boolean {
    return this.#checks.count > 0;
  }

  async #check(when: FailedCheck["when"]): Promise<void> {
    this.failedChecks.push(...await this.#checks.run(when));
  }

  /** The rows as a run takes them along; with rows that are written after UP, without checks. */
  passengers(withNewData: boolean): Passengers {
    const { seedAfter } = this.#project.engine.rows;
    const base = {
      begin: () => this.begin(),
      look: () => this.look(),
      isWatched: this.isWatched,
    };
    if (!withNewData) {
      return this.hasChecks ? { ...base, after: (direction) => this.#check(direction) } : base;
    }
    if (seedAfter === undefined) return base;
    return { ...base, write: () => this.#write() };
  }

  /** Writes what only the new schema takes. */
  async #write(): Promise<Passage["written"]> {
    const { database, before, target: after } = this.#proofInput;
    const { rows } = this.#project.engine;
    const { tables } = this.#seeding;
    const data = await rows.seedAfter?.(database, {
      before,
      after,
      ...tables === undefined ? {} : { tables: new Set([...tables, ...this.#created()]) },
    }) ?? [];
    await this.rest();
    return data.length === 0 ? null : { data, seen: await this.look() };
  }

  /** Whether all rows of the beginning are there again, as they were or as UP left them, whatever else is. */
  keepsOld(middle: Observation, last: Observation): boolean {
    const { touched, losses } = effectsBetween(this.first, middle, this.up);
    const known = new Set(touched.map(({ key }) => key));
    return returnEffects(this.first, last, {
      intent: this.up,
      lost: losses,
      known,
      isExact: this.isMoving,
    }).length === 0;
  }

  /** What is there now. */
  async look(): Promise<Observation> {
    const { database } = this.#proofInput;
    const { rows } = this.#project.engine;
    if (this.isWatched) return await rows.observe(database);
    const { tables = new Set<string>() } = this.#seeding;
    const wanted = new Set([...tables, ...this.#created()]);
    return await rows.observe(database, wanted, "rows");
  }

  /** New tables: rows of those that go may stand there. */
  #created(): readonly string[] {
    return this.up.changes.flatMap(({ op, kind, id }) =>
      op === "create" && kind === "table" ? [id] : []
    );
  }

  /** Runs a script and calls `after` behind each of its statements; the session is left as it is. Throws ScriptFailure. */
  async run(
    script: Script,
    direction: "up" | "down",
    after: (statement: Statement, index: number) => Promise<void>,
  ): Promise<void> {
    const options = runOptions(this.#project, folderOf(this.#project));
    const path = direction === "up" ? this.#proofInput.searchPath ?? null : null;
    await new KeptSession(this.#project.engine, path).begin(this.database);
    await runScript(this.database, script, { ...options, emit: () => {}, after });
  }

  /** Gives the session its defaults back. */
  async rest(): Promise<void> {
    await resetSession(this.#project, this.database);
  }

  get database(): ScratchDatabase {
    return this.#proofInput.database;
  }
}

/** True when SQL of a model is in a draft: all of it, or an expression. */
function isOfModel(draft: Draft | undefined, choices: readonly Choice[]): boolean {
  return draft?.author === "model" ||
    choices.some(({ answer }) => answer?.by === "model" && answer.expression !== undefined);
}
