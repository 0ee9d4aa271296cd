/** What is said of a command that failed, and what would help. */

import { type AimError, SetupError, UsageError } from "../core/error.ts";
import { formatDuration } from "../config/quantities.ts";
import type { Command, Finished } from "./run_command.ts";

/** Lines of a tool's words that an error shows. */
const MOST_LINES = 12;
const LONGEST_LINE = 400;

/** The error about a command that did not end well. */
export function commandFault(
  command: Command,
  finished: Finished,
  { timeout, tool, table, task }: {
    readonly timeout: number;
    readonly tool: string | null;
    /** The table of aim.toml that it stands in. */
    readonly table: string;
    /** `read the models`. */
    readonly task: string;
  },
): AimError {
  const words = shownCommand(command);
  const { end, code, said, stdout } = finished;
  const what = end === "late"
    ? `it did not end within ${table}.timeout (${formatDuration(timeout)})`
    : end === "large"
    ? "it printed more than 32 MB"
    : end === "missing"
    ? "there is no such program"
    : `it ended with code ${code}`;
  const lines = lastLines(said === "" ? stdout : said);
  const text = `Cannot ${task} with \`${words}\`: ${what}${
    lines.map((line) => `\n  ${line}`).join("")
  }`;
  const hint = mendFor(`${said}\n${stdout}`, finished)?.replaceAll("orm.", `${table}.`) ??
    (tool === null
      ? null
      : `docs/${table === "orm" ? "orm" : "formats"}.md says what ${tool} needs`);
  const details = { code: `${table}-command`, ...(hint === null ? {} : { hint }) };
  return end === "missing" ? new SetupError(text, details) : new UsageError(text, details);
}

/** A command as it would be typed. */
export function shownCommand(command: Command): string {
  if (typeof command === "string") return command;
  return command.map((word) =>
    /^[\w./@%+=:,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
  )
    .join(" ");
}

/** What tools say of a program or a module that is not there, and the command that brings it. */
const LACKS: readonly (readonly [RegExp, (name: string) => string])[] = [
  [
    /ModuleNotFoundError: No module named '([\w]+)/,
    (name) => `Install it: pip install ${PACKAGES[name] ?? name}`,
  ],
  [/python[\d.]*: No module named (\w+)/, (name) => `Install it: pip install ${name}`],
  [/npx canceled due to missing packages[^\n]*\["?([@\w./-]+?)(?:@[^@"\]]*)?"?\]/, npmInstall],
  [
    /npm (?:error|ERR!) npx canceled due to missing packages/,
    () => "Install the project's packages: npm install",
  ],
  [
    /(?:Cannot find (?:module|package)|ERR_MODULE_NOT_FOUND[^\n]*) '((?:@[\w.-]+\/)?\w[\w.-]*)/,
    npmInstall,
  ],
  [/no required module provides package ([\w./-]+)/, (name) => `Add it: go get ${name}`],
  [
    /missing go\.sum entry for module providing package ([\w./-]+)/,
    (name) => `Add it: go get ${name}`,
  ],
  [/cannot load such file -- ([\w/-]+)/, (name) => `Install it: bundle add ${name.split("/")[0]}`],
  [/Could not locate Gemfile/, () => "Run it where the Gemfile is: set orm.command"],
];

/** Modules of Python whose package has another name. */
const PACKAGES: Readonly<Record<string, string>> = {
  psycopg2: "psycopg2-binary",
  psycopg: "'psycopg[binary]'",
  MySQLdb: "mysqlclient",
  environ: "django-environ",
  dotenv: "python-dotenv",
  rest_framework: "djangorestframework",
  yaml: "pyyaml",
  PIL: "pillow",
};

/** Programs that come by a package of another name. */
const PROGRAMS: Readonly<Record<string, string>> = {
  python3: "Install Python 3, or name the one of your environment in orm.command: .venv/bin/python",
  python: "Install Python 3, or name the one of your environment in orm.command: .venv/bin/python",
  npx: "Install Node.js",
  node: "Install Node.js",
  go: "Install Go",
  mvn: "Install Maven",
  bundle: "Install Bundler: gem install bundler",
};

function mendFor(text: string, { end }: Finished): string | null {
  for (const [pattern, mend] of LACKS) {
    const found = pattern.exec(text);
    if (found !== null) return mend(found[1] ?? "");
  }
  if (end !== "missing") return null;
  const program = /(?:^|[\s:])([\w.+-]+): (?:command )?not found/.exec(text)?.[1] ?? "";
  return PROGRAMS[program] ?? "Install it, or set orm.command";
}

function npmInstall(name: string): string {
  return `Install it: npm install --save-dev ${name}`;
}

function lastLines(text: string): readonly string[] {
  return text.split("\n").map((line) => line.trimEnd()).filter((line) => line !== "")
    .slice(-MOST_LINES).map((line) =>
      line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line
    );
}
