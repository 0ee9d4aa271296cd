/** `aim help`. */

import { EXIT, UsageError } from "../../core/error.ts";
import { nearest } from "../../text/nearest.ts";
import { answer, type Command, type Reply } from "../command.ts";
import { exits } from "../exits.ts";
import { commandHelp, shortHelp, WIDEST } from "../help.ts";
import { type Paint, paint } from "../paint.ts";
import { TOPICS } from "../topics/mod.ts";

/** Explains a topic or a command. */
export const help: Command = {
  name: "help",
  summary: "Explain a command, or one of: exit-codes, config, formats, engines, models",
  arguments: [{
    name: "topic",
    required: false,
    summary: "A topic or a command",
    completes: "topic",
  }],
  flags: [],
  examples: [
    { line: "aim help", what: "the commands" },
    { line: "aim help config", what: "the keys of aim.toml" },
    { line: "aim help generate", what: "as `aim generate --help`" },
  ],
  exits: exits({ [EXIT.ok]: "Explained" }),
  run: async ({ arguments: [word] }) => {
    const { COMMANDS, GROUPS } = await import("./mod.ts");
    if (word === undefined) return reply((paint, width) => shortHelp(GROUPS, paint, width));
    const command = COMMANDS.find(({ name }) => name === word);
    if (command !== undefined) return reply((paint, width) => commandHelp(command, paint, width));
    const topic = TOPICS.find(({ name }) => name === word);
    if (topic === undefined) throw unknown(word, COMMANDS);
    const { renderTopic } = await import("../topics/render.ts");
    const text = await topic.text();
    return reply((paint, width) => renderTopic(text, paint, width));
  },
};

function reply(render: (paint: Paint, width: number) => string): Reply {
  return {
    exit: EXIT.ok,
    json: { outcome: "ok", text: render(paint(false), WIDEST) },
    pieces: [answer(render)],
  };
}

function unknown(word: string, commands: readonly Command[]): UsageError {
  const known = [...TOPICS, ...commands].map(({ name }) => name);
  const near = nearest(word, known);
  return new UsageError(`Unknown topic "${word}"`, {
    code: "unknown-topic",
    hint: near === null
      ? `the topics are ${TOPICS.map(({ name }) => name).join(", ")}`
      : `did you mean \`aim help ${near}\`?`,
  });
}
