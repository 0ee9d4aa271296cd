/** What `aim create` says: the edit, why there is none, and its JSON. */

import type { CreateOutcome, SchemaEdit } from "../../pipeline/mod.ts";
import { usageText } from "../../models/prices.ts";
import type { Paint } from "../paint.ts";
import { renderChanges, renderUnifiedDiff } from "./changes.ts";
import { changeJson, generateJson } from "./outcome_json.ts";

/** The diff of the text, and what that means to the catalog. */
export function renderEdit(
  { diff, changes, renames, answers, moves }: SchemaEdit,
  paint: Paint,
): string {
  const renamed = renames.map(({ kind, from, to }) =>
    `${paint.yellow("~")} ${kind ?? "object"}  ${from}  ${paint.dim(`renamed to ${to}`)}\n`
  );
  const filled = [...answers].map(([id, { expression = "" }]) =>
    `${paint.dim("rows that are there get")} ${expression} ${
      paint.dim(`in ${id.replace(/^fill:/, "")}`)
    }\n`
  );
  return `${renderUnifiedDiff(diff, paint)}\n${renamed.join("")}${renderChanges(changes, paint)}${
    [...filled, ...moves.map((text) => `${paint.dim("rows move:")} ${text}\n`)].join("")
  }`;
}

/** What the model took that read the requests. */
export function renderAsked({ model }: CreateOutcome, paint: Paint): string {
  if (model === null || model.usage.calls === 0) return "";
  return paint.dim(`${model.name}, ${model.prompts.join(", ")}: ${usageText(model.usage)}\n`);
}

/** Why nothing was edited, and what to say instead. */
export function renderStop({ stopped, outcome }: CreateOutcome, paint: Paint): string {
  if (outcome === "unconfirmed") {
    return `${paint.yellow("not done")}: nobody agreed; pass --yes, or --dry-run to look only\n`;
  }
  if (stopped === null) return "";
  if (stopped.stopped === "unclear") {
    return `${paint.yellow("unclear")}: ${stopped.question}\n` +
      stopped.options.map((option) => `  aim create ${quoted(option)}\n`).join("");
  }
  return `${paint.red("refused")}: "${stopped.request}": ${stopped.reason}\n` +
    renderChanges(stopped.extra, paint);
}

/** Around what holds no quotes of its own, double ones. */
function quoted(text: string): string {
  return /["$`\\!]/.test(text) ? `'${text.replaceAll("'", `'\\''`)}'` : `"${text}"`;
}

/** The last line where no migration was made. */
export function renderEnd(
  { outcome, written, edit }: CreateOutcome,
  { paint, dryRun }: { readonly paint: Paint; readonly dryRun: boolean },
): string {
  if (outcome !== "edited") return "nothing was written\n";
  if (!written) return dryRun ? `${paint.dim("nothing was written (--dry-run)")}\n` : "";
  const answers = [...edit?.answers ?? []].map(([id, { expression = "" }]) =>
    ` --answer ${quoted(`${id}=expression=${expression}`)}`
  );
  const moves = edit?.moves ?? [];
  const move = moves.length === 0 ? "" : ` --move ${quoted(moves.join("; "))}`;
  return `${paint.green("edited")}\n${paint.dim(`next: aim generate${answers.join("")}${move}`)}\n`;
}

/** The files of the schema that changed. */
export function changedPaths({ edit }: CreateOutcome): readonly string[] {
  return [...(edit?.diff ?? "").matchAll(/^\+\+\+ (.*)$/gm)].map(([, path]) => path ?? "");
}

/** `aim create --json`. */
export function createJson(outcome: CreateOutcome): Record<string, unknown> {
  const { edit, stopped, generated } = outcome;
  return {
    outcome: outcome.outcome,
    edit: edit === null ? null : {
      diff: edit.diff,
      files: changedPaths(outcome),
      changes: edit.changes.map(changeJson),
      renames: edit.renames.map(({ kind, from, to }) => ({ kind, from, to })),
      moves: edit.moves,
    },
    stopped: stopped === null ? null : {
      ...stopped,
      ...("extra" in stopped ? { extra: stopped.extra.map(changeJson) } : {}),
    },
    model: outcome.model,
    migration: generated === null ? null : generateJson(generated),
    written: outcome.written,
    notes: outcome.notes,
  };
}
