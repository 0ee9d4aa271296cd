/** `aim amend`. */

import { join } from "node:path";
import { EXIT, UsageError } from "../../core/error.ts";
import { stateFolder } from "../../host/user_dirs.ts";
import type { AmendOutcome } from "../../pipeline/mod.ts";
import { type Command, type Piece, talk } from "../command.ts";
import { exits } from "../exits.ts";
import { ALL_KEYS, MODEL_FLAGS } from "../flags.ts";
import { hasUrl, LIVE_FLAGS, liveAddress } from "../live_url.ts";
import { open } from "../open.ts";
import { REPORT_FLAG } from "../report_flag.ts";
import { generateJson } from "../report/outcome_json.ts";
import { checkedName, generateOptions, generatePieces, PLAN_FLAGS } from "./generate.ts";

/** Writes the last migration anew. */
export const amend: Command = {
  name: "amend",
  summary: "Write the last migration anew from schema.sql, as long as nobody else can have it",
  more: [
    "For a change in several edits: the first `aim generate` writes a migration, and `aim amend` after each further edit of the schema keeps it one file, with its name and version. It is planned and proven as `aim generate` does it, from the state before it; answers that its file notes hold again. What was written into it by hand is not planned again: the former files are kept, and the end says where.",
    "A migration that the base branch has is not touched (see `aim check` for which branch that is), nor one that a live database has applied, when its address is given.",
  ],
  flags: [
    ...PLAN_FLAGS,
    { name: "latest", value: "N", summary: "Make one of the last N migrations" },
    {
      name: "git-base",
      value: "REF",
      summary: "The branch or commit that must not have it",
    },
    ...LIVE_FLAGS,
    REPORT_FLAG,
    { name: "explain", summary: "Say why each statement is there" },
    ...MODEL_FLAGS,
  ],
  settings: ALL_KEYS,
  examples: [
    { line: "aim amend", what: "after another edit of the schema" },
    { line: "aim amend --latest 2", what: "one migration of the last two" },
    { line: "aim amend --dry-run", what: "what it would be" },
  ],
  exits: exits({
    [EXIT.ok]: "Written and proven",
    [EXIT.no]: "Not proven, a choice is open, or the schema is reached without it",
    [EXIT.setup]: "No runtime can serve the engine",
    [EXIT.provider]: "The model's provider failed",
  }),
  run: async (context) => {
    const { flags, variables } = context;
    const wanted = flags.text("name");
    const name = wanted === null ? null : await checkedName(wanted);
    const count = countOf(flags.text("latest"));
    const project = await open(context);
    const { amend, defaultBase } = await import("../../pipeline/mod.ts");
    const { generateReported } = await import("../report/reported.ts");
    const outcome = await amend(project, {
      ...generateOptions(context, project, name),
      base: flags.text("git-base") ?? await defaultBase(project.config.root, variables),
      count,
      live: hasUrl(context) ? liveAddress(context, project) : null,
      keep: join(stateFolder(variables), "amended"),
    });
    const dryRun = flags.on("dry-run");
    return {
      exit: outcome.outcome === "proven" ? EXIT.ok : EXIT.no,
      lasting: outcome.written,
      json: { ...generateJson(outcome), replaced: outcome.replaced, kept: outcome.kept },
      report: generateReported(outcome),
      pieces: [
        ...await generatePieces(outcome, {
          context,
          project,
          dryRun: dryRun || outcome.outcome === "proven" && !outcome.written,
          last: (paint) => lastLine(outcome, dryRun, paint.dim),
        }),
        ...keptPieces(outcome),
      ],
    };
  },
};

function countOf(text: string | null): number {
  if (text === null) return 1;
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new UsageError(`Cannot amend the last "${text}" migrations`, {
    code: "flag-value",
    hint: "pass a number: --latest 3",
  });
}

/** What is said at the end in place of `aim generate`'s words; null for those. */
function lastLine(
  outcome: AmendOutcome,
  dryRun: boolean,
  dim: (text: string) => string,
): string | null {
  if (outcome.outcome === "in-sync") {
    return `in sync: the schema is reached without ${outcome.replaced.join(", ")}\n${
      dim("next: delete it where nothing else is in it, or keep it")
    }\n`;
  }
  if (outcome.outcome !== "proven" || outcome.written || dryRun) return null;
  return "unchanged: it would be written as it is\n";
}

function keptPieces({ kept }: AmendOutcome): readonly Piece[] {
  return kept === null ? [] : [talk((paint) => paint.dim(`the former files: ${kept}\n`))];
}
