/** A schema written down as a file for people, and proven by loading it. */

import { type Change, changesBetween } from "../../core/change.ts";
import { UsageError } from "../../core/error.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { PlannedStatement } from "../../core/statement.ts";
import type { Migration, SourceFile } from "../../formats/format.ts";
import { terminated } from "../../formats/rendering.ts";
import type { Server } from "../../runtimes/runtime.ts";
import { note, type Project } from "../project.ts";
import { namedAs } from "../scratch/changes.ts";
import { notCompared, snapshotSchema, summary } from "../scratch/snapshot.ts";
import { ownTexts } from "./own_text.ts";
import { planFresh, planUntried } from "./fresh_plan.ts";
import { mayRelax } from "./runnable.ts";
import { grouped, layOutPieces, lineOf, type Piece, piecesOf } from "./schema_pieces.ts";

/** A schema file that is to be written. */
export interface SchemaFile {
  readonly text: string;
  /** The text in its pieces, in their order. */
  readonly parts: readonly SchemaPart[];
  /** What it holds, in words: `12 tables, 3 views`. */
  readonly holds: string;
  /** True when loading it gave the very schema that the migrations leave. */
  readonly isProven: boolean;
  /** Why it is not: what the server says against it, or the ids of objects that come out otherwise; empty when it is. */
  readonly wrong: readonly string[];
  readonly migrations: number;
}

/** A statement of the file. */
export interface SchemaPart {
  /** Id of the top-level object that it is a part of; empty for none. */
  readonly root: string;
  readonly text: string;
}

/** A schema as a file for people, where the migrations define something in one statement in their words; proven by loading it. */
export async function writtenDown(
  project: Project,
  server: Server,
  { target, migrations, before = [] }: Pick<Wanted, "target" | "migrations"> & Partial<Wanted>,
): Promise<SchemaFile> {
  const statements = await planUntried(project, server, { target, before });
  const wanted = { target, migrations, before };
  const first = await provenText(project, server, { ...wanted, statements });
  const written = first.isProven || !statements.some(mayRelax(project)) ? first : await provenText(
    project,
    server,
    { ...wanted, statements: await planFresh(project, server, { target, before }) },
  );
  return { ...written, holds: summary(target), migrations: migrations.length };
}

interface Wanted {
  readonly target: Snapshot;
  readonly statements: readonly PlannedStatement[];
  readonly migrations: readonly Migration[];
  /** What is there before it, and no part of the text. */
  readonly before: readonly SourceFile[];
}

/** How often texts of the author that do not give the same are taken back one by one, before all of them are. */
const MOST_TRIES = 12;

/** The best text that gives the target: grouped, in the author's words; else with fewer of these; else as it was planned. */
async function provenText(
  project: Project,
  server: Server,
  { target, statements, migrations, before }: Wanted,
): Promise<Pick<SchemaFile, "text" | "parts" | "isProven" | "wrong">> {
  const planned = piecesOf(statements, target);
  const order = grouped(planned, target);
  const own = ownTexts(project.engine, migrations, planned.map(({ sql }) => sql));
  const refused = new Set<Piece>();
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const draft = draftOf(
      project,
      target,
      order,
      (piece, kind) => refused.has(piece) ? null : own.find(piece.sql, kind),
    );
    const wrong = await wrongPieces(project, server, { draft, target, before });
    if (wrong.length === 0) return { ...partsOf(draft), isProven: true, wrong: [] };
    const ours = wrong.filter((piece) => draft.own.has(piece) && !refused.has(piece));
    if (ours.length === 0) break;
    for (const piece of ours) refused.add(piece);
  }
  const why: string[] = [];
  for (const pieces of [order, planned]) {
    const draft = draftOf(project, target, pieces, () => null);
    why.length = 0;
    const wrong = await wrongPieces(project, server, { draft, target, before, why });
    if (wrong.length === 0) return { ...partsOf(draft), isProven: true, wrong: [] };
  }
  return { ...partsOf(draftOf(project, target, planned, () => null)), isProven: false, wrong: why };
}

/** The text of a draft, also cut where each of its pieces begins. */
function partsOf({ text, pieces, lines }: Draft): Pick<SchemaFile, "text" | "parts"> {
  const all = text.split("\n");
  const parts = pieces.map(({ root }, at) => {
    const [begin = 1, end = all.length + 1] = lines.slice(at, at + 2);
    return { root, text: all.slice(begin - 1, end - 1).join("\n").trimEnd() };
  });
  return { text, parts };
}

interface Draft {
  readonly text: string;
  readonly pieces: readonly Piece[];
  /** The line that each piece begins on. */
  readonly lines: readonly number[];
  /** Those in the author's words. */
  readonly own: ReadonlySet<Piece>;
}

function draftOf(
  { engine }: Project,
  { objects }: Snapshot,
  pieces: readonly Piece[],
  ownText: (piece: Piece, kind: string) => string | null,
): Draft {
  const own = new Set<Piece>();
  const seen = new Set<string>();
  const outlined = new Set(pieces.flatMap(({ object }) => {
    const { kind, parent } = objects.get(object) ?? {};
    return kind === "constraint" && typeof parent === "string" ? [parent] : [];
  }));
  const texts = pieces.map((piece) => {
    const kind = objects.get(piece.object)?.kind ?? "";
    const isWhole = !seen.has(piece.object) && !outlined.has(piece.object);
    seen.add(piece.object);
    const text = isWhole ? ownText(piece, kind) : null;
    if (text !== null) own.add(piece);
    return { text: terminated(text ?? piece.sql, engine.lexicon), root: piece.root, kind };
  });
  return { ...layOutPieces(texts), pieces, own };
}

/** The pieces that are to blame when a draft does not give the target; none when it does. */
async function wrongPieces(
  project: Project,
  server: Server,
  { draft, target, before, why }: Pick<Wanted, "target" | "before"> & {
    readonly draft: Draft;
    /** Gets what is wrong, in words. */
    readonly why?: string[];
  },
): Promise<readonly Piece[]> {
  const { pieces, lines, text } = draft;
  try {
    const schema = [{ path: "schema.sql", text }];
    const { changes, snapshot } = await comparedFiles(project, server, { schema, target, before });
    if (changes.length === 0) return [];
    why?.push(...changes.map(({ id }) => id));
    const touched = new Set(
      changes.flatMap(({ id }) => lineOf(id, target.objects.has(id) ? target : snapshot)),
    );
    return blamed(pieces.filter(({ object }) => touched.has(object)), draft);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    why?.push(error.message);
    const line = error.place?.line ?? 0;
    const piece = pieces[lines.findLastIndex((begin) => begin <= line)];
    if (piece !== undefined && draft.own.has(piece)) return [piece];
    const makers = pieces.filter(({ object, root }) => object === piece?.root && object === root);
    return blamed(makers, draft);
  }
}

/** What of a schema is otherwise when files are loaded in place of it, in silence but for what had to be mended. */
export async function comparedFiles(
  project: Project,
  server: Server,
  { schema, target, before }: Pick<Wanted, "target" | "before"> & {
    readonly schema: readonly SourceFile[];
  },
): Promise<{ readonly changes: readonly Change[]; readonly snapshot: Snapshot }> {
  const silent = { ...project, emit: () => {}, notes: new Set<string>() };
  const { snapshot } = await snapshotSchema(silent, server, { schema, before });
  const known = new Set(notCompared(snapshot));
  for (const text of silent.notes) if (!known.has(text)) note(project, text);
  const wanted = namedAs(project, snapshot, target);
  return { changes: changesBetween(snapshot, wanted, { strictOrder: true }), snapshot };
}

/** Those pieces, or all in the author's words when none of them is. */
function blamed(pieces: readonly Piece[], { own, pieces: all }: Draft): readonly Piece[] {
  if (pieces.some((piece) => own.has(piece))) return pieces;
  return own.size > 0 ? [...own] : all;
}
