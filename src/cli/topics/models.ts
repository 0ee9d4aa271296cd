/** `aim help models`. */

/** The topic as Markdown. */
export function modelsText(): string {
  return [
    "# Models",
    "aim needs no model: it plans ordinary changes itself. What only a judgement can settle is listed as choices, each with the flag that answers it. With `model` set, a language model is asked for those choices and for SQL that the planner cannot write; whatever it answers is proven like any other migration, and nothing unproven is written.",
    "A model is named as `provider/model` or `provider-model`. Its key is looked up in the environment (`ANTHROPIC_API_KEY`, `OPENAI_API_KEY` and so on), then by `api_key_command`, then in the file that `aim auth` writes.",
    [
      "- `aim auth <provider>` stores a key",
      "- `aim models <provider>` lists what a provider offers",
      "- `aim generate --show-prompt` prints what would be sent, and sends nothing",
      "- `aim generate --generator planner` asks no model",
    ].join("\n"),
    "Rows, paths, connection strings and keys are never sent.",
  ].join("\n\n") + "\n";
}
