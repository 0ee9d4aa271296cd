/** `aim report`. */

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { basename, join, relative, resolve } from "node:path";
import { platform } from "node:os";
import { pathToFileURL } from "node:url";
import { EXIT, UsageError } from "../../core/error.ts";
import { cacheFolder } from "../../host/user_dirs.ts";
import { type Command, type Context, exactAnswer, type Reply, talk } from "../command.ts";
import { readAnswers } from "../choice_flags.ts";
import { exits } from "../exits.ts";
import { SCRATCH_KEYS } from "../flags.ts";
import { open } from "../open.ts";
import { REPORT_FLAG } from "../report_flag.ts";

/** Writes a page that people read. */
export const report: Command = {
  name: "report",
  summary:
    "Write one HTML page: what is missing, what it does, the schema as a picture, the history",
  more: [
    "The migration that is missing is planned and proven as by `aim generate --dry-run`, and run over rows as by `aim lint`; where none is, the last one is shown. The page has the verdicts, the SQL of both directions with what each statement locks, rewrites and loses, the open questions with the flags that answer them, the schema with what is new, changed and gone, and each step of the history with its difference. It needs no network and loads nothing.",
    "Its path goes to stdout. Without --output it is written to the user's cache.",
    "`aim report comment` puts what another command found, by `--report json=FILE`, into the one comment that aim keeps on a pull request of GitHub or a merge request of GitLab. The file may come from a job that nobody trusts: it is data, and everything in it is shown as code.",
  ],
  arguments: [{
    name: "comment",
    required: false,
    summary: "Comment on a pull request instead",
  }],
  flags: [
    {
      name: "output",
      short: "o",
      value: "FILE",
      summary: "Write to this file",
      completes: "file",
    },
    { name: "open", summary: "Open it in the browser" },
    { name: "steps", value: "N", summary: "Show the last N migrations one by one; 50 when absent" },
    {
      name: "file",
      value: "FILE",
      summary: "With comment: what --report json=FILE has written",
      completes: "file",
    },
    {
      name: "pull-request",
      value: "N",
      summary: "With comment: its number, where the pipeline does not say",
    },
    { name: "dry-run", summary: "With comment: print it instead" },
    REPORT_FLAG,
  ],
  settings: SCRATCH_KEYS,
  examples: [
    { line: "aim report -o report.html", what: "for a colleague" },
    { line: "aim report --steps 5", what: "with less of the history" },
    {
      line: "aim report comment --file aim.json --dry-run",
      what: "what a comment would say, after aim check --report json=aim.json",
    },
  ],
  exits: exits({
    [EXIT.ok]: "Written",
    [EXIT.setup]: "No runtime can serve the engine, or the forge refuses the comment",
  }),
  run: async (context) => {
    const [action] = context.arguments;
    if (action === undefined) return await page(context);
    if (action !== "comment") {
      throw new UsageError(`Cannot report "${action}"`, {
        code: "unexpected-argument",
        hint: "the only argument is comment: aim report comment --file aim.json",
      });
    }
    const { comment } = await import("../comment.ts");
    return await comment(context);
  },
};

async function page(context: Context): Promise<Reply> {
  const { flags, folder } = context;
  const steps = stepsOf(flags.text("steps"));
  const project = await open(context);
  const { report } = await import("../../pipeline/mod.ts");
  const { pageReported } = await import("../report/page.ts");
  const { changeJson, generateJson } = await import("../report/outcome_json.ts");
  const { writeReports } = await import("../write_reports.ts");
  const { html } = await import("../../reports/html.ts");
  const { answers, assumeEmpty } = readAnswers([], project.config.answers);
  const began = new Date();
  const outcome = await report(project, {
    steps,
    answers,
    renames: [],
    onAmbiguity: "fail",
    allowEmptySchema: true,
    ...(assumeEmpty === null ? {} : { assumeEmpty }),
  });
  const { root, migrations } = project.config;
  const reported = pageReported(outcome, relative(folder, migrations), basename(root));
  const wanted = flags.text("output");
  const file = resolve(wanted ?? cachedFile(context, root));
  await writeReports([{ format: html, file, appends: false }], reported, {
    command: "report",
    began,
    print: () => {},
  });
  const opened = flags.on("open") ? await openFile(file) : null;
  return {
    exit: EXIT.ok,
    lasting: true,
    json: {
      outcome: outcome.outcome,
      file,
      changes: outcome.changes.map(changeJson),
      diff: outcome.text,
      planned: outcome.planned === null ? null : generateJson(outcome.planned),
      findings: reported.findings,
      runtime: outcome.runtime,
      version: outcome.version,
      notes: outcome.notes,
    },
    report: reported,
    pieces: [
      exactAnswer(() => `${wanted ?? file}\n`),
      talk((paint) =>
        opened === null || opened
          ? `${reported.isGood ? paint.green("✓") : paint.yellow("!")} ${reported.summary}\n`
          : `${paint.yellow("note:")} no browser could be started\n`
      ),
    ],
  };
}

function stepsOf(text: string | null): number {
  if (text === null) return 50;
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new UsageError(`Cannot show the last "${text}" migrations`, {
    code: "flag-value",
    hint: "pass a number: --steps 5",
  });
}

/** One file for each project. */
function cachedFile({ variables }: Context, root: string): string {
  const key = createHash("sha256").update(root).digest("hex").slice(0, 8);
  const name = basename(root).replaceAll(/[^\w.-]/g, "_");
  return join(cacheFolder(variables), "reports", `${name}-${key}.html`);
}

/** Starts what shows a page on this system; false when there is nothing. */
async function openFile(file: string): Promise<boolean> {
  const url = pathToFileURL(file).href;
  const [command, args] = platform() === "win32"
    ? ["cmd", ["/c", "start", "", url]] as const
    : ["sh", [
      "-c",
      `exec ${platform() === "darwin" ? "open" : "xdg-open"} "$1"`,
      "sh",
      url,
    ]] as const;
  return await new Promise((resolve) => {
    const child = spawn(command, [...args], { stdio: "ignore", detached: true });
    const timer = setTimeout(() => resolve(true), 1500);
    child.on("error", () => resolve(false));
    child.on("exit", (code) => {
      clearTimeout(timer);
      resolve(code === 0);
    });
    child.unref();
  });
}
