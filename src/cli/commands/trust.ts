/** `aim trust`. */

import { EXIT, UsageError } from "../../errors.ts";
import type { Demand } from "../../models/trust.ts";
import { answer, type Command, type Context, type Reply, talk } from "../command.ts";
import { exits } from "../exits.ts";

/** Trusts what a project's aim.toml decides about keys. */
export const trust: Command = {
  name: "trust",
  summary:
    "Let this project's aim.toml say where a model's key is sent and which command prints it",
  more: [
    "`base_url` and `api_key_command` in a cloned repository could send your key elsewhere or run a program. They are used only after this command, which shows them first, and only as they stood then: the provider, the address, the command and the project's files that it names. When one of them changes, it must be run again. No address gets a key without trust, not even one of this machine.",
  ],
  flags: [
    { name: "list", summary: "Show the projects that are trusted" },
    { name: "remove", summary: "Trust this project no longer" },
  ],
  examples: [
    { line: "aim trust", what: "shows the settings, asks on a terminal, and trusts them" },
    { line: "aim trust --list", what: "which projects are trusted" },
  ],
  exits: exits({ [EXIT.ok]: "Trusted, listed or removed", [EXIT.no]: "You said no" }),
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
    if (context.flags.on("remove")) {
      const removed = await trust.distrust(config.file, context.variables);
      return said(removed ? "removed" : "ok", config.file, [
        removed ? `${config.file} is trusted no longer` : `${config.file} was not trusted`,
      ]);
    }
    const demand = await trust.demandOf(config, trust.ownProvider(config));
    if (demand === null) {
      return said("ok", config.file, [`${config.file} asks for nothing that needs trust`]);
    }
    return await ask(demand, context);
  },
};

/** Shows what is asked for, and trusts it: after a yes where somebody can answer, else as the command says. */
async function ask(demand: Demand, context: Context): Promise<Reply> {
  const { provider, baseUrl, apiKeyCommand, files } = demand;
  if (provider === null) {
    throw new UsageError(`Cannot trust ${demand.file}: no model says whose key it is about`, {
      code: "no-model",
      hint: "Name one: aim trust --model anthropic/claude-haiku-5-5",
    });
  }
  const lines = [
    `  provider         ${provider}`,
    ...(baseUrl === null ? [] : [`  base_url         ${onOneLine(baseUrl)}`]),
    ...(apiKeyCommand === null ? [] : [`  api_key_command  ${onOneLine(apiKeyCommand)}`]),
    ...files.map(({ path, hash }) => `  file             ${onOneLine(path)}  ${hash.slice(0, 16)}`),
  ];
  const json = { file: demand.file, provider, baseUrl, apiKeyCommand, files };
  context.emit({ type: "note", text: [`${demand.file} asks for`, ...lines].join("\n") });
  const yes = context.prompts === null || await context.prompts.confirm("Trust it?", false);
  if (yes) {
    const { trust } = await import("../../models/trust.ts");
    await trust(demand, context.variables);
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

/** A line end in a value would look like another setting. */
function onOneLine(text: string): string {
  return text.replaceAll(/[\n\t]/g, (sign) => sign === "\n" ? "\\n" : "\\t");
}

async function list({ variables }: Context): Promise<Reply> {
  const { trustedFiles } = await import("../../models/trust.ts");
  const files = await trustedFiles(variables);
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
