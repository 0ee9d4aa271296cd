/** A small shop with keys, an index, an enum, defaults, a check and a many-to-many, in the models of a tool, and what somebody changes in them. */

/** A project of a tool. */
export interface Shop {
  readonly tool: string;
  readonly language: "python" | "node";
  readonly files: Readonly<Record<string, string>>;
  /** The file of models. */
  readonly models: string;
  /** The tool's own command that makes the tables in the database of DATABASE_URL. */
  readonly makes: readonly string[];
  readonly edits: readonly (readonly [from: string, to: string])[];
}
