/** `aim trust`. */

import { EXIT, UsageError } from "../../core/error.ts";
import type { Demand } from "../../models/trust.ts";
import { answer, type Command, type Context, type Reply, talk } from "../command.ts";
import { exits } from "../exits.ts";
import { PROJECT_KEYS } from "../flags.ts";
import { historyNames, imageNames, modelNames, trustNames } from "../open.ts";
import type { Config } from "../../config/config.ts";

/** Trusts what a project's aim.toml decides about keys. */
export const trust: Command = {
  name: "trust",
  summary: "Let this project's aim.toml decide about keys and about paths outside of the project",
  more: [
    "`base_url` and `api_key_command` in a cloned repository could send your key elsewhere or run a program. They are used only after this command, which shows them first, and only as they stood then: the provider, the address, the command and the project's files that it names. When one of them changes, it must be run again. No address gets a key without trust, not even one of this machine.",
    "The same holds for the commands of `[orm]` and `[history]`, which run code of the project to read its models or apply its migrations, now and whenever that code changes: trust it as you would to run the project's tests.",
    "The same holds for a `schema` and `migrations` outside of the project, by their paths or by links: they are used only after this command, or with --allow-outside.",
  ],
  flags: [
    { name: "list", summary: "Show the projects that are trusted" },
    { name: "remove", summary: "Trust this project no longer" },
  ],
  settings: PROJECT_KEYS,
  examples: [
    { line: "aim trust", what: "shows the settings, asks on a terminal, and trusts them" },
    { line: "aim trust --list", what: "which projects are trusted" },
  ],
  exits: exits({ [EXIT.ok]: "Trusted, listed or removed", [EXIT.no]: "You said no" }),
  run: async (context) => {
    if (context.flags.on("list")) return await list(context);
    const config = await settingsOf(context);
    if (config.file === null) {
      throw new UsageError("Cannot find aim.toml in this folder or above it", {
        code: "no-config",
        hint: "Trust is given to a project: run it there",
      });
    }
    const trust = await import("../../models/trust.ts");
    const outside = await import("../../models/trust_outside.ts");
    if (context.flags.on("remove")) {
      const paths = await outside.distrustOutside(config.file, context.variables);
      const removed = await trust.distrust(config.file, context.variables) || paths;
      return said(removed ? "removed" : "ok", config.file, [
        removed ? `${config.file} is trusted no longer` : `${config.file} was not trusted`,
      ]);
    }
    const demand = await trust.demandOf(config, trust.ownProvider(config));
    const paths = await outsidePaths(config, context);
    if (demand === null && paths.length === 0) {
      return said("ok", config.file, [`${config.file} asks for nothing that needs trust`]);
    }
    return await ask(config.file, { demand, paths }, context);
  },
};

/** The settings in force, with the project's own engine where it names one: the image that is meant goes by it. */
async function settingsOf(context: Context): Promise<Config> {
  const { folder, flags, variables } = context;
  const { loadConfig } = await import("../../config/config.ts");
  try {
    return (await loadConfig({ folder, flags: flags.settings, variables })).config;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const { personalConfig } = await import("../personal_config.ts");
    return await personalConfig(context);
  }
}

/** What the project's schema and migrations lead to outside of it, and the programs that it names. */
async function outsidePaths(config: Config, { emit, signal }: Context): Promise<readonly string[]> {
  const { openProject, outsideOf } = await import("../../pipeline/mod.ts");
  // The engine may be any here, and no server is started.
  const project = await openProject({ ...config, runtime: null }, { emit, signal });
  const outside = trustNames(await outsideOf(project));
  const commands = [...await modelNames(config), ...await historyNames(config)];
  return [...imageNames(config), ...commands, ...outside];
}

/** All that a project asks for. */
interface Asked {
  readonly demand: Demand | null;
  /** `schema /srv/db/schema.sql` */
  readonly paths: readonly string[];
}

/** Shows what is asked for, and trusts it: after a yes where the user can answer, else as the command says. */
async function ask(file: string, { demand, paths }: Asked, context: Context): Promise<Reply> {
  const lines = [
    ...(demand === null ? [] : demandLines(demand)),
    ...paths.map((path) => {
      const [key = "", ...rest] = path.split(" ");
      return `  ${key.padEnd(15)}  ${onOneLine(rest.join(" "))}`;
    }),
  ];
  const { provider = null, baseUrl = null, apiKeyCommand = null, headers = {}, files = [] } =
    demand ?? {};
  const json = { file, provider, baseUrl, apiKeyCommand, headers, files, outside: paths };
  context.emit({ type: "note", text: [`${file} asks for`, ...lines].join("\n") });
  const yes = context.prompts === null || await context.prompts.confirm("Trust it?", false);
  if (yes) {
    const { trust } = await import("../../models/trust.ts");
    const { trustOutside } = await import("../../models/trust_outside.ts");
    if (demand !== null) await trust(demand, context.variables);
    await trustOutside(file, paths, context.variables);
  }
  return {
    exit: yes ? EXIT.ok : EXIT.no,
    json: { outcome: yes ? "trusted" : "refused", ...json },
    pieces: [
      talk((paint) =>
        yes
          ? `${paint.green("trusted")}: run it again when one of these changes\n`
          : `${paint.yellow("not trusted")}: nothing was changed\n`
      ),
    ],
  };
}

function demandLines(demand: Demand): readonly string[] {
  const { provider, baseUrl, apiKeyCommand, headers, files } = demand;
  if (provider === null) {
    throw new UsageError(`Cannot trust ${demand.file}: no model says whose key it is about`, {
      code: "no-model",
      hint: "Name one: aim trust --model anthropic/claude-haiku-5-5",
    });
  }
  return [
    `  provider         ${provider}`,
    ...(baseUrl === null ? [] : [`  base_url         ${onOneLine(baseUrl)}`]),
    ...(apiKeyCommand === null ? [] : [`  api_key_command  ${onOneLine(apiKeyCommand)}`]),
    ...Object.entries(headers).map(([name, value]) =>
      `  header           ${onOneLine(`${name}: ${value}`)}`
    ),
    ...files.map(({ path, hash }) => `  file             ${onOneLine(path)}  ${hash.slice(0, 16)}`),
  ];
}

/** A line end in a value would look like another setting. */
function onOneLine(text: string): string {
  return text.replaceAll(/[\n\t]/g, (sign) => sign === "\n" ? "\\n" : "\\t");
}

async function list({ variables }: Context): Promise<Reply> {
  const { trustedFiles } = await import("../../models/trust.ts");
  const { trustedOutside } = await import("../../models/trust_outside.ts");
  const all = [...await trustedFiles(variables), ...await trustedOutside(variables)];
  const files = [...new Set(all)].sort();
  return {
    exit: EXIT.ok,
    json: { outcome: "ok", files },
    pieces: [
      answer(() => files.map((file) => `${file}\n`).join("")),
      talk(() => files.length === 0 ? "no project is trusted\n" : ""),
    ],
  };
}

function said(outcome: string, file: string, lines: readonly string[]): Reply {
  return {
    exit: EXIT.ok,
    json: { outcome, file },
    pieces: [talk(() => lines.map((line) => `${line}\n`).join(""))],
  };
}
