/** `aim.toml`, the `AIM_*` variables and the flags, merged: flags over variables over the file over defaults. */

export { loadConfig, type LoadedConfig, type LoadOptions } from "./load.ts";
export { ORM_SCHEMA, STDIN_SCHEMA } from "./values.ts";
export { CONFIG_KEYS, type ConfigKey, flagOf, variableOf } from "./keys.ts";
export { type EngineSpec, parseEngineSpec } from "./engine_spec.ts";

import type { ErrorDetails } from "../core/error.ts";
import type { Policy } from "../core/policy.ts";
import type { RowCheck } from "../core/row_check.ts";
import type { RowMask } from "../core/row_mask.ts";

export type { RowCheck };

/** Where a value came from, for `aim doctor`. */
export type Source = "flag" | "environment" | "file" | "default";

/** US dollars for a million tokens of a model. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
  /** For tokens read from the provider's cache; as `input` when absent. */
  readonly cached?: number;
}

/** A rule of a project: a query over the catalog of the state after a migration, each row of which is a finding. */
export interface OwnRule {
  readonly code: string;
  /** One SELECT. */
  readonly sql: string;
  /** What is wrong; `{column}` stands for a value of the row. */
  readonly message: string;
  readonly severity: "info" | "warning" | "error";
}

/** Where a schema comes from that is kept as models of an application. */
export interface OrmSettings {
  /** Name of the tool whose models they are; null for one that aim does not know. */
  readonly tool: string | null;
  /** Words of a command, or one text for the shell; null for the tool's own. */
  readonly command: string | readonly string[] | null;
  /** Whether the command prints DDL or is given a database; null for what is usual for the tool. */
  readonly door: "print" | "database" | null;
  /** Milliseconds that the command may run; 0 for no limit. */
  readonly timeout: number;
  /** Files, folders or globs that the result depends on; absolute. */
  readonly models: readonly string[];
  /** Variables of the command; `{url}` and its like stand for parts of the address of the database. */
  readonly env: Readonly<Record<string, string>>;
  /** Names of variables that the command gets as they are. */
  readonly pass: readonly string[];
}

/** How a runner's own tool applies migrations that are programs. */
export interface HistorySettings {
  /** Words of a command, or one text for the shell, with `{version}` and its like in it; null for none. */
  readonly command: string | readonly string[] | null;
  /** Milliseconds that one run of it may take; 0 for no limit. */
  readonly timeout: number;
  /** Variables of the command; `{url}` and its like stand for parts of the address of the database. */
  readonly env: Readonly<Record<string, string>>;
  /** Names of variables that the command gets as they are. */
  readonly pass: readonly string[];
}

/** The settings in force. Paths are absolute. */
export interface Config {
  /** Engine specifier as written: `sqlite`, `sqlite-3.35`, `postgres`, `postgres-16`, `mysql-9.7`. */
  readonly engine: string;
  readonly format: string;
  /** Files, folders or globs, at least one; absolute. `-` alone for stdin, `orm:` for the models of `orm`. */
  readonly schema: readonly string[];
  /** Folder; absolute. */
  readonly migrations: string;
  readonly maxRetries: number;
  readonly maxTokens: number;
  readonly model: string | null;
  readonly context: string | null;
  /** Name of the one runtime to use, or null for the best that can serve. */
  readonly runtime: string | null;
  /** Prove on the version that `engine` asks for or not at all. */
  readonly exact: boolean;
  /** Milliseconds that one statement may run on a scratch database; 0 for no limit. */
  readonly statementTimeout: number;
  /** Bytes that a scratch database may take. */
  readonly memoryLimit: number;
  readonly columnOrder: "ignore" | "strict";
  /** Whether migrations are proven over rows in the tables. */
  readonly rows: "on" | "off";
  /** Whether what a long history leaves is kept for later runs. */
  readonly keptStates: "on" | "off";
  /** Whether new migrations are written so that others read and write meanwhile. */
  readonly safety: "plain" | "online";
  /** Milliseconds that a statement of an online migration waits for a lock; 0 for no limit. */
  readonly lockTimeout: number;
  /** Files that are loaded before the schema and before the first migration; absolute. */
  readonly before: readonly string[];
  /** SQL that puts rows in before a new migration is proven: files, folders or globs; absolute. */
  readonly seeds: readonly string[];
  readonly checks: readonly RowCheck[];
  /** What a sample of a live database has in place of values. */
  readonly masks: readonly RowMask[];
  /** As `SET search_path` takes it; null for the server's own. */
  readonly searchPath: string | null;
  /** Whether generated names of indexes, constraints and owned sequences count. */
  readonly generatedNames: "ignore" | "follow";
  /** Whether names of constraints and indexes count, whoever gave them. */
  readonly constraintNames: "ignore" | "follow";
  /** Whether the accounts count by whose rights code of MySQL and MariaDB runs. */
  readonly definer: "ignore" | "strict";
  readonly orm: OrmSettings;
  readonly history: HistorySettings;
  readonly ignoreTables: readonly string[];
  /** Names of schemas (namespaces), `*` allowed. */
  readonly ignoreSchemas: readonly string[];
  /** What the application registers with its SQLite: functions as `name/arguments`, and collations. */
  readonly registered: {
    readonly functions: readonly string[];
    readonly collations: readonly string[];
  };
  /** The image of the runtime docker; one from a file is used only in a trusted folder. */
  readonly image: string | null;
  /** Values of Flyway's placeholders, by name. */
  readonly flywayPlaceholders: Readonly<Record<string, string>>;
  /** Values of goose's variables, by name. */
  readonly gooseEnv: Readonly<Record<string, string>>;
  /** Name of the variable that holds the address of the live database. */
  readonly liveUrlEnv: string | null;
  /** Who drafts: the planner alone, the model alone, or the planner and for the rest the model. */
  readonly generator: "auto" | "planner" | "model";
  /** US dollars that one run may cost; null for no limit. */
  readonly maxCostUsd: number | null;
  /** Seconds to wait for a silent model. */
  readonly llmTimeout: number;
  /** How the model is asked for JSON; `auto` finds out what its server knows. */
  readonly outputMode: "auto" | "strict" | "json_schema" | "json_object" | "text";
  /** Tokens that the model reads and writes at once; null for what is known of it. */
  readonly contextTokens: number | null;
  /** Address of the model's API; one from a file is used only for loopback or in a trusted folder. */
  readonly baseUrl: string | null;
  /** Further headers of requests to the model's API; those from a file are sent only in a trusted folder. */
  readonly headers: Readonly<Record<string, string>>;
  /** A second model for when the first one's provider fails; null for none. */
  readonly fallbackModel: string | null;
  /** A command that prints the API key; one from a file is used only in a trusted folder. */
  readonly apiKeyCommand: string | null;
  /** Write a comment that says how the migration was made. */
  readonly provenance: boolean;
  /** Answers to choices as written, `option` or `option=expression`, by the ids of the choices; `data` answers all about rows. */
  readonly answers: Readonly<Record<string, string>>;
  /** Severities of rules by their codes, `off` among them. */
  readonly lint: Readonly<Record<string, string>>;
  /** Rules of the project's own. */
  readonly rules: readonly OwnRule[];
  /** `impact`: as `error`, and `aim impact` refuses what takes away what code uses. */
  readonly failOn: "error" | "warning" | "info" | "never" | "impact";
  /** What a team wants of its migrations. */
  readonly policy: Policy;
  /** When no migration is to be applied: `mon-fri 08:00-18:00 Europe/Berlin`; `closedHours` reads them. */
  readonly noDdlHours: readonly string[];
  /** Prices that override the table in the program, by model name. */
  readonly prices: Readonly<Record<string, ModelPrice>>;
  /** Folder that paths are relative to: that of aim.toml, else the working folder. */
  readonly root: string;
  /** Path of aim.toml, or null when there is none. */
  readonly file: string | null;
  /** By key of aim.toml. */
  readonly sources: Readonly<Record<string, Source>>;
  /** Where keys of aim.toml that are in force stand, and the lines there. */
  readonly places?: Readonly<Record<string, Pick<ErrorDetails, "place" | "source">>>;
}
