/** Tools of ORMs, installed once from their registries into a folder of temporary files that later runs find again. */

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

/** Where a tool is, or why it cannot be had here. */
export type Installed = { readonly path: string } | { readonly reason: string };

/** Where a tool is that a deep run wants: what cannot be had there is a failure, since a test that is skipped reads like one that passed. */
export function needed(found: Installed): string {
  if ("reason" in found) throw new Error(found.reason);
  return found.path;
}

/** A Python that has these packages: the path of its program. */
export async function pythonWith(packages: readonly string[]): Promise<Installed> {
  const made = await once("python", packages, async (folder) => {
    await run("python3", ["-m", "venv", folder]);
    await run(join(folder, "bin", "pip"), ["install", "--quiet", ...packages]);
  });
  return "reason" in made ? made : { path: join(made.path, "bin", "python") };
}

/** A folder `node_modules` with these packages. */
export async function nodeModulesWith(packages: readonly string[]): Promise<Installed> {
  const made = await once("node", packages, async (folder) => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "package.json"), '{"private":true}');
    await run(
      "npm",
      ["install", "--no-audit", "--no-fund", "--legacy-peer-deps", ...packages],
      folder,
    );
  });
  return "reason" in made ? made : { path: join(made.path, "node_modules") };
}

/** A classpath with these artifacts of Maven, `group:name:version`, and all that they need. */
export async function javaWith(artifacts: readonly string[]): Promise<Installed> {
  const made = await once("java", artifacts, async (folder) => {
    await mkdir(folder, { recursive: true });
    const rows = artifacts.map((artifact) => {
      const [group, name, version] = artifact.split(":");
      return `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version></dependency>`;
    });
    await writeFile(
      join(folder, "pom.xml"),
      `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><groupId>a</groupId><artifactId>a</artifactId><version>1</version><dependencies>${
        rows.join("")
      }</dependencies></project>`,
    );
    await run("mvn", ["-q", "-B", "dependency:copy-dependencies", "-DoutputDirectory=lib"], folder);
  });
  return "reason" in made ? made : { path: join(made.path, "lib", "*") };
}

/** A folder with `go.mod` and `go.sum` of a module `shop` that may import these packages, `path@version`. */
export async function goWith(packages: readonly string[]): Promise<Installed> {
  return await once("go", packages, async (folder) => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "go.mod"), "module shop\n\ngo 1.24\n");
    await run("go", ["get", ...packages], folder);
  });
}

async function once(
  kind: string,
  packages: readonly string[],
  install: (folder: string) => Promise<void>,
): Promise<Installed> {
  const key = createHash("sha256").update(packages.join(" ")).digest("hex").slice(0, 12);
  const user = typeof process.getuid === "function" ? process.getuid() : 0;
  const folder = join(tmpdir(), `aim-test-orm-${user}`, `${kind}-${key}`);
  const mark = `${folder}.done`;
  if (existsSync(mark)) return { path: folder };
  try {
    await mkdir(join(folder, ".."), { recursive: true, mode: 0o700 });
    await rm(folder, { recursive: true, force: true });
    await install(folder);
    await writeFile(`${mark}.${process.pid}`, "");
    await rename(`${mark}.${process.pid}`, mark);
    return { path: folder };
  } catch (error) {
    const reason = error instanceof Error
      ? error.message.split("\n").slice(0, 3).join(" ")
      : String(error);
    return { reason: `${packages.join(", ")} cannot be installed here: ${reason}` };
  }
}

/** Long enough for a slow registry. */
const PATIENCE = 1_200_000;

/** Runs a program to its end; rejects with its last words when it fails. */
export function run(program: string, args: readonly string[], cwd?: string): Promise<string> {
  const options = { timeout: PATIENCE, maxBuffer: 1 << 26, ...(cwd === undefined ? {} : { cwd }) };
  return new Promise((resolve, reject) =>
    execFile(
      program,
      [...args],
      options,
      (error, stdout, stderr) =>
        error === null ? resolve(stdout) : reject(new Error(`${error.message}\n${stderr}`)),
    )
  );
}
