/** What a command is: data for parsing, help, docs and completions, and what it does. */

import type { Prompts } from "./ask.ts";
import type { LoadedConfig } from "../config/config.ts";
import type { Emit } from "../core/event.ts";
import type { Paint } from "./paint.ts";
import type { Reported } from "./write_reports.ts";

/** A flag, declared once. */
export interface Flag {
  /** Without dashes: `dry-run`. */
  readonly name: string;
  /** One letter, without the dash. */
  readonly short?: string;
  /** What stands for its value in help; absent for a switch. */
  readonly value?: string;
  /** May be given several times. */
  readonly repeats?: boolean;
  /** One sentence without a full stop. */
  readonly summary: string;
  /** The only values it takes. */
  readonly choices?: readonly string[];
  /** What a shell offers for its value. */
  readonly completes?: Completes;
}

/** What a shell offers for a value or an argument. */
export type Completes =
  | "file"
  | "folder"
  | "format"
  | "engine"
  | "runtime"
  | "model"
  | "provider"
  | "topic"
  | "shell"
  | "rule"
  | "command";

/** A positional argument. */
export interface Argument {
  /** As in usage: `topic`. */
  readonly name: string;
  readonly required: boolean;
  /** May be given several times; only the last argument may. */
  readonly repeats?: true;
  readonly summary: string;
  readonly completes?: Completes;
}

/** A command line that works, and what it does. */
export interface Example {
  readonly line: string;
  readonly what: string;
}

/** One command. */
export interface Command {
  readonly name: string;
  /** One sentence without a full stop. */
  readonly summary: string;
  /** More to know, in paragraphs. */
  readonly more?: readonly string[];
  readonly arguments?: readonly Argument[];
  /** Its own flags; those of all commands come on top. */
  readonly flags: readonly Flag[];
  /** Keys of aim.toml that it goes by, whose flags its help lists; none when absent. */
  readonly settings?: readonly string[];
  readonly examples: readonly Example[];
  /** Exit codes that can happen, with what they mean here. */
  readonly exits: readonly (readonly [code: number, meaning: string])[];
  /** Does it. Throws AimError. Heavy modules are imported inside. */
  run(context: Context): Promise<Reply>;
}

/** What a command may use. */
export interface Context {
  readonly arguments: readonly string[];
  readonly flags: FlagValues;
  /** Working folder, absolute. */
  readonly folder: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Says something before the end, for a command that goes on until it is interrupted. */
  readonly say: (pieces: readonly Piece[]) => void;
  /** Questions; null unless stdin and stderr are terminals and neither `--json` nor `-q` is given. */
  readonly prompts: Prompts | null;
  /** The settings in force. Throws UsageError. */
  config(): Promise<LoadedConfig>;
}

/** The flags that were given. */
export interface FlagValues {
  on(name: string): boolean;
  /** The last value, or null. */
  text(name: string): string | null;
  all(name: string): readonly string[];
  /** Values of the flags that set keys of aim.toml, by key. */
  readonly settings: Readonly<Record<string, readonly string[]>>;
}

/** What a command has to say in the end. Only `run.ts` prints it. */
export interface Reply {
  readonly exit: number;
  /** The object of `--json`, without `aim` and `command`. */
  readonly json: Readonly<Record<string, unknown>>;
  /** What `--report` writes; absent for a command without that flag. */
  readonly report?: Reported;
  /** True when files were written: an interrupt that comes too late does not change the answer. */
  readonly lasting?: boolean;
  /** What people read, in order. */
  readonly pieces: readonly Piece[];
}

/** A piece of text for one of the streams. */
export interface Piece {
  /** `answer` goes to stdout; `talk` to stderr unless `-q`; `alert` to stderr even then. */
  readonly to: "answer" | "talk" | "alert";
  /** For a program to read: control characters stay unless it goes to a terminal. */
  readonly exact?: true;
  /**
   * The text with its line end; empty for nothing. `width` is for pages, which are always wrapped, `room` for sentences: there is no
   * end to it where nobody looks but a program.
   */
  render(paint: Paint, width: number, room: number): string;
}

/** A piece for stdout. */
export function answer(render: Piece["render"]): Piece {
  return { to: "answer", render };
}

/** A piece for stdout that a program may read byte for byte: SQL, paths. */
export function exactAnswer(render: Piece["render"]): Piece {
  return { to: "answer", exact: true, render };
}

/** A piece for stderr, left out with `-q`. */
export function talk(render: Piece["render"]): Piece {
  return { to: "talk", render };
}

/** A piece for stderr that is never left out. */
export function alert(render: Piece["render"]): Piece {
  return { to: "alert", render };
}
