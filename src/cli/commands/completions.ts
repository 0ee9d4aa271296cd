/** `aim completions`. */

import { EXIT, UsageError } from "../../core/error.ts";
import { didYouMean } from "../../text/nearest.ts";
import { answer, type Command } from "../command.ts";
import { SHELLS } from "../completions/words.ts";
import { exits } from "../exits.ts";

/** Prints a completion script. */
export const completions: Command = {
  name: "completions",
  summary: "Print the completion script of a shell: bash, zsh, fish, powershell or nushell",
  arguments: [{
    name: "shell",
    required: true,
    summary: SHELLS.join(", "),
    completes: "shell",
  }],
  flags: [],
  examples: [
    { line: "source <(aim completions bash)", what: "for this shell, or in ~/.bashrc" },
    { line: "source <(aim completions zsh)", what: "for this shell, or in ~/.zshrc" },
    {
      line: "aim completions fish > ~/.config/fish/completions/aim.fish",
      what: "for all fish shells",
    },
    { line: "aim completions powershell > aim.ps1", what: "for PowerShell, with `. ./aim.ps1`" },
    { line: "aim completions nushell > aim.nu", what: "for nushell, with `source aim.nu`" },
  ],
  exits: exits({ [EXIT.ok]: "Printed" }),
  run: async ({ arguments: [word = ""] }) => {
    const shell = SHELLS.find((known) => known === word);
    if (shell === undefined) {
      throw new UsageError(`Cannot complete for the shell "${word}"`, {
        code: "unknown-shell",
        hint: didYouMean(word, SHELLS) ?? `the shells are ${SHELLS.join(", ")}`,
      });
    }
    const { COMMANDS } = await import("./mod.ts");
    const { completionScript, completionWords } = await import("../completions.ts");
    const script = completionScript(shell, COMMANDS, await completionWords(COMMANDS));
    return { exit: EXIT.ok, json: { outcome: "ok", text: script }, pieces: [answer(() => script)] };
  },
};
