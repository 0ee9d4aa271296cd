/** The archives of a release: the program of a target with what belongs to it. */

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { type Zippable, zipSync } from "fflate";
import { COMMANDS } from "../../src/cli/commands/mod.ts";
import { completionScript, completionWords } from "../../src/cli/completions.ts";
import { SHELLS } from "../../src/cli/completions/words.ts";
import { manText } from "../../src/cli/topics/man.ts";
import { VERSION } from "../../src/cli/version.ts";
import { archiveOf, type Target } from "./targets.ts";

/** The files of completions as shells and packagers call them. */
const COMPLETION_FILES: Readonly<Record<typeof SHELLS[number], string>> = {
  bash: "aim.bash",
  zsh: "_aim",
  fish: "aim.fish",
  powershell: "aim.ps1",
  nushell: "aim.nu",
};

/** Writes what stands in every archive beside the program into a folder: licence, README, completions, manual page. */
export async function writeCompany(folder: string, root: string, moment: Date): Promise<void> {
  mkdirSync(join(folder, "completions"), { recursive: true });
  mkdirSync(join(folder, "man/man1"), { recursive: true });
  for (const name of ["LICENSE", "README.md"]) cpSync(join(root, name), join(folder, name));
  const words = await completionWords(COMMANDS);
  for (const shell of SHELLS) {
    const script = completionScript(shell, COMMANDS, words);
    writeFileSync(join(folder, "completions", COMPLETION_FILES[shell]), script);
  }
  const date = moment.toISOString().slice(0, 10);
  writeFileSync(join(folder, "man/man1/aim.1"), manText(COMMANDS, { version: VERSION, date }));
}

/** Packs a folder as the archive of a target; the same files at the same moment give the same bytes. Gives its name. */
export function pack(folder: string, target: Target, into: string, moment: Date): string {
  const name = archiveOf(target);
  if (name.endsWith(".zip")) {
    const files = Object.fromEntries(
      filesIn(folder).map((path) => [
        path,
        zipped(readFileSync(join(folder, path)), path === target.program ? 0o755 : 0o644),
      ]),
    );
    writeFileSync(join(into, name), zip(files, moment));
    return name;
  }
  execFileSync("tar", [
    "--sort=name",
    `--mtime=@${Math.floor(moment.getTime() / 1000)}`,
    "--owner=0",
    "--group=0",
    "--numeric-owner",
    "--mode=u+rwX,go+rX,go-w",
    "--format=ustar",
    "-czf",
    join(into, name),
    "-C",
    folder,
    ...readdirSync(folder).sort(),
  ]);
  return name;
}

/** A file of a zip with its rights, as Unix writes them. */
export function zipped(bytes: Uint8Array, mode: number): Zippable[string] {
  return [bytes, { os: 3, attrs: ((0o100000 | mode) << 16) >>> 0 }];
}

/** A zip; its times are of the zone of this machine, so the moment is shifted to be the same everywhere. */
export function zip(files: Zippable, moment: Date): Uint8Array {
  const local = new Date(moment.getTime() + moment.getTimezoneOffset() * 60_000);
  return zipSync(files, { level: 6, mtime: local });
}

/** The SHA-256 of bytes, in hex digits. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Paths of the files below a folder, with `/`, in order. */
function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .sort();
}
