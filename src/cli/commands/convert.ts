/** `aim convert`. */

import { relative, resolve } from "node:path";
import type { Config } from "../../config/config.ts";
import { loadConfig } from "../../config/load.ts";
import { EXIT, UsageError } from "../../core/error.ts";
import type { ConvertOutcome } from "../../pipeline/mod.ts";
import { alert, type Command, type Context, exactAnswer, talk } from "../command.ts";
import { exits } from "../exits.ts";
import { ALL_KEYS, MODEL_FLAGS } from "../flags.ts";
import { open } from "../open.ts";
import type { Paint } from "../paint.ts";
import { visible } from "../visible.ts";

/** Converts a schema to another dialect. */
export const convert: Command = {
  name: "convert",
  summary: "Convert a schema to another dialect, loaded there and compared object by object",
  more: [
    "Types, defaults, keys, checks, generated columns, comments, indexes, views and simple triggers are converted by rule, whatever the two dialects. Each thing that has no equal is named, with what became of it and why; what the server of the other dialect refuses is left out and named as well. The result is loaded on a scratch database of that dialect, read back and compared with what was meant.",
    "Where a model is set it writes what is left, one object after the other: views, routines, triggers, defaults and checks. What it writes is loaded, and taken where it makes that object and nothing else; a note says that a model wrote it. Without a model, and where it knows no equal, it stays named as left.",
    "With --data-plan the scripts that copy the rows are written too: order, casts, numbers that go on, counts and sums of both sides. They are run on rows made for the schema first.",
  ],
  arguments: [{
    name: "schema",
    required: false,
    summary: "The schema to convert; that of aim.toml when absent",
    completes: "file",
  }],
  flags: [
    {
      name: "from",
      value: "ENGINE",
      summary: "The engine of the schema; that of aim.toml when absent",
      completes: "engine",
    },
    { name: "to", value: "ENGINE", summary: "The engine to convert to", completes: "engine" },
    {
      name: "output",
      short: "o",
      value: "FILE",
      summary: "Write to a file instead of stdout",
      completes: "file",
    },
    {
      name: "data-plan",
      value: "DIR",
      summary: "Write the scripts that copy the rows into this folder",
      completes: "folder",
    },
    { name: "force", summary: "Write over files that say something else" },
    ...MODEL_FLAGS,
  ],
  settings: ALL_KEYS,
  examples: [
    { line: "aim convert --to postgres", what: "the schema of aim.toml, to stdout" },
    {
      line: "aim convert --from sqlite --to postgres schema.sql -o postgres.sql",
      what: "a file, into another",
    },
    {
      line: "aim convert --to postgres -o postgres.sql --data-plan copy",
      what: "with the scripts that copy the rows",
    },
  ],
  exits: exits({
    [EXIT.ok]: "Converted; notes name what has no equal",
    [EXIT.no]:
      "The other database does not hold what was meant, or counts and sums of copied rows differ; nothing was written",
    [EXIT.setup]: "No runtime can serve one of the engines",
    [EXIT.provider]: "The model's provider failed",
  }),
  run: async (context) => {
    const { flags } = context;
    const to = flags.text("to");
    if (to === null) {
      throw new UsageError("Cannot tell what to convert to", {
        code: "flag-value",
        hint: "pass --to postgres, mysql, mariadb or sqlite",
      });
    }
    const named = withSettings(context, flags.text("from"));
    const source = await open(named, (config) => sourceConfig(config, context));
    const target = await open(named, (config) => withEngine(config, to));
    if (source.engine === target.engine) {
      throw new UsageError(`Cannot convert ${source.engine.dialect} to itself`, {
        code: "flag-value",
        hint: "pass --from and --to with two engines",
      });
    }
    const { convert, inFolder, writeOutput } = await import("../../pipeline/mod.ts");
    const [output, folder] = [flags.text("output"), flags.text("data-plan")];
    const { config } = target;
    const { variables, emit } = context;
    const outcome = await convert(source, target, {
      data: folder !== null,
      ...config.model === null || config.generator === "planner" ? {} : {
        openModel: async () => {
          const { openModel } = await import("../../models/mod.ts");
          return await openModel(config, { variables, emit });
        },
      },
    });
    const isGood = outcome.outcome === "converted";
    const files = [
      ...output === null ? [] : [{ path: resolve(context.folder, output), text: outcome.sql }],
      ...folder === null
        ? []
        : inFolder(resolve(context.folder, folder), outcome.data?.files ?? []),
    ];
    if (isGood) await writeOutput(files, { root: context.folder, force: flags.on("force") });
    const written = isGood ? files.map(({ path }) => relative(context.folder, path)) : [];
    return {
      exit: isGood ? EXIT.ok : EXIT.no,
      lasting: written.length > 0,
      json: jsonOf(outcome, written),
      pieces: [
        exactAnswer(() =>
          !isGood ? "" : output === null ? outcome.sql : written.map((path) => `${path}\n`).join("")
        ),
        talk((paint) => noteLines(outcome, paint)),
        (isGood ? talk : alert)((paint) => lastLine(outcome, paint)),
      ],
    };
  },
};

/** A context whose settings are those of the engine that `--from` names, where there is no aim.toml as well. */
function withSettings(context: Context, from: string | null): Context {
  if (from === null) return context;
  const { folder, variables, flags: { settings } } = context;
  const flags = { ...settings, engine: [from] };
  return { ...context, config: () => loadConfig({ folder, flags, variables }) };
}

/** The settings for the schema that is converted. A runtime of aim.toml is one of its own engine. */
function sourceConfig(config: Config, { flags, folder, arguments: [file] }: Context): Config {
  const isOther = flags.text("from") !== null && flags.settings.runtime === undefined;
  const own = isOther ? { ...config, runtime: null, image: null, searchPath: null } : config;
  if (file === undefined) return own;
  const sources = { ...config.sources, schema: "flag" } as const;
  return { ...own, schema: [file === "-" ? file : resolve(folder, file)], before: [], sources };
}

/** The settings for the other engine. */
function withEngine(config: Config, engine: string): Config {
  const none = { runtime: null, image: null, searchPath: null, exact: false };
  return { ...config, ...none, engine, schema: [], before: [] };
}

function jsonOf({ data, ...outcome }: ConvertOutcome, written: readonly string[]) {
  return { ...outcome, data: data === null ? null : data.proof, written };
}

function noteLines({ conversions }: ConvertOutcome, paint: Paint): string {
  const colour = { dropped: paint.red, changed: paint.yellow, renamed: paint.dim };
  return conversions.map(({ object, outcome, became, why }) =>
    `${colour[outcome](outcome.padEnd(7))} ${visible(object)}${
      became === "" ? "" : ` -> ${visible(became)}`
    }: ${paint.dim(visible(why))}\n`
  ).join("");
}

/** How many differences are listed. */
const SHOWN = 20;

function lastLine(outcome: ConvertOutcome, paint: Paint): string {
  const { unlike, tables, to, data, conversions } = outcome;
  if (outcome.outcome === "differs") {
    const lines = [
      ...unlike.map(({ object, meant, found }) => `${object}: meant ${meant}, found ${found}`),
      ...data?.proof.unequal ?? [],
    ];
    return `${
      paint.red("differs")
    }: ${to.runtime} ${to.version} does not hold what was meant; nothing was written\n${
      lines.slice(0, SHOWN).map((line) => `  ${visible(line)}\n`).join("")
    }`;
  }
  const dropped = conversions.filter((one) => one.outcome === "dropped").length;
  const left = (data?.proof.misfits ?? 0) + (data?.proof.refused.length ?? 0);
  const rows = data === null
    ? ""
    : `; ${data.proof.rows} rows copied, counts and sums are equal${
      left === 0 ? "" : ` (${left} more are not taken there)`
    }`;
  return `${paint.green("converted")}: ${tables} ${
    tables === 1 ? "table" : "tables"
  }, loaded on ${to.runtime} ${to.version} and as meant; ${dropped} dropped, ${
    conversions.length - dropped
  } changed${rows}\n`;
}
