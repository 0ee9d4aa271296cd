/** A migration's name from what it changes: `add_email_to_users`. */

import type { Change } from "../../core/change.ts";
import type { Rename } from "../../core/choice.ts";

/** The longest name; file systems and runners take more, people do not. */
const LONGEST = 50;

/** Names a migration in snake case from its main change, and a second one where both fit; never empty. */
export function migrationName(changes: readonly Change[], renames: readonly Rename[]): string {
  const asked = renames.filter(({ by }) => by !== "policy");
  const telling = [...asked.map(renamePart), ...changeParts(changes)];
  // What is renamed along with something else says little.
  const parts = telling.length > 0 ? telling : renames.map(renamePart);
  const first = parts[0] ?? "change_schema";
  const two = `${first}_and_${parts[1]}`;
  return parts.length === 2 && two.length <= LONGEST ? two : shorten(first);
}

/** A name that the user chose, as it can stand in the files of every runner: `Add Email!` is `add_email`. Null for one without a letter or digit, or of more than 100. */
export function slugOf(name: string): string | null {
  const slug = name.normalize("NFC").toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "_")
    .replaceAll(/^_+|_+$/g, "");
  return slug === "" || slug.length > LONGEST_CHOSEN ? null : slug;
}

const LONGEST_CHOSEN = 100;

function renamePart({ from, to }: Rename): string {
  if (bare(from) === bare(to)) return slug(`move_${bare(to)}_to_${bare(parentName(to))}`);
  return slug(`rename_${bare(from)}_to_${bare(to)}`);
}

/** One part for each table or other outer object, the most telling first. */
function changeParts(changes: readonly Change[]): string[] {
  const roots = new Map<string, Change[]>();
  for (const change of changes) {
    const root = rootId(change, changes);
    roots.set(root, [...(roots.get(root) ?? []), change]);
  }
  const weight = (list: readonly Change[]) => Math.min(...list.map((c) => WEIGHT[c.op]));
  return [...roots.values()].sort((a, b) => weight(a) - weight(b)).map(rootPart);
}

const WEIGHT = { create: 0, alter: 1, drop: 2 } as const;

function rootPart(changes: readonly Change[]): string {
  const whole = changes.find((change) => objectOf(change).parent === null && change.op !== "alter");
  if (whole !== undefined) {
    const object = objectOf(whole);
    const kind = object.kind === "table" ? "" : `${object.kind}_`;
    return slug(`${whole.op}_${kind}${bare(object.name)}`);
  }
  const columns = changes.filter((change) => change.kind === "column");
  const main = columns.length > 0 ? columns : changes;
  const ops = new Set(main.map((change) => change.op));
  const op = ops.size === 1 ? main[0]?.op ?? "alter" : "alter";
  const first = main[0];
  if (first === undefined) return "change_schema";
  const home = bare(first.kind === "column" ? parentName(objectOf(first).name) : rootName(first));
  if (op === "alter" && main.length > 1) return slug(`alter_${home}`);
  const names = main.map((change) => bare(objectOf(change).name));
  if (names.length > 2) {
    return slug(`${VERB[op]}_${names.length}_${plural(first.kind)}_${JOIN[op]}_${home}`);
  }
  if (home === names[0]) return slug(`alter_${home}`);
  const kind = first.kind === "column" || names.length > 1 ? "" : `${first.kind}_`;
  return slug(`${VERB[op]}_${kind}${names.join("_and_")}_${JOIN[op]}_${home}`);
}

const VERB = { create: "add", drop: "drop", alter: "change" } as const;
const JOIN = { create: "to", drop: "from", alter: "of" } as const;

/** The outermost changed or unchanged object that a change belongs to, as far as its own parents tell. */
function rootId(change: Change, all: readonly Change[]): string {
  const object = objectOf(change);
  if (object.parent === null) return object.id;
  const parent = all.find((other) => other.id === object.parent);
  return parent === undefined ? homeOf(object.parent) : rootId(parent, all);
}

/** A column's home is its table. */
function homeOf(id: string): string {
  return id.startsWith("column:") ? `table:${parentName(id.slice("column:".length))}` : id;
}

function rootName(change: Change): string {
  const object = objectOf(change);
  if (object.parent === null) return object.name;
  const home = homeOf(object.parent);
  return home.slice(home.indexOf(":") + 1);
}

function objectOf(change: Change) {
  return change.op === "drop" ? change.before : change.after;
}

function parentName(name: string): string {
  return name.split(".").slice(0, -1).join(".");
}

function bare(name: string): string {
  return name.replace(/\(.*$/s, "").split(".").pop() ?? name;
}

function plural(kind: string): string {
  return kind.endsWith("x")
    ? `${kind}es`
    : kind.endsWith("y")
    ? `${kind.slice(0, -1)}ies`
    : `${kind}s`;
}

function slug(text: string): string {
  const word = text.toLowerCase().normalize("NFKD").replaceAll(/[^a-z0-9]+/g, "_");
  return word.replaceAll(/^_+|_+$/g, "") || "change_schema";
}

function shorten(name: string): string {
  if (name.length <= LONGEST) return name;
  return name.slice(0, LONGEST).replace(/_[^_]*$/, "").replace(/(?:_(?:and|to|of|from|in))+$/, "");
}
