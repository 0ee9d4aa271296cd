/** The JSON contract: one object, keys only ever added. `docs/json.md` explains every key. */

import { AimError, EXIT } from "../../core/error.ts";
import type { Reply } from "../command.ts";

/** The object of a command that came to an end. */
export function replyJson(command: string | null, reply: Reply): Record<string, unknown> {
  return { aim: 1, command, ...reply.json };
}

/** The object of a failure. */
export function failureJson(command: string | null, error: unknown): Record<string, unknown> {
  return {
    aim: 1,
    command,
    outcome: "error",
    error: error instanceof AimError ? errorJson(error) : bugJson(error),
  };
}

/** The object of a run that was interrupted. */
export function interruptedJson(
  command: string | null,
  exit: number,
): Record<string, unknown> {
  return {
    aim: 1,
    command,
    outcome: "error",
    error: { code: "interrupted", message: "Interrupted", hint: null, exit },
  };
}

/** The object as text, with its line end. */
export function jsonText(object: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify(object, null, 2)}\n`;
}

function errorJson(error: AimError): Record<string, unknown> {
  return {
    code: error.code,
    message: error.message,
    hint: error.hint ?? null,
    exit: error.exitCode,
    ...(error.place ? { place: error.place } : {}),
  };
}

function bugJson(error: unknown): Record<string, unknown> {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { code: "bug", message, hint: "report it with the output of -v", exit: EXIT.bug };
}
