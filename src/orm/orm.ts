/** A tool that keeps a schema as models of an application: how its DDL is had, and what its models cannot say. */

import type { Command } from "./run_command.ts";

/** What a command does: print DDL on stdout, or make the tables in a database whose address it is given. */
export type Door = "print" | "database";

/** What models of some tools can say besides tables, columns, keys, foreign keys and indexes. */
export type Says = "check" | "comment" | "enum" | "view" | "sequence" | "extension";

/** Differences that some tools do not see: the order of the values of an enum, and whether what is unique is a constraint or an index. */
export type Blurred = "enum order" | "unique constraint";

/** The contract of a tool: a file in `tools/` and a line in `mod.ts`. */
export interface OrmTool {
  /** As in aim.toml. */
  readonly name: string;
  /** As its people write it. */
  readonly title: string;
  /** Door of its own command. */
  readonly door: Door;
  /** Words of its own command; null where aim reads the models itself. */
  readonly command: readonly string[] | null;
  /** Variables of its command by dialect, with the parts of the address of the database; the settings go over them. */
  readonly env?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Dialects for which there is a way. */
  readonly dialects: readonly string[];
  readonly says: readonly Says[];
  /** What it takes for the same in a history, so that its models do not ask for a change; nothing when absent. */
  readonly blurs?: readonly Blurred[];
  /** What a database holds that these models leave to the application, in a sentence for the user; null for nothing. */
  readonly unsaid: string | null;
  /** Files that its models usually stand in, as globs relative to the project: what `aim init` proposes. */
  readonly models: readonly string[];
  /** The file that `aim init` writes for it, which the user owns; null where the tool has a command of its own. */
  readonly script: OrmScript | null;
  /** What shows that a project uses it. */
  readonly signs: readonly Sign[];
  /** How it says what its models are to its own migrations; absent where these keep no such state. */
  readonly state?: OrmState;
}

/** A tool whose migrations say beside their SQL what the models are: without that it finds the change of a new migration once more. */
export interface OrmState {
  /** The format of these migrations. */
  readonly format: string;
  /** How the tool is asked. Null where the command that reads the models tells no way. */
  prepare(place: StatePlace): Promise<StateRun | null>;
}

/** What a tool is asked about. */
export interface StatePlace {
  /** The folder that commands run in. */
  readonly root: string;
  /** The command that reads the models. */
  readonly command: Command;
  /** An empty folder for what the tool writes. */
  readonly folder: string;
  /** The folder of migrations, and the paths in it of those that a new one goes on from. */
  readonly migrations: string;
  readonly history: readonly string[];
  /** Tables and columns that the new one renames, by full names. */
  readonly renames: readonly RenamedObject[];
}

/** A table or a column of another name: `public.users.mail`, `email`. */
export interface RenamedObject {
  readonly kind: "table" | "column";
  readonly from: string;
  readonly to: string;
}

/** How a tool is asked. */
export interface StateRun {
  readonly command: Command;
  readonly env: Readonly<Record<string, string>>;
  /** Takes the state from what the command printed, or wrote into the folder. */
  read(stdout: string): Promise<ModelState>;
}

/** What a tool says of its models. */
export interface ModelState {
  /** As its format takes it; null where it cannot be said. */
  readonly text: string | null;
  /** What it leaves out, or why there is none: clauses for the user. */
  readonly unsaid: readonly string[];
}

/** A file that prints DDL. */
export interface OrmScript {
  readonly file: string;
  readonly text: string;
  /** What must be changed in it before it works, in one sentence; null for nothing. */
  readonly edit: string | null;
}

/** A file of the project that shows which tool it uses. */
export interface Sign {
  /** Names of files, relative to a folder of the project. */
  readonly files: readonly string[];
  /** What must stand in it; anything when absent. */
  readonly says?: RegExp;
}

/** DDL that a tool gave. */
export interface ModelDdl {
  readonly text: string;
  /** What the user should know. */
  readonly notes: readonly string[];
}
