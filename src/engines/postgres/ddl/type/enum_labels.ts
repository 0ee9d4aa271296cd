/** What must happen to the labels of an enumerated type. */

import { ASSUME_EMPTY, type ChoiceOption } from "../../../../core/choice.ts";
import type { ObjectOf, PostgresContext } from "../../objects.ts";
import { literal } from "../../quote.ts";
import { storedColumns } from "./replace_type.ts";
import { askAboutRows } from "../../../common/data_choice.ts";

/** All differences can be closed with RENAME VALUE and ADD VALUE. */
export const ADD_IN_PLACE = "add";

/** How one list of labels becomes another. */
export interface EnumEdit {
  /** `exchange` when labels go away or change places, which takes a new type. */
  readonly kind: "add" | "exchange";
  readonly renames: readonly (readonly [from: string, to: string])[];
  /** In an order in which each can be added; `place` is the clause ` BEFORE 'x'`, ` AFTER 'x'` or empty. */
  readonly additions: readonly { readonly label: string; readonly place: string }[];
  /** Labels that come, wherever they stand. */
  readonly added: readonly string[];
  /** Labels that go away. */
  readonly removed: readonly string[];
  /** Removed labels with the SQL text expression that takes their place in rows. */
  readonly mapped: readonly (readonly [label: string, expression: string])[];
}

/** Compares the labels, asking about renames and about rows that hold what is removed. */
export function editEnum(
  before: ObjectOf<"enum">,
  after: ObjectOf<"enum">,
  context: PostgresContext,
): EnumEdit {
  const wanted = after.facts.labels ?? [];
  const renames = chosenRenames(before, before.facts.labels ?? [], wanted, context);
  const renamed = new Map(renames);
  const labels = (before.facts.labels ?? []).map((label) => renamed.get(label) ?? label);
  const removed = labels.filter((label) => !wanted.includes(label));
  const kept = labels.filter((label) => wanted.includes(label));
  const added = wanted.filter((label) => !labels.includes(label));
  const sameOrder = wanted.filter((label) => kept.includes(label)).join("\0") === kept.join("\0");
  if (removed.length === 0 && sameOrder) {
    return {
      kind: ADD_IN_PLACE,
      renames,
      additions: placed(kept, wanted),
      added,
      removed: [],
      mapped: [],
    };
  }
  return {
    kind: "exchange",
    renames,
    additions: [],
    added,
    removed,
    mapped: chosenMappings(before, after, removed, context),
  };
}

/** A label that goes away may be called like one that comes in its place. */
function chosenRenames(
  type: ObjectOf<"enum">,
  labels: readonly string[],
  wanted: readonly string[],
  context: PostgresContext,
): readonly (readonly [string, string])[] {
  const renames: (readonly [string, string])[] = [];
  const free = new Set(wanted.filter((label) => !labels.includes(label)));
  for (const label of labels) {
    if (wanted.includes(label)) continue;
    const stated = statedRename(type, label, free, context);
    const candidates = stated === null ? sameSlot(label, labels, wanted, free) : [];
    const to = stated ?? (candidates.length === 0 ? null : ask(type, label, candidates, context));
    if (to === null) continue;
    free.delete(to);
    renames.push([label, to]);
  }
  return renames;
}

function statedRename(
  type: ObjectOf<"enum">,
  label: string,
  free: ReadonlySet<string>,
  context: PostgresContext,
): string | null {
  const name = `${type.name}.${label}`;
  for (const rename of context.hints.renames) {
    if (rename.kind !== null && rename.kind !== "enum value") continue;
    if (rename.from !== name && !name.endsWith(`.${rename.from}`)) continue;
    const to = [...free].find((candidate) =>
      rename.to === candidate || rename.to === `${type.name}.${candidate}`
    );
    if (to !== undefined) return to;
  }
  return null;
}

/** The new labels between the same two kept neighbours. */
function sameSlot(
  label: string,
  labels: readonly string[],
  wanted: readonly string[],
  free: ReadonlySet<string>,
): readonly string[] {
  const at = labels.indexOf(label);
  const before = labels.slice(0, at).findLast((other) => wanted.includes(other));
  const after = labels.slice(at + 1).find((other) => wanted.includes(other));
  const start = before === undefined ? 0 : wanted.indexOf(before) + 1;
  const end = after === undefined ? wanted.length : wanted.indexOf(after);
  return wanted.slice(start, end).filter((other) => free.has(other));
}

function ask(
  type: ObjectOf<"enum">,
  label: string,
  candidates: readonly string[],
  context: PostgresContext,
): string | null {
  const id = `rename:enum value:${type.name}.${label}`;
  const answer = context.choose({
    id,
    kind: "rename",
    question: `Was value ${literal(label)} of ${type.name} renamed to ${
      candidates.map(literal).join(" or ")
    }?`,
    evidence: { type: type.name, removed: label, added: [...candidates] },
    options: [
      ...candidates.map((candidate): ChoiceOption => ({
        id: candidate,
        label: `Rename the value to ${literal(candidate)}; rows keep it`,
      })),
      {
        id: "drop",
        label: `Remove ${literal(label)} and add ${candidates.map(literal).join(", ")}`,
      },
    ],
    fallback: null,
  });
  return answer === null || answer.option === "drop" ? null : answer.option;
}

function chosenMappings(
  before: ObjectOf<"enum">,
  after: ObjectOf<"enum">,
  removed: readonly string[],
  context: PostgresContext,
): readonly (readonly [string, string])[] {
  const columns = storedColumns(before, context);
  if (columns.length === 0) return [];
  const mapped: (readonly [string, string])[] = [];
  for (const label of removed) {
    const id = `data:enum value:${before.name}.${label}`;
    const answer = askAboutRows({
      id,
      question: `What becomes of rows that hold ${literal(label)}, which ${before.name} loses?`,
      evidence: {
        type: before.name,
        removed: label,
        columns: columns.map((column) => column.name),
        left: after.facts.labels ?? [],
      },
      options: [
        {
          id: "map",
          label: "Such rows get the value of an SQL expression of type text",
          takesExpression: true,
          ...sampleLabel(after),
        },
        {
          id: ASSUME_EMPTY,
          label: "There are none: the migration fails when it meets one",
        },
      ],
      fallback: null,
      ifEmpty: ASSUME_EMPTY,
    }, context);
    if (answer?.option === "map" && answer.expression !== undefined) {
      mapped.push([label, answer.expression]);
    }
  }
  return mapped;
}

/** The first label that is left, to begin with. */
function sampleLabel({ facts }: ObjectOf<"enum">): { readonly sample?: string } {
  const [first] = facts.labels ?? [];
  return first === undefined ? {} : { sample: literal(first) };
}

/** Each addition stands next to a label that exists by then. */
function placed(kept: readonly string[], wanted: readonly string[]): EnumEdit["additions"] {
  const additions: { label: string; place: string }[] = [];
  wanted.forEach((label, at) => {
    if (kept.includes(label)) return;
    const previous = wanted[at - 1];
    const next = wanted.slice(at + 1).find((other) => kept.includes(other));
    const place = next === undefined
      ? ""
      : previous === undefined
      ? ` BEFORE ${literal(next)}`
      : ` AFTER ${literal(previous)}`;
    additions.push({ label, place });
  });
  return additions;
}
