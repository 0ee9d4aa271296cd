/** What the commands have in common that run migrations on a live database. */

import { EXIT, UsageError } from "../core/error.ts";
import type { LiveRunOutcome, PlannedRun } from "../core/live_run.ts";
import { parseDuration } from "../config/quantities.ts";
import { Interrupted } from "./ask.ts";
import { alert, answer, type Context, type Flag, type Reply } from "./command.ts";
import { LIVE_FLAGS } from "./live_url.ts";
import { renderEnd, renderFinished } from "./report/live_run.ts";

/** Their flags. */
export const RUN_FLAGS: readonly Flag[] = [
  ...LIVE_FLAGS,
  { name: "yes", short: "y", summary: "Run it without a question" },
  { name: "dry-run", summary: "Show what would be run, and run nothing" },
  {
    name: "check-command",
    value: "COMMAND",
    repeats: true,
    summary: "Run by the shell after each migration; one that does not end with 0 stops the run",
  },
  {
    name: "lock-timeout",
    value: "TIME",
    summary: "How long a statement waits for a lock: 500ms, 5s; 5s when absent",
  },
  {
    name: "retries",
    value: "N",
    summary: "How often what got no lock is tried again, after pauses that double; 5 when absent",
  },
  {
    name: "allow-drift",
    summary: "Run although the database is not what its applied migrations leave",
  },
];

/** What they say of it in their help. */
export const RUN_MORE: readonly string[] = [
  "Everything that is to be run is run on a scratch database first, in the state that the applied migrations leave, and shown with the locks that it took there. It is asked for then, unless --yes says it; without a terminal nothing is run without --yes.",
  "The address is that of `--url`, else of AIM_DATABASE_URL, else of the variable that `url_env` in `[live]` of aim.toml names. The runner's own lock is held meanwhile, or one of aim's where it takes none. A script that is one transaction is committed together with the runner's table. Of any other the table `aim_apply_journal` says meanwhile how far it came.",
];

/** How patient it is, and what is run after each. Throws UsageError. */
export function runOptions({ flags }: Context) {
  const written = flags.text("lock-timeout") ?? "5s";
  const lockTimeout = parseDuration(written);
  if (lockTimeout === null || lockTimeout === 0) {
    throw new UsageError(`Cannot use --lock-timeout ${written}: it is no time`, {
      code: "flag-value",
      hint: "write 500ms, 5s or 1min",
    });
  }
  return {
    lockTimeout,
    retries: numberOf(flags.text("retries") ?? "5", "--retries", 0),
    checks: flags.all("check-command"),
    allowDrift: flags.on("allow-drift"),
  };
}

/** A whole number of a flag. Throws UsageError. */
export function numberOf(text: string, flag: string, least: number): number {
  const number = Number(text);
  if (/^\d{1,4}$/.test(text) && number >= least) return number;
  throw new UsageError(`Cannot use ${flag} ${text}: it is no number from ${least} to 9999`, {
    code: "flag-value",
  });
}

/** Shows the plan and asks. */
export function asking(
  { flags, prompts, emit }: Context,
): (plan: readonly PlannedRun[], database: string) => Promise<boolean> {
  return async (plan, database) => {
    emit({ type: "plan", plan, database });
    return await agreed({ flags, prompts }, `Run this on ${database}?`);
  };
}

/** What runs what was only shown; null where somebody was asked and said no. */
export function againWith({ flags, prompts }: Pick<Context, "flags" | "prompts">): string | null {
  if (flags.on("dry-run")) return "the same without --dry-run";
  return prompts === null ? "the same with --yes" : null;
}

/** Runs something that changes nothing before it is agreed to, and says so where it is given up before that. */
export async function unlessGivenUp<Outcome>(
  { emit, signal }: Pick<Context, "emit" | "signal">,
  work: (watch: (agrees: Promise<boolean>) => Promise<boolean>) => Promise<Outcome>,
): Promise<Outcome> {
  let isAgreed = false;
  try {
    return await work(async (agrees) => isAgreed = await agrees);
  } catch (error) {
    if (!isAgreed && (signal.aborted || error instanceof Interrupted)) {
      emit({ type: "note", text: "Nothing was changed on the live database" });
    }
    throw error;
  }
}

/** Shows a plan, asks, runs it, and replies. */
export async function runAgreed(
  context: Context,
  work: (agrees: ReturnType<typeof asking>) => Promise<LiveRunOutcome>,
): Promise<Reply> {
  const asks = asking(context);
  const outcome = await unlessGivenUp(
    context,
    (watch) => work((plan, database) => watch(asks(plan, database))),
  );
  return runReply(context, outcome);
}

/** Asks, unless that was settled by flags; nobody there to be asked is a no. */
export async function agreed(
  { flags, prompts }: Pick<Context, "flags" | "prompts">,
  question: string,
): Promise<boolean> {
  if (flags.on("dry-run")) return false;
  if (flags.on("yes")) return true;
  return prompts !== null && await prompts.confirm(question, false);
}

/** The reply of such a run. */
export function runReply({ signal, flags, prompts }: Context, outcome: LiveRunOutcome): Reply {
  const isRecovery = flags.on("recover");
  const isFine = ["done", "nothing"].includes(outcome.outcome) ||
    outcome.outcome === "planned" && flags.on("dry-run");
  const { reason } = signal as { readonly reason?: { readonly exitCode?: number } };
  const ended = signal.aborted ? reason?.exitCode ?? EXIT.interrupted : EXIT.interrupted;
  return {
    exit: isFine ? EXIT.ok : outcome.outcome === "interrupted" ? ended : EXIT.no,
    lasting: outcome.finished.length > 0 || outcome.failed !== null,
    json: { ...outcome },
    pieces: [
      answer((paint) => renderFinished(outcome, paint)),
      alert((paint, _, room) =>
        renderEnd(outcome, paint, { isRecovery, again: againWith({ flags, prompts }), room })
      ),
    ],
  };
}
