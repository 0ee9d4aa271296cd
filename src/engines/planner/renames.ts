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
  const choices = new Choices(hints);
  const statements: PlannedStatement[] = [];
  const applied: Rename[] = [];
  const changes = changesBetween(from, to, { strictOrder: false });
  const taken = new Set<string>();

  const perform = (
    kind: ObjectKind,
    before: SchemaObject,
    after: SchemaObject,
    by: Rename["by"],
  ) => {
    taken.add(before.id).add(after.id);
    statements.push(...(kind.rename?.(before, after, from) ?? []));
    applied.push({ kind: kind.kind, from: before.name, to: after.name, by });
  };

  for (const kind of [...kinds].sort((a, b) => a.rank - b.rank)) {
    if (kind.rename === undefined) continue;
    const dropped = changes.flatMap((change) =>
      change.op === "drop" && change.kind === kind.kind &&
        kind.followsRename?.(change.before) !== true
        ? [change.before]
        : []
    );
    const created = changes.flatMap((change) =>
      change.op === "create" && change.kind === kind.kind ? [change.after] : []
    );
    const free = (before: SchemaObject) =>
      created.filter((after) => !taken.has(after.id) && sameHome(before, after));

    for (const before of dropped) {
      for (const rename of hints.renames) {
        if (rename.kind !== null && rename.kind !== kind.kind) continue;
        if (!goesBy(before.name, rename.from)) continue;
        const after = free(before).find((candidate) => goesBy(candidate.name, rename.to)) ??
          free(before).find((candidate) => lastName(candidate.name) === rename.to);
        if (after !== undefined) perform(kind, before, after, rename.by);
      }
    }
    for (const before of dropped) {
      if (taken.has(before.id)) continue;
      if (kind.asksRename !== true) {
        const twins = free(before).filter((after) =>
          alike(before, after) || kind.isSame?.(before, after) === true
        );
        if (twins[0] !== undefined && twins.length === 1) perform(kind, before, twins[0], "policy");
        continue;
      }
      const candidates = free(before)
        .map((after) => ({ after, score: likeness(before, after, from, to) }))
        .filter(({ score }) => score >= LIKELY)
        .sort((a, b) => b.score - a.score)
        .slice(0, 5);
      if (candidates.length === 0) continue;
      const answer = choices.choose({
        id: `rename:${before.id}`,
        kind: "rename",
        question: question(before, candidates.map(({ after }) => after)),
        evidence: evidence(before, candidates, from, to),
        options: [
          ...candidates.map(({ after }) => renameOption(before, after)),
          dropOption(before),
        ],
        fallback: null,
      });
      const after = candidates.find((candidate) =>
        answer !== null && answer.option !== DROP && candidate.after.name === answer.option
      )?.after;
      if (after !== undefined && answer !== null) perform(kind, before, after, answer.by);
    }
  }
  return { statements, choices: choices.list(), applied };
}

/** Members can only be renamed inside the object that they belong to. */
function sameHome(before: SchemaObject, after: SchemaObject): boolean {
  return before.parent === after.parent;
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

/** From 0 to 1. */
function likeness(before: SchemaObject, after: SchemaObject, from: Snapshot, to: Snapshot): number {
  const inner = contents(before, from);
  const outer = contents(after, to);
  if (inner.size > 0 && outer.size > 0) {
    const shared = [...inner].filter((item) => outer.has(item)).length;
    return shared / (inner.size + outer.size - shared);
  }
  if (inner.size === outer.size && alike(before, after)) return 1;
  const name = closeness(lastName(before.name), lastName(after.name));
  if (sameJson(before.facts.type ?? null, after.facts.type ?? null) && "type" in before.facts) {
    return 0.6 + 0.3 * name;
  }
  return name >= 0.6 ? 0.8 * name : 0;
}

/** What an object holds that would hold true under another name: its columns with their types; a schema's relations. */
function contents(object: SchemaObject, snapshot: Snapshot): ReadonlySet<string> {
  const members = relationsOf(snapshot).members.get(object.id) ?? [];
  const columns = members.filter((member) => member.position !== undefined);
  if (columns.length > 0) {
    return new Set(
      columns.map((c) => `${lastName(c.name)} ${JSON.stringify(c.facts.type ?? null)}`),
    );
  }
  if (object.parent !== null || object.position !== undefined) return new Set();
  const prefix = `${object.name}.`;
  const inside = (relationsOf(snapshot).dependents.get(object.id) ?? [])
    .filter((dependent) => dependent.name.startsWith(prefix));
  return new Set(
    inside.map((dependent) => `${dependent.kind}:${dependent.name.slice(prefix.length)}`),
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
  from: Snapshot,
  to: Snapshot,
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
