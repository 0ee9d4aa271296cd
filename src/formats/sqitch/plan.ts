/** `sqitch.plan`: pragmas, changes and tags, in the order in which they are deployed. */

import type { SourceFile } from "../format.ts";
import { refusal } from "../format_error.ts";
import { lines } from "../script.ts";

/** One change as planned. */
export interface PlannedChange {
  readonly name: string;
  /** `a`, `!b`, `other:c`, `a@v1`. */
  readonly requires: readonly string[];
  readonly offset: number;
  /** Tags between this change and a later one of the same name; empty when it is not reworked. */
  readonly reworkTags: readonly string[];
}

/** A plan file, read. */
export interface SqitchPlan {
  readonly project: string;
  readonly changes: readonly PlannedChange[];
  /** Without the `@`. */
  readonly tags: readonly string[];
}

/** Reads a plan. Throws UsageError, naming the line, for what sqitch itself refuses. */
export function readPlan(file: SourceFile): SqitchPlan {
  const pragmas = new Map<string, string>();
  const changes: { name: string; requires: string[]; offset: number; reworkTags: string[] }[] = [];
  const tags: string[] = [];
  /** Index of the newest change of a name, and how many tags there were when it was read. */
  const newest = new Map<string, { index: number; tags: number }>();
  for (const line of lines(file.text)) {
    const text = line.text.trim();
    if (text === "" || text.startsWith("#")) continue;
    const refuse = (message: string, hint: string) =>
      refusal(`Cannot read "${file.path}": ${message}`, file, line.start, hint);
    if (text.startsWith("%")) {
      const pragma = /^%\s*([\w-]+)\s*(?:=\s*(.*?))?\s*$/.exec(text);
      if (pragma !== null) pragmas.set(pragma[1] ?? "", pragma[2] ?? "");
      continue;
    }
    const entry = ENTRY.exec(text);
    if (entry?.groups === undefined) {
      throw refuse(
        `"${text}" is neither a change nor a tag`,
        "sqitch wants: name [requires] 2024-01-02T03:04:05Z Planner <email> # note",
      );
    }
    const { tag, sign, name = "", requires } = entry.groups;
    if (tag !== undefined) {
      if (tags.includes(tag)) throw refuse(`tag @${tag} occurs twice`, "Tags are unique");
      if (changes.length === 0) throw refuse(`tag @${tag} tags nothing`, "It follows a change");
      tags.push(tag);
      continue;
    }
    if (sign === "-") {
      throw refuse(`"-${name}" plans a revert`, "sqitch deploys no such lines; remove it");
    }
    const earlier = newest.get(name);
    if (earlier !== undefined) {
      const between = tags.slice(earlier.tags);
      if (between.length === 0) {
        throw refuse(
          `change "${name}" occurs twice without a tag between`,
          "sqitch tells the two apart by a tag; add one, or rename one of them",
        );
      }
      changes[earlier.index]?.reworkTags.push(...between);
    }
    newest.set(name, { index: changes.length, tags: tags.length });
    changes.push({
      name,
      requires: (requires ?? "").split(/[\s,]+/).filter((word) => word !== ""),
      offset: line.start,
      reworkTags: [],
    });
  }
  const project = pragmas.get("project");
  if (project === undefined || project === "") {
    throw refusal(
      `Cannot read "${file.path}": it has no "%project=" line`,
      file,
      0,
      "sqitch refuses a plan without %syntax-version=1.0.0 and %project=<name>",
    );
  }
  return { project, changes, tags };
}

const ENTRY =
  /^(?:@(?<tag>[^\s@:#[\]]+)|(?<sign>[+-]?)\s*(?<name>[^\s@:#[\]+-][^\s@:#[\]]*))(?:\s+\[(?<requires>[^\]]*)\])?(?:\s+\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\s+[^#]*?<[^>#]*>)?\s*(?:#.*)?$/;
