/** A tool that keeps a schema as models of an application: how its DDL is had, and what its models cannot say. */

/** What a command does: print DDL on stdout, or make the tables in a database whose address it is given. */
export type Door = "print" | "database";

/** What models of some tools can say besides tables, columns, keys, foreign keys and indexes. */
export type Says = "check" | "comment" | "enum" | "view" | "sequence" | "extension";

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
  /** What a database holds that these models leave to the application, in a sentence for the user; null for nothing. */
  readonly unsaid: string | null;
  /** Files that its models usually stand in, as globs relative to the project: what `aim init` proposes. */
  readonly models: readonly string[];
  /** The file that `aim init` writes for it, which the user owns; null where the tool has a command of its own. */
  readonly script: OrmScript | null;
  /** What shows that a project uses it. */
  readonly signs: readonly Sign[];
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
