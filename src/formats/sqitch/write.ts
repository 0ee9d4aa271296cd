/** Writing a change of a sqitch project: a line of the plan and its three scripts. */

import { UsageError } from "../../core/error.ts";
import type { PlannedStatement } from "../../core/statement.ts";
import type { RenderInput, SourceFile } from "../format.ts";
import {
  comments,
  fileName,
  inOwnTransactions,
  layOut,
  withOwnTransactions,
  written,
} from "../rendering.ts";
import { clientOf, commitsDefinitions, sqitchEngine } from "../transaction_mode.ts";
import { join, type SqitchConf, sqitchConf } from "./conf.ts";
import { readPlan, type SqitchPlan } from "./plan.ts";
import { planner } from "./planner.ts";
import { verification } from "./verify.ts";

/** The plan with one more line, and the scripts; for an empty folder also sqitch.conf. */
export function renderSqitch(
  input: RenderInput,
  existing: readonly SourceFile[],
  now: Date,
): readonly SourceFile[] {
  const texts = new Map(existing.map((file) => [file.path, file.text]));
  const confText = texts.get("sqitch.conf");
  const engine = sqitchEngine(input.dialect);
  const conf = sqitchConf(
    confText === undefined ? undefined : { path: "sqitch.conf", text: confText },
  );
  const before = texts.get(conf.plan) ?? "%syntax-version=1.0.0\n%project=app\n\n";
  const plan = readPlan({ path: conf.plan, text: before });
  const name = freeName(fileName(input.draft.name), plan);
  const requires = input.requires ?? [];
  refuseUnknown(requires, plan);
  const script = (verb: "deploy" | "revert" | "verify", text: string): SourceFile => ({
    path: join(conf[verb], `${name}.${conf.extension}`),
    text,
  });
  const title = `${plan.project}:${name}`;
  const required = requires.map((one) =>
    one.startsWith("!") ? `conflicts: ${one.slice(1)}` : `requires: ${one}`
  );
  const dialect = input.dialect;
  const files = [
    {
      path: conf.plan,
      text: `${before}${before.endsWith("\n") ? "" : "\n"}${
        planLine(input, { name, conf, now })
      }\n`,
    },
    script(
      "deploy",
      comments([`Deploy ${title} to ${engine}`, ...required, ...input.header]) + "\n" +
        statements(input.draft.up, input),
    ),
    script(
      "revert",
      comments([`Revert ${title} from ${engine}`, ...input.header]) + "\n" +
        statements(input.draft.down, input),
    ),
    script(
      "verify",
      comments([`Verify ${title} on ${engine}`]) + "\nBEGIN;\n\n" +
        verification(input.draft.up, clientOf(null, dialect)) + "\nROLLBACK;\n",
    ),
  ];
  if (texts.has(conf.plan) || confText !== undefined) return files;
  return [{ path: "sqitch.conf", text: `[core]\n\tengine = ${engine}\n` }, ...files];
}

function statements(
  list: readonly PlannedStatement[],
  { dialect, lexicon }: RenderInput,
): string {
  if (list.length === 0) return "-- Nothing to do\n";
  const parts = commitsDefinitions(dialect)
    ? ["BEGIN;", ...list.map((statement) => written(statement, lexicon)), "COMMIT;"]
    : withOwnTransactions(inOwnTransactions(list), lexicon, { least: 1 });
  return commitsDefinitions(dialect) ? delimited(parts) : spaced(parts);
}

/** BEGIN and COMMIT set apart by blank lines, as in sqitch's own scripts. */
function spaced(parts: readonly string[]): string {
  const groups: string[][] = [[]];
  for (const part of parts) {
    if (part === "BEGIN;" || part === "COMMIT;") groups.push([part], []);
    else groups.at(-1)?.push(part);
  }
  return groups.filter((group) => group.length > 0).map(layOut).join("\n");
}

/** For the mysql program, which cuts at every semicolon: statements with one inside end in another sign. */
function delimited(parts: readonly string[]): string {
  return spaced(
    parts.map((part) =>
      part.slice(0, -1).includes(";") ? `DELIMITER //\n${part.slice(0, -1)}//\nDELIMITER ;` : part
    ),
  );
}

function planLine(
  input: RenderInput,
  { name, conf, now }: { readonly name: string; readonly conf: SqitchConf; readonly now: Date },
): string {
  const who = input.author ?? planner(conf);
  const requires = input.requires ?? [];
  const note = input.draft.name.replaceAll("_", " ");
  return [
    name,
    ...(requires.length === 0 ? [] : [`[${requires.join(" ")}]`]),
    now.toISOString().replace(/\.\d+Z$/, "Z"),
    `${plannerName(who.name)} <${who.email.replaceAll(/[<>\s]/g, "")}>`,
    `# ${note.replaceAll("\\", "\\\\").replaceAll(/\r?\n/g, "\\n").trim()}`,
  ].join(" ");
}

/** sqitch's rule for a planner: no angle brackets, and no square bracket at its start. */
function plannerName(name: string): string {
  const plain = name.replaceAll(/[<>\r\n]/g, "").replace(/^[[\s]+/, "").trim();
  return plain === "" ? "unknown" : plain;
}

function freeName(wanted: string, plan: SqitchPlan): string {
  const taken = new Set(plan.changes.map(({ name }) => name));
  const base = wanted.replace(/^_+|_+$/g, "") || "change";
  for (let n = 1;; n++) {
    const name = n === 1 ? base : `${base}_${n}`;
    if (!taken.has(name)) return name;
  }
}

function refuseUnknown(requires: readonly string[], plan: SqitchPlan): void {
  const known = new Set(plan.changes.map(({ name }) => name));
  for (const dependency of requires) {
    const [name = "", tag] = dependency.replace(/^!/, "").split("@");
    if (name.includes(":") || dependency.startsWith("!")) continue;
    const missing = name !== "" && !known.has(name) ||
      tag !== undefined && tag !== "HEAD" && tag !== "ROOT" && !plan.tags.includes(tag);
    if (!missing) continue;
    throw new UsageError(`Cannot require "${dependency}": the plan has no such change`, {
      hint: `It knows ${[...known].slice(-5).join(", ") || "no changes yet"}`,
    });
  }
}
