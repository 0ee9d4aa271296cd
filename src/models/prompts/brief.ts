/** What a model is told about a change, whatever it is asked for. */

import { createTwoFilesPatch } from "diff";
import type { Change } from "../../core/change.ts";
import type { Json } from "../../core/snapshot.ts";

/** The facts of one run. */
export interface Brief {
  /** `postgres 18.6` */
  readonly server: string;
  /** The older version that the migration must run on, and what it lacks; null when it is the same. */
  readonly deployed: Deployed | null;
  /** What a model must be told about the dialect. */
  readonly guide: string;
  /** What the user says about the project, or null. */
  readonly context: string | null;
  readonly objects: readonly BriefObject[];
  /** Names of all other objects, for people to know that they are there. */
  readonly others: readonly string[];
  /** How many more there are than are named. */
  readonly unnamed: number;
  readonly changes: readonly NumberedChange[];
}

/** A version that is older than the one that proves. */
export interface Deployed {
  /** `postgres 15` */
  readonly server: string;
  /** What came after it, one thing a line. */
  readonly lacks: readonly string[];
}

/** The DDL of one object on both sides. */
export interface BriefObject {
  readonly name: string;
  readonly kind: string;
  /** Null where it does not exist. */
  readonly before: string | null;
  readonly after: string | null;
}

/** A change and the number under which the model knows it. */
export interface NumberedChange {
  readonly number: number;
  readonly change: Change;
}

/** Numbers the changes that stand for themselves: members of what is created or dropped go with it. */
export function numberChanges(changes: readonly Change[]): readonly NumberedChange[] {
  const whole = new Set(changes.filter(({ op }) => op !== "alter").map(({ id }) => id));
  const objectOf = (change: Change) => change.op === "drop" ? change.before : change.after;
  return changes
    .filter((change) => change.op === "alter" || !whole.has(objectOf(change).parent ?? ""))
    .map((change, at) => ({ number: at + 1, change }));
}

/** The objects as text: one DDL where both sides agree, else a diff with the whole of both. */
export function schemaText({ objects, others, unnamed }: Brief): string {
  const parts = objects.map(({ kind, name, before, after }) => {
    if (before === after) return (after ?? "").trimEnd();
    if (before === null) return `-- ${kind} ${name}: only after\n${(after ?? "").trimEnd()}`;
    if (after === null) return `-- ${kind} ${name}: only before\n${before.trimEnd()}`;
    return `-- ${kind} ${name}: lines with - before, with + after\n${lineDiff(before, after)}`;
  });
  const rest = others.length === 0 ? [] : [
    `-- unchanged and not shown: ${others.join(", ")}${
      unnamed === 0 ? "" : ` and ${unnamed} more`
    }`,
  ];
  return [...parts, ...rest].join("\n\n");
}

/** The changes, one a line, by their numbers. */
export function changesText(changes: readonly NumberedChange[]): string {
  return changes.map(({ number, change }) => `${number}. ${changeLine(change)}`).join("\n");
}

/** A change in one line: `~ column users.total: type: integer -> text`. */
export function changeLine(change: Change): string {
  switch (change.op) {
    case "create":
      return `+ ${change.kind} ${change.after.name}`;
    case "drop":
      return `- ${change.kind} ${change.before.name}`;
    case "alter": {
      const facts = change.facts.map((key) =>
        key === "position"
          ? `position: ${change.before.position} -> ${change.after.position}`
          : `${key}: ${shown(change.before.facts[key])} -> ${shown(change.after.facts[key])}`
      );
      return `~ ${change.kind} ${change.after.name}: ${facts.join("; ")}`;
    }
  }
}

/** The longest value of a fact that is shown; the DDL has all of it. */
const LONGEST = 120;

function shown(value: Json | undefined): string {
  if (value === undefined || value === null) return "none";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

function lineDiff(before: string, after: string): string {
  const patch = createTwoFilesPatch("", "", before, after, "", "", { context: 100_000 });
  return patch.split("\n").slice(4).filter((line) => !/^(?:\\|@@ )/.test(line)).join("\n")
    .trimEnd();
}
