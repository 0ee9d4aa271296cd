/** Completion scripts, made from the command table. */

import type { Command, Flag } from "./command.ts";
import { nushell } from "./completions/nushell.ts";
import { powershell } from "./completions/powershell.ts";
import {
  COMMON,
  type CompletionWords,
  flagsOf,
  offered,
  SHELLS,
  spellings,
  valueOf,
} from "./completions/words.ts";
import { TOPICS } from "./topics/mod.ts";

/** The words of the lists: formats, engines, runtimes, models, topics. */
export async function completionWords(commands: readonly Command[]): Promise<CompletionWords> {
  const { FORMATS } = await import("../formats/all.ts");
  const { ENGINES } = await import("../engines/all.ts");
  const { PROVIDERS } = await import("../models/providers.ts");
  const { KNOWN_MODELS } = await import("../models/prices.ts");
  const { RULES } = await import("../rules/mod.ts");
  const runtimes = ENGINES.flatMap((engine) => engine.runtimes.map(({ name }) => name));
  const names = commands.map(({ name }) => name);
  return {
    format: FORMATS.map(({ name }) => name),
    engine: ENGINES.map(({ dialect }) => dialect),
    runtime: [...new Set(runtimes)],
    provider: PROVIDERS.map(({ name }) => name),
    model: KNOWN_MODELS.filter((name) => /^[\w./-]+$/.test(name)),
    topic: [...TOPICS.map(({ name }) => name), ...names],
    command: names,
    shell: SHELLS,
    rule: RULES.map(({ code }) => code),
  };
}

/** The script of a shell. */
export function completionScript(
  shell: typeof SHELLS[number],
  commands: readonly Command[],
  words: CompletionWords,
): string {
  return { bash, zsh, fish, powershell, nushell }[shell](commands, words);
}

function bash(commands: readonly Command[], words: CompletionWords): string {
  const all = uniqueFlags(commands);
  const reply = (value: readonly string[] | "file" | "folder" | null) =>
    value === null
      ? "return"
      : value === "file"
      ? 'COMPREPLY=($(compgen -f -- "$current")); return'
      : value === "folder"
      ? 'COMPREPLY=($(compgen -d -- "$current")); return'
      : `COMPREPLY=($(compgen -W "${value.join(" ")}" -- "$current")); return`;
  const valued = all.filter((flag) => flag.value !== undefined);
  const takers = valued.flatMap(spellings).join("|");
  return `# bash completion for aim
_aim() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command="" word skip="" at
  COMPREPLY=()
  for ((at = 1; at < COMP_CWORD; at++)); do
    word="\${COMP_WORDS[at]}"
    if [[ -n $skip ]]; then skip=""; continue; fi
    case "$word" in
      ${takers}) skip=1 ;;
      -*) ;;
      *) command="$word"; break ;;
    esac
  done
  case "$previous" in
${
    valued.map((flag) => `    ${spellings(flag).join("|")}) ${reply(valueOf(flag, words))} ;;`)
      .join("\n")
  }
  esac
  case "$command" in
    "") if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "${
    COMMON.flatMap(spellings).join(" ")
  }" -- "$current")); else COMPREPLY=($(compgen -W "${
    commands.map(({ name }) => name).join(" ")
  }" -- "$current")); fi ;;
${
    commands.map((command) => {
      const flags = flagsOf(command).flatMap(spellings).join(" ");
      const value = offered(command.arguments?.[0]?.completes, words);
      const list = Array.isArray(value) ? value.join(" ") : flags;
      return `    ${command.name}) if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "${flags}" -- "$current")); else COMPREPLY=($(compgen -W "${list}" -- "$current")); fi ;;`;
    }).join("\n")
  }
  esac
}
complete -F _aim aim
`;
}

function zsh(commands: readonly Command[], words: CompletionWords): string {
  const action = (value: readonly string[] | "file" | "folder" | null) =>
    value === null
      ? " "
      : value === "file"
      ? "_files"
      : value === "folder"
      ? "_files -/"
      : `(${value.join(" ")})`;
  const flagSpec = (flag: Flag) => {
    const names = spellings(flag);
    const note = `[${zshText(flag.summary)}]`;
    const value = flag.value === undefined
      ? ""
      : `:${flag.value.toLowerCase()}:${action(valueOf(flag, words))}`;
    if (flag.repeats) return `'*--${flag.name}${note}${value}'`;
    if (names.length === 1) return `'--${flag.name}${note}${value}'`;
    return `'(${names.join(" ")})'{${names.join(",")}}'${note}${value}'`;
  };
  const specs = (flags: readonly Flag[], indent: string) =>
    flags.map((flag) => ` \\\n${indent}${flagSpec(flag)}`).join("");
  return `#compdef aim
# zsh completion for aim
_aim() {
  local context state line
  local -a commands
  commands=(
${commands.map(({ name, summary }) => `    '${name}:${zshText(summary)}'`).join("\n")}
  )
  _arguments -C${specs(COMMON, "    ")} \\
    '1: :->command' '*:: :->rest'
  case $state in
    command) _describe command commands ;;
    rest)
      case $line[1] in
${
    commands.map((command) => {
      const place = command.arguments?.[0];
      const argument = place === undefined
        ? ""
        : ` \\\n          '1:${place.name}:${action(offered(place.completes, words))}'`;
      return `        ${command.name}) _arguments${
        specs(flagsOf(command), "          ")
      }${argument} ;;`;
    }).join("\n")
  }
      esac ;;
  esac
}
if [[ $funcstack[1] == _aim ]]; then _aim "$@"; else compdef _aim aim; fi
`;
}

function fish(commands: readonly Command[], words: CompletionWords): string {
  const line = (condition: string, flag: Flag) => {
    const value = valueOf(flag, words);
    const parts = [
      "complete -c aim",
      condition,
      ...(flag.short ? [`-s ${flag.short}`] : []),
      `-l ${flag.name}`,
      ...(flag.value === undefined ? [] : ["-r"]),
      ...(value === "file"
        ? ["-F"]
        : value === "folder"
        ? ["-f -a '(__fish_complete_directories)'"]
        : value === null
        ? (flag.value === undefined ? [] : ["-f"])
        : [`-f -a '${value.join(" ")}'`]),
      `-d '${fishText(flag.summary)}'`,
    ];
    return parts.filter((part) => part !== "").join(" ");
  };
  const own = (command: Command) => `-n '__fish_seen_subcommand_from ${command.name}'`;
  return [
    "# fish completion for aim",
    "complete -c aim -f",
    ...commands.map(({ name, summary }) =>
      `complete -c aim -n __fish_use_subcommand -a ${name} -d '${fishText(summary)}'`
    ),
    ...COMMON.map((flag) => line("", flag)),
    ...commands.flatMap((command) => command.flags.map((flag) => line(own(command), flag))),
    ...commands.flatMap((command) => {
      const value = offered(command.arguments?.[0]?.completes, words);
      return Array.isArray(value)
        ? [`complete -c aim ${own(command)} -f -a '${value.join(" ")}'`]
        : [];
    }),
  ].map((text) => `${text}\n`).join("");
}

function uniqueFlags(commands: readonly Command[]): readonly Flag[] {
  const flags = [...COMMON, ...commands.flatMap((command) => command.flags)];
  return [...new Map(flags.map((flag) => [flag.name, flag])).values()];
}

function zshText(text: string): string {
  return text.replaceAll("'", "'\\''").replaceAll(/[[\]:]/g, "\\$&");
}

function fishText(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("'", "\\'");
}
