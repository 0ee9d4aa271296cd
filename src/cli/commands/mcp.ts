/** `aim mcp`. */

import { EXIT } from "../../core/error.ts";
import type { Command } from "../command.ts";
import { exits } from "../exits.ts";

/** Serves aim's commands to an agent. */
export const mcp: Command = {
  name: "mcp",
  summary: "Serve aim's commands to a coding agent as tools, over stdin and stdout",
  more: [
    "A server of the Model Context Protocol for the project of this folder, or that of -C. Its tools are doctor, diff, generate, create, validate, lint and explain; each answers with the object of --json.",
    "Nothing is written unless it was started with --allow-write: generate and create only show and prove. No tool takes a path: what is worked on, aim.toml says.",
  ],
  flags: [
    { name: "allow-write", summary: "Let generate and create write schema.sql and migrations" },
  ],
  examples: [
    { line: "aim mcp", what: "tools that look and prove" },
    { line: "aim mcp --allow-write", what: "tools that write what is proven as well" },
  ],
  exits: exits({ [EXIT.ok]: "The agent closed the connection" }),
  run: async (context) => {
    const { serveTools } = await import("../mcp/serve.ts");
    await serveTools(context, { mayWrite: context.flags.on("allow-write") });
    return { exit: EXIT.ok, json: { outcome: "ok" }, pieces: [] };
  },
};
