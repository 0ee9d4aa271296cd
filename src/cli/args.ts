/** The command line, read by the command table. */

import { parseArgs } from "node:util";
import { UsageError } from "../core/error.ts";
import { nearest } from "../text/nearest.ts";
import type { Command, Flag, FlagValues } from "./command.ts";
import { MODEL_FLAGS, RUN_FLAGS, SETTING_FLAGS } from "./flags.ts";

/** A command line that was understood. */
export interface CommandLine {
  /** Null when none was named. */
  readonly command: Command | null;
  readonly arguments: readonly string[];
  readonly flags: FlagValues;
}

/** Reads arguments. Throws UsageError for a command, flag or value that does not exist, with the nearest one. */
export function parseCommandLine(
  argv: readonly string[],
  commands: readonly Command[],
): CommandLine {
  const everyFlag = [
    ...RUN_FLAGS,
    ...SETTING_FLAGS,
    ...commands.flatMap((command) => command.flags),
  ];
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(everyFlag.map((flag) => [flag.name, option(flag)])),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const words = tokens.flatMap((token) => token.kind === "positional" ? [token.value] : []);
  const command = findCommand(words[0], commands);
  const own = command?.flags ?? [];
  const flags = [...RUN_FLAGS, ...own, ...SETTING_FLAGS];
  const given = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const flag = flags.find((known) => known.name === token.name);
    if (flag === undefined) throw unknownFlag(token.rawName, { command, flags, commands });
    const value = checkedValue(flag, token.rawName, token.value, token.inlineValue === true);
    given.set(flag.name, [...(given.get(flag.name) ?? []), value]);
  }
  return { command, arguments: words.slice(1), flags: flagValues(given, own) };
}

/** Throws UsageError when a command got too few or too many arguments. */
export function checkArguments(command: Command, words: readonly string[]): void {
  const places = command.arguments ?? [];
  const missing = places.find((place, index) => place.required && words[index] === undefined);
  if (missing !== undefined) {
    throw new UsageError(`Missing argument <${missing.name}>`, {
      code: "missing-argument",
      hint: `run \`aim ${command.name} --help\``,
    });
  }
  const extra = words[places.length];
  if (extra === undefined || places.at(-1)?.repeats === true) return;
  throw new UsageError(`Unexpected argument "${extra}"`, {
    code: "unexpected-argument",
    hint: places.length === 0
      ? `\`aim ${command.name}\` takes flags only; run \`aim ${command.name} --help\``
      : `run \`aim ${command.name} --help\``,
  });
}

/** Whether arguments that may not parse ask for JSON, so that the complaint can be JSON too. */
export function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  return (end < 0 ? argv : argv.slice(0, end)).includes("--json");
}

function option(flag: Flag) {
  return {
    type: flag.value === undefined ? "boolean" as const : "string" as const,
    ...(flag.short ? { short: flag.short } : {}),
  };
}

function findCommand(word: string | undefined, commands: readonly Command[]): Command | null {
  if (word === undefined) return null;
  const found = commands.find((command) => command.name === word);
  if (found !== undefined) return found;
  const near = nearest(word, commands.map((command) => command.name));
  throw new UsageError(`Unknown command "${word}"`, {
    code: "unknown-command",
    hint: near === null ? "run `aim help` for the list" : `did you mean \`aim ${near}\`?`,
  });
}

interface FlagScope {
  readonly command: Command | null;
  readonly flags: readonly Flag[];
  readonly commands: readonly Command[];
}

function unknownFlag(raw: string, { command, flags, commands }: FlagScope): UsageError {
  const name = raw.replace(/^-+/, "");
  const owners = commands.filter((other) => other.flags.some((flag) => flag.name === name));
  const help = command === null ? "`aim help`" : `\`aim ${command.name} --help\``;
  if (owners.length > 0) {
    const where = command === null ? "aim" : `aim ${command.name}`;
    return new UsageError(`\`${where}\` has no flag ${raw}`, {
      code: "unknown-flag",
      hint: `it belongs to ${owners.map((owner) => `\`aim ${owner.name}\``).join(", ")}`,
    });
  }
  const near = nearest(name, flags.map((flag) => flag.name));
  return new UsageError(`Unknown flag ${raw}`, {
    code: "unknown-flag",
    hint: near === null ? `run ${help}` : `did you mean --${near}?`,
  });
}

function checkedValue(
  flag: Flag,
  raw: string,
  value: string | undefined,
  inline: boolean,
): string {
  if (flag.value === undefined) {
    if (value === undefined) return "";
    throw new UsageError(`Flag ${raw} takes no value`, { code: "flag-value" });
  }
  if (value === undefined || (!inline && value.startsWith("-") && value !== "-")) {
    throw new UsageError(`Flag ${raw} needs a value`, {
      code: "flag-value",
      hint: value === undefined
        ? `write ${raw} ${flag.value}`
        : `a value that begins with a dash is written --${flag.name}=${value}`,
    });
  }
  if (flag.choices !== undefined && !flag.choices.includes(value)) {
    const near = nearest(value, flag.choices);
    throw new UsageError(
      `Cannot use --${flag.name} "${value}": it must be ${flag.choices.join(" or ")}`,
      { code: "flag-value", ...(near ? { hint: `did you mean "${near}"?` } : {}) },
    );
  }
  return value;
}

const SETTING_NAMES = [...SETTING_FLAGS, ...MODEL_FLAGS].map((flag) => flag.name);

/** A flag of the command itself is no setting of the same name. */
function flagValues(
  given: ReadonlyMap<string, readonly string[]>,
  own: readonly Flag[],
): FlagValues {
  const names = SETTING_NAMES.filter((name) => {
    const flag = own.find((one) => one.name === name);
    return flag === undefined || SETTING_FLAGS.includes(flag) || MODEL_FLAGS.includes(flag);
  });
  return {
    on: (name) => given.has(name),
    text: (name) => given.get(name)?.at(-1) ?? null,
    all: (name) => given.get(name) ?? [],
    settings: Object.fromEntries(
      names.flatMap((name) => {
        const values = given.get(name);
        return values === undefined ? [] : [[name.replaceAll("-", "_"), values]];
      }),
    ),
  };
}
