/** `aim diagram`. */

import { writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { EXIT, SetupError, UsageError } from "../../core/error.ts";
import type { Diagram } from "../../diagram/diagram.ts";
import { type Command, exactAnswer } from "../command.ts";
import { exits } from "../exits.ts";
import { SCRATCH_KEYS } from "../flags.ts";
import { open } from "../open.ts";

const FORMATS = ["mermaid", "dot", "svg", "html"] as const;
type Format = (typeof FORMATS)[number];

/** Draws the schema. */
export const diagram: Command = {
  name: "diagram",
  summary: "Draw the tables and what refers to what, as Mermaid, DOT, SVG or one HTML file",
  more: [
    "Of schema.sql, of the end of the migrations, or of schema.sql with what the migrations lack (new), have in another form (changed) or have too much (gone). The HTML file needs no network: drag and scroll, arrows, plus and minus, 0 for all of it, and a field to find a table; a double click shows a table with its neighbours.",
  ],
  flags: [
    {
      name: "as",
      value: "FORMAT",
      choices: FORMATS,
      summary: "The format: mermaid, dot, svg or html; from the file's name when absent",
    },
    {
      name: "of",
      value: "WHAT",
      choices: ["schema", "migrations", "changes"],
      summary: "What is drawn: schema, migrations or changes; the schema when absent",
    },
    {
      name: "output",
      short: "o",
      value: "FILE",
      summary: "Write to a file instead of stdout",
      completes: "file",
    },
  ],
  settings: SCRATCH_KEYS,
  examples: [
    { line: "aim diagram > schema.mmd", what: "Mermaid, for Markdown" },
    { line: "aim diagram --of changes -o changes.html", what: "what is new, changed and gone" },
  ],
  exits: exits({ [EXIT.ok]: "Drawn", [EXIT.setup]: "No runtime can serve the engine" }),
  run: async (context) => {
    const { flags } = context;
    const file = flags.text("output");
    const format = formatOf(flags.text("as"), file);
    const of = flags.text("of");
    const subject = of === "migrations" || of === "changes" ? of : "schema";
    const project = await open(context);
    const { diagram } = await import("../../pipeline/mod.ts");
    const drawn = await diagram(project, subject);
    const text = await render(drawn, format, basename(project.config.root));
    if (file !== null) await save(file, text);
    return {
      exit: EXIT.ok,
      json: { outcome: "ok", format, ...drawn },
      pieces: file === null ? [exactAnswer(() => text)] : [exactAnswer(() => `${file}\n`)],
    };
  },
};

function formatOf(wanted: string | null, file: string | null): Format {
  const asked = FORMATS.find((format) => format === wanted);
  if (asked !== undefined) return asked;
  if (file === null) return "mermaid";
  const ending = /\.(\w+)$/.exec(file)?.[1]?.toLowerCase();
  const found = ({
    mmd: "mermaid",
    md: "mermaid",
    dot: "dot",
    gv: "dot",
    svg: "svg",
    html: "html",
    htm: "html",
  } as const)[
    ending as "mmd"
  ];
  if (found !== undefined) return found;
  throw new UsageError(`Cannot tell a format from "${file}"`, {
    code: "flag-value",
    hint: "pass --as mermaid, dot, svg or html",
  });
}

async function render(drawn: Diagram, format: Format, title: string): Promise<string> {
  switch (format) {
    case "mermaid":
      return (await import("../../diagram/mermaid.ts")).mermaid(drawn);
    case "dot":
      return (await import("../../diagram/dot.ts")).dot(drawn);
    case "svg":
      return (await import("../../diagram/svg.ts")).svg(drawn);
    case "html":
      return (await import("../../diagram/html.ts")).html(drawn, title);
  }
}

async function save(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SetupError(`Cannot write "${file}": ${reason}`, { code: "output", cause: error });
  }
}
