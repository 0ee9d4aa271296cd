/** Who uses what a change takes away, as text. */

import { type ImpactOutcome, said } from "../../pipeline/impact.ts";
import type { Target } from "../../usage/target.ts";
import type { Use } from "../../usage/use.ts";
import type { Paint } from "../paint.ts";
import { visible } from "../visible.ts";
import { counted } from "./changes.ts";

/** So many uses of one target are listed. */
const MOST_SHOWN = 200;

/** So many files are named of those that have the name of a target and no more. */
const MOST_FILES = 8;

/**
 * Each target with its uses, those that are certain first. Places that only have its name are counted by file, or with `isByName` shown like
 * the others.
 */
export function renderImpact(
  { targets, uses, named }: ImpactOutcome,
  paint: Paint,
  isByName: boolean,
): string {
  return targets.map((target) => {
    const own = uses.filter((use) => use.target === target);
    const others = named.filter((use) => use.target === target);
    const head = `${target.kind} ${paint.bold(visible(target.name))} ${visible(said(target))}`;
    const sum = own.length === 0 ? paint.green("not used") : counted(own.length, "use");
    return `${head}: ${sum}\n${list(own, paint)}${
      isByName ? list(others, paint) : folded(others, paint)
    }`;
  }).join("\n");
}

/** `  by name  3 more places: src/a.ts 2, src/b.ts 1`. */
function folded(named: readonly Use[], paint: Paint): string {
  if (named.length === 0) return "";
  const files = new Map<string, number>();
  for (const { file } of named) files.set(file, (files.get(file) ?? 0) + 1);
  const most = [...files].sort((a, b) => b[1] - a[1]);
  const shown = most.slice(0, MOST_FILES).map(([file, count]) => `${visible(file)} ${count}`);
  const left = most.length - shown.length;
  const more = left === 0 ? "" : `, and ${counted(left, "more file")}`;
  return `  ${paint.dim("by name")}  ${counted(named.length, "more place")}: ${
    shown.join(", ")
  }${more}\n`;
}

function list(uses: readonly Use[], paint: Paint): string {
  const more = uses.length > MOST_SHOWN ? `  and ${uses.length - MOST_SHOWN} more\n` : "";
  return uses.slice(0, MOST_SHOWN).map((use) => renderUse(use, paint)).join("") + more;
}

function renderUse({ certainty, file, line, column, why, text }: Use, paint: Paint): string {
  const mark = certainty === "certain"
    ? paint.red("certain")
    : certainty === "likely"
    ? paint.yellow("likely ")
    : paint.dim("by name");
  const place = file === "" ? text : `${file}:${line}:${column}`;
  const shown = file === "" || text === "" ? "" : `           ${paint.dim(visible(text))}\n`;
  return `  ${mark}  ${visible(place)}  ${visible(why)}\n${shown}`;
}

/** A line for each service and what it depends on; nothing where there are no services. */
export function renderServices(
  { services, targets, uses }: ImpactOutcome,
  paint: Paint,
  isMap: boolean,
): string {
  if (isMap && services.length === 0) return renderTables(targets, uses);
  if (!services.some(({ service }) => service !== "(database)")) return "";
  const rows = services.map(({ service, owner, object, certain, likely, isDeclared }) => [
    object,
    service,
    owner ?? "",
    isMap ? counted(certain + likely, "use") : `${certain} certain, ${likely} likely`,
    isDeclared ? "declared" : "",
  ]);
  return `\n${paint.bold("depends on it")}\n${table(rows)}`;
}

/** Without services: how often each table is used. */
function renderTables(targets: readonly Target[], uses: readonly Use[]): string {
  return table(targets.map((target) => {
    const own = uses.filter((use) => use.target === target);
    const files = new Set(own.map(({ file }) => file)).size;
    return [target.name, counted(own.length, "use"), `in ${counted(files, "file")}`];
  }));
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => visible(row[at] ?? "").length))
  );
  return rows.map((row) =>
    `  ${row.map((cell, at) => visible(cell).padEnd(widths[at] ?? 0)).join("  ").trimEnd()}\n`
  ).join("");
}

/** The last line. */
export function renderImpactSum(outcome: ImpactOutcome, paint: Paint): string {
  const { uses, named, files, queries, runtime, version, targets } = outcome;
  const certain = uses.filter(({ certainty }) => certainty === "certain").length;
  const word = outcome.outcome === "refused"
    ? paint.red("refused")
    : outcome.outcome === "used"
    ? paint.yellow("used")
    : paint.green(targets.length === 0 ? "nothing changes that code could use" : "not used");
  const counts = [
    ...uses.length === 0 ? [] : [`${certain} certain`, `${uses.length - certain} likely`],
    ...named.length === 0 ? [] : [`${named.length} by name`],
  ];
  const sum = counts.length === 0 ? "" : `: ${counts.join(", ")}`;
  const looked = `${
    counted(files, "file")
  }, ${queries.found} queries, ${queries.prepared} prepared`;
  return `${word}${sum}  ${paint.dim(`${looked} on ${runtime} ${version}`)}\n`;
}
