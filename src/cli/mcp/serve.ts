/** The server of `aim mcp`: one tool call is one command, run in this process, whose JSON is the answer. */

import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import process from "node:process";
import { UsageError } from "../../core/error.ts";
import { checkArguments, parseCommandLine } from "../args.ts";
import type { Context } from "../command.ts";
import { create } from "../commands/create.ts";
import { diff } from "../commands/diff.ts";
import { doctor } from "../commands/doctor.ts";
import { explain } from "../commands/explain.ts";
import { generate } from "../commands/generate.ts";
import { lint } from "../commands/lint.ts";
import { validate } from "../commands/validate.ts";
import { failureJson, replyJson } from "../report/json.ts";
import { VERSION } from "../version.ts";
import { argumentFault, type Arguments, type Tool, TOOLS } from "./tools.ts";

/** A call as the protocol has it. */
interface Call {
  readonly params: { readonly name: string; readonly arguments?: Arguments };
}

/** The commands behind the tools. */
const SERVED = [doctor, diff, create, generate, validate, lint, explain];

/** What the tools may do. */
export interface Served {
  readonly mayWrite: boolean;
}

/** Serves until the agent closes the connection or the run is ended. */
export async function serveTools(context: Context, { mayWrite }: Served): Promise<void> {
  const server = new Server(
    { name: "aim", version: VERSION },
    {
      capabilities: { tools: {} },
      instructions:
        "Change the database by changing schema.sql, best with the tool create, and let generate write the migration. Never write migrations by hand.",
    },
  );
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: TOOLS.map(({ name, description, inputSchema, writes }) => ({
      name,
      description,
      inputSchema: {
        ...inputSchema,
        properties: { ...inputSchema.properties },
        required: [...inputSchema.required],
      },
      annotations: { readOnlyHint: !(writes && mayWrite), openWorldHint: false },
    })),
  }));
  // One at a time: each has scratch databases of its own, and two could write side by side.
  let queue: Promise<unknown> = Promise.resolve();
  server.setRequestHandler(CallToolRequestSchema, async ({ params }: Call) => {
    const turn = queue.then(() => call(context, params.name, params.arguments ?? {}, mayWrite));
    queue = turn.catch(() => {});
    const { json, isError } = await turn;
    return { content: [{ type: "text", text: JSON.stringify(json) }], isError };
  });
  const closed = new Promise<void>((resolve) => {
    server.onclose = () => resolve();
    process.stdin.once("end", () => resolve());
    context.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await server.connect(new StdioServerTransport());
  await closed;
  await queue.catch(() => {});
  await server.close();
}

async function call(
  context: Context,
  name: string,
  given: Arguments,
  mayWrite: boolean,
): Promise<{ readonly json: Record<string, unknown>; readonly isError: boolean }> {
  try {
    const tool = TOOLS.find((one) => one.name === name);
    if (tool === undefined) {
      throw new UsageError(`Cannot call "${name}": there is no such tool`, {
        code: "unknown-tool",
        hint: `the tools are ${TOOLS.map((one) => one.name).join(", ")}`,
      });
    }
    return { json: await run(context, tool, given, mayWrite), isError: false };
  } catch (error) {
    return { json: failureJson(name, error), isError: true };
  }
}

async function run(
  context: Context,
  tool: Tool,
  given: Arguments,
  mayWrite: boolean,
): Promise<Record<string, unknown>> {
  const fault = argumentFault(given, tool.inputSchema);
  if (fault !== null) {
    throw new UsageError(`Cannot call ${tool.name}: ${fault}`, { code: "arguments" });
  }
  const line = parseCommandLine(tool.line(given, mayWrite), SERVED);
  const { command } = line;
  if (command === null) throw new UsageError(`Cannot call ${tool.name}`, { code: "arguments" });
  checkArguments(command, line.arguments);
  const { loadConfig } = await import("../../config/config.ts");
  const { folder, variables } = context;
  const reply = await command.run({
    ...context,
    arguments: line.arguments,
    flags: line.flags,
    emit: () => {},
    prompts: null,
    config: () => loadConfig({ folder, flags: line.flags.settings, variables }),
  });
  return replyJson(command.name, reply);
}
