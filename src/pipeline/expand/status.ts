/** Which phases of which expansions a history holds, as comments in its files say. */

import type { ExpandPhase, ExpansionPhase } from "../../core/expansion.ts";
import type { Project } from "../project.ts";
import { label } from "../scratch/snapshot.ts";
import { readHistoryAlone } from "../sources.ts";

/** What begins the comment. */
export const EXPAND_MARK = "aim:expand";

/** What ends it where the phase makes the table that columns move to. */
export const WITH_TABLE = " with its table";

/** An expansion and where its phases are. */
export interface ExpandState {
  /** `public.users.fullname=name` */
  readonly name: string;
  /** Migrations by phase. */
  readonly phases: Readonly<Partial<Record<ExpandPhase, string>>>;
  /** What comes next; null when it is done. */
  readonly next: ExpandPhase | null;
}

/** Of the whole history, in the order in which they began. */
export interface ExpandStatus {
  readonly expansions: readonly ExpandState[];
  readonly notes: readonly string[];
}

const PHASES: readonly ExpandPhase[] = ["add", "backfill", "contract"];

/** Reads the files; no server is started. */
export async function expandStatus(project: Project): Promise<ExpandStatus> {
  const { history } = await readHistoryAlone(project, { replays: true });
  const found = new Map<string, Partial<Record<ExpandPhase, string>>>();
  for (const migration of history.migrations) {
    for (const { name, phase } of phasesIn(migration.up.text)) {
      found.set(name, { ...found.get(name), [phase]: label(migration) });
    }
  }
  return {
    expansions: [...found].map(([name, phases]) => ({
      name,
      phases,
      next: PHASES.find((phase) => phases[phase] === undefined) ?? null,
    })),
    notes: [...project.notes],
  };
}

/** The phases of expansions that a script holds. */
export function phasesIn(text: string): readonly ExpansionPhase[] {
  return [...text.matchAll(MARK)].flatMap(([, word = "", marked = ""]) => {
    const phase = PHASES.find((one) => one === word);
    return phase === undefined ? [] : [{ name: marked.replace(WITH_TABLE, ""), phase }];
  });
}

const MARK = /^-- aim:expand (\w+) (\S.*?)[ \t]*$/gm;
