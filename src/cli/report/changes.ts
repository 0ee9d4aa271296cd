/** What differs, as a list of changes and as a unified diff. */

import type { Change } from "../../core/change.ts";
import { factText, factWords } from "./fact_text.ts";
import type { Facts, Json, SchemaObject } from "../../core/snapshot.ts";
import type { Paint } from "../paint.ts";

/** Longest value that is shown in the list; the diff below it has the rest. */
const LONGEST = 60;
const SIGNS = { create: "+", drop: "-", alter: "~" } as const;

/** One line a change: `+ column  public.users.email  text, not null`. Members of a new or dropped object are counted on its line. */
export function renderChanges(changes: readonly Change[], paint: Paint): string {
  const ids = new Set(changes.filter(isWhole).map((change) => change.id));
  const shown = changes.filter((change) => !isWhole(change) || !ids.has(parentOf(change) ?? ""));
  const kinds = Math.max(0, ...shown.map((change) => change.kind.length));
  const names = Math.min(48, Math.max(0, ...shown.map((change) => nameOf(change).length)));
  return shown.map((change) => {
    const colour = { create: paint.green, drop: paint.red, alter: paint.yellow }[change.op];
    const detail = detailOf(change, changes);
    const name = detail === "" ? nameOf(change) : nameOf(change).padEnd(names);
    const head = `${SIGNS[change.op]} ${change.kind.padEnd(kinds)}  `;
    return `${colour(head)}${name}${detail === "" ? "" : `  ${paint.dim(detail)}`}\n`;
  }).join("");
}

/** A unified diff in colour. */
export function renderUnifiedDiff(text: string, paint: Paint): string {
  if (!paint.colour) return text;
  return text.split("\n").map((line) => {
    if (line.startsWith("+++") || line.startsWith("---")) return paint.bold(line);
    if (line.startsWith("@@")) return paint.cyan(line);
    if (line.startsWith("+")) return paint.green(line);
    if (line.startsWith("-")) return paint.red(line);
    return line;
  }).join("\n");
}

/** `3 changes`. */
export function counted(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`;
}

function isWhole(change: Change): boolean {
  return change.op !== "alter";
}

function objectOf(change: Change): SchemaObject {
  return change.op === "drop" ? change.before : change.after;
}

/** On one line, or a name could write lines of its own. */
function nameOf(change: Change): string {
  return objectOf(change).name.replaceAll("\n", "\\n");
}

function parentOf(change: Change): string | null {
  return objectOf(change).parent;
}

function detailOf(change: Change, changes: readonly Change[]): string {
  if (change.op === "alter") {
    return change.facts.map((fact) => alteration(fact, change.before, change.after)).join("; ");
  }
  const members = new Map<string, number>();
  for (const other of changes) {
    if (isWhole(other) && parentOf(other) === change.id) {
      members.set(other.kind, (members.get(other.kind) ?? 0) + 1);
    }
  }
  if (members.size > 0) {
    return [...members].map(([kind, number]) => counted(number, kind, plural(kind))).join(", ");
  }
  return describeFacts(objectOf(change).facts);
}

/** The facts that fit on a line: the type or the whole definition first, what is true by its name alone, the rest with its value. */
function describeFacts(facts: Facts): string {
  const said = typeof facts.definition === "string" ? OF_DEFINITION : OF_TYPE;
  const first = [facts[said[0] ?? ""] ?? ""].map(factText).filter((text) => text !== "");
  const rest = Object.entries(facts).flatMap(([key, value]) => {
    if (said.includes(key) || value === null || value === false) return [];
    if (value === true) return [factWords(key)];
    const text = shown(value);
    return text === null ? [] : [`${factWords(key)} ${text}`];
  });
  return shortened([...first, ...rest].join(", ").replaceAll(/\s+/g, " "));
}

/** What comes first, and what it says already. */
const OF_TYPE: readonly string[] = ["type"];
const OF_DEFINITION: readonly string[] = ["definition", "type", "columns", "references"];

function alteration(fact: string, before: SchemaObject, after: SchemaObject): string {
  if (fact === "position") {
    return `place ${(before.position ?? 0) + 1} -> ${(after.position ?? 0) + 1}`;
  }
  const [was, is] = [before.facts[fact] ?? null, after.facts[fact] ?? null];
  if (was === true && (is === null || is === false)) return `no longer ${factWords(fact)}`;
  if (is === true && (was === null || was === false)) return `now ${factWords(fact)}`;
  const [from, to] = [shown(was), shown(is)];
  if (was !== null && is !== null && (from === null || to === null)) {
    return `${factWords(fact)} changed`;
  }
  if (was === null) {
    return to === null ? `${factWords(fact)} added` : `${factWords(fact)} ${to} added`;
  }
  if (is === null) return `${factWords(fact)} removed`;
  return `${factWords(fact)} ${from} -> ${to}`;
}

/** A value on one line, or null when it is too long for that. */
function shown(value: Json): string | null {
  const text = factText(value);
  return text.includes("\n") || text.length > LONGEST ? null : text;
}

function shortened(text: string): string {
  return text.length <= LONGEST * 2 ? text : `${text.slice(0, LONGEST * 2 - 1)}…`;
}

function plural(kind: string): string {
  if (/(?:s|x|ch|sh)$/.test(kind)) return kind.endsWith("index") ? "indexes" : `${kind}es`;
  return kind.endsWith("y") ? `${kind.slice(0, -1)}ies` : `${kind}s`;
}
