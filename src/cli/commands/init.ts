/** `aim init`. */

import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { EXIT } from "../../core/error.ts";
import type { SchemaFile } from "../../pipeline/plan/written_down.ts";
import { alert, answer, type Command, type Context, type Reply, talk } from "../command.ts";
import { exits } from "../exits.ts";
import { PROJECT_KEYS } from "../flags.ts";
import type { Paint } from "../paint.ts";
import { counted } from "../report/changes.ts";
import type { Setup, Undecided } from "../setup.ts";

/** Sets up a folder. */
export const init: Command = {
  name: "init",
  summary: "Set up this folder: aim.toml, the schema file and the folder of migrations",
  more: [
    "Asks for what is missing when there is a terminal. A folder of migrations that is already there is recognised by its files, and where those of several runners look the same, by the runner that Cargo.toml, go.mod, package.json, a Makefile and the like name. Several such folders are listed with the flags that choose one. Nothing is ever overwritten.",
    "A project of an ORM is recognised by its files; with --orm its models are the schema. Where the tool has no command that prints their tables, a script is written that does, which is yours to read and to change.",
    "Beside migrations, a new schema file is filled with what they leave: the migrations are replayed, and the file is loaded and compared. Tables have their columns and constraints in them; views, functions and tables that one statement of the migrations defines are in your own words. Where the migrations cannot be replayed it stays empty, with the reason.",
  ],
  flags: [
    {
      name: "orm",
      value: "TOOL",
      summary:
        "Take the models of an application as the schema: prisma, drizzle, django, sqlalchemy, typeorm, sequelize, mikroorm, gorm or ent",
    },
    {
      name: "agents",
      summary: "Write a section about aim into AGENTS.md; in a project that is set up, only that",
    },
  ],
  settings: [...PROJECT_KEYS, "model"],
  examples: [
    { line: "aim init --engine postgres", what: "with the defaults" },
    { line: "aim init --engine sqlite --format goose", what: "for another runner" },
    { line: "aim init --engine postgres --orm django", what: "with models as the schema" },
    {
      line: "aim init --engine postgres-16 --migrations db/migrations",
      what: "for a project that has migrations",
    },
  ],
  exits: exits({
    [EXIT.ok]: "Set up",
    [EXIT.no]: "There are several folders of migrations; nothing was written",
  }),
  run: async (context) => {
    const { decideSetup, schemaText, writeSetup } = await import("../setup.ts");
    const wantsAgents = context.flags.on("agents");
    if (wantsAgents && existsSync(join(context.folder, "aim.toml"))) {
      return await agentsReply(context);
    }
    if (context.flags.text("orm") !== null && existsSync(join(context.folder, "aim.toml"))) {
      return await scriptReply(context);
    }
    const setup = await decideSetup(context);
    if ("found" in setup) return undecided(setup);
    const written = await writeSetup(setup, context);
    const agents = wantsAgents ? await agentsFile(context) : [];
    const shown = [...written.files, ...agents].map((path) =>
      relative(context.folder, path) || "."
    );
    const schema = schemaText(setup.settings);
    const notes = [...setup.notes, ...written.notes];
    return {
      exit: EXIT.ok,
      lasting: true,
      json: {
        outcome: "created",
        settings: setup.settings,
        files: shown,
        schema: schemaJson(written.schema),
        notes,
      },
      pieces: [
        talk((paint) => notes.map((note) => `${paint.yellow("note:")} ${note}\n`).join("")),
        answer(() => shown.map((path) => `${path}\n`).join("")),
        talk((paint) => filledLine(written.schema, schema, paint)),
        talk((paint) => paint.dim(`next: ${nextSteps(setup, schema)}\n`)),
      ],
    };
  },
};

/** What comes after the set-up: models are there already, and a command that reads them must be trusted once. */
function nextSteps({ orm }: Setup, schema: string): string {
  if (orm === undefined) return `edit ${schema}, then aim diff`;
  return orm.tool.command === null ? "aim diff" : "aim trust, then aim diff";
}

async function agentsFile({ folder }: Context): Promise<readonly string[]> {
  const { writeAgentsSection } = await import("../agents_section.ts");
  const path = await writeAgentsSection(folder);
  return path === null ? [] : [path];
}

/** Writes the script of a tool alone, and says which lines its project needs. */
async function scriptReply(context: Context): Promise<Reply> {
  const { folder } = context;
  const { namedTool, ormLines, ormNotes, ormSetup } = await import("../orm_setup.ts");
  const { writeScript } = await import("../setup.ts");
  const { parseEngineSpec } = await import("../../config/config.ts");
  const { config } = await context.config();
  const { dialect } = parseEngineSpec(config.engine);
  const tool = await namedTool(context.flags.text("orm") ?? "", dialect);
  const setup = await ormSetup(folder, tool, true);
  const files = (await writeScript(folder, setup)).map((path) => relative(folder, path));
  const notes = ormNotes(setup);
  const lines = `schema = "orm:"\n${ormLines(setup)}`;
  return {
    exit: EXIT.ok,
    lasting: true,
    json: { outcome: files.length === 0 ? "ok" : "created", files, lines, notes },
    pieces: [
      talk((paint) => notes.map((note) => `${paint.yellow("note:")} ${note}\n`).join("")),
      answer(() => files.map((path) => `${path}\n`).join("")),
      talk((paint) => paint.dim(`lines for aim.toml, which is left as it is:\n\n${lines}`)),
    ],
  };
}

/** Writes the section alone. */
async function agentsReply(context: Context): Promise<Reply> {
  const files = (await agentsFile(context)).map((path) => relative(context.folder, path));
  return {
    exit: EXIT.ok,
    lasting: true,
    json: { outcome: files.length === 0 ? "ok" : "created", files },
    pieces: [
      answer(() => files.map((path) => `${path}\n`).join("")),
      talk(() => files.length === 0 ? "AGENTS.md says it already\n" : ""),
    ],
  };
}

/** Lists the folders, each with the flags that choose it. */
function undecided({ found, engine }: Undecided): Reply {
  const lines = found.map(({ folder, format, files }) =>
    `  ${counted(files, "file")} of ${format}: aim init --engine ${engine} --migrations ${
      quoted(folder)
    } --format ${format}\n`
  );
  return {
    exit: EXIT.no,
    json: { outcome: "undecided", found },
    pieces: [
      alert((paint) =>
        `${paint.yellow("undecided")}: there are ${
          counted(found.length, "folder")
        } of migrations; choose one, nothing was written\n${lines.join("")}`
      ),
    ],
  };
}

/** As a shell takes it. */
function quoted(word: string): string {
  return /^[\w./@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** How the schema file was filled, without its text; null when it was not. */
function schemaJson(schema: SchemaFile | null) {
  if (schema === null) return null;
  const { holds, migrations, isProven } = schema;
  return { holds, migrations, proven: isProven };
}

function filledLine(schema: SchemaFile | null, file: string, paint: Paint): string {
  if (schema === null || !schema.isProven) return "";
  const one = schema.migrations === 1;
  const from = one ? "the one migration leaves" : `${schema.migrations} migrations leave`;
  return `${paint.green("in sync")}: ${file} holds what ${from}: ${schema.holds}\n`;
}
