/** One pair of a corpus: planned and proven, then broken and proven again. */

import { isAssumption } from "../../src/core/choice.ts";
import { splitName } from "../../src/core/name.ts";
import type { Draft } from "../../src/core/plan.ts";
import type { Snapshot } from "../../src/core/snapshot.ts";
import type { Proof } from "../../src/core/proof.ts";
import { candidateOf } from "../../src/pipeline/plan/candidate.ts";
import { generateOn } from "../../src/pipeline/mod.ts";
import type { ProofInput } from "../../src/pipeline/scratch/passage.ts";
import { replayHistory, snapshotSchema } from "../../src/pipeline/scratch/snapshot.ts";
import { isProven, prove } from "../../src/pipeline/scratch/verify.ts";
import { type Bench, sourcesOf } from "../corpus/bench.ts";
import { type Row, scriptOf } from "../corpus/rows.ts";
import { type Break, breaksOf } from "./breaks.ts";
import { survivors } from "./tables.ts";

/** By what a broken draft was caught; `new data`: it is called proven, and said to lose what is written after UP. */
export type Catch = "schema" | "refused" | "lost" | "altered" | "new data" | null;

/** What became of a broken draft. */
export interface Judged {
  readonly break: Break;
  readonly caught: Catch;
  readonly text: string;
}

/** Proves a pair and judges the breaks that are picked of it; null for a pair that is not proven over rows. */
export async function judgePair(
  bench: Bench,
  row: Row,
  { pick, author }: {
    readonly pick: (breaks: readonly Break[]) => readonly Break[];
    readonly author: Draft["author"];
  },
): Promise<readonly Judged[] | null> {
  const project = await bench.project();
  const { engine } = project;
  const sources = sourcesOf(scriptOf(row, "current"), scriptOf(row, "desired"));
  const server = await bench.server(project, sources);
  const { outcome, draft, choices, proof } = await generateOn(project, server, sources, {
    dryRun: true,
    allowEmptySchema: true,
    answers: new Map(),
    assumeEmpty: "policy",
    renames: [],
    onAmbiguity: "drop-add",
  });
  if (outcome !== "proven" || draft === null || proof === null) return null;
  const { snapshot: target, start: begun } = await snapshotSchema(project, server, sources);
  const replayed = await replayHistory(project, server, sources, begun);
  await using database = replayed.database;
  const start = await database.checkpoint();
  const { snapshot: before, searchPath } = replayed;
  const input: ProofInput = { server, database, start, before, target, searchPath };
  const said = draft.up.flatMap(({ destroys }) => destroys ?? []);
  const empty = new Set(proof.rows?.uncovered.map(({ table }) => table));
  const assumed = choices.filter(isAssumption).map(({ id, evidence }) =>
    JSON.stringify([id, evidence])
  );
  const isAssumed = (name: string) =>
    assumed.some((text) => text.includes(splitName(name).at(-1) ?? name));
  const tables = survivors(engine.dialect, { before, target, said })
    .filter(({ name }) => !empty.has(name) && !isAssumed(name));
  const text = [...draft.up, ...draft.down].map(({ sql }) => sql.toLowerCase()).join("\n");
  const isOwn = ({ name }: { readonly name: string }) =>
    text.includes((name.split(".").at(-1) ?? name).toLowerCase());
  const { lexicon, dialect } = engine;
  const own = tables.filter(isOwn);
  const others = tables.filter((table) => !isOwn(table));
  const typeOf = (name: string) => typeIn([before, target], name);
  const judged: Judged[] = [];
  for (const broken of pick(breaksOf({ dialect, lexicon, draft, own, others, typeOf }))) {
    const { migrations } = candidateOf(project, sources, broken.draft, choices);
    const again = await prove(project, input, migrations, { draft: { ...draft, author }, choices });
    const reversible = migrations.every(({ down }) => down !== null);
    judged.push({
      break: broken,
      ...catchOf(again, { reversible, proof }),
    });
  }
  return judged;
}

function typeIn(snapshots: readonly Snapshot[], column: string): string | undefined {
  const key = column.toLowerCase();
  for (const object of snapshots.flatMap(({ objects }) => [...objects.values()])) {
    if (object.kind !== "column" || !object.id.toLowerCase().endsWith(`.${key}`)) continue;
    return typeof object.facts.type === "string" ? object.facts.type : undefined;
  }
  return undefined;
}

function catchOf(
  proof: Proof,
  { reversible, proof: whole }: {
    readonly reversible: boolean;
    readonly proof: Proof;
  },
): Pick<Judged, "caught" | "text"> {
  const { rows, up, down } = proof;
  if (isProven(proof, reversible)) {
    const more = JSON.stringify(rows?.newData) !== JSON.stringify(whole.rows?.newData);
    return { caught: more ? "new data" : null, text: rows === undefined ? "no rows" : "" };
  }
  if (rows === undefined) return { caught: "schema", text: JSON.stringify([up, down]) };
  const [refused] = rows.refused;
  if (refused !== undefined) return { caught: "refused", text: refused.message };
  const [lost] = rows.lost;
  if (lost !== undefined) return { caught: "lost", text: lost.text };
  const [altered] = rows.altered;
  if (altered !== undefined) return { caught: "altered", text: altered.text };
  return { caught: "schema", text: JSON.stringify([up, down]) };
}
