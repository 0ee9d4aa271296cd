/** `--report FORMAT=FILE`: what a command found, in the forms that other programs read. */

import { existsSync } from "node:fs";
import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import process from "node:process";
import { AimError, EXIT, SetupError, UsageError } from "../core/error.ts";
import { github } from "../reports/github.ts";
import { markdown } from "../reports/markdown.ts";
import { REPORT_FORMATS } from "../reports/mod.ts";
import type { Report, ReportFormat } from "../reports/report.ts";
import { nearest } from "../text/nearest.ts";
import { VERSION } from "./version.ts";

/** What a command knows of its report; the rest is known of the run. */
export type Reported = Omit<Report, "tool" | "command" | "folder" | "began" | "seconds">;

/** One report that is wanted. */
export interface WantedReport {
  readonly format: ReportFormat;
  /** `-` for stdout. */
  readonly file: string;
  /** Whether it is added to what the file holds. */
  readonly appends: boolean;
}

/** Reads the flag's values. Throws UsageError for a format that there is none of, or a missing file. */
export function wantedReports(
  values: readonly string[],
  variables: Readonly<Record<string, string | undefined>>,
): readonly WantedReport[] {
  return values.flatMap((value) => value === "auto" ? automatic(variables) : [wantedReport(value)]);
}

/** In a GitHub workflow: annotations, and the job's summary. Elsewhere nothing. */
function automatic(
  variables: Readonly<Record<string, string | undefined>>,
): readonly WantedReport[] {
  if (variables.GITHUB_ACTIONS !== "true") return [];
  const summary = variables.GITHUB_STEP_SUMMARY ?? "";
  return [
    { format: github, file: "-", appends: false },
    ...(summary === "" ? [] : [{ format: markdown, file: summary, appends: true }]),
  ];
}

function wantedReport(value: string): WantedReport {
  const at = value.indexOf("=");
  const name = at < 0 ? value : value.slice(0, at);
  const format = REPORT_FORMATS.find((one) => one.name === name);
  if (format === undefined) {
    const names = REPORT_FORMATS.map((one) => one.name);
    const near = nearest(name, names);
    throw new UsageError(`Cannot write a report as "${name}"`, {
      code: "flag-value",
      hint: near === null
        ? `the formats are ${names.join(", ")}`
        : `did you mean ${near}? --report ${near}=FILE`,
    });
  }
  const file = at < 0 ? "" : value.slice(at + 1);
  if (file === "") {
    throw new UsageError(`Cannot write the ${name} report: no file is given`, {
      code: "flag-value",
      hint: `--report ${name}=FILE, or --report ${name}=- for stdout`,
    });
  }
  return { format, file, appends: false };
}

/** How a run went, besides what its command knows. */
export interface RunFacts {
  readonly command: string;
  readonly began: Date;
  /** Writes to stdout. */
  print(text: string): void;
}

/** Writes the reports. Throws SetupError for a file that cannot be written. */
export async function writeReports(
  wanted: readonly WantedReport[],
  reported: Reported,
  { command, began, print }: RunFacts,
): Promise<void> {
  const report: Report = {
    ...reported,
    tool: VERSION,
    command,
    folder: folderInRepository(process.cwd()),
    began,
    seconds: (Date.now() - began.getTime()) / 1000,
  };
  for (const { format, file, appends } of wanted) {
    const text = format.render(report);
    if (file === "-") print(text);
    else await write(resolve(file), { text, appends, name: format.name });
  }
}

async function write(
  path: string,
  { text, appends, name }: {
    readonly text: string;
    readonly appends: boolean;
    readonly name: string;
  },
): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await (appends ? appendFile : writeFile)(path, text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SetupError(`Cannot write the ${name} report: ${reason}`, {
      code: "report",
      cause: error,
    });
  }
}

/** What is reported of a run that ended in an error. */
export function reportedError(error: unknown): Reported {
  const known = error instanceof AimError ? error : null;
  const message = error instanceof Error ? error.message : String(error);
  const summary = message.split("\n", 1)[0] ?? "";
  const code = known?.code ?? "bug";
  const cannot = known === null || known.exitCode === EXIT.setup ||
    known.exitCode === EXIT.provider;
  return {
    outcome: "error",
    isGood: false,
    summary,
    server: null,
    findings: [{
      code,
      severity: "error",
      message,
      ...(known?.hint === undefined ? {} : { hint: known.hint }),
      ...(known?.place === undefined ? {} : { place: known.place }),
    }],
    checks: [{
      suite: "aim",
      name: "run",
      state: cannot ? "error" : "failed",
      code,
      text: message,
    }],
    changes: [],
    sql: [],
    questions: [],
    notes: [],
  };
}

/** The folder below the root of its git repository; empty where there is none, or it is the root. */
function folderInRepository(folder: string): string {
  for (let root = folder;; root = dirname(root)) {
    if (existsSync(join(root, ".git"))) return relative(root, folder).split(sep).join("/");
    if (dirname(root) === root) return "";
  }
}
