/** `aim apply`. */

import { EXIT, UsageError } from "../../core/error.ts";
import { APPROVAL_FLAGS, approvalTerms } from "../approval_flags.ts";
import type { Command } from "../command.ts";
import { exits } from "../exits.ts";
import { SCRATCH_KEYS } from "../flags.ts";
import {
  agreed,
  asking,
  numberOf,
  RUN_FLAGS,
  RUN_MORE,
  runAgreed,
  runOptions,
  runReply,
} from "../live_run_flags.ts";
import { liveAddress } from "../live_url.ts";
import { open } from "../open.ts";

/** Runs pending migrations on a live database. */
export const apply: Command = {
  name: "apply",
  summary: "Run pending migrations on a live database, as the configured runner would",
  more: [
    ...RUN_MORE,
    "--recover finishes what an interrupted run left: it looks, by the journal and by what is in the schema, which statement it stopped at, and goes on from there. What the runner itself calls failed is looked at the same way, and its table put right.",
    "--recover --back takes back what is there, by the last statements of DOWN that lead back from there, else by what is planned: run on a scratch database first, over made rows, and shown. It is refused where rows or values would be lost, unless --allow-loss.",
    "Where `aim.policy.toml` asks for approvals (`aim help approve`), a migration that lacks one is not run.",
  ],
  flags: [
    { name: "to", value: "V", summary: "The last migration that is run: its version or its file" },
    ...RUN_FLAGS,
    { name: "recover", summary: "Finish what an interrupted run left" },
    { name: "back", summary: "With --recover: take back what is there, in place of going on" },
    {
      name: "from",
      value: "N",
      summary: "With --recover: the statement to go on with, where you have looked yourself",
    },
    { name: "allow-loss", summary: "With --back: take it back also where rows or values are lost" },
    { name: "allow-hours", summary: "Run in the hours of policy.no_ddl_hours as well" },
    ...APPROVAL_FLAGS,
  ],
  settings: SCRATCH_KEYS,
  examples: [
    { line: "aim apply --dry-run", what: "show what would be run, and what it locks" },
    { line: "aim apply --yes", what: "run it, in a pipeline" },
    { line: "aim apply --yes --check-command smoke-test", what: "look after each" },
  ],
  exits: exits({
    [EXIT.ok]: "All was run, or there was nothing to run",
    [EXIT.no]: "One failed, something must hold first, or nobody agreed",
    [EXIT.setup]: "The database cannot be reached, or another session runs migrations there",
  }),
  run: async (context) => {
    const { flags } = context;
    const project = await open(context);
    const { apply, recover } = await import("../../pipeline/mod.ts");
    const address = liveAddress(context, project);
    const options = { ...runOptions(context), terms: approvalTerms(context) };
    if (!flags.on("recover")) {
      needs(flags.text("from") !== null, "--from", "--recover");
      needs(flags.on("back"), "--back", "--recover");
      needs(flags.on("allow-loss"), "--allow-loss", "--recover --back");
      const to = flags.text("to");
      const allowHours = flags.on("allow-hours") || flags.on("dry-run");
      return await runAgreed(
        context,
        (agrees) => apply(project, address, { ...options, to, allowHours, agrees }),
      );
    }
    needs(flags.on("allow-loss") && !flags.on("back"), "--allow-loss", "--back");
    const from = flags.text("from");
    return runReply(
      context,
      await recover(project, address, {
        ...options,
        from: from === null ? null : numberOf(from, "--from", 1),
        isBack: flags.on("back"),
        allowLoss: flags.on("allow-loss"),
        agreesTo: asking(context),
        agrees: async (what, database) => {
          context.emit({ type: "note", text: what });
          return await agreed(context, `Do this on ${database}?`);
        },
      }),
    );
  },
};

function needs(isGiven: boolean, flag: string, other: string): void {
  if (!isGiven) return;
  throw new UsageError(`Cannot use ${flag} without ${other}`, { code: "flag-value" });
}
