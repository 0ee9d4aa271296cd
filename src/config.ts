/** `aim.toml`, the `AIM_*` variables and the flags, merged: flags over variables over the file over defaults. */

/** Where a value came from, for `aim doctor`. */
export type Source = "flag" | "environment" | "file" | "default";

/** The settings in force. Paths are absolute. */
export interface Config {
  /** Engine specifier as written: `sqlite`, `sqlite-3.35`, `postgres`, `postgres-16`, `mysql-9.7`. */
  readonly engine: string;
  readonly format: string;
  /** A file, a folder or a glob; absolute. */
  readonly schema: string;
  /** Folder; absolute. */
  readonly migrations: string;
  readonly maxRetries: number;
  readonly maxTokens: number;
  readonly model: string | null;
  readonly context: string | null;
  /** Name of the one runtime to use, or null for the best that can serve. */
  readonly runtime: string | null;
  readonly columnOrder: "ignore" | "strict";
  readonly ignoreTables: readonly string[];
  /** Folder that paths are relative to: that of aim.toml, else the working folder. */
  readonly root: string;
  /** Path of aim.toml, or null when there is none. */
  readonly file: string | null;
  readonly sources: Readonly<Record<string, Source>>;
}
