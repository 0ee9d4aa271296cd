/** What must hold before anything is run on a live database. Each is asked; all that do not hold are said at once. */

import type { Change } from "../../core/change.ts";
import type { Refusal } from "../../core/live_run.ts";
import type { ReadBooks } from "../live/read_books.ts";
import type { MigrationApprovals } from "../approvals.ts";
import { lacking } from "../approvals/lacking.ts";
import { changeList } from "../scratch/walk_history.ts";
import { stoppedAt } from "./journal.ts";

/** What the conditions look at. */
export interface Readiness {
  readonly read: ReadBooks;
  /** From what the database is to what the applied migrations leave; null where that does not count. */
  readonly drift: readonly Change[] | null;
  /** What a scratch database said against the migrations; null for nothing. */
  readonly failure: string | null;
  readonly direction: "up" | "down";
  /** Of what is to be run; absent where nobody has to agree. */
  readonly approvals?: readonly MigrationApprovals[];
  /** The hours of `policy.no_ddl_hours` that it is now; null or absent for none. */
  readonly closed?: string | null;
}

/** A condition: what is wrong, or null. */
type Precondition = (readiness: Readiness) => Refusal | readonly Refusal[] | null;

/** Gives what does not hold. A further condition is one more line of the list. */
export function unmet(readiness: Readiness): readonly Refusal[] {
  return CONDITIONS.flatMap((condition) => condition(readiness) ?? []);
}

const CONDITIONS: readonly Precondition[] = [
  atOpenHours,
  nothingUnfinished,
  nothingFailed,
  nothingEdited,
  nothingMissing,
  nothingLate,
  noDrift,
  proven,
  ({ approvals }) => unapproved(approvals ?? []),
];

function atOpenHours({ closed = null }: Readiness): Refusal | null {
  return closed === null ? null : {
    code: "closed-hours",
    message: `nothing is applied ${closed}, says no_ddl_hours of aim.toml`,
    hint: "Run it later; --dry-run shows what would be run, --allow-hours runs it now",
  };
}

function nothingUnfinished({ read: { journal } }: Readiness): Refusal | null {
  return journal === null ? null : {
    code: "unfinished",
    message: `${journal.migration} ${stoppedAt(journal)}, and is not finished`,
    hint:
      "`aim apply --recover` looks at what is there and goes on from it, with --back it takes it back",
  };
}

function nothingFailed({ read: { migrations, journal } }: Readiness): Refusal | null {
  const failed = migrations.find(({ state }) => state === "failed");
  return failed === undefined || journal !== null ? null : {
    code: "failed",
    message: `${failed.file ?? failed.name} failed, says the runner's table`,
    hint:
      "`aim apply --recover` looks at how much of it is there, goes on from it and puts the table right; with --back it takes it back",
  };
}

function nothingEdited({ read: { migrations } }: Readiness): Refusal | null {
  const edited = migrations.find(({ state }) => state === "edited");
  return edited === undefined ? null : {
    code: "edited",
    message: `${edited.file} is not what was applied`,
    hint: "Put the file back, and make the change in a new migration",
  };
}

function nothingMissing({ read: { migrations } }: Readiness): Refusal | null {
  const missing = migrations.find(({ state }) => state === "missing");
  return missing === undefined ? null : {
    code: "missing",
    message: `${missing.name} was applied, and its file is not here`,
    hint: "Fetch the branch that has it, or is this the wrong database?",
  };
}

function nothingLate({ read: { migrations }, direction }: Readiness): Refusal | null {
  const late = migrations.find(({ state, detail }) =>
    state === "out-of-order" && /refuses/.test(detail)
  );
  return late === undefined || direction === "down" ? null : {
    code: "out-of-order",
    message: `${late.file} sorts before one that is applied, and the runner refuses to run it`,
    hint: "Give it a later version",
  };
}

function noDrift({ drift }: Readiness): Refusal | null {
  return drift === null || drift.length === 0 ? null : {
    code: "drift",
    message: `the database is not what its applied migrations leave: ${changeList(drift)}`,
    hint:
      "`aim drift` shows it, and with --fix as SQL; --allow-drift runs them all the same, measured on what the migrations say",
  };
}

function proven({ failure }: Readiness): Refusal | null {
  return failure === null ? null : {
    code: "unproven",
    message: failure,
    hint: "Mend the migration; `aim validate` runs all of them",
  };
}

/** A refusal for each migration that lacks an approval. */
export function unapproved(approvals: readonly MigrationApprovals[]): readonly Refusal[] {
  return approvals.flatMap((one) => {
    const lack = lacking(one);
    return lack === null ? [] : { code: "approval-missing", ...lack };
  });
}
