/** What the migrations made and the models have no words for: it stays, and the user hears of it. */

import type { Json, SchemaObject, Snapshot } from "../../core/snapshot.ts";
import { ORM_SCHEMA } from "../../config/config.ts";
import { unsaidOf } from "../../orm/unsaid.ts";
import type { OrmTool } from "../../orm/orm.ts";
import { note, type Project } from "../project.ts";
import { withBlurred } from "./blurred.ts";

/**
 * The wanted state of a project whose schema are models, with what only the migrations say: objects of kinds that the models cannot say
 * and no file beside them says, as long as what they stand on stays, and comments, privileges and the like of objects that both have.
 * Any other project's state as it is.
 */
export async function withUnsaid(
  project: Project,
  history: Snapshot,
  target: Snapshot,
): Promise<Snapshot> {
  if (!project.config.schema.includes(ORM_SCHEMA)) return target;
  const { toolOf } = await import("./read_models.ts");
  const tool = toolOf(project);
  const anyName = project.config.constraintNames === "ignore";
  const wanted = withBlurred(history, target, { tool, anyName });
  const kept = keptObjects(history, wanted, tool);
  sayKept(project, kept, tool);
  const facts = keptFacts(wanted, tool);
  const objects = new Map<string, SchemaObject>();
  for (const [id, object] of wanted.objects) {
    const before = history.objects.get(id);
    objects.set(id, before === undefined ? object : withFacts(object, before, facts));
  }
  for (const object of kept) objects.set(object.id, object);
  return { ...wanted, objects };
}

/** Objects of the history that stay, what they stand on first. */
function keptObjects(
  history: Snapshot,
  wanted: Snapshot,
  tool: OrmTool | null,
): readonly SchemaObject[] {
  const said = new Set(
    [...wanted.objects.values()].map((object) => unsaidOf(object, tool)).filter((word) =>
      word !== null
    ),
  );
  const gone = [...history.objects.values()].filter(({ id }) => !wanted.objects.has(id));
  const kept = new Map<string, SchemaObject>();
  const isThere = (id: string) =>
    wanted.objects.has(id) || kept.has(id) || !history.objects.has(id);
  for (let found = true; found;) {
    found = false;
    for (const object of gone) {
      if (kept.has(object.id)) continue;
      const word = unsaidOf(object, tool);
      const isMember = object.parent !== null && kept.has(object.parent);
      if (!isMember && (word === null || said.has(word))) continue;
      const needs = object.parent === null
        ? object.dependsOn
        : [object.parent, ...object.dependsOn];
      if (!needs.every(isThere) || namesGone(object, gone, kept)) continue;
      kept.set(object.id, object);
      found = true;
    }
  }
  return [...kept.values()];
}

/** Whether the text of an object names what goes: a column of its own table, or a table, where the catalog knows of no dependency. */
function namesGone(
  object: SchemaObject,
  gone: readonly SchemaObject[],
  kept: ReadonlyMap<string, SchemaObject>,
): boolean {
  const text = JSON.stringify(object.facts);
  return gone.some(({ id, kind, name, parent }) => {
    if (kept.has(id)) return false;
    const isNear = kind === "column"
      ? object.kind === "constraint" && parent === object.parent
      : kind === "table";
    return isNear && new RegExp(`\\b${escaped(lastPart(name))}\\b`, "i").test(text);
  });
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1).replaceAll('"', "");
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** Facts that no models say. */
const UNSAID_FACTS = [
  "owner",
  "grants",
  "revokes",
  "row_security",
  "force_row_security",
  "replica_identity",
  "options",
  "toast_options",
  "tablespace",
  "statistics",
  "storage",
  "compression",
  "unlogged",
  "clustered",
  "row_format",
] as const;

/** Those of them that nothing beside the models says either. */
function keptFacts(wanted: Snapshot, tool: OrmTool | null): readonly string[] {
  const saysComments = tool === null || tool.says.includes("comment");
  const names: readonly string[] = saysComments ? UNSAID_FACTS : ["comment", ...UNSAID_FACTS];
  const objects = [...wanted.objects.values()];
  return names.filter((name) => !objects.some(({ facts }) => facts[name] !== undefined));
}

function withFacts(
  object: SchemaObject,
  before: SchemaObject,
  names: readonly string[],
): SchemaObject {
  const added: Record<string, Json> = {};
  for (const name of names) {
    const value = before.facts[name];
    if (value !== undefined && object.facts[name] === undefined) added[name] = value;
  }
  return Object.keys(added).length === 0
    ? object
    : { ...object, facts: { ...object.facts, ...added } };
}

/** The most names that the note has. */
const MOST_NAMES = 5;

function sayKept(project: Project, kept: readonly SchemaObject[], tool: OrmTool | null): void {
  const counts = Map.groupBy(kept, (object) => unsaidOf(object, tool) ?? "");
  counts.delete("");
  if (counts.size === 0) return;
  const parts = [...counts].map(([word, { length }]) =>
    length === 1 ? `1 ${word.replace(/ies$/, "y").replace(/s$/, "")}` : `${length} ${word}`
  );
  const names = [...counts.values()].flat().map(({ name }) => name);
  const shown = names.slice(0, MOST_NAMES).join(", ") +
    (names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : "");
  const models = tool === null ? "the models" : `models of ${tool.title}`;
  note(
    project,
    `Kept as the migrations have it, since ${models} cannot say it: ${parts.join(", ")} (${shown})`,
  );
}
