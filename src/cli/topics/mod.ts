/** The topics of `aim help`. Their texts are Markdown; docs/config.md and docs/exit-codes.md are the same texts. */

/** One topic. */
export interface Topic {
  readonly name: string;
  readonly summary: string;
  /** Markdown, a paragraph a line. */
  text(): Promise<string>;
}

/** All topics. */
export const TOPICS: readonly Topic[] = [
  {
    name: "exit-codes",
    summary: "What the exit codes mean",
    text: async () => (await import("./exit_codes.ts")).exitCodesText(),
  },
  {
    name: "config",
    summary: "The keys of aim.toml, their variables and flags",
    text: async () => (await import("./config.ts")).configText(),
  },
  {
    name: "formats",
    summary: "The migration runners whose files are read and written",
    text: async () => (await import("./formats.ts")).formatsText(),
  },
  {
    name: "engines",
    summary: "The databases and where scratch ones run",
    text: async () => (await import("./engines.ts")).enginesText(),
  },
  {
    name: "models",
    summary: "How a language model comes in",
    text: async () => (await import("./models.ts")).modelsText(),
  },
];
