/** What the tool of the models says of them to its own migrations: asked before a migration is written, which carries it. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SetupError, UsageError } from "../../core/error.ts";
import type { Draft } from "../../core/plan.ts";
import type { Reason } from "../../core/reason.ts";
import type { History } from "../../formats/format.ts";
import type { OrmState, OrmTool, RenamedObject } from "../../orm/orm.ts";
import { lastName } from "../../core/name.ts";
import { note, type Project } from "../project.ts";
import type { Sources } from "../sources.ts";
import { requireTrust, runProjectCommand } from "./project_command.ts";
import { modelCommand, toolOf } from "./read_models.ts";

/** The sources with the state of the models, for a draft in the tool's own format; as they are for any other. What the tool cannot say is noted. */
export async function withState(
  project: Project,
  sources: Sources,
  draft: Draft,
): Promise<Sources> {
  const tool = toolOf(project);
  const state = tool?.state;
  if (
    tool === null || state === undefined || state.format !== project.format.name
  ) return sources;
  const renames = draft.up.flatMap(({ reason }) => renamesIn(reason));
  const known = SAID.get(sources.history) ?? new Map<string, string | null>();
  SAID.set(sources.history, known);
  const key = JSON.stringify(renames);
  const said = known.has(key)
    ? known.get(key)
    : await stateFrom(project, { tool, state, sources, renames }).catch((error) => {
      if (!(error instanceof UsageError || error instanceof SetupError)) throw error;
      unwritten(project, tool, [error.message]);
      return null;
    });
  known.set(key, said ?? null);
  return said === null || said === undefined ? sources : { ...sources, state: said };
}

/** What was said behind a history, by the renames: a draft may be tried several times. */
const SAID = new WeakMap<History, Map<string, string | null>>();

async function stateFrom(
  project: Project,
  { tool, state, sources, renames }: {
    readonly tool: OrmTool;
    readonly state: OrmState;
    readonly sources: Sources;
    readonly renames: readonly RenamedObject[];
  },
): Promise<string | null> {
  const { config } = project;
  const command = modelCommand(project);
  if (command === null) return null;
  const folder = await mkdtemp(join(tmpdir(), "aim-state-"));
  try {
    const run = await state.prepare({
      root: config.root,
      command,
      folder,
      migrations: config.migrations,
      history: sources.history.migrations.flatMap(({ files }) => files),
      renames,
    });
    if (run === null) {
      unwritten(project, tool, ["orm.command tells no way to ask for it"]);
      return null;
    }
    const asked = {
      table: "orm",
      command: run.command,
      task: "ask what the models are",
      tool: tool.title,
    } as const;
    requireTrust(project, asked);
    const stdout = await runProjectCommand(project, asked, { ...config.orm.env, ...run.env });
    const { text, unsaid } = await run.read(stdout);
    if (unsaid.length > 0) unwritten(project, tool, unsaid);
    return text;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function unwritten(project: Project, { title }: OrmTool, reasons: readonly string[]): void {
  for (const reason of reasons) {
    note(project, `${title} finds some of this change again next time: ${reason}`);
  }
}

function renamesIn(reason: Reason): readonly RenamedObject[] {
  if (reason.action === "combine") return reason.of.flatMap(renamesIn);
  if (reason.action !== "rename") return [];
  const { kind, name } = reason.object;
  return kind === "table" || kind === "column"
    ? [{ kind, from: name, to: lastName(reason.to) }]
    : [];
}
