/** Builds the program of a target with Bun, which brings the runtimes of other machines by npm. */

import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import process from "node:process";
import type { Target } from "./targets.ts";

/** Writes the program to `file`. Throws what Bun said when it cannot. */
export function build(target: Target, file: string, commit: string | null): void {
  mkdirSync(dirname(file), { recursive: true });
  const own = { commit, target: target.name };
  const options = [
    "build",
    "binary.ts",
    "--compile",
    "--asset",
    "assets",
    "--no-compile-autoload-dotenv",
    "--no-compile-autoload-bunfig",
    "--minify",
    "--splitting",
    "--bytecode",
    "--compile-jit-policy=20",
    "--format=esm",
    ...(target.name === hostTarget() ? [] : [`--target=${target.bun}`]),
    "--define",
    `AIM_BUILD=${JSON.stringify(own)}`,
    "--outfile",
    file,
  ];
  const { status, stderr, error } = spawnSync("bun", options, { encoding: "utf8" });
  if (status !== 0) throw new Error(`Cannot build ${target.name}: ${error?.message ?? stderr}`);
}

/** The target that this machine is; its musl is not looked for, a release is not built there. */
export function hostTarget(): string {
  const os = process.platform === "win32" ? "windows" : process.platform;
  return `${os}-${process.arch}`;
}
