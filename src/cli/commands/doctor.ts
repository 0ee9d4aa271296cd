/** `aim doctor`. */

import { formatSize } from "../../config/quantities.ts";
import { EXIT } from "../../core/error.ts";
import { answer, type Command, type Context, type Reply, talk } from "../command.ts";
import { exits } from "../exits.ts";
import { ALL_KEYS, MODEL_FLAGS } from "../flags.ts";

/** Shows what can run here. */
export const doctor: Command = {
  name: "doctor",
  summary: "Show what can run here, the settings in force, and where each of them came from",
  flags: [
    {
      name: "clean",
      summary:
        "End what killed runs left (servers, containers, folders), and forget kept states of histories",
    },
    {
      name: "call-model",
      summary: "Ask the model one tiny question, and say whether the way to it works",
    },
    ...MODEL_FLAGS,
  ],
  settings: ALL_KEYS,
  examples: [
    { line: "aim doctor", what: "runtimes, versions, settings, files" },
    { line: "aim doctor --engine postgres-16", what: "why a version cannot be served" },
    { line: "aim doctor --json", what: "the same as data" },
    {
      line: "aim doctor --call-model --model ollama/qwen2.5-coder",
      what: "does it answer, in the form that is needed?",
    },
    {
      line: "aim doctor --clean",
      what: "ends what killed runs left, and empties the cache of states",
    },
  ],
  exits: exits({
    [EXIT.ok]: "All is well",
    [EXIT.no]: "Something is wrong with the settings or the files that they name",
    [EXIT.setup]: "No runtime can serve the engine in force",
    [EXIT.provider]: "With --call-model: the model does not answer",
  }),
  run: async (context) => {
    if (context.flags.on("clean")) return await clean();
    if (context.flags.on("call-model")) return await callModel(context);
    const { examine } = await import("../examine.ts");
    const { renderExamination } = await import("../report/examination.ts");
    const found = await examine(context);
    const outcome = !found.fit ? "unfit" : found.problems.length > 0 ? "problems" : "ok";
    return {
      exit: { ok: EXIT.ok, problems: EXIT.no, unfit: EXIT.setup }[outcome],
      json: { outcome, ...found },
      pieces: [answer((paint) => renderExamination(found, paint))],
    };
  },
};

/** One tiny question to the model in force. */
async function callModel(context: Context): Promise<Reply> {
  const { personalConfig } = await import("../personal_config.ts");
  const { openModel } = await import("../../models/mod.ts");
  const { tinyCall } = await import("../../models/tiny_call.ts");
  const { usageText } = await import("../../models/prices.ts");
  const { variables, emit, signal } = context;
  const config = await personalConfig(context);
  const model = await openModel(config, { variables, emit });
  const found = await tinyCall(model, signal);
  const { answers, wrote, contextTokens, usage } = found;
  return {
    exit: answers ? EXIT.ok : EXIT.no,
    json: { outcome: answers ? "ok" : "problems", ...found },
    pieces: [
      answer((paint) =>
        answers
          ? `${paint.green("✓")} ${found.model} answers in the form that is needed\n` +
            `  ${paint.dim(usageText(usage))}\n` +
            (contextTokens === null
              ? ""
              : `  ${paint.dim(`reads and writes ${contextTokens} tokens at once`)}\n`)
          : `${paint.red("✗")} ${found.model} answers, but not as it was asked: ${wrote}\n` +
            `  ${paint.dim('try output_mode = "text", or a larger model')}\n`
      ),
    ],
  };
}

/** Ends what killed runs left, and removes the kept states of histories. */
async function clean(): Promise<Reply> {
  const { endLeftovers } = await import("../../runtimes/leftovers/mod.ts");
  const { forgetStates } = await import("../../pipeline/mod.ts");
  const leftovers = await endLeftovers();
  const states = await forgetStates();
  const lines = leftovers.map(({ what, pid, problem }) =>
    problem === null
      ? `ended: ${what}, left by run ${pid}\n`
      : `still there: ${what}, left by run ${pid}: ${problem}\n`
  );
  if (states.files > 0) {
    const what = states.files === 1
      ? "1 state of a history"
      : `${states.files} states of histories`;
    lines.push(`removed: ${what} (${formatSize(states.bytes)})\n`);
  }
  const stays = leftovers.some(({ problem }) => problem !== null);
  return {
    exit: stays ? EXIT.no : EXIT.ok,
    json: { outcome: stays ? "problems" : "ok", leftovers, states },
    pieces: [
      answer(() => lines.join("")),
      talk(() => lines.length === 0 ? "nothing was left behind\n" : ""),
    ],
  };
}
