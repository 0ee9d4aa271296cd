/** Renames: the stated ones, those that lose nothing, and those that the user must confirm. */

import { changesBetween } from "../../core/change.ts";
import type { ChoiceOption, Rename } from "../../core/choice.ts";
import type { Hints, RenamePlan } from "../../core/plan.ts";
import type { Facts, SchemaObject, Snapshot } from "../../core/snapshot.ts";
import type { PlannedStatement } from "../../core/statement.ts";
import { goesBy, joinName, lastName, splitName } from "../../core/name.ts";
import type { ObjectKind } from "../object_kind.ts";
import { Choices, DROP } from "./choices.ts";
import { dependenciesOf } from "./dependencies.ts";
import { type Comparison, equalButForName, similarity } from "./similarity.ts";

/** A similarity from which a rename is worth asking about. */
const LIKELY = 0.5;

/** The renames of one round, and what must be there before them. */
export interface Renames extends RenamePlan {
  /** New containers (schemas) that something moves into. */
  readonly containers: readonly SchemaObject[];
}

/** One round of renames between two snapshots. */
export function renamesBetween(
  kinds: readonly ObjectKind[],
  from: Snapshot,
  to: Snapshot,
  hints: Hints,
): Renames {
  const round = new Round(kinds, from, to, hints);
  const renamable = kinds.filter((kind) => kind.rename !== undefined)
    .sort((a, b) => a.rank - b.rank);
  for (const kind of renamable) {
    round.carryOutStated(kind);
    if (kind.asksRename === true) round.ask(kind);
  }
  // What loses nothing waits for the others: it may bear their names, and must not make them fail.
  if (round.isSettled()) {
    for (const kind of kinds) if (kind.move !== undefined) round.move(kind);
    for (const kind of renamable) if (kind.asksRename !== true) round.followTwins(kind);
  }
  return round.plan();
}

/** One round of renames. */
class Round {
  readonly #from: Snapshot;
  readonly #hints: Hints;
  readonly #comparison: Comparison;
  readonly #choices: Choices;
  readonly #statements: PlannedStatement[] = [];
  readonly #applied: Rename[] = [];
  readonly #containers = new Map<string, SchemaObject>();
  /** Objects that go, by their kind. */
  readonly #dropped: ReadonlyMap<string, readonly SchemaObject[]>;
  /** New objects, by where they stand. */
  readonly #created: ReadonlyMap<string, readonly SchemaObject[]>;
  /** Ids on either side of a rename. */
  readonly #taken = new Set<string>();
  /** Names of what is renamed here, or may be: its members go along, and are asked about once that is settled. */
  readonly #moving = { from: new Set<string>(), to: new Set<string>() };

  constructor(kinds: readonly ObjectKind[], from: Snapshot, to: Snapshot, hints: Hints) {
    this.#from = from;
    this.#hints = hints;
    this.#choices = new Choices(hints);
    const byKind = new Map(kinds.map((kind) => [kind.kind, kind]));
    this.#comparison = {
      from,
      to,
      outlines: new Map(),
      isCompatible: (before, after) =>
        byKind.get(before.kind)?.isCompatible?.(before, after) === true,
    };
    const changes = changesBetween(from, to, { strictOrder: false });
    const dropped = changes.flatMap((change) => change.op === "drop" ? [change.before] : []);
    const created = changes.flatMap((change) => change.op === "create" ? [change.after] : []);
    this.#dropped = Map.groupBy(
      dropped.filter((one) => byKind.get(one.kind)?.followsRename?.(one) !== true),
      ({ kind }) => kind,
    );
    this.#created = Map.groupBy(created, homeOf);
  }

  /** Renames that the hints state. */
  carryOutStated(kind: ObjectKind): void {
    for (const before of this.#leaving(kind)) {
      for (const rename of this.#hints.renames) {
        if (rename.kind !== null && rename.kind !== kind.kind) continue;
        if (!goesBy(before.name, rename.from)) continue;
        const after = statedSuccessor(rename, this.#successors(before));
        if (after !== undefined) this.#perform(kind, before, after, rename.by);
      }
    }
  }

  /** Asks about what the user must confirm, and carries it out where the answer is known. */
  ask(kind: ObjectKind): void {
    for (const before of this.#leaving(kind)) {
      if (this.#taken.has(before.id)) continue;
      const candidates = this.#successors(before)
        .map((after) => ({ after, score: similarity(before, after, this.#comparison) }))
        .filter(({ score }) => score >= LIKELY)
        .sort((a, b) => b.score - a.score)
        .slice(0, 5);
      if (candidates.length === 0) continue;
      const answer = this.#choices.choose({
        id: `rename:${before.id}`,
        kind: "rename",
        question: question(before, candidates.map(({ after }) => after)),
        evidence: evidence(before, candidates, this.#comparison),
        options: [
          ...candidates.map(({ after }) => renameOption(before, after)),
          dropOption(before),
        ],
        fallback: null,
      });
      if (answer === null) candidates.forEach(({ after }) => this.#move(before, after));
      else if (answer.option !== DROP) {
        const chosen = candidates.find(({ after }) => after.name === answer.option);
        if (chosen !== undefined) this.#perform(kind, before, chosen.after, answer.by);
      }
    }
  }

  /** Renames of what is equal but for its name. */
  followTwins(kind: ObjectKind): void {
    for (const before of this.#leaving(kind)) {
      const [twin, ...others] = this.#successors(before).filter((after) =>
        equalButForName(before, after) || kind.isSame?.(before, after) === true
      );
      if (twin !== undefined && others.length === 0) this.#perform(kind, before, twin, "policy");
    }
  }

  /** Moves what is there on both sides, into what is there by then. */
  move(kind: ObjectKind): void {
    const { from, to } = this.#comparison;
    for (const after of to.objects.values()) {
      const before = from.objects.get(after.id);
      if (after.kind !== kind.kind || before === undefined) continue;
      const statements = kind.move?.(before, after) ?? [];
      if (statements.length === 0) continue;
      this.#statements.push(...statements);
      for (const id of after.dependsOn) {
        const need = to.objects.get(id);
        if (need !== undefined && !from.objects.has(id)) this.#containers.set(id, need);
      }
    }
  }

  /** True when nothing is renamed yet and no question is open. */
  isSettled(): boolean {
    return this.#applied.length === 0 &&
      this.#choices.list().every(({ answer }) => answer !== null);
  }

  plan(): Renames {
    return {
      containers: [...this.#containers.values()],
      statements: this.#statements,
      choices: this.#choices.list(),
      applied: this.#applied,
    };
  }

  #leaving({ kind }: ObjectKind): readonly SchemaObject[] {
    return (this.#dropped.get(kind) ?? []).filter((one) => !isInside(one, this.#moving.from));
  }

  /** What an object may have become: new objects of its kind in the same place. */
  #successors(before: SchemaObject): readonly SchemaObject[] {
    return (this.#created.get(homeOf(before)) ?? []).filter((after) =>
      !this.#taken.has(after.id) && !isInside(after, this.#moving.to)
    );
  }

  #perform(kind: ObjectKind, before: SchemaObject, after: SchemaObject, by: Rename["by"]): void {
    this.#taken.add(before.id).add(after.id);
    this.#move(before, after);
    this.#statements.push(...kind.rename?.(before, after, this.#from) ?? []);
    this.#applied.push({ kind: kind.kind, from: before.name, to: after.name, by });
    const { from, to } = this.#comparison;
    for (const id of after.dependsOn) {
      const need = to.objects.get(id);
      const isThere = from.objects.has(id) || this.#taken.has(id);
      if (need === undefined || isThere || !isInside(after, new Set([need.name]))) continue;
      this.#containers.set(id, need);
    }
  }

  #move(before: SchemaObject, after: SchemaObject): void {
    this.#moving.from.add(before.name);
    this.#moving.to.add(after.name);
  }
}

/** The one that a stated rename means, by its name or by the last part of it. */
function statedSuccessor(
  { to }: Rename,
  successors: readonly SchemaObject[],
): SchemaObject | undefined {
  return successors.find(({ name }) => goesBy(name, to)) ??
    successors.find(({ name }) => lastName(name) === to);
}

/** Where objects of a kind must stand to be one under two names: members only inside the object that they belong to. */
function homeOf({ kind, parent }: SchemaObject): string {
  return `${kind} ${parent ?? ""}`;
}

/** True for an object whose name begins with that of one of these containers. */
function isInside({ name, parent }: SchemaObject, containers: ReadonlySet<string>): boolean {
  if (containers.size === 0 || parent !== null) return false;
  const parts = splitName(name);
  return parts.some((_, at) => at > 0 && containers.has(joinName(...parts.slice(0, at))));
}

function question(before: SchemaObject, candidates: readonly SchemaObject[]): string {
  const names = candidates.map((after) => shortNew(before, after));
  return `Was ${before.kind} ${before.name} renamed to ${names.join(" or ")}?`;
}

function renameOption(before: SchemaObject, after: SchemaObject): ChoiceOption {
  const to = shortNew(before, after);
  const kind = before.parent === null && before.kind !== "column" ? before.kind : null;
  return {
    id: after.name,
    label: `Rename ${before.kind} ${before.name} to ${to}; its data is kept`,
    rename: { kind, from: before.name, to },
  };
}

function dropOption(before: SchemaObject): ChoiceOption {
  return {
    id: DROP,
    label: `Drop ${before.kind} ${before.name}; its data is lost`,
  };
}

function evidence(
  before: SchemaObject,
  candidates: readonly { readonly after: SchemaObject; readonly score: number }[],
  { from, to }: Comparison,
): Facts {
  const facts = (object: SchemaObject, snapshot: Snapshot): Facts => ({
    name: object.name,
    ...(object.facts.type === undefined ? {} : { type: object.facts.type }),
    ...(object.position === undefined ? {} : { position: object.position }),
    usedBy: (dependenciesOf(snapshot).dependents.get(object.id) ?? []).length,
  });
  return {
    dropped: facts(before, from),
    candidates: candidates.map(({ after, score }) => ({
      ...facts(after, to),
      similarity: Math.round(score * 100) / 100,
    })),
  };
}

/** The new name as short as it is clear: the last part when the rest stays. */
function shortNew(before: SchemaObject, after: SchemaObject): string {
  const home = (name: string) => splitName(name).slice(0, -1).join("\0");
  return home(before.name) === home(after.name) ? joinName(lastName(after.name)) : after.name;
}
