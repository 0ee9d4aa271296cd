/** One run of aim: the command line in, the exit code out. The only place that catches errors to print them. */

import { closeSync, openSync, statSync } from "node:fs";
import { resolve } from "node:path";
import process from "node:process";
import { AimError, EXIT, SetupError, UsageError } from "../core/error.ts";
import { asksForJson, checkArguments, type CommandLine, parseCommandLine } from "./args.ts";
import { Interrupted, terminalPrompts } from "./ask.ts";
import { answer, type Command, type Context, type Piece, type Reply } from "./command.ts";
import { COMMANDS, GROUPS } from "./commands/mod.ts";
import { commandHelp, shortHelp, WIDEST } from "./help.ts";
import { type Io, openIo } from "./io.ts";
import { type Paint, paint } from "./paint.ts";
import { systemCode } from "../host/read_text.ts";
import { rememberStoredKeys } from "./redact.ts";
import { renderBug, renderError } from "./report/error.ts";
import { failureJson, interruptedJson, jsonText, replyJson } from "./report/json.ts";
import { type Loudness, openReport, type Report } from "./report/report.ts";
import { EngineEndedError } from "../runtimes/limits.ts";
import { BUILD, VERSION } from "./version.ts";

/** Runs a command line; gives the exit code. Everything was written when it resolves. */
export async function run(argv: readonly string[]): Promise<number> {
  const variables = process.env;
  rememberStoredKeys(variables);
  const complaint = { quiet: false, verbose: false, json: asksForJson(argv) };
  let line: CommandLine;
  try {
    line = parseCommandLine(argv, COMMANDS);
  } catch (error) {
    return complain(error, { io: openIo("auto", variables), loudness: complaint, command: null });
  }
  const io = openIo(colourOf(line), variables);
  const loudness = {
    quiet: line.flags.on("quiet"),
    verbose: line.flags.on("verbose"),
    json: line.flags.on("json"),
  };
  const place = { io, loudness, command: line.command?.name ?? null };
  try {
    if (line.flags.on("version")) return say(versionReply(), place);
    if (line.command === null) return noCommand(line, place);
    if (line.flags.on("help")) {
      const { command } = line;
      return say(textReply((paint, width) => commandHelp(command, paint, width)), place);
    }
    checkArguments(line.command, line.arguments);
    const folder = enter(line.flags.text("directory"));
    return await execute(line, line.command, { ...place, folder, variables });
  } catch (error) {
    return complain(error, place);
  }
}

/** Where and how loudly things are said. */
interface Place {
  readonly io: Io;
  readonly loudness: Loudness;
  readonly command: string | null;
}

interface Surroundings extends Place {
  readonly folder: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

async function execute(line: CommandLine, command: Command, around: Surroundings): Promise<number> {
  const { io, loudness, folder, variables } = around;
  const report = openReport(io, loudness, variables);
  using signals = listen(report, {
    isGone: () => isTerminalGone(io),
    complain: (error) => complain(error, around),
  });
  const reports = await openReports(line, command, around);
  const asks = io.interactive && !loudness.json && !loudness.quiet;
  const context: Context = {
    arguments: line.arguments,
    flags: line.flags,
    folder,
    variables,
    emit: report.emit,
    signal: signals.signal,
    say: (pieces) => {
      report.end();
      sayPieces(pieces, around);
    },
    prompts: asks ? terminalPrompts(report, { clean: io.clean, signal: signals.signal }) : null,
    config: async () => {
      const { loadConfig } = await import("../config/config.ts");
      return await loadConfig({ folder, flags: line.flags.settings, variables });
    },
  };
  try {
    const reply = await command.run(context);
    report.end();
    if (reply.lasting !== true && await wasInterrupted(signals.signal)) {
      return interrupted(around, signals.signal.reason);
    }
    const exit = sayLasting(reply, around);
    await reports?.write(reply);
    return exit;
  } catch (error) {
    report.end();
    if (error instanceof AimError && error.code === "stdout") throw error;
    if (!(error instanceof Interrupted)) await reports?.writeError(error);
    if (await wasInterrupted(signals.signal)) return interrupted(around, signals.signal.reason);
    if (error instanceof Interrupted) return interrupted(around, error);
    if (!(error instanceof AimError) && isTerminalGone(io)) return EXIT.hungUp;
    if (error instanceof EngineEndedError) throw endedEngine(error);
    throw error instanceof AimError ? error : await explainedByAssets(error);
  }
}

/** The reports that are wanted of a run. */
interface Reports {
  write(reply: Reply): Promise<void>;
  /** The error of the run counts, whatever becomes of the reports. */
  writeError(error: unknown): Promise<void>;
}

/** Reads `--report`; null where none is wanted. Throws UsageError for a value that cannot be. */
async function openReports(
  line: CommandLine,
  command: Command,
  { io, variables, loudness }: Surroundings,
): Promise<Reports | null> {
  const values = line.flags.all("report");
  if (values.length === 0) return null;
  const { reportedError, wantedReports, writeReports } = await import("./write_reports.ts");
  const wanted = wantedReports(values, variables);
  const began = new Date();
  const sink = loudness.json ? io.err : io.out;
  const facts = { command: command.name, began, print: (text: string) => sink.writeExact(text) };
  return {
    write: async ({ report }) => {
      if (report !== undefined) await writeReports(wanted, report, facts);
    },
    writeError: (error) => writeReports(wanted, reportedError(error), facts).catch(() => {}),
  };
}

/** What looks like a bug may be a damaged file of aim's own; those are removed, and recreated by the next run. */
async function explainedByAssets(error: unknown): Promise<unknown> {
  const { removeDamagedAssets } = await import("../host/assets.ts");
  const damaged = await removeDamagedAssets().catch((failure: unknown) => failure);
  if (!Array.isArray(damaged)) return damaged;
  return damaged.length === 0 ? error : new SetupError(
    `Cannot go on: embedded files are damaged: ${damaged.join(", ")}`,
    { code: "assets", hint: "They were removed; the next run recreates them", cause: error },
  );
}

/** Work on this thread holds signals up; one that came meanwhile is heard after some turns of the event loop. */
async function wasInterrupted(signal: AbortSignal): Promise<boolean> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
  return signal.aborted;
}

/** A statement that no script holds took its engine with it. */
function endedEngine({ message, sql, hint }: EngineEndedError): UsageError {
  const shown = sql.trim().replaceAll(/\s+/g, " ").slice(0, 80);
  return new UsageError(`Cannot run "${shown}": ${message}`, { code: "sql", hint });
}

/** What ends a run, and the exit code that says so. Windows sends SIGHUP when its console is closed. */
const SIGNALS = [
  ["SIGINT", EXIT.interrupted],
  ["SIGTERM", EXIT.terminated],
  ["SIGHUP", EXIT.hungUp],
] as const;

/** Ends the run on a signal: the first one tidies up, the second ends at once. What nobody caught is a bug. */
function listen(
  report: Report,
  { isGone, complain }: { isGone(): boolean; complain(error: unknown): number },
): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const stops = SIGNALS.map(([name, exit]) => {
    const stop = () => {
      if (controller.signal.aborted) process.exit(exit);
      report.end();
      controller.abort(new Interrupted("Interrupted", exit));
    };
    process.on(name, stop);
    return () => void process.off(name, stop);
  });
  const crash = (error: unknown) => {
    report.end();
    const { aborted, reason } = controller.signal;
    if (aborted) process.exit(exitOf(reason));
    if (isGone()) process.exit(EXIT.hungUp);
    explainedByAssets(error).then((known) => process.exit(complain(known)));
  };
  process.on("uncaughtException", crash);
  process.on("unhandledRejection", crash);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      process.off("uncaughtException", crash);
      process.off("unhandledRejection", crash);
      for (const off of stops) off();
    },
  };
}

/** True when there was a terminal that is not there any more: reading from it fails before SIGHUP is heard. */
function isTerminalGone(io: Io): boolean {
  if (!io.interactive) return false;
  try {
    closeSync(openSync("/dev/tty", "r"));
    return false;
  } catch (error) {
    return /^(?:ENXIO|EIO)$/.test(systemCode(error));
  }
}

/** Goes to the folder of `-C`; gives the working folder. */
function enter(directory: string | null): string {
  if (directory === null) return process.cwd();
  const folder = resolve(directory);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UsageError(`Cannot start in "${directory}": there is no such folder`, {
      code: "folder",
    });
  }
  process.chdir(folder);
  return folder;
}

/** Says a reply; when that fails, the error tells that what was written is there. */
function sayLasting(reply: Reply, place: Place): number {
  try {
    return say(reply, place);
  } catch (error) {
    if (!(error instanceof SetupError) || reply.lasting !== true) throw error;
    const files = reply.pieces.filter(({ to }) => to === "answer")
      .flatMap(({ render }) =>
        render(paint(false), WIDEST, Infinity).split("\n").filter((line) => line !== "")
      );
    throw new SetupError(`${error.message}; what was written is there: ${files.join(", ")}`, {
      code: error.code,
      cause: error,
    });
  }
}

function say(reply: Reply, { io, loudness, command }: Place): number {
  if (loudness.json) {
    io.out.write(jsonText(replyJson(command, reply)));
    return reply.exit;
  }
  sayPieces(reply.pieces, { io, loudness });
  return reply.exit;
}

function sayPieces(
  pieces: readonly Piece[],
  { io, loudness }: Pick<Place, "io" | "loudness">,
): void {
  for (const piece of pieces) {
    if (piece.to === "talk" && loudness.quiet) continue;
    const sink = piece.to === "answer" ? io.out : io.err;
    const text = piece.render(sink.paint, sink.width(), sink.room());
    if (piece.exact) sink.writeExact(text);
    else sink.write(text);
  }
}

function complain(error: unknown, { io, loudness, command }: Place): number {
  const exit = error instanceof AimError ? error.exitCode : EXIT.bug;
  const colours = io.err.paint;
  if (loudness.json) io.out.write(jsonText(failureJson(command, error)));
  if (error instanceof AimError) {
    if (!loudness.json || error.code === "stdout") {
      io.err.write(renderError(error, colours, io.err.room()));
    }
  } else if (!loudness.json || loudness.verbose) {
    io.err.write(renderBug(error, { paint: colours, verbose: loudness.verbose, version: VERSION }));
  }
  return exit;
}

function interrupted({ io, loudness, command }: Place, reason: unknown): number {
  const exit = exitOf(reason);
  if (loudness.json) io.out.write(jsonText(interruptedJson(command, exit)));
  else io.err.write(`${io.err.paint.yellow("interrupted")}\n`);
  return exit;
}

function exitOf(reason: unknown): number {
  return reason instanceof Interrupted ? reason.exitCode : EXIT.interrupted;
}

function noCommand(line: CommandLine, place: Place): number {
  if (line.flags.on("help")) {
    return say(textReply((paint, width) => shortHelp(GROUPS, paint, width)), place);
  }
  if (place.loudness.json) {
    return complain(new UsageError("No command is given", { code: "no-command" }), place);
  }
  place.io.err.write(shortHelp(GROUPS, place.io.err.paint, place.io.err.width()));
  return EXIT.usage;
}

function versionReply(): Reply {
  return {
    exit: EXIT.ok,
    json: {
      outcome: "ok",
      version: VERSION,
      commit: BUILD?.commit ?? null,
      target: BUILD?.target ?? null,
    },
    pieces: [answer(() => `aim ${VERSION}\n`)],
  };
}

/** A reply that is only a text. */
function textReply(render: (paint: Paint, width: number) => string): Reply {
  return {
    exit: EXIT.ok,
    json: { outcome: "ok", text: render(paint(false), WIDEST) },
    pieces: [answer(render)],
  };
}

function colourOf(line: CommandLine): "auto" | "always" | "never" {
  const wish = line.flags.text("color");
  return wish === "always" || wish === "never" ? wish : "auto";
}
