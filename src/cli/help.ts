/** Help, made from the command table. */

import type { Argument, Command, Flag } from "./command.ts";
import type { CommandGroup } from "./commands/mod.ts";
import { RUN_FLAGS, settingFlags } from "./flags.ts";
import type { Paint } from "./paint.ts";

/** What `aim` alone prints: the commands and where to begin. */
export function shortHelp(groups: readonly CommandGroup[], paint: Paint, width = WIDEST): string {
  const table = (pairs: Parameters<typeof rows>[0]) => rows(pairs, paint, width);
  return [
    ...wrapped("Edit schema.sql; aim writes the migration, up and down, and proves it.", width),
    "",
    `${paint.bold("Usage:")} aim <command> [flags]`,
    "",
    heading("Begin", paint),
    ...table([
      ["aim init --engine postgres", "set up this folder"],
      ["aim diff", "what schema.sql has that the migrations do not"],
      ["aim generate", "write the migration that closes the difference"],
    ]),
    "",
    ...groups.flatMap(({ title, commands }) => [
      heading(title, paint),
      ...table(commands.map((command) => [command.name, command.summary])),
      "",
    ]),
    heading("More", paint),
    ...table([
      ["aim <command> --help", "examples and flags of a command"],
      ["aim help <topic>", "exit-codes, config, formats, engines, models"],
      ["aim --version", "the version"],
    ]),
  ].map((line) => `${line}\n`).join("");
}

/** What `aim <command> --help` prints: one sentence, usage, examples, flags, exit codes. */
export function commandHelp(command: Command, paint: Paint, width = WIDEST): string {
  const section = (title: string, flags: readonly Flag[]) =>
    flagSection(title, flags, { paint, width });
  return [
    ...wrapped(`${command.summary}.`, width),
    "",
    `${paint.bold("Usage:")} ${usage(command)}`,
    ...(command.more ?? []).flatMap((paragraph) => ["", ...wrapped(paragraph, width)]),
    "",
    heading("Examples", paint),
    ...rows(command.examples.map(({ line, what }) => [line, what]), paint, width),
    ...argumentSection(command.arguments ?? [], paint, width),
    ...section("Flags", command.flags),
    ...section(
      "Settings (over AIM_* variables, over aim.toml)",
      settingFlags(command.settings),
    ),
    ...section("For every command", RUN_FLAGS),
    "",
    heading("Exit codes", paint),
    ...rows(command.exits.map(([code, meaning]) => [String(code), meaning]), paint, width),
  ].map((line) => `${line}\n`).join("");
}

/** `aim generate [flags]`. */
export function usage(command: Command): string {
  const words = (command.arguments ?? []).map(({ name, required, repeats }) => {
    const word = repeats === true ? `<${name}>...` : `<${name}>`;
    return required ? word : `[${word}]`;
  });
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

/** A text whose first line stands behind `first` characters, and its further lines behind `indent`; it is `width` wide at most. */
export function hanging(
  text: string,
  { first, indent = first, width }: {
    readonly first: number;
    readonly indent?: number;
    readonly width: number;
  },
): string {
  if (width === Infinity || first + text.length <= width) return text;
  const room = Math.max(NARROWEST, width - Math.max(first, indent));
  return wrapped(text, room).join(`\n${" ".repeat(indent)}`);
}

/**
 * Two columns: terms, and what they mean, wrapped. A term too long for its column has a line of its own; where the second column
 * would be too narrow to read, each has.
 */
export function rows(
  pairs: readonly (readonly [term: string, meaning: string])[],
  paint: Paint,
  width = WIDEST,
): readonly string[] {
  const wanted = Math.min(34, Math.max(0, ...pairs.map(([term]) => term.length))) + 2;
  const column = width - wanted - 2 < NARROWEST ? 4 : wanted;
  return pairs.flatMap(([padded, meaning]) => {
    const term = column < wanted ? padded.trim() : padded;
    const [first = "", ...rest] = wrapped(meaning, width - column - 2);
    const indent = " ".repeat(column + 2);
    const tail = rest.map((line) => indent + line);
    if (term.length + 2 > column) return [`  ${paint.cyan(term)}`, indent + first, ...tail];
    return [`  ${paint.cyan(term)}${" ".repeat(column - term.length)}${first}`, ...tail];
  });
}

/** Text is not wrapped wider than this. */
export const WIDEST = 96;

/** The narrowest second column. */
const NARROWEST = 26;

function argumentSection(
  places: readonly Argument[],
  paint: Paint,
  width: number,
): readonly string[] {
  if (places.length === 0) return [];
  return [
    "",
    heading("Arguments", paint),
    ...rows(places.map(({ name, summary }) => [`<${name}>`, summary]), paint, width),
  ];
}

function flagSection(
  title: string,
  flags: readonly Flag[],
  { paint, width }: { readonly paint: Paint; readonly width: number },
): readonly string[] {
  if (flags.length === 0) return [];
  const note = (flag: Flag) => flag.repeats ? `${flag.summary} (repeatable)` : flag.summary;
  const pairs = flags.map((flag) => [flagTerm(flag), note(flag)] as const);
  const titles = wrapped(`${title}:`, width).map(paint.bold);
  return ["", ...titles, ...rows(pairs, paint, width)];
}

function heading(text: string, paint: Paint): string {
  return paint.bold(`${text}:`);
}
