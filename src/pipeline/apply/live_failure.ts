/** A script that did not come through on a live database, and what it left. */

import type { FailedRun } from "../../core/live_run.ts";
import type { Statement } from "../../core/statement.ts";

/** A script that did not come through. */
export class LiveFailure extends Error {
  readonly statement: Statement | null;
  readonly done: number;
  readonly total: number;
  readonly state: Exclude<FailedRun["state"], "checked">;
  readonly reason: Error;

  constructor(
    reason: Error,
    details: Pick<LiveFailure, "statement" | "done" | "total" | "state">,
  ) {
    super(reason.message, { cause: reason });
    this.name = "LiveFailure";
    this.reason = reason;
    this.statement = details.statement;
    this.done = details.done;
    this.total = details.total;
    this.state = details.state;
  }
}

/** As such a failure, where it is an error. */
export function failure(
  error: unknown,
  details: Pick<LiveFailure, "statement" | "done" | "total" | "state">,
): unknown {
  return error instanceof Error ? new LiveFailure(error, details) : error;
}
