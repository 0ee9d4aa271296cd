/** What a command's outcome says no about, as findings with a place in a file each. */

import { ORM_SCHEMA } from "../config/config.ts";
import type { Change } from "../core/change.ts";
import type { Choice } from "../core/choice.ts";
import type { Finding } from "../core/finding.ts";
import type { MigrationVerdict, RowsVerdict } from "../core/outcome.ts";
import type { Proof, Verdict } from "../core/proof.ts";
import type { SchemaObject } from "../core/snapshot.ts";
import type { Place } from "../core/statement.ts";
import type { SourceFile } from "../formats/format.ts";
import { placeIn } from "../formats/mod.ts";
import { statedPlaces } from "../orm/stated_places.ts";
import { folderOf, type Project, schemaScript } from "./project.ts";
import type { Sources } from "./sources.ts";
import { statementsOf } from "./scratch/run_script.ts";

/** A finding for each difference between the migrations and the schema: where the schema defines the object, else where the migrations end. */
export function differenceFindings(
  project: Project,
  sources: Sources,
  changes: readonly Change[],
): readonly Finding[] {
  if (changes.length === 0) return [];
  const definitions = definitionsIn(project, sources.schema);
  const end = endOf(project, sources);
  return ownChanges(changes).map((change) => {
    const object = change.op === "drop" ? change.before : change.after;
    const place = definitions(object) ?? end;
    return {
      code: "schema-differs",
      severity: "error",
      message: differenceText(change),
      hint: "`aim generate` writes the migration that is missing",
      object: object.name,
      ...(place === null ? {} : { place }),
    };
  });
}

/** Changes without those that come with one of what they belong to: the columns of a new table. */
export function ownChanges(changes: readonly Change[]): readonly Change[] {
  const ids = new Set(changes.map(({ op, id }) => `${op} ${id}`));
  return changes.filter((change) => {
    const { parent } = change.op === "drop" ? change.before : change.after;
    return parent === null || !ids.has(`${change.op} ${parent}`);
  });
}

function differenceText(change: Change): string {
  if (change.op === "create") {
    return `The schema has ${change.kind} ${change.after.name}, the migrations do not make it`;
  }
  if (change.op === "drop") {
    return `The migrations make ${change.kind} ${change.before.name}, the schema does not have it`;
  }
  const facts = change.facts.join(", ");
  return `The migrations make ${change.kind} ${change.after.name} with another ${facts} than the schema`;
}

/** Findings about the migrations of a history. */
export function historyFindings(
  project: Project,
  sources: Sources,
  verdicts: readonly MigrationVerdict[],
): readonly Finding[] {
  return verdicts.flatMap((verdict): readonly Finding[] => {
    const { version, name, up, down, again, rows } = verdict;
    const detail = verdict.detail === "" ? rowsText(rows) : verdict.detail;
    const code = up === "error"
      ? "up-fails"
      : down === "error"
      ? "down-fails"
      : down === "differs"
      ? "down-differs"
      : again === "error" || again === "differs"
      ? "up-again-fails"
      : down === "missing" && detail !== ""
      ? "down-missing"
      : ROWS[rows?.state ?? "none"] ?? null;
    if (code === null) return [];
    const migration = sources.history.migrations.find((one) =>
      one.version === version && one.name === name
    );
    const rowsDirection = rows?.refused?.direction ??
      [...rows?.lost ?? [], ...rows?.altered ?? []][0]?.direction ?? rows?.checks?.[0]?.when;
    const isDown = code === "down-fails" || code === "down-differs" ||
      code.startsWith("rows-") && rowsDirection === "down";
    const direction = isDown ? "down" : "up";
    const script = (direction === "down" ? migration?.down : migration?.up) ?? migration?.up;
    const place = verdict.place ??
      (script === undefined
        ? undefined
        : { file: folderOf(project) + script.file, line: 1, column: 1 });
    return [{
      code,
      severity: "error",
      message: detail === "" ? `${name}: ${code.replaceAll("-", " ")}` : detail,
      migration: [version, name].filter((part) => part !== "").join("_"),
      direction,
      ...(place === undefined ? {} : { place }),
    }];
  });
}

/** What is said against a migration by what it does to rows. */
const ROWS: Readonly<Partial<Record<RowsVerdict["state"], string>>> = {
  refused: "rows-refused",
  lost: "rows-lost",
  altered: "rows-altered",
  "check-failed": "rows-check",
};

function rowsText(rows: RowsVerdict | undefined): string {
  if (rows === undefined) return "";
  if (rows.refused !== undefined) return `Over rows, ${rows.refused.message}`;
  const checks = rows.checks ?? [];
  return [
    ...[...rows.lost, ...rows.altered].map(({ text }) => text),
    ...checks.map(({ name, found, expected }) =>
      `The check "${name}" gives ${found}, expected ${expected}`
    ),
  ].join("; ");
}

/** Findings about a migration that was to be written: what is open, and in what direction it did not come out right. */
export function candidateFindings(
  project: Project,
  sources: Sources,
  { choices, proof, isProven }: {
    readonly choices: readonly Choice[];
    readonly proof: Proof | null;
    readonly isProven: boolean;
  },
): readonly Finding[] {
  const place = endOf(project, sources) ?? firstOf(sources.schema);
  const where = place === null ? {} : { place };
  const open = choices.filter(({ answer }) => answer === null).map((choice): Finding => ({
    code: "choice-open",
    severity: "error",
    message: choice.question,
    ...where,
  }));
  if (proof === null || isProven) return open;
  const wrong = ([["up", proof.up], ["down", proof.down], ["up", proof.again]] as const)
    .flatMap(([direction, verdict]): readonly Finding[] => {
      const message = refusalText(direction.toUpperCase(), verdict);
      return message === null
        ? []
        : [{ code: "migration-unproven", severity: "error", message, direction, ...where }];
    });
  return [...open, ...wrong, ...rowFindings(proof).map((finding) => ({ ...finding, ...where }))];
}

function rowFindings({ rows }: Proof): readonly Finding[] {
  if (rows === undefined) return [];
  const found = [
    ...rows.refused.map(({ direction, message, sql }) => ({
      direction,
      message: `Rows refuse ${direction} of the planned migration: ${message}\n${sql}`,
    })),
    ...[...rows.lost, ...rows.altered].map(({ direction, text, kind }) => ({
      direction,
      message: `Rows are ${kind} by the planned migration, which does not say so: ${text}`,
    })),
    ...rows.checks.map(({ name, when, expected, found }) => ({
      direction: when,
      message: `The check "${name}" does not hold: ${found}, expected ${expected}`,
    })),
  ];
  return found.map(({ direction, message }) => ({
    code: "migration-unproven",
    severity: "error",
    message,
    direction: direction === "down" ? "down" : "up",
  }));
}

function refusalText(direction: string, verdict: Verdict): string | null {
  if (verdict.state === "error") {
    return `${direction} of the planned migration fails: ${verdict.message}\n${verdict.sql}`;
  }
  if (verdict.state === "differs") {
    const names = verdict.changes.slice(0, 6).map((change) =>
      `${change.op} ${change.kind} ${(change.op === "drop" ? change.before : change.after).name}`
    );
    return `${direction} of the planned migration leaves a difference: ${names.join("; ")}`;
  }
  return null;
}

/** The beginning of the last migration; null when there is none. */
export function endOf(project: Project, { history }: Sources): Place | null {
  const last = history.migrations.at(-1);
  return last === undefined ? null : { file: folderOf(project) + last.up.file, line: 1, column: 1 };
}

function firstOf(files: readonly SourceFile[]): Place | null {
  const [first] = files;
  return first === undefined ? null : { file: first.path, line: 1, column: 1 };
}

/** Finds where files define an object: itself, else what it is a member of. */
function definitionsIn(
  project: Project,
  files: readonly SourceFile[],
): (object: SchemaObject) => Place | null {
  const { engine } = project;
  const places = new Map<string, Place>();
  for (const file of files) {
    if (file.path.startsWith(ORM_SCHEMA)) {
      const stated = statedPlaces(file.text);
      for (const [name, place] of stated) places.set(engine.nameKey(name), place);
      if (stated.size > 0) continue;
    }
    const script = schemaScript(file);
    for (const { sql, offset } of statementsOf(script, { engine, folder: "" })) {
      for (const at of [0, ...lineStarts(sql)]) {
        const definition = engine.definitionAt(sql, at);
        if (definition === null) break;
        const { parent, name } = definition;
        const key = engine.nameKey(parent === "" ? name : `${parent}.${name}`);
        if (!places.has(key)) places.set(key, placeIn(script, offset + at));
      }
    }
  }
  const find = (name: string) => {
    const key = engine.nameKey(name);
    return places.get(key) ?? places.get(key.slice(key.indexOf(".") + 1));
  };
  return (object) => {
    const own = object.id.slice(object.id.indexOf(":") + 1).replace(/\(.*$/s, "");
    for (let name = own;;) {
      const found = find(name);
      if (found !== undefined) return found;
      const dot = name.lastIndexOf(".");
      if (dot < 0) return null;
      name = name.slice(0, dot);
    }
  };
}

/** Where each line but the first begins with something, in UTF-16 units. */
function lineStarts(sql: string): readonly number[] {
  return [...sql.matchAll(/\n[ \t]*(?=[^\s])/g)].map(({ index, 0: { length } }) => index + length);
}
