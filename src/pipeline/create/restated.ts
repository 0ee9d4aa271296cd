/** A request that a model puts into words of the grammar: rules edit the text then, so that even a small model touches nothing else. */

import type { Change } from "../../core/change.ts";
import { UsageError } from "../../core/error.ts";
import { readRequest } from "../../requests/read_request.ts";
import { labelled, statementText } from "../../requests/label.ts";
import { readSchemaText } from "../../requests/schema_text.ts";
import { unnamedDrops } from "../../requests/stated.ts";
import type { Server } from "../../runtimes/runtime.ts";
import type { Project } from "../project.ts";
import { carryOut, type Done, type NotDone, type Turn } from "./carry_out.ts";
import { dropQuestion, type ModelEditor } from "./model_edit.ts";

/** A request in any words, and what the user says besides. */
export interface Wish extends Turn {
  readonly clarified: readonly string[];
}

/** Does what the model's commands say, all of them or none; null where it has to write the statements itself. */
export async function restated(
  project: Project,
  server: Server,
  editor: ModelEditor,
  { clarified, ...turn }: Wish,
): Promise<Done | NotDone | null> {
  const { request, step } = turn;
  const { question, commands } = await editor.restate(request, clarified, step.snapshot);
  const known = commands.filter((one) => readRequest(one) !== null);
  if (commands.length === 0 || known.length < commands.length) return null;
  if (question !== "") return { stopped: "unclear", request, question, options: known };
  const words = `${request} ${clarified.join(" ")}`;
  const done = await allOf(project, server, turn, known);
  if (done === null) return null;
  const drops = unnamedDrops(words, done.changes);
  if (drops.length > 0) return { stopped: "unclear", request, ...dropQuestion(drops, words) };
  const refused = await editor.refusal({
    statements: done.written,
    changes: done.changes,
    fills: done.answers.map(([, { expression }]) => expression ?? ""),
    snapshot: step.snapshot,
  });
  return refused === null ? done : null;
}

/** The commands one after the other; null when one of them cannot be carried out. */
async function allOf(
  project: Project,
  server: Server,
  turn: Turn,
  commands: readonly string[],
): Promise<(Done & { readonly written: readonly string[] }) | null> {
  let { step } = turn;
  const changes: Change[] = [];
  const renames: Done["renames"][number][] = [];
  const answers: Done["answers"][number][] = [];
  const written: string[] = [];
  for (const request of commands) {
    const done = await unlessImpossible(() =>
      carryOut(project, server, { ...turn, request, step })
    );
    if (done === null || "stopped" in done) return null;
    // A rename puts one name in the place of another, and nothing else.
    if (done.renames.length === 0) written.push(...newStatements(project, step, done.step));
    step = done.step;
    changes.push(...done.changes);
    renames.push(...done.renames.map((rename) => ({ ...rename, by: "model" as const })));
    answers.push(...done.answers.map(([id, answer]) => [id, { ...answer, by: "model" }] as const));
  }
  return { step, changes, renames, answers, written };
}

/** Null for what the schema has not, or would not load with. */
async function unlessImpossible<T>(run: () => Promise<T>): Promise<T | null> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof UsageError) return null;
    throw error;
  }
}

/** Statements that did not stand so before. */
function newStatements({ engine }: Project, before: Turn["step"], after: Turn["step"]) {
  const textsOf = ({ files }: Turn["step"]) => {
    const schema = readSchemaText(files, engine);
    return labelled(schema).map(({ statement }) => statementText(schema, statement));
  };
  const old = new Set(textsOf(before));
  return textsOf(after).filter((text) => !old.has(text));
}
