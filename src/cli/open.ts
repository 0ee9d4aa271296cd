/** The project of the settings in force. */

import { type Config, type LoadedConfig, ORM_SCHEMA } from "../config/config.ts";
import { imageKey } from "../config/keys.ts";
import { UsageError } from "../core/error.ts";
import type { AllowsOutside, Outside, Project } from "../pipeline/mod.ts";
import { isSecret, rememberSecret } from "../text/secrets.ts";
import type { Context } from "./command.ts";

/** Errors of the pipeline that are about the value of a key. */
const KEYS: Readonly<Record<string, string>> = {
  "engine": "engine",
  "engine-version": "engine",
  "unknown-format": "format",
  "runtime": "runtime",
  "glob": "schema",
  "lint": "lint",
  "orm-tool": "orm.tool",
};

/** Opens the project, and begins the start of its server; with other settings where `change` says so. Throws UsageError; one about a value in aim.toml says where it stands. */
export async function open(context: Context, change?: ChangeConfig): Promise<Project> {
  const project = await openQuietly(context, change);
  const { prepareServer } = await import("../pipeline/mod.ts");
  prepareServer(project);
  return project;
}

/** Settings in place of others. */
type ChangeConfig = (config: Config) => Config;

/** `open` for a command that may need no server. */
export async function openQuietly(
  context: Context,
  change: ChangeConfig = (config) => config,
): Promise<Project> {
  const { globIn, openProject } = await import("../pipeline/mod.ts");
  const loaded = await context.config();
  const config = change(loaded.config);
  return await placed(loaded, async () => {
    for (const path of config.schema) if (path !== ORM_SCHEMA) await globIn(path);
    const { emit, signal } = context;
    return await openProject(config, {
      emit,
      signal,
      ...serverOptions(context),
      ...await imageOption(context, config),
      runsModels: config.schema.includes(ORM_SCHEMA) &&
        await isTrustedWith(context, config, await modelNames(config)),
      runsHistory: config.history.command !== null &&
        await isTrustedWith(context, config, await historyNames(config)),
      allowsOutside: permission(context, config),
    });
  });
}

/** What is said of servers for this run only, never in aim.toml: an address holds a password, and a repository cannot agree for the user. */
function serverOptions({ flags, variables, prompts }: Context) {
  const devUrl = flags.text("dev-url") ?? variables.AIM_DEV_URL ?? "";
  if (devUrl !== "") rememberPassword(devUrl);
  return {
    ...(devUrl === "" ? {} : { devUrl }),
    ...(flags.on("exact") ? { exact: true } : {}),
    ...(prompts === null ? {} : { confirm: (question: string) => prompts.confirm(question, true) }),
    superuser: flags.on("allow-superuser") || variables.AIM_ALLOW_SUPERUSER === "1",
  };
}

/** Whatever an error may quote, the password is taken out. */
export function rememberPassword(url: string): void {
  const written = /^[a-z0-9+.-]+:\/\/[^/?#]*?:([^@/?#]*)@/i.exec(url)?.[1] ??
    /[?&]password=([^&#]*)/.exec(url)?.[1] ?? "";
  for (const form of [written, decoded(written)]) {
    if (isSecret(form)) rememberSecret(form);
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Whether the user allows what leads out of the project: by the flag now, or by `aim trust` once. */
function permission({ flags, variables }: Context, config: Config): AllowsOutside {
  return async (outside) => {
    if (flags.on("allow-outside")) return true;
    if (config.file === null) return false;
    const { isOutsideTrusted } = await import("../models/trust_outside.ts");
    return await isOutsideTrusted(config.file, trustNames(outside), variables);
  };
}

/** The image that the settings name, and whether the user wants it: by his own word, or by `aim trust` once. */
async function imageOption({ variables }: Context, config: Config) {
  const name = config.image;
  if (name === null) return {};
  const names = imageNames(config);
  if (names.length === 0 || config.file === null) return { image: { name, isTrusted: true } };
  const { isOutsideTrusted } = await import("../models/trust_outside.ts");
  return { image: { name, isTrusted: await isOutsideTrusted(config.file, names, variables) } };
}

/** What `aim trust` remembers and shows of the image that a project names. */
export function imageNames({ engine, image, sources }: Config): readonly string[] {
  const key = imageKey(engine);
  return image !== null && sources[key] === "file" ? [`${key} ${image}`] : [];
}

/** Whether a command of the project may be run: by the user's own word, or by `aim trust` once. */
async function isTrustedWith(
  { variables }: Context,
  config: Config,
  names: readonly string[],
): Promise<boolean> {
  if (names.length === 0 || config.file === null) return true;
  const { isOutsideTrusted } = await import("../models/trust_outside.ts");
  return await isOutsideTrusted(config.file, names, variables);
}

/** What `aim trust` remembers and shows of the command that reads models, and of what it is given; nothing where it is the user's own. */
export async function modelNames(config: Config): Promise<readonly string[]> {
  if (!config.schema.includes(ORM_SCHEMA)) return [];
  const { shownCommand } = await import("../pipeline/mod.ts");
  const { modelCommand } = await import("../pipeline/orm/read_models.ts");
  const command = modelCommand({ config });
  return command === null ? [] : commandNames(config, "orm", shownCommand(command));
}

/** The same of the command that applies migrations which are programs. */
export async function historyNames(config: Config): Promise<readonly string[]> {
  const { command } = config.history;
  if (command === null) return [];
  const { shownCommand } = await import("../pipeline/mod.ts");
  return commandNames(config, "history", shownCommand(command));
}

function commandNames(
  config: Config,
  table: "orm" | "history",
  command: string,
): readonly string[] {
  // Variables of its own make a command do anything, whoever wrote the command.
  const keys = [`${table}.command`, `${table}.env`, `${table}.pass`];
  if (table === "orm") keys.push("orm.tool");
  if (keys.every((key) => config.sources[key] !== "file")) return [];
  const { env, pass } = config[table];
  return [
    `${table}.command ${command}`,
    ...Object.entries(env).map(([name, value]) => `${table}.env ${name}=${value}`),
    ...pass.map((name) => `${table}.pass ${name}`),
  ];
}

/** What `aim trust` remembers and shows of paths outside: `schema /srv/db/schema.sql`. */
export function trustNames(outside: readonly Outside[]): readonly string[] {
  return [...new Set(outside.map(({ key, real }) => `${key} ${real}`))].sort();
}

/** Runs something and gives an error about a value of aim.toml its place. */
export async function placed<T>({ fault }: LoadedConfig, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const key = error instanceof UsageError && error.place === undefined
      ? KEYS[error.code]
      : undefined;
    if (!(error instanceof UsageError) || key === undefined) throw error;
    throw fault(key, error.message, { hint: error.hint, code: error.code });
  }
}
