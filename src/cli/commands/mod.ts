/** The command table: what exists, in the order of the help. Parsing, help, docs and completions read it. */

import type { Command } from "../command.ts";
import { approve } from "./approve.ts";
import { audit } from "./audit.ts";
import { amend } from "./amend.ts";
import { apply } from "./apply.ts";
import { auth } from "./auth.ts";
import { baseline } from "./baseline.ts";
import { check } from "./check.ts";
import { completions } from "./completions.ts";
import { convert } from "./convert.ts";
import { create } from "./create.ts";
import { diagram } from "./diagram.ts";
import { diff } from "./diff.ts";
import { doctor } from "./doctor.ts";
import { drift } from "./drift.ts";
import { expand } from "./expand.ts";
import { explain } from "./explain.ts";
import { generate } from "./generate.ts";
import { help } from "./help.ts";
import { impact } from "./impact.ts";
import { init } from "./init.ts";
import { lint } from "./lint.ts";
import { mcp } from "./mcp.ts";
import { models } from "./models.ts";
import { rollback } from "./rollback.ts";
import { runbook } from "./runbook.ts";
import { review } from "./review.ts";
import { pull } from "./pull.ts";
import { report } from "./report.ts";
import { push } from "./push.ts";
import { rebase } from "./rebase.ts";
import { runtime } from "./runtime.ts";
import { seed } from "./seed.ts";
import { stats } from "./stats.ts";
import { status } from "./status.ts";
import { trust } from "./trust.ts";
import { upgrade } from "./upgrade.ts";
import { validate } from "./validate.ts";

/** Commands that belong together. */
export interface CommandGroup {
  readonly title: string;
  readonly commands: readonly Command[];
}

/** All commands, by what they are for. */
export const GROUPS: readonly CommandGroup[] = [
  { title: "Write", commands: [init, diff, generate, amend, rebase, create, expand, convert] },
  {
    title: "Check",
    commands: [validate, lint, explain, review, impact, check, approve, audit],
  },
  { title: "Show", commands: [runbook, report, diagram] },
  {
    title: "Live databases",
    commands: [pull, baseline, status, apply, rollback, push, drift, stats, seed],
  },
  { title: "Models and agents", commands: [mcp, auth, models] },
  {
    title: "This machine",
    commands: [doctor, runtime, trust, completions, upgrade, help],
  },
];

/** All commands. */
export const COMMANDS: readonly Command[] = GROUPS.flatMap(({ commands }) => commands);
