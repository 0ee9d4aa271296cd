/** `aim models`. */

import { EXIT, UsageError } from "../../core/error.ts";
import type { ListedModel } from "../../models/list_models.ts";
import { didYouMean } from "../../text/nearest.ts";
import { answer, type Command, type Context, type Reply, talk } from "../command.ts";
import { exits } from "../exits.ts";
import { MODEL_FLAGS } from "../flags.ts";
import type { Paint } from "../paint.ts";

/** Lists models. */
export const models: Command = {
  name: "models",
  summary: "List what a model's provider offers now, or the providers",
  more: [
    "The list comes from the provider: names, context in tokens, prices in US dollars for a million tokens where they are known. Models that suit the job are marked.",
    "Without a provider it is that of the model in aim.toml; when there is none, the providers are listed.",
  ],
  arguments: [{
    name: "provider",
    required: false,
    summary: "anthropic, openai, gemini and so on",
    completes: "provider",
  }],
  flags: [
    { name: "all", summary: "Also those that do not suit the job" },
    ...MODEL_FLAGS,
  ],
  settings: ["model"],
  examples: [
    { line: "aim models", what: "of the provider in aim.toml, else the providers" },
    { line: "aim models anthropic", what: "what Anthropic offers" },
    { line: "aim models openrouter --json", what: "as data" },
  ],
  exits: exits({ [EXIT.ok]: "Listed", [EXIT.provider]: "The provider does not answer" }),
  run: async (context) => {
    const { personalConfig } = await import("../personal_config.ts");
    const { parseModelSpec } = await import("../../models/model_spec.ts");
    const config = await personalConfig(context);
    const [word] = context.arguments;
    const set = config.model === null ? undefined : parseModelSpec(config.model).provider;
    const own = set?.wire === "scripted" ? undefined : set?.name;
    const name = word === undefined ? own : await known(word);
    if (name === undefined) return await providers(context);
    const { listProviderModels } = await import("../../models/mod.ts");
    const { variables, emit, signal } = context;
    const models = await listProviderModels(name, config, { variables, emit, signal });
    return await offered(name, models, context);
  },
};

async function known(word: string): Promise<string> {
  const { providerNamed } = await import("../../models/model_spec.ts");
  const { PROVIDERS } = await import("../../models/providers.ts");
  const found = providerNamed(word);
  if (found !== null && found.wire !== "scripted") return found.name;
  const names = PROVIDERS.map(({ name }) => name);
  throw new UsageError(`Cannot list the models of "${word}"`, {
    code: "provider",
    hint: didYouMean(word, names) ?? "`aim models` lists the providers",
  });
}

async function offered(
  provider: string,
  models: readonly ListedModel[],
  { flags }: Context,
): Promise<Reply> {
  const { PRICES_DATE } = await import("../../models/prices.ts");
  const shown = flags.on("all") ? models : models.filter(({ suits }) => suits !== false);
  const hidden = models.length - shown.length;
  return {
    exit: EXIT.ok,
    json: { outcome: "ok", provider, models, pricesOf: PRICES_DATE },
    pieces: [
      answer((paint) => table(provider, shown, paint)),
      talk((paint) =>
        paint.dim(
          [
            `prices in US dollars for a million tokens, table of ${PRICES_DATE}`,
            ...(hidden > 0 ? [`${hidden} that do not suit left out (--all)`] : []),
          ].join("; ") + "\n",
        )
      ),
    ],
  };
}

function table(provider: string, models: readonly ListedModel[], paint: Paint): string {
  const rows = models.map((model) => [
    `${provider}/${model.id}`,
    model.context === null ? "-" : `${Math.round(model.context / 1000)}k`,
    money(model.input),
    money(model.output),
    model.until === null ? "" : `until ${model.until}`,
  ]);
  const all = [["model", "context", "in", "out", ""], ...rows];
  const widths = [0, 1, 2, 3].map((at) => Math.max(...all.map((row) => (row[at] ?? "").length)));
  return all.map((row, index) => {
    const cells = row.map((cell, at) =>
      at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)
    );
    const line = cells.join("  ").trimEnd();
    if (index === 0) return `  ${paint.dim(line)}\n`;
    const { suits } = models[index - 1] ?? { suits: null };
    return `${suits === true ? paint.green("✓") : suits === false ? "-" : " "} ${line}\n`;
  }).join("");
}

function money(dollars: number | null): string {
  return dollars === null ? "-" : `$${Number(dollars.toFixed(3))}`;
}

/** The providers, with where their key comes from and a model to begin with. */
async function providers({ variables }: Context): Promise<Reply> {
  const { PROVIDERS } = await import("../../models/providers.ts");
  const { keyReport } = await import("../../models/keys.ts");
  const origins = new Map((await keyReport(variables)).map((row) => [row.provider, row.origin]));
  const rows = PROVIDERS.map(({ name, title, needsKey, keyVariables, suggested }) => ({
    name,
    title,
    key: origins.get(name) ?? (needsKey ? null : "none needed"),
    variable: keyVariables[0] ?? null,
    suggested,
  }));
  const width = Math.max(...rows.map(({ name }) => name.length));
  const keys = Math.max(...rows.map((row) => keyText(row).length));
  return {
    exit: EXIT.ok,
    json: { outcome: "ok", providers: rows },
    pieces: [
      answer((paint) =>
        rows.map((row) =>
          `${row.key === null ? " " : paint.green("✓")} ${row.name.padEnd(width)}  ${
            keyText(row).padEnd(keys)
          }  ${paint.dim(row.title)}\n`
        ).join("")
      ),
      talk((paint) => paint.dim("`aim models <provider>` lists what it offers\n")),
    ],
  };
}

function keyText(row: { readonly key: string | null; readonly variable: string | null }): string {
  return row.key ?? `no key (${row.variable})`;
}
