/** `aim trust`. */

import { EXIT, UsageError } from "../../errors.ts";
import { answer, type Command, type Context, type Reply, talk } from "../command.ts";
import { exits } from "../exits.ts";
import { trustNames } from "../open.ts";
import type { Config } from "../../config.ts";

/** Trusts what a project's aim.toml decides about keys. */
export const trust: Command = {
  name: "trust",
  summary: "Let this project's aim.toml decide about keys and about paths outside of the project",
  more: [
    "`base_url` and `api_key_command` in a cloned repository could send your key elsewhere or run a program. They are used only after this command, as they stand now: when they change, it must be run again. An address of this machine needs no trust.",
    "The same holds for a `schema` and `migrations` outside of the project, by their paths or by links: they are used only after this command, or with --allow-outside.",
  ],
  flags: [
    { name: "list", summary: "Show the projects that are trusted" },
    { name: "remove", summary: "Trust this project no longer" },
  ],
  examples: [
    { line: "aim trust", what: "shows the settings and trusts them" },
    { line: "aim trust --list", what: "which projects are trusted" },
  ],
  exits: exits({ [EXIT.ok]: "Trusted, listed or removed" }),
  run: async (context) => {
    if (context.flags.on("list")) return await list(context);
    const { personalConfig } = await import("../personal_config.ts");
    const config = await personalConfig(context);
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
    const demand = trust.demandOf(config);
    const paths = await outsidePaths(config, context);
    if (demand === null && paths.length === 0) {
      return said("ok", config.file, [`${config.file} asks for nothing that needs trust`]);
    }
    if (demand !== null) await trust.trust(demand, context.variables);
    await outside.trustOutside(config.file, paths, context.variables);
    return said("trusted", config.file, [
      `${config.file} is trusted with`,
      ...(demand?.baseUrl == null ? [] : [`  base_url         ${demand.baseUrl}`]),
      ...(demand?.apiKeyCommand == null ? [] : [`  api_key_command  ${demand.apiKeyCommand}`]),
      ...paths.map((path) =>
        `  ${path.replace(" ", path.startsWith("schema") ? "           " : "       ")}`
      ),
    ]);
  },
};

/** What the project's schema and migrations lead to outside of it. */
async function outsidePaths(config: Config, { emit, signal }: Context): Promise<readonly string[]> {
  const { openProject, outsideOf } = await import("../../pipeline/mod.ts");
  return trustNames(await outsideOf(openProject(config, { emit, signal })));
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
