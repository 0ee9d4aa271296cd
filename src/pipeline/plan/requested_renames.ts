/** Renames that were stated: whether each was carried out, where they lead in the end, and the way back. */

import { UsageError } from "../../core/error.ts";
import { goesBy, lastName } from "../../core/name.ts";
import type { Choice, Rename } from "../../core/choice.ts";
import type { SchemaObject, Snapshot } from "../../core/snapshot.ts";

/** The way back of renames that were done one after the other: from the names in the end to those in the beginning. */
export function renamesBack(applied: readonly Rename[]): readonly Rename[] {
  return applied.map(({ kind, from, to, by }, at) => ({
    kind,
    from: applied.slice(at + 1).reduce((name, done) => moved(name, done.from, done.to), to),
    to: applied.slice(0, at).reduceRight((name, done) => moved(name, done.to, done.from), from),
    by,
  }));
}

/** Renames of what holds rows or values that the way back does not undo: those are lost there. */
export function stuckRenames(there: readonly Rename[], back: readonly Rename[]): readonly Rename[] {
  return there.filter(({ kind, from, to, by }) =>
    by !== "policy" &&
    !back.some((other) =>
      other.kind === kind && lastName(other.from) === lastName(to) &&
      lastName(other.to) === lastName(from)
    )
  );
}

/** The name of something inside a thing that is called otherwise. */
function moved(name: string, from: string, to: string): string {
  return name.startsWith(`${from}.`) ? to + name.slice(from.length) : name;
}

/** A rename of something inside a thing that was just renamed goes by its new name. */
export function follow(rename: Rename, done: Rename): Rename {
  for (const old of [done.from, lastName(done.from)]) {
    const from = moved(rename.from, old, done.to);
    if (from !== rename.from) return { ...rename, from };
  }
  return rename;
}

/** True when something goes by a name: an object, or a value of an enumeration as `type.value`. */
function isNamedIn(snapshot: Snapshot, name: string, kind: string | null): boolean {
  for (const object of snapshot.objects.values()) {
    if ((kind === null || kind === object.kind) && goesBy(object.name, name)) return true;
    if (
      (kind === null || kind === ENUM_VALUE) && labelsOf(object).some((l) => goesBy(l, name))
    ) {
      return true;
    }
  }
  return false;
}

/** True for the answer that something which goes is not renamed: another rename may have left nothing that it could be asked about. */
export function isMootDrop(
  id: string,
  option: string,
  { states, target }: { readonly states: readonly Snapshot[]; readonly target: Snapshot },
): boolean {
  const [, kind, name] = /^rename:([^:]+):(.+)$/s.exec(id) ?? [];
  return option === "drop" && kind !== undefined && name !== undefined &&
    states.some((state) => isNamedIn(state, name, kind)) && !isNamedIn(target, name, kind);
}

/** Values of enumerations are renamed by the plan itself, not by a round of renames; `from` is the value's name once those are done. */
function isValueRename(
  rename: Rename,
  { from }: Rename,
  before: Snapshot,
  target: Snapshot,
): boolean {
  if (rename.kind !== null && rename.kind !== ENUM_VALUE) return false;
  const type = from.slice(0, -lastName(from).length);
  const to = rename.to.includes(".") ? rename.to : `${type}${rename.to}`;
  return isNamedIn(before, rename.from, ENUM_VALUE) && !isNamedIn(target, from, ENUM_VALUE) &&
    isNamedIn(target, to, ENUM_VALUE);
}

const ENUM_VALUE = "enum value";

/** `public.mood.sad` for each value of an enumeration. */
function labelsOf(object: SchemaObject): readonly string[] {
  const { labels } = object.facts;
  return Array.isArray(labels) ? labels.map((label) => `${object.name}.${label}`) : [];
}

/** Stated renames of values, by their types' names once those are renamed. */
export function valuesIn(
  stated: readonly Rename[],
  applied: readonly Rename[],
  before: Snapshot,
  target: Snapshot,
): readonly Rename[] {
  return stated.flatMap((rename) => {
    const followed = applied.reduce(follow, rename);
    return isValueRename(rename, followed, before, target) ? [followed] : [];
  });
}

/** The way back of renames of values that were stated or answered. */
export function valuesBack(
  values: readonly Rename[],
  choices: readonly Choice[],
): readonly Rename[] {
  const prefix = `rename:${ENUM_VALUE}:`;
  const answered = choices.flatMap(({ id, answer }) =>
    !id.startsWith(prefix) || answer === null || answer.option === "drop"
      ? []
      : [{ from: id.slice(prefix.length), to: answer.option, by: answer.by }]
  );
  return [...values, ...answered].map(({ from, to, by }) => {
    const old = lastName(from);
    return { kind: ENUM_VALUE, from: from.slice(0, -old.length) + lastName(to), to: old, by };
  });
}

/** A stated rename must have done something, or have been done before; while choices are open, its turn may still come. */
export function checkRenames(
  stated: readonly Rename[],
  { applied, before, target, areOpen }: {
    readonly applied: readonly Rename[];
    readonly before: Snapshot;
    readonly target: Snapshot;
    readonly areOpen: boolean;
  },
): void {
  for (const rename of stated) {
    const done = applied.some((other) =>
      goesBy(other.from, lastName(rename.from)) && goesBy(other.to, lastName(rename.to))
    );
    if (done) continue;
    const named = (snapshot: Snapshot, name: string) => isNamedIn(snapshot, name, rename.kind);
    const followed = applied.reduce(follow, rename);
    // What it is in has taken it along.
    if (followed.from !== rename.from && goesBy(followed.from, rename.to)) continue;
    if (areOpen && named(before, lastName(rename.from)) && named(target, rename.to)) continue;
    if (isValueRename(rename, followed, before, target)) continue;
    if (rename.by === "annotation" && named(before, rename.to)) continue;
    const rival = applied.find((other) => goesBy(other.to, rename.to));
    const why = !named(before, rename.from)
      ? `the migrations have no ${rename.kind ?? "object"} "${rename.from}"`
      : named(target, rename.from)
      ? `the schema still has "${rename.from}"`
      : rival !== undefined
      ? `${rival.kind} "${rival.from}" becomes "${rename.to}" already`
      : `the schema has no new ${rename.kind ?? "object"} "${rename.to}" of the same kind`;
    throw renameError(rename, why);
  }
}

/** The error for a stated rename that cannot be carried out, where it was stated. */
export function renameError({ kind, from, to, place }: Rename, why: string): UsageError {
  const flag = `${kind === null ? "" : `${kind}:`}${from}=${to}`;
  return new UsageError(`Cannot rename ${flag}: ${why}`, { code: "rename", place });
}
