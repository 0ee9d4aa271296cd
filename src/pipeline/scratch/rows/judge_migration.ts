/** The verdict on what a migration of a history did to rows: nothing but the file itself says what it is to do. */

import { DatabaseError } from "../../../core/error.ts";
import type { RowsVerdict } from "../../../core/outcome.ts";
import type { Direction, RowFinding } from "../../../core/proof.ts";
import type { Migration } from "../../../formats/format.ts";
import type { ScratchDatabase } from "../../../runtimes/runtime.ts";
import { wordsOf, writesValues } from "../../../sql/words.ts";
import { folderOf, type Project, runOptions } from "../../project.ts";
import { leaveTransaction } from "../chunked.ts";
import { resetSession } from "../run_in_session.ts";
import { runScript, ScriptFailure } from "../run_script.ts";
import { runMigration, type Trail } from "../trail.ts";
import type { Effect } from "./effects.ts";
import { plainEffects } from "./plain_effects.ts";
import type { MigrationSeen } from "./row_walk.ts";
import { isSaid, type Said, UNSAID } from "./said.ts";

interface Place {
  readonly project: Project;
  readonly database: ScratchDatabase;
  readonly trail: Trail;
}

interface Seeing {
  readonly effect: Effect;
  readonly direction: Direction;
}

/** Judges what was seen. The database holds the state after UP, before and afterwards. */
export async function judgeMigration(
  place: Place,
  migration: Migration,
  { first, middle, last }: MigrationSeen,
): Promise<RowsVerdict> {
  const hasRows = [...first.tables.values()].some(({ rows }) => rows.length > 0);
  if (middle === null || !hasRows) return { state: "none", lost: [], altered: [] };
  const up = plainEffects(first, middle, "converted");
  const known = new Set(up.map(({ key }) => key));
  // What went with a column or a table in UP is said by the statement that drops it.
  const back = last === null
    ? []
    : plainEffects(first, last, "restored").filter(({ key, table, column }) =>
      !known.has(key) && isStillThere(middle, { key, table, column }, first)
    );
  const seen: readonly Seeing[] = [
    ...up.map((effect) => ({ effect, direction: "up" as const })),
    ...back.map((effect) => ({ effect, direction: "down" as const })),
  ];
  const said = saidIn(migration);
  const unsaid = seen.filter(({ effect }) => !isSaid(said, effect));
  if (unsaid.length === 0) return { state: "kept", lost: [], altered: [] };
  const found = await laidToStatements(place, migration, { unsaid, first });
  const wrong = found.filter((finding) => !isOwnWrite(place.project, finding));
  return {
    state: wrong.some(({ kind }) => kind === "lost")
      ? "lost"
      : wrong.length > 0
      ? "altered"
      : "kept",
    lost: wrong.filter(({ kind }) => kind === "lost"),
    altered: wrong.filter(({ kind }) => kind === "altered"),
  };
}

/** Whether the column that something is about is there. */
function isStillThere(
  middle: MigrationSeen["first"],
  { table, column }: Pick<Effect, "key" | "table" | "column">,
  first: MigrationSeen["first"],
): boolean {
  const before = [...first.tables.values()].find(({ name }) => name === table);
  if (before === undefined) return true;
  const after = middle.tables.get(before.id) ??
    [...middle.tables.values()].find(({ id, identity }) =>
      identity === before.identity && !first.tables.has(id)
    );
  if (after === undefined) return false;
  if (column === null) return true;
  const identity = before.columns.find(({ key }) => key === column)?.identity;
  return after.columns.some((one) =>
    one.key === column ||
    identity !== "" && after.identity === before.identity && one.identity === identity
  );
}

/** An UPDATE says itself that values become others. */
function isOwnWrite({ engine }: Project, { kind, column, statement }: RowFinding): boolean {
  // Rows that are gone are not other values, whatever it was that took them.
  if (statement === null || kind === "lost" && column === null) return false;
  return writesValues(wordsOf(statement.sql, engine));
}

/** What the comments of a file say that its statements destroy. */
export function saidIn({ up }: Migration): Said {
  const losses = [...up.text.matchAll(/--\s*WARNING:\s*destroys\s+(.+)/gi)].map(([, words = ""]) =>
    words
  );
  return { ...UNSAID, losses };
}

/** Runs the migration again, statement by statement, and looks after each. */
async function laidToStatements(
  { project, database, trail }: Place,
  migration: Migration,
  { unsaid, first: seen }: {
    readonly unsaid: readonly Seeing[];
    readonly first: MigrationSeen["first"];
  },
): Promise<readonly RowFinding[]> {
  const steps: { direction: Direction; number: number; sql: string; keys: ReadonlySet<string> }[] =
    [];
  const options = { ...runOptions(project, folderOf(project)), emit: () => {} };
  await trail.back();
  // What was replayed meanwhile has other times of the clock in it than what was seen first.
  const ids = new Set(seen.tables.keys());
  const first = await project.engine.rows.observe(database, ids, "rows");
  await trail.session().begin(database);
  const strictness = { up: "converted", down: "restored" } as const;
  try {
    for (const direction of ["up", "down"] as const) {
      const script = migration[direction];
      if (
        script === null || !unsaid.some((one) => direction === "up" || one.direction === "down")
      ) continue;
      await runScript(database, script, {
        ...options,
        after: async ({ sql }, index) => {
          if (steps.length >= MOST_STATEMENTS) return;
          const now = await project.engine.rows.observe(database, ids, "rows");
          const both = [
            ...plainEffects(first, now, strictness[direction]),
            ...direction === "up" ? plainEffects(first, now, "restored") : [],
          ];
          steps.push({
            direction,
            number: index + 1,
            sql,
            keys: new Set([...both.map(({ key }) => key), ...goneFrom(now, unsaid, first)]),
          });
        },
      });
      await resetSession(project, database);
    }
  } catch (error) {
    if (!(error instanceof DatabaseError || error instanceof ScriptFailure)) throw error;
    await leaveTransaction(database);
  }
  await trail.back();
  await runMigration(project, database, migration.up, trail.session());
  return unsaid.map(({ effect, direction }) => {
    const among = steps.filter((step) => direction === "down" || step.direction === "up");
    const found = among[among.findLastIndex(({ keys }) => !keys.has(effect.key)) + 1] ?? null;
    return {
      ...effect,
      direction: found?.direction ?? direction,
      implied: false,
      canBeSaid: true,
      statement: found === null ? null : { number: found.number, sql: found.sql },
    };
  });
}

/** The keys of effects on what is not there: it was dropped, whatever has its name later. */
function goneFrom(
  now: MigrationSeen["first"],
  unsaid: readonly Seeing[],
  first: MigrationSeen["first"],
): readonly string[] {
  return unsaid.map(({ effect }) => effect).filter((effect) => !isStillThere(now, effect, first))
    .map(({ key }) => key);
}

/** So many statements are looked at one by one. */
const MOST_STATEMENTS = 200;
