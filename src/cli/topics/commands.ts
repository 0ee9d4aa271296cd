/** docs/commands.md: the command table as a page. */

import type { Command, Flag } from "../command.ts";
import { RUN_FLAGS, SETTING_FLAGS } from "../flags.ts";
import { flagTerm, usage } from "../help.ts";

/** The page as Markdown. */
export function commandsText(commands: readonly Command[]): string {
  return [
    "# Commands",
    "`aim <command> --help` shows the same.",
    ...commands.flatMap(commandText),
    "## For every command",
    flagList(RUN_FLAGS),
    "## Settings",
    "They go over the `AIM_*` variables and over `aim.toml`; see [config.md](config.md).",
    flagList(SETTING_FLAGS),
  ].join("\n\n") + "\n";
}

function commandText(command: Command): readonly string[] {
  const examples = command.examples.map(({ line, what }) => `${line}   # ${what}`).join("\n");
  return [
    `## \`aim ${command.name}\``,
    `${command.summary}.`,
    `\`${usage(command)}\``,
    ...(command.more ?? []),
    `\`\`\`sh\n${examples}\n\`\`\``,
    ...(command.flags.length === 0 ? [] : [flagList(command.flags)]),
    `Exit codes: ${command.exits.map(([code, meaning]) => `\`${code}\` ${meaning}`).join("; ")}.`,
  ];
}

function flagList(flags: readonly Flag[]): string {
  return flags.map((flag) => {
    const repeats = flag.repeats ? " Repeatable." : "";
    return `- \`${flagTerm(flag).trim()}\`: ${flag.summary}.${repeats}`;
  }).join("\n");
}
