/** drizzle-kit's snapshots: what the models are at each migration, with the id of the one before. */

import { createHash } from "node:crypto";
import { UsageError } from "../../core/error.ts";
import type { SourceFile } from "../format.ts";

/** True for the path of a snapshot: before 1.0 in `meta`, since then beside its migration. */
export function isSnapshot(path: string): boolean {
  return /^meta\/[^/]+_snapshot\.json$/.test(path) || /^\d+[^/]*\/snapshot\.json$/.test(path);
}

/** Path of the snapshot of a migration of the journal. */
export function snapshotOf(tag: string): string {
  return `meta/${tag.split("_")[0]}_snapshot.json`;
}

/** True for one of a kit since 1.0, which keeps migrations in folders. */
export function isFolderState(state: string): boolean {
  return Array.isArray(parsed(state)["ddl"]);
}

/** The kit's snapshot of the models as a file behind those that are there. Throws UsageError for one of a kit that keeps another layout. */
export function nextSnapshot(
  state: string,
  path: string,
  existing: readonly SourceFile[],
): SourceFile {
  const raw = parsed(state);
  const isFolder = Array.isArray(raw["ddl"]);
  if (isFolder === path.startsWith("meta/")) {
    throw new UsageError(
      "Cannot write a migration of Drizzle: the folder is of another layout than the project's drizzle-kit",
      { code: "migration-format", hint: "Run drizzle-kit up, which brings the folder up to date" },
    );
  }
  const ends = endsOf(existing, isFolder ? "prevIds" : "prevId");
  const before = isFolder ? { prevIds: ends } : { prevId: ends.at(-1) };
  const id = idFrom(JSON.stringify({ ...raw, id: "", ...before }));
  return { path, text: `${JSON.stringify({ ...raw, id, ...before }, null, 2)}\n` };
}

/** Ids of the snapshots that no other goes on from; that of the beginning where there is none. */
function endsOf(existing: readonly SourceFile[], key: "prevId" | "prevIds"): readonly string[] {
  const snapshots = existing.filter(({ path }) => isSnapshot(path)).map(({ text }) => parsed(text));
  const followed = new Set(snapshots.flatMap((one) => one[key]));
  const ids = snapshots.map(({ id }) => id).filter((id) => typeof id === "string");
  const ends = ids.filter((id) => !followed.has(id));
  return ends.length > 0 ? ends : [BEGINNING];
}

/** What the kit has for the snapshot before the first. */
const BEGINNING = "00000000-0000-0000-0000-000000000000";

/** An id of the kit's form that is the same for the same snapshot. */
function idFrom(text: string): string {
  const digits = createHash("sha256").update(text).digest("hex");
  return digits.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, "$1-$2-4$3-8$4-$5");
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
