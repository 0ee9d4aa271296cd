/** The statements that make a schema, as the pieces of a file that people read: what belongs to one object stands together. */

import type { Snapshot } from "../../core/snapshot.ts";
import type { PlannedStatement } from "../../core/statement.ts";

/** One statement of the file. */
export interface Piece {
  /** The statement as it was planned, without its semicolon. */
  readonly sql: string;
  /** Id of the object that it makes or is about; empty when it is about none. */
  readonly object: string;
  /** Id of the top-level object that this is part of. */
  readonly root: string;
}

/** The statements as pieces, in the order given. */
export function piecesOf(
  statements: readonly PlannedStatement[],
  snapshot: Snapshot,
): readonly Piece[] {
  return statements.map(({ sql, serves }) => {
    const object = serves[0] ?? "";
    return { sql, object, root: lineOf(object, snapshot).at(-1) ?? object };
  });
}

/** An object's id, that of what it is part of or alone goes with (an index and its table), and so on to the top. */
export function lineOf(id: string, { objects }: Snapshot): readonly string[] {
  const line: string[] = [];
  for (let at = objects.get(id); at !== undefined && !line.includes(at.id);) {
    line.push(at.id);
    at = objects.get(at.parent ?? at.droppedWith[0] ?? "");
  }
  return line;
}

/**
 * The pieces in an order for people: each as soon as what it needs is there, those of one object one after the other, else as they
 * were. What they need is what the catalog tells, so the result is to be tried.
 */
export function grouped(pieces: readonly Piece[], snapshot: Snapshot): readonly Piece[] {
  const needs = needsBetween(pieces, snapshot);
  const missing = needs.map(({ size }) => size);
  const neededBy = pieces.map((): number[] => []);
  for (const [at, wanted] of needs.entries()) for (const need of wanted) neededBy[need]?.push(at);
  const open = new Set(pieces.keys());
  const ofRoot = new Map<string, Set<number>>();
  for (const at of open) {
    const { root = "" } = pieces[at] ?? {};
    ofRoot.set(root, (ofRoot.get(root) ?? new Set()).add(at));
  }
  const ready = (some: Iterable<number>) => {
    for (const at of some) if (missing[at] === 0) return at;
    return null;
  };
  const out: Piece[] = [];
  let root = "";
  while (open.size > 0) {
    const [first = 0] = open;
    const next = ready(ofRoot.get(root) ?? []) ?? ready(open) ?? first;
    open.delete(next);
    for (const at of neededBy[next] ?? []) missing[at] = (missing[at] ?? 0) - 1;
    const piece = pieces[next];
    if (piece === undefined) continue;
    root = piece.root;
    ofRoot.get(root)?.delete(next);
    out.push(piece);
  }
  return out;
}

/** For each piece the indices of those that must stand before it. */
function needsBetween(
  pieces: readonly Piece[],
  snapshot: Snapshot,
): readonly ReadonlySet<number>[] {
  const makers = new Map<string, number>();
  for (const [at, { object }] of pieces.entries()) {
    // A statement of its own for a column is about one that its table's statement makes.
    const isColumn = snapshot.objects.get(object)?.position !== undefined;
    if (!makers.has(object) && !isColumn) makers.set(object, at);
  }
  const makerOf = (id: string): number | undefined => {
    const parent = snapshot.objects.get(id)?.parent;
    return makers.get(id) ??
      (parent === null || parent === undefined ? undefined : makerOf(parent));
  };
  const needs = pieces.map(() => new Set<number>());
  for (const { id, dependsOn: wanted } of snapshot.objects.values()) {
    const maker = makerOf(id);
    if (maker === undefined) continue;
    for (const need of wanted) {
      const before = makerOf(need);
      if (before !== undefined && before !== maker) needs[maker]?.add(before);
    }
  }
  for (const [at, { object }] of pieces.entries()) {
    const first = makerOf(object);
    if (first !== undefined && first !== at) needs[at]?.add(first);
    for (const before of object === "" ? pieces.keys() : []) {
      if (before < at) needs[at]?.add(before);
    }
  }
  return needs;
}

/** The file's text, and the line that each piece begins on, from 1. */
export function layOutPieces(
  pieces: readonly { readonly text: string; readonly root: string; readonly kind: string }[],
): { readonly text: string; readonly lines: readonly number[] } {
  let text = "";
  let line = 1;
  const lines: number[] = [];
  for (const [at, piece] of pieces.entries()) {
    const before = pieces[at - 1];
    if (before !== undefined) {
      const tall = before.text.includes("\n") || piece.text.includes("\n");
      const apart = before.root !== piece.root && (tall || before.kind !== piece.kind);
      text += apart ? "\n\n" : "\n";
      line += apart ? 2 : 1;
    }
    lines.push(line);
    text += piece.text;
    line += piece.text.split("\n").length - 1;
  }
  return { text: text === "" ? "" : `${text}\n`, lines };
}
