/** The manual page, made from the command table. */

import type { Command, Flag } from "../command.ts";
import { EXIT_CODES } from "../exits.ts";
import { RUN_FLAGS, SETTING_FLAGS } from "../flags.ts";
import { flagTerm, usage } from "../help.ts";

/** The page as roff, for section 1. `date` is as 2026-01-31. */
export function manText(
  commands: readonly Command[],
  { version, date }: { readonly version: string; readonly date: string },
): string {
  return [
    `.TH AIM 1 ${date} "aim ${version}" "User Commands"`,
    ".SH NAME",
    "aim \\- write and prove SQL migrations",
    ".SH SYNOPSIS",
    ".B aim",
    ".RI < command >",
    ".RI [ flags ]",
    ".SH DESCRIPTION",
    "Compares a file of the wanted schema with SQL migrations, writes the migration that is missing, up and down, and tests both on a scratch database before it writes a file.",
    ".SH COMMANDS",
    ...commands.flatMap(commandLines),
    ".SH FLAGS OF EVERY COMMAND",
    ...RUN_FLAGS.flatMap(flagLines),
    ".SH SETTINGS",
    "They go over the AIM_* variables, and these over",
    ".IR aim.toml .",
    ...SETTING_FLAGS.flatMap(flagLines),
    ".SH EXIT STATUS",
    ...EXIT_CODES.flatMap(({ code, meaning }) => [".TP", `.B ${code}`, roff(`${meaning}.`)]),
    ".SH FILES",
    ".TP",
    ".I aim.toml",
    "Settings of a project, looked for in the working folder and those above it.",
  ].join("\n") + "\n";
}

function commandLines(command: Command): readonly string[] {
  return [
    `.SS ${roff(usage(command))}`,
    roff(`${command.summary}.`),
    ...(command.more ?? []).flatMap((paragraph) => [".PP", roff(paragraph)]),
    ...command.flags.flatMap(flagLines),
    ...command.examples.flatMap(({ line, what }) => [
      ".TP",
      `.B ${roff(line)}`,
      roff(what),
    ]),
  ];
}

function flagLines(flag: Flag): readonly string[] {
  return [".TP", `.B ${roff(flagTerm(flag).trim())}`, roff(`${flag.summary}.`)];
}

/** Text that roff leaves as it is: no request at a line's begin, no escape, dashes that can be copied. */
function roff(text: string): string {
  const plain = text.replaceAll("\n", " ").replaceAll("\\", "\\e").replaceAll("-", "\\-")
    .replaceAll('"', "\\(dq");
  return /^[.']/.test(plain) ? `\\&${plain}` : plain;
}
