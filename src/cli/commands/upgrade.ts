/** `aim upgrade`. */

import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { EXIT } from "../../core/error.ts";
import { answer, type Command, talk } from "../command.ts";
import { exits } from "../exits.ts";
import { howInstalled } from "../installed.ts";
import { VERSION } from "../version.ts";

/** Says how aim was installed, and what upgrades it. It changes nothing itself. */
export const upgrade: Command = {
  name: "upgrade",
  summary: "Say how this aim was installed and which command upgrades it",
  more: [
    "It is told by where the program lies. aim never replaces itself, and asks no network unless `--check` is given and `AIM_REPOSITORY` says whose releases are used, as owner/name on GitHub; `AIM_GITHUB_URL` is the address of another server of GitHub's.",
  ],
  flags: [{ name: "check", summary: "Ask AIM_REPOSITORY whether there is a newer release" }],
  examples: [
    { line: "aim upgrade", what: "the command that upgrades it" },
    { line: "aim upgrade --check", what: "exit 1 when there is a newer release" },
  ],
  exits: exits({
    [EXIT.ok]: "Said; with `--check` there is no newer release, or nobody was asked",
    [EXIT.no]: "There is a newer release (`--check`)",
    [EXIT.setup]: "There is no answer, or no release",
  }),
  run: async ({ flags, variables, signal }) => {
    const program = realpathSync(process.execPath);
    const repository = variables.AIM_REPOSITORY || null;
    const installed = howInstalled({
      program,
      repository,
      inVirtualEnvironment: existsSync(join(dirname(program), "..", "pyvenv.cfg")),
    });
    const { isNewer, newestRelease } = await import("../newest_release.ts");
    const server = variables.AIM_GITHUB_URL || "https://github.com";
    const asked = flags.on("check") && repository !== null;
    const newest = asked ? await newestRelease(repository, { server, signal }) : null;
    const isOld = newest !== null && isNewer(newest, VERSION);
    const state = newest === null
      ? flags.on("check") ? "AIM_REPOSITORY is not set: nobody was asked for a newer release" : ""
      : isOld
      ? `${newest} is there`
      : `${newest} is the newest release`;
    return {
      exit: isOld ? EXIT.no : EXIT.ok,
      json: {
        outcome: isOld ? "outdated" : "ok",
        version: VERSION,
        newest,
        installed: installed.by,
        program,
        command: installed.command,
      },
      pieces: [
        talk(() => `aim ${VERSION} is ${program}, from ${installed.name}\n`),
        talk(() => state === "" ? "" : `${state}\n`),
        answer(() => `${installed.command}\n`),
      ],
    };
  },
};
