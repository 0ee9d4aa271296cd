/** The rows that sqitch writes into its registry, with the ids that it makes of a plan. */

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import type { BookEdit, BookValues } from "../../core/book_edit.ts";
import { UsageError } from "../../core/error.ts";
import type { BookEntry, SourceFile } from "../format.ts";
import { lines } from "../script.ts";
import { type SqitchConf, sqitchConf } from "./conf.ts";
import { readPlan } from "./plan.ts";
import { planner } from "./planner.ts";

/** A change or a tag of a plan, with all that its id is made of. */
interface Planned {
  readonly id: string;
  readonly name: string;
  readonly note: string;
  readonly date: string;
  readonly planner: { readonly name: string; readonly email: string };
}

interface Change extends Planned {
  readonly requires: readonly string[];
  readonly conflicts: readonly string[];
  readonly tags: readonly Planned[];
}

interface Plan {
  readonly project: string;
  readonly uri: string | null;
  readonly changes: readonly Change[];
  readonly conf: SqitchConf;
}

/** What a new registry begins with: its version, and the project. */
export function firstRows(files: readonly SourceFile[]): readonly BookEdit[] {
  const { project, uri, conf } = planOf(files);
  const by = planner(conf);
  return [
    {
      table: "releases",
      edit: "insert",
      values: { version: "1.1", installer_name: by.name, installer_email: by.email },
    },
    {
      table: "projects",
      edit: "insert",
      values: { project, uri, creator_name: by.name, creator_email: by.email },
    },
  ];
}

/** After a deploy script. */
export function deployed(entry: BookEntry): readonly BookEdit[] {
  const plan = planOf(entry.files);
  const { change, at } = changeOf(entry, plan);
  const row = { ...planned(change), ...committer(plan, entry), project: plan.project };
  return [
    {
      edit: "insert",
      values: {
        change_id: change.id,
        script_hash: createHash("sha1").update(entry.bytes).digest("hex"),
        change: change.name,
        ...row,
      },
    },
    ...change.requires.map((dependency): BookEdit => ({
      table: "dependencies",
      edit: "insert",
      values: {
        change_id: change.id,
        type: "require",
        dependency,
        dependency_id: resolved(plan, at, dependency),
      },
    })),
    ...change.conflicts.map((dependency): BookEdit => ({
      table: "dependencies",
      edit: "insert",
      values: { change_id: change.id, type: "conflict", dependency, dependency_id: null },
    })),
    ...change.tags.map((tag): BookEdit => ({
      table: "tags",
      edit: "insert",
      values: {
        tag_id: tag.id,
        tag: tag.name,
        change_id: change.id,
        ...row,
        ...planned(tag),
      },
    })),
    event("deploy", change, row),
  ];
}

/** After a revert script. */
export function reverted(entry: BookEntry): readonly BookEdit[] {
  const plan = planOf(entry.files);
  const { change } = changeOf(entry, plan);
  const where = { change_id: change.id };
  const row = { ...planned(change), ...committer(plan, entry), project: plan.project };
  return [
    { table: "tags", edit: "delete", where },
    { table: "dependencies", edit: "delete", where },
    { edit: "delete", where },
    event("revert", change, row),
  ];
}

function event(kind: "deploy" | "revert", change: Change, row: BookValues): BookEdit {
  return {
    table: "events",
    edit: "insert",
    values: {
      event: kind,
      change_id: change.id,
      change: change.name,
      ...row,
      tags: change.tags.map(({ name }) => name),
      requires: change.requires,
      conflicts: change.conflicts,
    },
  };
}

function planned({ note, date, planner }: Planned): BookValues {
  return {
    note,
    planned_at: new Date(date),
    planner_name: planner.name,
    planner_email: planner.email,
  };
}

/** Servers without a moment by default are told it. */
function committer({ conf }: Plan, { now }: BookEntry): BookValues {
  const { name, email } = planner(conf);
  return { committed_at: now, committer_name: name, committer_email: email };
}

/** The change of a migration: of several of its name the one whose turn it is among those. */
function changeOf(
  { migration, previous }: BookEntry,
  { changes }: Plan,
): { readonly change: Change; readonly at: number } {
  const before = previous === null ? -1 : changes.findIndex(({ name }) => name === previous.name);
  const at = changes.findIndex(({ name }, at) => name === migration.name && at > before);
  const change = changes[at];
  if (change === undefined) throw new Error(`The plan has no ${migration.name}`);
  return { change, at };
}

/** The id of the change that a dependency means. Throws UsageError for one of another project. */
function resolved({ changes }: Plan, at: number, dependency: string): string {
  const [name = "", tag] = dependency.split("@");
  const end = tag === undefined
    ? at
    : changes.findIndex(({ tags }) => tags.some((one) => one.name === `@${tag}`)) + 1;
  const found = changes.slice(0, end).findLast((one) => name === "" || one.name === name);
  if (found !== undefined && !dependency.includes(":")) return found.id;
  throw new UsageError(`Cannot note down that it requires "${dependency}"`, {
    code: "sqitch-requires",
    hint: "aim notes down what is required of the same plan; deploy this one by sqitch",
  });
}

function planOf(files: readonly SourceFile[]): Plan {
  const conf = sqitchConf(files.find(({ path }) => path === "sqitch.conf"));
  const file = files.find(({ path }) => path === conf.plan);
  if (file === undefined) throw new Error("There is no plan");
  const { project } = readPlan(file);
  const uri = /^%\s*uri\s*=\s*(\S+)/m.exec(file.text)?.[1] ?? null;
  const head = [`project ${project}`, ...uri === null ? [] : [`uri ${uri}`]];
  const changes: (Change & { readonly tags: Planned[] })[] = [];
  for (const { text } of lines(file.text)) {
    const groups = ENTRY.exec(text.trim())?.groups;
    const last = changes.at(-1);
    if (groups === undefined) continue;
    const { tag, name = "", requires = "", date = "", who = "", email = "", note = "" } = groups;
    const words = requires.split(/[\s,]+/).filter((word) => word !== "");
    const facts = {
      date,
      planner: { name: who.trim(), email },
      note: note.trim().replaceAll(/\\([n\\])/g, (_, sign) => sign === "n" ? "\n" : "\\"),
    };
    const tail = [
      `planner ${who.trim()} <${email}>`,
      `date ${date}`,
    ];
    const said = facts.note === "" ? [] : ["", facts.note];
    if (tag !== undefined && last !== undefined) {
      const info = [...head, `tag @${tag}`, `change ${last.id}`, ...tail, ...said];
      last.tags.push({ ...facts, name: `@${tag}`, id: idOf("tag", info) });
      continue;
    }
    const wanted = words.filter((word) => !word.startsWith("!"));
    const refused = words.filter((word) => word.startsWith("!")).map((word) => word.slice(1));
    const info = [
      ...head,
      `change ${name}`,
      ...last === undefined ? [] : [`parent ${last.id}`],
      ...tail,
      ...wanted.length === 0 ? [] : ["requires", ...wanted.map((word) => `  + ${word}`)],
      ...refused.length === 0 ? [] : ["conflicts", ...refused.map((word) => `  - ${word}`)],
      ...said,
    ];
    const id = idOf("change", info);
    changes.push({ ...facts, name, id, requires: wanted, conflicts: refused, tags: [] });
  }
  return { project, uri, changes, conf };
}

function idOf(kind: "change" | "tag", info: readonly string[]): string {
  const content = Buffer.from(info.join("\n"));
  return createHash("sha1").update(`${kind} ${content.length}\0`).update(content).digest("hex");
}

const ENTRY =
  /^(?:@(?<tag>[^\s@:#[\]]+)|\+?\s*(?<name>[^\s@:#[\]+%-][^\s@:#[\]]*))(?:\s+\[(?<requires>[^\]]*)\])?\s+(?<date>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\s+(?<who>[^#]*?)<(?<email>[^>#]*)>\s*(?:#(?<note>.*))?$/;
