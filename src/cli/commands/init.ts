/** `aim init`. */

import { relative } from "node:path";
import { EXIT } from "../../core/error.ts";
import { answer, type Command, talk } from "../command.ts";
import { exits } from "../exits.ts";
import { PROJECT_KEYS } from "../flags.ts";

/** Sets up a folder. */
export const init: Command = {
  name: "init",
  summary: "Set up this folder: aim.toml, an empty schema file and the folder of migrations",
  more: [
    "Asks for what is missing when there is a terminal. A folder of migrations that is already there is recognised by its files; nothing is ever overwritten.",
  ],
  flags: [],
  settings: [...PROJECT_KEYS, "model"],
  examples: [
    { line: "aim init --engine postgres", what: "with the defaults" },
    { line: "aim init --engine sqlite --format goose", what: "for another runner" },
    {
      line: "aim init --engine postgres-16 --migrations db/migrations",
      what: "for a project that has migrations",
    },
  ],
  exits: exits({ [EXIT.ok]: "Set up" }),
  run: async (context) => {
    const { decideSetup, writeSetup } = await import("../setup.ts");
    const setup = await decideSetup(context);
    const written = await writeSetup(setup, context.folder);
    const shown = written.map((path) => relative(context.folder, path) || ".");
    return {
      exit: EXIT.ok,
      lasting: true,
      json: { outcome: "created", settings: setup.settings, files: shown, notes: setup.notes },
      pieces: [
        talk((paint) => setup.notes.map((note) => `${paint.yellow("note:")} ${note}\n`).join("")),
        answer(() => shown.map((path) => `${path}\n`).join("")),
        talk((paint) => paint.dim(`next: edit ${setup.settings.schema}, then aim diff\n`)),
      ],
    };
  },
};
