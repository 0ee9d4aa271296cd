/** MikroORM's snapshot: what the entities are behind the last migration, one file for all of them. */

import type { SourceFile } from "../format.ts";

/** True for the path of a snapshot, unless the settings call it otherwise. */
export function isSnapshot(path: string): boolean {
  return /^\.snapshot-[^/]*\.json$/.test(path);
}

/** The snapshot as a file, in place of the one that is there: its name is that of a database, which may be another in another place. */
export function snapshotFile(
  state: string,
  existing: readonly SourceFile[],
): readonly SourceFile[] {
  const { file, snapshot }: { readonly file?: unknown; readonly snapshot?: unknown } = JSON.parse(
    state,
  );
  if (file !== null && (typeof file !== "string" || /[/\\]/.test(file))) return [];
  const known = existing.filter(({ path }) => isSnapshot(path) || path === file);
  const former = known.find(({ path }) => path === file) ??
    (known.length === 1 ? known[0] : undefined);
  const text = JSON.stringify(snapshot, null, 2);
  if (former === undefined) return file === null ? [] : [{ path: file, text }];
  return [{ path: former.path, text, replaces: former.replaces ?? former.text }];
}
