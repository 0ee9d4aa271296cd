/** Chooses how the events of a run are shown. */

import type { Emit } from "../../core/event.ts";
import type { Io } from "../io.ts";
import { plainLine } from "./plain.ts";
import { liveReport } from "./terminal.ts";

/** Shows events on stderr until it is ended. */
export interface Report {
  readonly emit: Emit;
  pause(): void;
  resume(): void;
  end(): void;
}

/** How much is said. */
export interface Loudness {
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly json: boolean;
}

/** A spinner on a capable terminal, plain lines elsewhere, nothing with `-q` and with `--json` that is not verbose. */
export function openReport(
  io: Io,
  { quiet, verbose, json }: Loudness,
  variables: Readonly<Record<string, string | undefined>>,
): Report {
  const still = { pause: () => {}, resume: () => {}, end: () => {} };
  if (quiet || (json && !verbose)) return { emit: () => {}, ...still };
  const moving = io.err.terminal && !verbose && !variables.CI && variables.TERM !== "dumb";
  if (moving) return liveReport(io.err);
  return { emit: (event) => io.err.write(plainLine(event, io.err.paint, verbose)), ...still };
}
