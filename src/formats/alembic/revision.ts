/** A revision of Alembic: what its file says of itself, and the order that revisions make. */

import { closingOf, type CodeToken, codeTokens } from "../code_tokens.ts";
import type { SourceFile } from "../format.ts";
import { fileRefusal } from "../format_error.ts";
import { PYTHON } from "../python_code.ts";
import { compareText } from "../versions.ts";

/** A revision. */
export interface Revision {
  readonly file: SourceFile;
  readonly id: string;
  /** The revisions it follows: none for the first, several for a merge. */
  readonly down: readonly string[];
  /** Those of other branches that must be there as well. */
  readonly dependsOn: readonly string[];
}

/** True for the path of a file that may be a revision: in the folder itself, or in its `versions`. */
export function isRevisionFile(path: string): boolean {
  return /^(?:versions\/)?[^/]+\.py$/.test(path);
}

/** What a file says of itself, or null where it is no revision (env.py). */
export function revisionOf(file: SourceFile): Revision | null {
  if (!file.text.includes("revision")) return null;
  const tokens = codeTokens(file.text, PYTHON);
  const named = (name: string) => valuesOf(tokens, name);
  const [id] = named("revision") ?? [];
  if (id === undefined) return null;
  return {
    file,
    id,
    down: named("down_revision") ?? [],
    dependsOn: named("depends_on") ?? [],
  };
}

/** The texts that a line such as `down_revision: str | None = ("a", "b")` assigns; null when there is none. */
function valuesOf(tokens: readonly CodeToken[], name: string): readonly string[] | null {
  const at = tokens.findIndex((token) =>
    token.kind === "word" && token.text === name && token.startsLine
  );
  if (at < 0) return null;
  const after = tokens.slice(at + 1);
  const lineEnd = after.findIndex((token) => token.startsLine);
  const equals = after.findIndex(({ kind, text }) => kind === "sign" && text === "=");
  if (equals < 0 || lineEnd >= 0 && equals > lineEnd) return null;
  const from = at + 1 + equals + 1;
  const first = tokens[from];
  if (first?.kind === "string") return [first.text];
  if (first?.kind !== "sign") return [];
  const end = closingOf(tokens, from);
  return tokens.slice(from, end < 0 ? from : end).filter(({ kind }) => kind === "string")
    .map(({ text }) => text);
}

/** Revisions, each behind all that it follows, and the heads: those that none follows. Throws UsageError for ids that are there twice, that are not there, and for a circle. */
export function inChain(
  revisions: readonly Revision[],
): { readonly ordered: readonly Revision[]; readonly heads: readonly string[] } {
  const byId = new Map<string, Revision>();
  for (const one of [...revisions].sort((a, b) => compareText(a.file.path, b.file.path))) {
    const other = byId.get(one.id);
    if (other !== undefined) {
      throw fileRefusal(
        `Cannot order "${other.file.path}" and "${one.file.path}": both are revision ${one.id}`,
        one.file.path,
        "Give one of them another revision",
      );
    }
    byId.set(one.id, one);
  }
  const resolved = new Map([...byId.values()].map((one) => [one.id, before(one, byId)]));
  const followed = new Set([...byId.values()].flatMap(({ down }) => down));
  const heads = [...byId.keys()].filter((id) => ![...followed].some((name) => means(name, id)));
  return { ordered: sorted(byId, resolved), heads };
}

/** What each revision of a folder follows, by whole ids. */
export function befores(
  files: readonly SourceFile[],
): ReadonlyMap<string, readonly string[]> {
  const revisions = files.filter(({ path }) => isRevisionFile(path)).map(revisionOf)
    .filter((one) => one !== null);
  const byId = new Map(revisions.map((one) => [one.id, one]));
  return new Map(revisions.map((one) => [one.id, before(one, byId)]));
}

function before(one: Revision, byId: ReadonlyMap<string, Revision>): readonly string[] {
  return [...one.down, ...one.dependsOn].map((name) => {
    const found = byId.has(name) ? name : [...byId.keys()].find((id) => means(name, id));
    if (found !== undefined) return found;
    throw fileRefusal(
      `Cannot order "${one.file.path}": the revision "${name}" that it follows is not there`,
      one.file.path,
      "Add its file, or correct down_revision",
    );
  });
}

/** Alembic takes the beginning of an id for the id. */
function means(name: string, id: string): boolean {
  return id === name || name.length >= 4 && id.startsWith(name);
}

function sorted(
  byId: ReadonlyMap<string, Revision>,
  before: ReadonlyMap<string, readonly string[]>,
): readonly Revision[] {
  const out: Revision[] = [];
  const done = new Set<string>();
  let open = [...byId.values()];
  while (open.length > 0) {
    const ready = open.filter(({ id }) => before.get(id)?.every((name) => done.has(name)));
    const [first] = open;
    if (ready.length === 0 && first !== undefined) {
      throw fileRefusal(
        `Cannot order "${first.file.path}": its revisions follow each other in a circle`,
        first.file.path,
        "Correct down_revision",
      );
    }
    for (const one of ready) done.add(one.id);
    out.push(...ready);
    open = open.filter(({ id }) => !done.has(id));
  }
  return out;
}
