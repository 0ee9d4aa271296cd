/** Help, made from the command table. */

import type { Argument, Command, Flag } from "./command.ts";
import { RUN_FLAGS, SETTING_FLAGS } from "./flags.ts";
import type { Paint } from "./paint.ts";

const WIDTH = 96;

/** What `aim` alone prints: the commands and where to begin. */
export function shortHelp(commands: readonly Command[], paint: Paint): string {
  return [
    "Edit schema.sql; aim writes the migration, both ways, and proves it.",
    "",
    `${paint.bold("Usage:")} aim <command> [flags]`,
    "",
    heading("Begin", paint),
    ...rows([
      ["aim init --engine postgres", "set up this folder"],
      ["aim diff", "what schema.sql has that the migrations do not"],
      ["aim generate", "write the migration that closes the difference"],
    ], paint),
    "",
    heading("Commands", paint),
    ...rows(commands.map((command) => [command.name, command.summary]), paint),
    "",
    heading("More", paint),
    ...rows([
      ["aim <command> --help", "examples and flags of a command"],
      ["aim help <topic>", "exit-codes, config, formats, engines, models"],
      ["aim --version", "the version"],
    ], paint),
  ].map((line) => `${line}\n`).join("");
}

/** What `aim <command> --help` prints: one sentence, usage, examples, flags, exit codes. */
export function commandHelp(command: Command, paint: Paint): string {
  return [
    `${command.summary}.`,
    "",
    `${paint.bold("Usage:")} ${usage(command)}`,
    ...(command.more ?? []).flatMap((paragraph) => ["", ...wrapped(paragraph, WIDTH)]),
    "",
    heading("Examples", paint),
    ...rows(command.examples.map(({ line, what }) => [line, what]), paint),
    ...argumentSection(command.arguments ?? [], paint),
    ...flagSection("Flags", command.flags, paint),
    ...flagSection("Settings (over AIM_* variables, over aim.toml)", SETTING_FLAGS, paint),
    ...flagSection("For every command", RUN_FLAGS, paint),
    "",
    heading("Exit codes", paint),
    ...rows(command.exits.map(([code, meaning]) => [String(code), meaning]), paint),
  ].map((line) => `${line}\n`).join("");
}

/** `aim generate [flags]`. */
export function usage(command: Command): string {
  const words = (command.arguments ?? []).map(({ name, required }) =>
    required ? `<${name}>` : `[<${name}>]`
  );
  return ["aim", command.name, ...words, "[flags]"].join(" ");
}

/** `-C, --directory <DIR>`. */
export function flagTerm(flag: Flag): string {
  const value = flag.value === undefined ? "" : ` <${flag.value}>`;
  return `${flag.short ? `-${flag.short}, ` : "    "}--${flag.name}${value}`;
}

/** Text cut into lines of at most `width` characters, between words. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** Two columns: terms, and what they mean, wrapped. A term too long for its column has a line of its own. */
export function rows(
  pairs: readonly (readonly [term: string, meaning: string])[],
  paint: Paint,
): readonly string[] {
  const column = Math.min(34, Math.max(0, ...pairs.map(([term]) => term.length))) + 2;
  return pairs.flatMap(([term, meaning]) => {
    const [first = "", ...rest] = wrapped(meaning, WIDTH - column - 2);
    const indent = " ".repeat(column + 2);
    const tail = rest.map((line) => indent + line);
    if (term.length + 2 > column) return [`  ${paint.cyan(term)}`, indent + first, ...tail];
    return [`  ${paint.cyan(term)}${" ".repeat(column - term.length)}${first}`, ...tail];
  });
}

function argumentSection(places: readonly Argument[], paint: Paint): readonly string[] {
  if (places.length === 0) return [];
  return [
    "",
    heading("Arguments", paint),
    ...rows(places.map(({ name, summary }) => [`<${name}>`, summary]), paint),
  ];
}

function flagSection(title: string, flags: readonly Flag[], paint: Paint): readonly string[] {
  if (flags.length === 0) return [];
  const note = (flag: Flag) => flag.repeats ? `${flag.summary} (repeatable)` : flag.summary;
  return ["", heading(title, paint), ...rows(flags.map((f) => [flagTerm(f), note(f)]), paint)];
}

function heading(text: string, paint: Paint): string {
  return paint.bold(`${text}:`);
}
