/** Renames: the stated ones, those that lose nothing, and those that somebody must confirm. */

import { changesBetween, sameJson } from "../../changes.ts";
import { answerFlag, renameFlag } from "../../choice_flags.ts";
import type {
  ChoiceOption,
  Facts,
  Hints,
  PlannedStatement,
  Rename,
  RenamePlan,
  SchemaObject,
  Snapshot,
} from "../../schema.ts";
import { goesBy, joinName, lastName, splitName } from "../../names.ts";
import type { ObjectKind } from "../object_kind.ts";
import { Choices, DROP } from "./choices.ts";
import { relationsOf } from "./relations.ts";

/** A likeness from which a rename is worth asking about. */
const LIKELY = 0.5;

/** Renames between two snapshots, to be run and inspected before the rest is planned; call again until it gives none. */
export function renamesWith(
  kinds: readonly ObjectKind[],
  from: Snapshot,
  to: Snapshot,
  hints: Hints,
): RenamePlan {
  const round = new Round(kinds, from, to, hints);
  const renamable = kinds.filter((kind) => kind.rename !== undefined)
    .sort((a, b) => a.rank - b.rank);
  for (const kind of renamable) {
    round.carryOutStated(kind);
    if (kind.asksRename === true) round.ask(kind);
  }
  // What loses nothing waits for the others: it may bear their names, and must not make them fail.
  if (round.isSettled()) {
    for (const kind of renamable) if (kind.asksRename !== true) round.followTwins(kind);
  }
  return round.plan();
}

/** One round of renames. */
class Round {
  readonly #from: Snapshot;
  readonly #hints: Hints;
  readonly #sight: Sight;
  readonly #choices: Choices;
  readonly #statements: PlannedStatement[] = [];
  readonly #applied: Rename[] = [];
  readonly #dropped = new Map<string, SchemaObject[]>();
  /** New objects, by where they stand. */
  readonly #created = new Map<string, SchemaObject[]>();
  /** Ids on either side of a rename. */
  readonly #taken = new Set<string>();
  /** Names of what is renamed here, or may be: what it holds goes along, and is asked about once that is settled. */
  readonly #moving = { from: new Set<string>(), to: new Set<string>() };

  constructor(kinds: readonly ObjectKind[], from: Snapshot, to: Snapshot, hints: Hints) {
    this.#from = from;
    this.#hints = hints;
    this.#choices = new Choices(hints);
    const byKind = new Map(kinds.map((kind) => [kind.kind, kind]));
    this.#sight = {
      from,
      to,
      looks: new Map(),
      isAkin: (before, after) => byKind.get(before.kind)?.isAkin?.(before, after) === true,
    };
    for (const change of changesBetween(from, to, { strictOrder: false })) {
      if (change.op === "drop") {
        if (byKind.get(change.kind)?.followsRename?.(change.before) === true) continue;
        add(this.#dropped, change.kind, change.before);
      } else if (change.op === "create") add(this.#created, homeOf(change.after), change.after);
    }
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

  /** Asks about what somebody must confirm, and carries it out where the answer is known. */
  ask(kind: ObjectKind): void {
    for (const before of this.#leaving(kind)) {
      if (this.#taken.has(before.id)) continue;
      const candidates = this.#successors(before)
        .map((after) => ({ after, score: likeness(before, after, this.#sight) }))
        .filter(({ score }) => score >= LIKELY)
        .sort((a, b) => b.score - a.score)
        .slice(0, 5);
      if (candidates.length === 0) continue;
      const answer = this.#choices.choose({
        id: `rename:${before.id}`,
        kind: "rename",
        question: question(before, candidates.map(({ after }) => after)),
        evidence: evidence(before, candidates, this.#sight),
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
        alike(before, after) || kind.isSame?.(before, after) === true
      );
      if (twin !== undefined && others.length === 0) this.#perform(kind, before, twin, "policy");
    }
  }

  /** True when nothing is renamed yet and no question is open. */
  isSettled(): boolean {
    return this.#applied.length === 0 &&
      this.#choices.list().every(({ answer }) => answer !== null);
  }

  plan(): RenamePlan {
    return {
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
  }

  #move(before: SchemaObject, after: SchemaObject): void {
    this.#moving.from.add(before.name);
    this.#moving.to.add(after.name);
  }
}

function add(lists: Map<string, SchemaObject[]>, key: string, object: SchemaObject): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [object]);
  else list.push(object);
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

/** Equal but for the name, which may stand in a definition. */
function alike(before: SchemaObject, after: SchemaObject): boolean {
  return sameJson(nameless(before), nameless(after));
}

function nameless(object: SchemaObject): string {
  const name = lastName(object.name).replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const word = new RegExp(`(?<![\\p{L}\\p{N}_$])${name}(?![\\p{L}\\p{N}_$])`, "gu");
  return JSON.stringify(Object.entries(object.facts).sort(([a], [b]) => (a < b ? -1 : 1)))
    .replaceAll(word, "\u0000");
}

/** True for an object whose name begins with that of one of these containers. */
function isInside({ name, parent }: SchemaObject, containers: ReadonlySet<string>): boolean {
  if (containers.size === 0 || parent !== null) return false;
  const parts = splitName(name);
  return parts.some((_, at) => at > 0 && containers.has(joinName(...parts.slice(0, at))));
}

/** What a likeness is seen by. */
interface Sight {
  readonly from: Snapshot;
  readonly to: Snapshot;
  /** See `ObjectKind.isAkin`. */
  isAkin(before: SchemaObject, after: SchemaObject): boolean;
  /** What was seen already. */
  readonly looks: Map<SchemaObject, Look>;
}

/** What an object looks like from outside. */
interface Look {
  /** The last part of its name. */
  readonly name: string;
  /** What it holds that would be there under another name too: a table's columns by their names, what stands in a schema. */
  readonly contents: ReadonlyMap<string, SchemaObject>;
}

function lookAt(object: SchemaObject, snapshot: Snapshot, { looks }: Sight): Look {
  const known = looks.get(object);
  if (known !== undefined) return known;
  const look = { name: lastName(object.name), contents: contents(object, snapshot) };
  looks.set(object, look);
  return look;
}

/** From 0 to 1. */
function likeness(before: SchemaObject, after: SchemaObject, sight: Sight): number {
  const was = lookAt(before, sight.from, sight);
  const is = lookAt(after, sight.to, sight);
  if (was.contents.size > 0 && is.contents.size > 0) {
    const share = sharedContents(was, is, sight);
    // The same name in another schema is a sign by itself.
    return was.name === is.name ? (1 + share) / 2 : share;
  }
  if (was.contents.size === is.contents.size && alike(before, after)) return 1;
  const name = closeness(was.name, is.name);
  if ("type" in before.facts) {
    const same = nature(before, after, sight);
    if (same > OTHER_TYPE) return 0.6 * same + 0.3 * name;
  }
  return name >= 0.6 ? 0.8 * name : 0;
}

/** How much of what either holds the other one has as well, from 0 to 1. */
function sharedContents({ contents: old }: Look, { contents: fresh }: Look, sight: Sight): number {
  const strangers: SchemaObject[] = [];
  for (const [key, member] of fresh) if (!old.has(key)) strangers.push(member);
  let shared = 0;
  let sum = 0;
  for (const [key, member] of old) {
    const twin = fresh.get(key);
    if (twin !== undefined) sum += nature(member, twin, sight);
    else if (strangers.some((other) => takesPlace(member, other, sight))) sum += SAME_PLACE;
    else continue;
    shared++;
  }
  return sum / (old.size + fresh.size - shared);
}

/** How much two columns, or two objects of one name, are the same by their types, from 0 to 1. */
function nature(before: SchemaObject, after: SchemaObject, { isAkin }: Sight): number {
  if (sameJson(before.facts.type ?? null, after.facts.type ?? null)) return 1;
  return isAkin(before, after) ? 0.9 : OTHER_TYPE;
}

const OTHER_TYPE = 0.5;

/** True for columns that may be one, renamed: in the same place and with types that fit. */
function takesPlace(before: SchemaObject, after: SchemaObject, sight: Sight): boolean {
  return before.position !== undefined && before.position === after.position &&
    nature(before, after, sight) > OTHER_TYPE;
}

const SAME_PLACE = 0.3;

function contents(object: SchemaObject, snapshot: Snapshot): ReadonlyMap<string, SchemaObject> {
  const members = relationsOf(snapshot).members.get(object.id) ?? [];
  const columns = members.filter((member) => member.position !== undefined);
  if (columns.length > 0) return new Map(columns.map((column) => [lastName(column.name), column]));
  if (object.parent !== null || object.position !== undefined) return new Map();
  const prefix = `${object.name}.`;
  const inside = (relationsOf(snapshot).dependents.get(object.id) ?? [])
    .filter(({ name, parent }) => name.startsWith(prefix) && parent === null);
  return new Map(
    inside.map((dependent) => [
      `${dependent.kind}:${dependent.name.slice(prefix.length)}`,
      dependent,
    ]),
  );
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
    label: `Rename ${before.kind} ${before.name} to ${to}; what it holds is kept`,
    flag: renameFlag(kind, before.name, to),
  };
}

function dropOption(before: SchemaObject): ChoiceOption {
  return {
    id: DROP,
    label: `Drop ${before.kind} ${before.name}; what it holds is lost`,
    flag: answerFlag(`rename:${before.id}`, DROP),
  };
}

function evidence(
  before: SchemaObject,
  candidates: readonly { readonly after: SchemaObject; readonly score: number }[],
  { from, to }: Sight,
): Facts {
  const facts = (object: SchemaObject, snapshot: Snapshot): Facts => ({
    name: object.name,
    ...(object.facts.type === undefined ? {} : { type: object.facts.type }),
    ...(object.position === undefined ? {} : { position: object.position }),
    usedBy: (relationsOf(snapshot).dependents.get(object.id) ?? []).length,
  });
  return {
    dropped: facts(before, from),
    candidates: candidates.map(({ after, score }) => ({
      ...facts(after, to),
      likeness: Math.round(score * 100) / 100,
    })),
  };
}

/** The new name as short as it is clear: the last part when the rest stays. */
function shortNew(before: SchemaObject, after: SchemaObject): string {
  const home = (name: string) => splitName(name).slice(0, -1).join("\0");
  return home(before.name) === home(after.name) ? joinName(lastName(after.name)) : after.name;
}

/** 1 less the edit distance over the longer length. */
function closeness(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return 1 - (row[b.length] ?? 0) / Math.max(a.length, b.length, 1);
}
