/** `aim check`. */

import { relative } from "node:path";
import { EXIT } from "../../core/error.ts";
import { ENVIRONMENT_FLAG } from "../approval_flags.ts";
import { answer, type Command, talk } from "../command.ts";
import { exits } from "../exits.ts";
import { SCRATCH_KEYS } from "../flags.ts";
import { hasUrl, LIVE_FLAGS, liveAddress } from "../live_url.ts";
import { openQuietly } from "../open.ts";
import { REPORT_FLAG } from "../report_flag.ts";

/** Checks all that a pull request must hold. */
export const check: Command = {
  name: "check",
  summary: "Check all that a pull request must hold, in one run",
  more: [
    "Against the branch that it is merged into: no migration of that branch was deleted or edited, new ones come after all that it has, and each has a DOWN. The new migrations are then proven and linted, and the end of all is compared with schema.sql. Where nothing has changed no database is started.",
    "The branch is that of --git-base; else the target of the pull request, as GitHub and GitLab say it; else the default branch of the remote; else HEAD. With --new only what HEAD has not is proven, for a hook.",
    "Where the branch has an `aim.policy.toml`, a new migration that lacks an approval it asks for is found. Policy and keys are those of the branch, so that a change cannot allow itself. With --new none is asked for.",
    "With --url, or AIM_DATABASE_URL, a live database is read as well: what `aim status` and `aim drift` find wrong counts. A comment in a migration allows what is found about its file: `-- aim:allow-file CODE reason`.",
  ],
  flags: [
    { name: "new", summary: "Prove and lint only what git's HEAD has not, for a hook" },
    {
      name: "git-base",
      value: "REF",
      summary: "The branch or commit that the work is to be merged into",
    },
    ENVIRONMENT_FLAG,
    ...LIVE_FLAGS,
    REPORT_FLAG,
  ],
  settings: SCRATCH_KEYS,
  examples: [
    { line: "aim check", what: "against the branch that this one is merged into" },
    { line: "aim check --git-base origin/main", what: "against a branch" },
    { line: "aim check --new -q", what: "for a hook before a commit" },
    { line: "aim check --report auto", what: "annotations and a summary in a GitHub workflow" },
  ],
  exits: exits({
    [EXIT.ok]: "Nothing is wrong, or nothing has changed",
    [EXIT.no]: "Something is wrong with what is new",
    [EXIT.setup]: "No runtime can serve the engine, or the live database cannot be read",
  }),
  run: async (context) => {
    const project = await openQuietly(context);
    const { check, defaultBase, prepareServer } = await import("../../pipeline/mod.ts");
    const { renderCheck, renderCheckSum } = await import("../report/check.ts");
    const { checkJson } = await import("../report/outcome_json.ts");
    const { checkReported } = await import("../report/reported.ts");
    const outcome = await check(project, {
      base: context.flags.text("git-base") ??
        await defaultBase(project.config.root, context.variables),
      isNew: context.flags.on("new"),
      environment: context.flags.text("env"),
      now: new Date(),
      live: hasUrl(context) ? liveAddress(context, project) : null,
      prepare: () => prepareServer(project),
    });
    return {
      exit: outcome.outcome === "failed" ? EXIT.no : EXIT.ok,
      json: checkJson(outcome),
      report: checkReported(outcome, relative(context.folder, project.config.migrations)),
      pieces: [
        answer((paint, width) => renderCheck(outcome, paint, width)),
        talk((paint) => renderCheckSum(outcome, paint)),
      ],
    };
  },
};
