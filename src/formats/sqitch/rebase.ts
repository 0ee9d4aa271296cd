/** Changes taken out of a plan, and put at the end of another one. */

import type { Branch, Migration, Rebased, SourceFile } from "../format.ts";
import { sqitchConf } from "./conf.ts";
import { readPlan } from "./plan.ts";

/** The files without some changes: their lines in the plan, and their scripts. */
export function withoutChanges(
  files: readonly SourceFile[],
  migrations: readonly Migration[],
): readonly SourceFile[] {
  const plan = planPath(files);
  const names = new Set(migrations.map(({ name }) => name));
  const paths = new Set(migrations.flatMap((migration) => migration.files));
  return files.filter(({ path }) => !paths.has(path)).map((file) => {
    if (file.path !== plan) return file;
    const gone = readPlan(file).changes.filter(({ name }) => names.has(name));
    const starts = new Set(gone.map(({ offset }) => offset));
    return { ...file, text: linesOf(file.text, (offset) => !starts.has(offset)) };
  });
}

/** The other branch's plan with the lines of the new changes behind it, as they were written. */
export function rebaseSqitch({ ours, theirs, own }: Branch): Rebased {
  const plan = planPath(ours);
  const mine = ours.find(({ path }) => path === plan);
  const other = theirs.find(({ path }) => path === plan);
  if (mine === undefined || other === undefined) return { files: ours, moved: new Map() };
  const known = new Set(other.text.split(/\r?\n/).map((line) => line.trim()));
  const added = mine.text.split(/\r?\n/)
    .filter((line) => line.trim() !== "" && !known.has(line.trim()));
  const text = `${other.text}${other.text.endsWith("\n") ? "" : "\n"}${
    added.map((line) => `${line}\n`).join("")
  }`;
  const scripts = new Set(own.flatMap(({ files }) => files));
  const taken = new Set([...scripts, plan]);
  return {
    files: [
      ...theirs.filter(({ path }) => !taken.has(path)),
      ...ours.filter(({ path }) => scripts.has(path)),
      { path: plan, text },
    ],
    moved: new Map(),
  };
}

function planPath(files: readonly SourceFile[]): string {
  return sqitchConf(files.find(({ path }) => path === "sqitch.conf")).plan;
}

function linesOf(text: string, keeps: (offset: number) => boolean): string {
  let offset = 0;
  return text.split(/(?<=\n)/).filter((line) => {
    const start = offset;
    offset += line.length;
    return keeps(start);
  }).join("");
}
