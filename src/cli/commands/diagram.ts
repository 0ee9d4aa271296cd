/** `aim diagram`. */

import { basename } from "node:path";
import { EXIT } from "../../core/error.ts";
import { type Command, exactAnswer } from "../command.ts";
import { exits } from "../exits.ts";
import { SCRATCH_KEYS } from "../flags.ts";
import { open } from "../open.ts";
import { PICTURE_FORMATS, pictureFormat, pictureText, savePicture } from "../picture.ts";

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
      choices: PICTURE_FORMATS,
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
    const format = pictureFormat(flags.text("as"), file);
    const of = flags.text("of");
    const subject = of === "migrations" || of === "changes" ? of : "schema";
    const project = await open(context);
    const { diagram } = await import("../../pipeline/mod.ts");
    const drawn = await diagram(project, subject);
    const text = await pictureText(drawn, format, basename(project.config.root));
    if (file !== null) await savePicture(file, text);
    return {
      exit: EXIT.ok,
      json: { outcome: "ok", format, ...drawn },
      pieces: file === null ? [exactAnswer(() => text)] : [exactAnswer(() => `${file}\n`)],
    };
  },
};
