/** The error for the user when a script of the project fails: the script's fault, or that of a server that lacks an extension. */

import type { Definition } from "../../engines/engine.ts";
import { type AimError, SetupError } from "../../core/error.ts";
import { joinName } from "../../core/name.ts";
import type { Project } from "../project.ts";
import type { ScriptFailure } from "./run_script.ts";

/** `Cannot replay 0007_users.up.sql: column "email" already exists`; `more` is the hint where nothing else tells what to do. */
export function scriptError(
  project: Project,
  action: string,
  failure: ScriptFailure,
  more?: string,
): AimError {
  const isBefore = action === "replay" && project.engine.isMissingObject(failure.reason);
  return extensionError(project, action, failure) ??
    failure.toUsageError(action, more ?? hintFor(project, failure, isBefore));
}

function hintFor(
  { engine }: Project,
  { reason, statement }: ScriptFailure,
  isBefore: boolean,
): string | undefined {
  return engine.clientHint?.(reason, statement) ?? (isBefore ? BEFORE : undefined);
}

const BEFORE =
  'If it is there before the first migration, make it in a file that aim.toml names: before = ["prelude.sql"]';

/** The error of a failure for want of what an extension brings that the server only has a stand-in for; null for any other. */
export function extensionError(
  { engine, standIns }: Project,
  action: string,
  failure: ScriptFailure,
): SetupError | null {
  if (standIns.size === 0 || !engine.isMissingObject(failure.reason)) return null;
  const { statement, reason, place, source } = failure;
  const extension = engine.missingExtension?.(reason, [...standIns]) ?? null;
  if (extension === null) return null;
  const offset = engine.errorPosition(reason, statement.sql)?.offset ?? 0;
  const user = userIn(statement.sql, engine.definitionAt(statement.sql, offset));
  return new SetupError(
    `Cannot ${action} ${place.file}: ${reason.message}; ${user} uses the extension "${extension}", which the scratch server lacks`,
    {
      code: "extension",
      place,
      source,
      hint:
        `Name a runtime that has ${extension}, or make what is used of it, as empty types and functions, in a file that before names`,
      cause: reason,
    },
  );
}

/** What uses it: `column places.geom`, `idx_places`, or the beginning of a statement that defines nothing. */
function userIn(sql: string, definition: Definition | null): string {
  if (definition === null) {
    const line = sql.replaceAll(/\s+/g, " ");
    return line.length <= MOST_OF_A_LINE ? line : `${line.slice(0, MOST_OF_A_LINE)}...`;
  }
  const { kind, parent, name } = definition;
  const whole = parent === "" ? name : `${parent}.${joinName(name)}`;
  return kind === null ? whole : `${kind} ${whole}`;
}

const MOST_OF_A_LINE = 60;
