/** `aim report comment`: a report of another job as the one comment of a pull request. */

import { readFile, stat } from "node:fs/promises";
import { EXIT, SetupError, UsageError } from "../core/error.ts";
import { markdown } from "../reports/markdown.ts";
import type { Report } from "../reports/report.ts";
import { rememberSecret } from "../text/secrets.ts";
import { type Context, exactAnswer, type Reply, talk } from "./command.ts";

/** The most bytes of a report's file. */
const MOST = 20 * 1024 * 1024;

/** Comments. Throws UsageError for a file that is no report, SetupError for what the forge refuses. */
export async function comment({ flags, variables, signal }: Context): Promise<Reply> {
  const file = flags.text("file");
  if (file === null) {
    throw new UsageError("Cannot comment: no report is given", {
      code: "flag-value",
      hint: "aim check --report json=aim.json, then aim report comment --file aim.json",
    });
  }
  const report = await readFileAsReport(file);
  const marker = `<!-- aim:${
    encodeURIComponent(report.folder || "project").replaceAll("-", "%2D").slice(0, 200)
  } -->`;
  const body = `${marker}\n${markdown.render(report)}`;
  if (flags.on("dry-run")) {
    return {
      exit: EXIT.ok,
      json: { outcome: "ok", body, place: null, url: null },
      pieces: [exactAnswer(() => body)],
    };
  }
  for (const name of ["GITHUB_TOKEN", "GH_TOKEN", "GITLAB_TOKEN"]) {
    const token = variables[name] ?? "";
    if (token !== "") rememberSecret(token);
  }
  const { ForgeError, openForge } = await import("../forges/mod.ts");
  try {
    const number = numberOf(flags.text("pull-request"));
    const forge = await openForge({ variables, number, signal });
    const { state, url } = await forge.upsert(body, marker);
    return {
      exit: EXIT.ok,
      lasting: true,
      json: { outcome: state, body, place: forge.place, url },
      pieces: [
        exactAnswer(() => url === "" ? "" : `${url}\n`),
        talk((paint) => `${paint.green(state)}  ${forge.place}\n`),
      ],
    };
  } catch (error) {
    if (!(error instanceof ForgeError)) throw error;
    throw new SetupError(error.message, { code: "forge", hint: error.hint, cause: error });
  }
}

async function readFileAsReport(file: string): Promise<Report> {
  const { readReport } = await import("../reports/json.ts");
  try {
    if ((await stat(file)).size > MOST) throw new Error("it is too long");
    return readReport(await readFile(file, "utf8"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`Cannot read the report "${file}": ${reason}`, {
      code: "report",
      hint: "it is written by --report json=FILE",
      cause: error,
    });
  }
}

function numberOf(text: string | null): number | null {
  if (text === null) return null;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`Cannot comment on the pull request "${text}"`, {
    code: "flag-value",
    hint: "pass its number: --pull-request 12",
  });
}
