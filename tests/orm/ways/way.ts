/** A project from its models to migrations in the format of a tool, which applies them, takes them back and says whether the models are ahead. */

/** Words of a command; `python3` stands for the installed one, `{path}` for what was installed. */
export type Words = readonly string[];

/** A project of a tool. */
export interface Way {
  readonly name: string;
  /** As in aim.toml. */
  readonly tool: string;
  readonly format: string;
  readonly engine: "postgres" | "sqlite";
  readonly language: Language;
  readonly packages: readonly string[];
  readonly migrations: string;
  readonly files: Readonly<Record<string, string>>;
  /** The file of models. */
  readonly models: string;
  /** The command that reads the models, where it is another than the tool's usual one. */
  readonly command?: Words;
  /** What a user changes in the script that reads the models. */
  readonly script?: (text: string) => string;
  /** Words that make the first migration; aim makes it when absent. */
  readonly first?: Words;
  /** Null for a tool that has no such check. */
  readonly check: Check | null;
  /** Files in the folder of migrations whose names begin with a dot: what the tool keeps of the models; none when absent. */
  readonly snapshots?: readonly string[];
  /** Words that apply the migrations to the database of the variables. */
  readonly apply: Words;
  /** How all of them are taken back; null for a tool that only goes forward. */
  readonly revert: Revert | null;
  readonly edits: readonly Edit[];
}

/** Whose packages are wanted. */
type Language = "python" | "node" | "java" | "go";

/** How a tool says whether the models are ahead of what it applied. */
export interface Check {
  readonly words: Words;
  /** What it says when they are not; it ends without a failure then. */
  readonly clean: RegExp;
  /** True where it writes a migration when they are, so that it is not asked then. */
  readonly writes?: boolean;
  /** True where it looks at files alone, so that it is asked before the tool applies a migration as well. */
  readonly isOffline?: boolean;
}

/** Words that take back all migrations, or one of them. */
export interface Revert {
  readonly words: Words;
  readonly one?: boolean;
}

/** A change of the file of models, or of another; `renames` are what the user says of it. */
export interface Edit {
  readonly file?: string;
  readonly from: string;
  readonly to: string;
  readonly renames?: readonly (readonly [from: string, to: string])[];
  /** What else is written otherwise, everywhere. */
  readonly others?: readonly (readonly [from: string, to: string])[];
  /** What stands in the migration. */
  readonly says?: RegExp;
  /** True where the tool's check does not see it. */
  readonly isUnseen?: boolean;
}
