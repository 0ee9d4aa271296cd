/** The completion script of nushell: `extern` signatures. */

import type { Command, Flag } from "../command.ts";
import { COMMON, type CompletionWords, flagsOf, type Offered, offered, valueOf } from "./words.ts";

/** A script for `source aim.nu`. */
export function nushell(commands: readonly Command[], words: CompletionWords): string {
  const lists = new Map<string, string>();
  /** The type of a value; a list of words becomes a completer, one for each list. */
  const typeOf = (value: Offered): string => {
    if (value === "file") return "path";
    if (value === "folder") return "directory";
    if (value === null) return "string";
    const body = value.map((word) => JSON.stringify(word)).join(", ");
    const name = lists.get(body) ?? `"nu-complete aim ${lists.size + 1}"`;
    lists.set(body, name);
    return `string@${name}`;
  };
  const flagLine = (flag: Flag) => {
    const short = flag.short ? `(-${flag.short})` : "";
    const type = flag.value === undefined ? "" : `: ${typeOf(valueOf(flag, words))}`;
    return `  --${flag.name}${short}${type} # ${flag.summary}`;
  };
  const argumentLines = ({ arguments: places = [] }: Command) =>
    places.map(({ name, repeats, required, summary, completes }) => {
      const type = typeOf(offered(completes, words));
      const written = repeats ? `...${name}` : required ? name : `${name}?`;
      return `  ${written}: ${type} # ${summary}`;
    });
  const extern = (name: string, summary: string, lines: readonly string[]) =>
    `# ${summary}\nextern "${name}" [\n${lines.join("\n")}\n]\n`;
  const signatures = [
    extern("aim", "Compare a schema with migrations, and write what is missing", [
      ...COMMON.map(flagLine),
    ]),
    ...commands.map((command) =>
      extern(`aim ${command.name}`, command.summary, [
        ...argumentLines(command),
        ...flagsOf(command).map(flagLine),
      ])
    ),
  ];
  const completers = [...lists].map(([body, name]) => `def ${name} [] { [${body}] }\n`);
  return ["# nushell completion for aim\n", ...completers, ...signatures].join("\n");
}
