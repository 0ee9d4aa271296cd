/** One pair of a corpus: planned, proven, and judged again: by the independent observer, and with rows in the tables. */

import { UsageError } from "../../src/core/error.ts";
import type { GenerateOutcome } from "../../src/core/outcome.ts";
import { generateOn, type Project } from "../../src/pipeline/mod.ts";
import type { Server } from "../../src/runtimes/runtime.ts";
import type { Change } from "../../src/core/change.ts";
import type { Choice, Rename } from "../../src/core/choice.ts";
import type { RowsProof, Verdict } from "../../src/core/proof.ts";
import { lastName } from "../../src/core/name.ts";
import { observe } from "../observe/mod.ts";
import { type Moment, type RowFate, rowsUnder, type RowVerdict } from "../rows/mod.ts";
import { type Bench, load, migrate, sourcesOf } from "./bench.ts";
import { type Row, scriptOf } from "./rows.ts";

/** What a possible rename becomes when the row does not answer it. */
export type Ambiguity = "drop-add" | "ask";

/** How a pair fared. */
export interface Result {
  readonly source: string;
  readonly name: string;
  /** `wrong`: called proven, and the independent observer or the rows say otherwise. `error`: a side does not load, or a bug. */
  readonly outcome: "in-sync" | "proven" | "unproven" | "undecided" | "wrong" | "error";
  readonly up: Verdict["state"];
  readonly down: Verdict["state"];
  /** What DOWN restores: `exact`, `column-order`, `structure` (data is lost), `none`. */
  readonly downClass: string;
  readonly statements: number;
  readonly ms: number;
  readonly reason: string;
  readonly sql: { readonly up: readonly string[]; readonly down: readonly string[] };
  /** What became of the renames that the row knows of. */
  readonly renames: Readonly<Record<RenameFate, number>>;
  /** What became of rows in the tables, of a pair that is proven. */
  readonly rows: RowFate | null;
  /** What the proof itself says of rows. */
  readonly proofRows: RowsProof | null;
}

/** `asked`: it came up as a choice. `carried`: it was carried out. `remade`: nothing was lost by a drop and a create. `lost`: rows went. */
export type RenameFate = "asked" | "carried" | "remade" | "lost";

const NO_RENAMES: Readonly<Record<RenameFate, number>> = {
  asked: 0,
  carried: 0,
  remade: 0,
  lost: 0,
};

/** Runs one pair. Never throws for what is the pair's or the planner's fault; that is its `reason`. */
export async function runPair(
  bench: Bench,
  row: Row,
  { ambiguity, isJudged }: { readonly ambiguity: Ambiguity; readonly isJudged: boolean },
): Promise<Result> {
  const start = performance.now();
  try {
    const project = await bench.project();
    const [current, desired] = [scriptOf(row, "current"), scriptOf(row, "desired")];
    const sources = sourcesOf(current, desired);
    const server = await bench.server(project, sources);
    const known = (row.renames ?? []).map((text) => renameOf(text, project.engine.dialect));
    const outcome = await generateWith(project, server, sources, { known, ambiguity });
    const ms = Math.round(performance.now() - start);
    const isProven = isJudged && outcome.outcome === "proven";
    const judged = isProven
      ? await judge(project, server, { current, desired, outcome })
      : { objection: null, rows: null };
    return resultOf(row, outcome, { ms, ...judged, known });
  } catch (error) {
    await bench.drop();
    const reason = error instanceof Error ? error.message : String(error);
    return { ...blank(row), ms: Math.round(performance.now() - start), reason };
  }
}

/** A row's renames are only an author's; where the planner has no such rename, it goes on without. */
async function generateWith(
  project: Project,
  server: Server,
  sources: ReturnType<typeof sourcesOf>,
  { known, ambiguity }: { readonly known: readonly Rename[]; readonly ambiguity: Ambiguity },
): Promise<GenerateOutcome> {
  const options = {
    dryRun: true,
    allowEmptySchema: true,
    answers: new Map(),
    assumeEmpty: "policy",
    renames: ambiguity === "ask" ? [] : known,
    onAmbiguity: ambiguity,
  } as const;
  try {
    return await generateOn(project, server, sources, options);
  } catch (error) {
    if (!(error instanceof UsageError) || error.code !== "rename") throw error;
    return await generateOn(project, server, sources, { ...options, renames: [] });
  }
}

function renameOf(text: string, dialect: string): Rename {
  const [from = "", to = ""] = text.split("->").map((name) =>
    dialect === "sqlite" ? name.trim().replace(/^public\./, "") : name.trim()
  );
  return { kind: null, from, to, by: "flag" };
}

/** What the observer has against a proof, or null; and what became of rows meanwhile. */
async function judge(
  project: Project,
  server: Server,
  pair: {
    readonly current: string;
    readonly desired: string;
    readonly outcome: GenerateOutcome;
  },
): Promise<{ readonly objection: string | null; readonly rows: RowVerdict | null }> {
  const wanted = await seenAfter(project, server, pair.desired);
  const seen = new Map<Moment, string>();
  const rows = await rowsUnder(project, server, {
    ...pair,
    look: async (moment, database) => {
      seen.set(moment, await observe(database, server));
    },
  });
  // Over no rows, or refused by them, the migration is judged without any.
  if (!seen.has("down")) {
    await using database = await server.create();
    await load(project, database, pair.current);
    for (const direction of ["up", "down"] as const) {
      await migrate(project, database, pair.outcome.files, direction);
      seen.set(direction, await observe(database, server));
    }
  }
  const [before, after, back] = [seen.get("before"), seen.get("up"), seen.get("down")];
  const objection = after !== wanted
    ? `UP is not what it was called:\n${linesBetween(wanted, after)}`
    : back !== before
    ? `DOWN is not what it was called:\n${linesBetween(before, back)}`
    : null;
  return { objection, rows };
}

/** What the observer says of a script. */
async function seenAfter(project: Project, server: Server, text: string): Promise<string> {
  await using database = await server.create();
  await load(project, database, text);
  return await observe(database, server);
}

function resultOf(
  row: Row,
  outcome: GenerateOutcome,
  { ms, objection: seen, rows, known }: {
    readonly ms: number;
    readonly objection: string | null;
    readonly rows: RowVerdict | null;
    readonly known: readonly Rename[];
  },
): Result {
  const { proof, draft } = outcome;
  const open = outcome.choices.filter((choice) => choice.answer === null);
  const lost = rows?.fate === "lost" ? `rows are lost: ${rows.losses.join("; ")}` : null;
  const objection = seen ?? lost;
  return {
    ...blank(row),
    rows: rows?.fate ?? null,
    proofRows: proof?.rows ?? null,
    outcome: objection === null ? outcome.outcome : "wrong",
    up: proof?.up.state ?? "not-run",
    down: proof?.down.state ?? "not-run",
    downClass: draft?.reversible ?? "exact",
    statements: draft?.up.length ?? 0,
    ms,
    reason: objection ?? rows?.refusal ?? reasonOf(outcome, open),
    sql: {
      up: draft?.up.map(({ sql }) => sql) ?? [],
      down: draft?.down.map(({ sql }) => sql) ?? [],
    },
    renames: fatesOf(known, outcome),
  };
}

/** What became of the renames that the authors of a pair know of, when nobody says that they are such. */
function fatesOf(known: readonly Rename[], { choices, draft }: GenerateOutcome) {
  const fates = { ...NO_RENAMES };
  for (const rename of known) {
    const carried = draft?.up.some(({ sql }) =>
      /\bRENAME\b/.test(sql) && sql.includes(lastName(rename.to))
    );
    if (isAmong(rename, choices)) fates.asked++;
    else if (carried === true) fates.carried++;
    else if (draft?.up.some(({ destroys }) => destroys !== undefined) === true) fates.lost++;
    else fates.remade++;
  }
  return fates;
}

function blank(row: Row): Result {
  return {
    source: row.source,
    name: row.name,
    outcome: "error",
    up: "not-run",
    down: "not-run",
    downClass: "exact",
    statements: 0,
    ms: 0,
    reason: "",
    sql: { up: [], down: [] },
    renames: NO_RENAMES,
    rows: null,
    proofRows: null,
  };
}

function reasonOf(outcome: GenerateOutcome, open: readonly Choice[]): string {
  if (outcome.outcome === "undecided") return open.map((choice) => choice.question).join("; ");
  if (outcome.outcome !== "unproven" || outcome.proof === null) return "";
  const { up, down, again } = outcome.proof;
  return Object.entries({ up, down, again })
    .flatMap(([direction, verdict]) => complaint(direction, verdict))
    .concat(rowComplaints(outcome.proof.rows)).join("; ");
}

function rowComplaints(rows: RowsProof | undefined): readonly string[] {
  if (rows === undefined) return [];
  return [
    ...rows.refused.map(({ direction, sql, message, detail }) =>
      `rows refuse ${direction}: ${message} ${detail ?? ""}: ${sql}`
    ),
    ...[...rows.lost, ...rows.altered].map(({ direction, kind, text, before, after, statement }) =>
      `rows ${kind} in ${direction}: ${text} (${before} -> ${after}) by ${statement?.sql}`
    ),
  ];
}

function complaint(direction: string, verdict: Verdict): string[] {
  if (verdict.state === "error") {
    return [`${direction} statement ${verdict.statement}: ${verdict.message}: ${verdict.sql}`];
  }
  if (verdict.state === "differs") {
    return [`${direction}: ${verdict.changes.map(inShort).join(", ")}`];
  }
  return [];
}

function inShort(change: Change): string {
  return change.op === "alter"
    ? `alter ${change.id} (${change.facts.join(", ")})`
    : `${change.op} ${change.id}`;
}

/** Whether a rename came up as a choice: its two names are in what the choice says of itself, or it is inside of what is asked about. */
function isAmong(rename: Rename, choices: readonly Choice[]): boolean {
  const last = (name: string) => name.slice(name.lastIndexOf(".") + 1);
  return choices.some((choice) => {
    if (choice.kind !== "rename") return false;
    // What is in a schema that may be renamed is asked about after the schema.
    const schema = /^rename:schema:(.+)$/.exec(choice.id)?.[1];
    if (schema !== undefined && rename.from.startsWith(`${schema}.`)) return true;
    const text = JSON.stringify([choice.id, choice.question, choice.options]);
    return text.includes(last(rename.from)) && text.includes(last(rename.to));
  });
}

function linesBetween(wanted = "", got = ""): string {
  const [old, now] = [wanted.split("\n"), got.split("\n")];
  return [
    ...old.filter((line) => !now.includes(line)).map((line) => `- ${line}`),
    ...now.filter((line) => !old.includes(line)).map((line) => `+ ${line}`),
  ].slice(0, 12).join("\n");
}
