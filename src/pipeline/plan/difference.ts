/** What differs between two snapshots, as people read it. */

import { createTwoFilesPatch } from "diff";
import { lineEndDifferences, reorderedObjects } from "../../core/change.ts";
import type { Engine } from "../../engines/engine.ts";
import type { Change } from "../../core/change.ts";
import type { SchemaObject, Snapshot } from "../../core/snapshot.ts";
import { note, type Project } from "../project.ts";
import { changesIn, namedAs } from "../scratch/changes.ts";

/** A difference, counted and in words. */
export interface Difference {
  readonly changes: readonly Change[];
  /** Unified diff of the canonical DDL, object by object; empty when equal. */
  readonly text: string;
  readonly reordered: readonly string[];
}

/** What the two snapshots are called. */
type Sides = readonly [before: string, after: string];

/** Compares two snapshots as the project's settings say, and writes the unified diff of what differs. */
export function differenceIn(
  project: Project,
  before: Snapshot,
  after: Snapshot,
  sides: Sides = ["migrations", "schema"],
): Difference {
  noteLineEnds(project, before, after);
  const changes = changesIn(project, before, after);
  const reordered = reorderedObjects(before, after);
  if (changes.length === 0) return { changes, text: "", reordered };
  const wanted = namedAs(project, before, after);
  const shown = project.config.columnOrder === "strict" ? before : inOrderOf(wanted, before);
  return {
    changes,
    text: unified(project.engine, { before: shown, after: wanted, sides }, changes),
    reordered,
  };
}

/** `before` with its columns as `after` has them, so that an order which does not count is no difference; what goes stays where it was. */
function inOrderOf(after: Snapshot, before: Snapshot): Snapshot {
  const members = Map.groupBy(
    [...before.objects.values()].filter(({ position }) => position !== undefined),
    ({ parent }) => parent ?? "",
  );
  const moved = new Map<string, SchemaObject>();
  let isSame = true;
  for (const list of members.values()) {
    let place = -1;
    list.sort((a, b) => (a.position ?? 0) - (b.position ?? 0)).forEach((object, at) => {
      const wanted = after.objects.get(object.id)?.position;
      const last = place;
      place = wanted ?? place + 1 / (list.length - at + 1);
      isSame &&= place > last;
      moved.set(object.id, { ...object, position: place });
    });
  }
  if (isSame) return before;
  return {
    ...before,
    objects: new Map([...before.objects].map(([id, object]) => [id, moved.get(id) ?? object])),
  };
}

function unified(
  engine: Engine,
  { before, after, sides }: {
    readonly before: Snapshot;
    readonly after: Snapshot;
    readonly sides: Sides;
  },
  changes: readonly Change[],
): string {
  const old = describedBy(engine, before);
  const now = describedBy(engine, after);
  const changed = new Set(changes.flatMap(({ id }) => [
    ...homesOf(before, id),
    ...homesOf(after, id),
  ]));
  const patches: string[] = [];
  for (const id of [...new Set([...old.keys(), ...now.keys()])].sort()) {
    const from = old.get(id) ?? "";
    const to = now.get(id) ?? "";
    if (from === to || !changed.has(id)) continue;
    const name = (now.has(id) ? after : before).objects.get(id)?.name ?? id;
    const kind = id.slice(0, id.indexOf(":"));
    const patch = createTwoFilesPatch(
      from === "" ? "/dev/null" : `${sides[0]} ${kind} ${name}`,
      to === "" ? "/dev/null" : `${sides[1]} ${kind} ${name}`,
      from,
      to,
      "",
      "",
      { context: 3 },
    );
    patches.push(patch.replace(/^=+\n/, "").replaceAll(/^(---|\+\+\+ )(.*?)\t$/gm, "$1$2"));
  }
  return patches.join("");
}

/** The DDL of a state. While a schema is being edited, that of the migrations stays. */
function describedBy(engine: Engine, snapshot: Snapshot): ReadonlyMap<string, string> {
  const known = described.get(snapshot);
  if (known !== undefined) return known;
  const texts = engine.describe(snapshot);
  described.set(snapshot, texts);
  return texts;
}

const described = new WeakMap<Snapshot, ReadonlyMap<string, string>>();

/** An object and all that it belongs to, by their ids. */
function homesOf(snapshot: Snapshot, id: string): readonly string[] {
  const parent = snapshot.objects.get(id)?.parent ?? null;
  return parent === null ? [id] : [id, ...homesOf(snapshot, parent)];
}

/** Tells once which objects differ in nothing but the line ends of their code. */
export function noteLineEnds(project: Project, before: Snapshot, after: Snapshot): void {
  const names = lineEndDifferences(before, after);
  if (names.length === 0) return;
  const shown = names.slice(0, 3).join(", ") +
    (names.length > 3 ? ` and ${names.length - 3} more` : "");
  note(project, `Line ends differ (CRLF against LF) in ${shown}; they are not compared`);
}
