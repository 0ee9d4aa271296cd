/** What is said of a key of aim.toml. */

/** One key. */
export interface ConfigKey {
  /** As in aim.toml: `max_retries`; `sqlite.functions` for one in a table. */
  readonly key: string;
  readonly type:
    | "text"
    | "path"
    | "count"
    | "amount"
    | "duration"
    | "size"
    | "switch"
    | "list"
    | "paths"
    | "texts"
    | "command"
    | "rules"
    | "checks"
    | "masks"
    | "prices";
  /** What stands for the value in help: `E`. */
  readonly placeholder: string;
  /** One sentence without a full stop. */
  readonly summary: string;
  /** What holds when nothing says otherwise; null for nothing. */
  readonly fallback: string | number | boolean | readonly string[] | null;
  /** A value to show where there is no default. */
  readonly example?: string;
  /** The only values it takes. */
  readonly choices?: readonly string[];
  /** What each in a list must look like, and how that is called. */
  readonly items?: { readonly pattern: RegExp; readonly form: string };
  /** More to know, in whole sentences, for docs and `aim help config`. */
  readonly more?: string;
  /** Commands that have a flag of this name: all of them, those that ask a model, or none. */
  readonly flag: "all" | "model" | "none";
}
