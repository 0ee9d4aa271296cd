/**
 * Makes everything that a release publishes, in dist/release: `deno task release --repository OWNER/NAME`.
 * Programs are taken from dist/bin/<target>/; that of this machine is built when it is missing, others by `--build <target>`.
 * `--build-only` packs nothing, `--complete` fails when a target has no program, `--npm-name` is for another name than `@owner/aim`.
 */

import { execFileSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import manifest from "../deno.json" with { type: "json" };
import { VERSION } from "../src/cli/version.ts";
import { pack, sha256, writeCompany } from "./release/archives.ts";
import { build, hostTarget } from "./release/build.ts";
import {
  formula,
  type Packed,
  pinnedPowershell,
  pinnedShell,
  scoop,
  sumsText,
  winget,
} from "./release/installers.ts";
import { packPlatform, packWrapper } from "./release/npm.ts";
import { type Lock, sbom } from "./release/sbom.ts";
import { archiveOf, type Target, TARGETS } from "./release/targets.ts";
import { wheel } from "./release/wheel.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

const { values } = parseArgs({
  options: {
    repository: { type: "string" },
    "npm-name": { type: "string" },
    build: { type: "string", multiple: true, default: [] },
    "build-only": { type: "boolean", default: false },
    binaries: { type: "string", default: join(ROOT, "dist/bin") },
    out: { type: "string", default: join(ROOT, "dist/release") },
    complete: { type: "boolean", default: false },
  },
});

const BINARIES = resolve(values.binaries);
const OUT = resolve(values.out);
const moment = new Date(
  1000 * Number(process.env.SOURCE_DATE_EPOCH ?? git("log", "-1", "--format=%ct") ?? 0),
);
const targets = programs();
if (!values["build-only"]) await release(targets, repositoryOf(values.repository));

/** Builds what is to be built; gives the targets whose programs are there. */
function programs(): readonly Target[] {
  const unknown = values.build.filter((name) => !TARGETS.some((target) => target.name === name));
  if (unknown.length > 0) {
    stop(
      `There is no target ${unknown.join(", ")}: they are ${
        TARGETS.map(({ name }) => name).join(", ")
      }`,
    );
  }
  const commit = git("rev-parse", "HEAD");
  const wanted = values.build.length > 0 || values["build-only"] ? values.build : [hostTarget()];
  for (const target of TARGETS) {
    const file = programOf(target);
    const isMissing = !existsSync(file);
    if (!wanted.includes(target.name) || (!isMissing && !values["build-only"])) continue;
    say(`Building ${target.name}`);
    build(target, file, commit);
  }
  return TARGETS.filter((target) => existsSync(programOf(target)));
}

/** Packs the targets. */
async function release(targets: readonly Target[], repository: string): Promise<void> {
  if (targets.length === 0) stop(`There is no program in ${BINARIES}`);
  const left = TARGETS.filter((target) => !targets.includes(target)).map(({ name }) => name);
  if (values.complete && left.length > 0) stop(`Programs are missing: ${left.join(", ")}`);
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
  const work = mkdtempSync(join(tmpdir(), "aim-release-"));
  try {
    const company = join(work, "company");
    await writeCompany(company, ROOT, moment);
    for (const target of targets) {
      say(`Packing ${target.name}`);
      const folder = join(work, target.name);
      cpSync(company, folder, { recursive: true });
      // What came through an archive of a workflow has lost the right to be run.
      chmodSync(programOf(target), 0o755);
      copyFileSync(programOf(target), join(folder, target.program));
      pack(folder, target, OUT, moment);
      writeWheel(target, repository);
    }
    packNpm(targets, repository, work);
    writeSbom(repository);
    copyFileSync(join(ROOT, "docs/aim.schema.json"), join(OUT, "aim.schema.json"));
    const archives = new Set(targets.map(archiveOf));
    const known = new Map([...checksums()].filter(([name]) => archives.has(name)));
    writeInstallers({ version: VERSION, repository, checksums: known });
    writeFileSync(join(OUT, "SHA256SUMS"), sumsText(checksums()));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  for (const name of readdirSync(OUT).sort()) say(join(OUT, name));
  if (left.length > 0) say(`Left out, for want of a program in dist/bin: ${left.join(", ")}`);
}

function writeWheel(target: Target, repository: string): void {
  const { name, bytes } = wheel(target, readFileSync(programOf(target)), {
    version: VERSION,
    repository,
    licence: readFileSync(join(ROOT, "LICENSE")),
    readme: readFileSync(join(ROOT, "README.md"), "utf8"),
    moment,
  });
  writeFileSync(join(OUT, name), bytes);
}

function packNpm(targets: readonly Target[], repository: string, work: string): void {
  const owner = (repository.split("/")[0] ?? "").toLowerCase();
  const packages = { name: values["npm-name"] ?? `@${owner}/aim`, version: VERSION, repository };
  const folders = { work, into: OUT };
  for (const target of targets) {
    packPlatform(packages, target, { program: programOf(target), root: ROOT }, folders);
  }
  packWrapper(packages, targets, ROOT, folders);
}

/** What the program uses itself are the packages that src/ names. */
function writeSbom(repository: string): void {
  const lock: Lock = JSON.parse(readFileSync(join(ROOT, "deno.lock"), "utf8"));
  const sources = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => readFileSync(join(ROOT, "src", path), "utf8")).join("\n");
  const roots = Object.entries(manifest.imports)
    .filter(([name]) =>
      [`"${name}"`, `"${name}/`, `\`${name}/`].some((word) => sources.includes(word))
    )
    .map(([, specifier]) => specifier);
  const bill = sbom(lock, { version: VERSION, repository, moment, roots });
  writeFileSync(join(OUT, "aim.cdx.json"), JSON.stringify(bill, null, 2) + "\n");
}

function writeInstallers(packed: Packed): void {
  const script = (name: string) => readFileSync(join(ROOT, name), "utf8");
  writeFileSync(join(OUT, "install.sh"), pinnedShell(script("install.sh"), packed), {
    mode: 0o755,
  });
  writeFileSync(join(OUT, "install.ps1"), pinnedPowershell(script("install.ps1"), packed));
  // They go to repositories of their own and are no part of the release itself.
  const managers = join(OUT, "managers");
  const files = new Map([["homebrew/aim.rb", formula(packed)], ["scoop/aim.json", scoop(packed)]]);
  for (const [name, text] of winget(packed)) files.set(`winget/${name}`, text);
  for (const [name, text] of files) {
    if (text === null) continue;
    mkdirSync(join(managers, name, ".."), { recursive: true });
    writeFileSync(join(managers, name), text);
  }
}

/** SHA-256 by file of dist/release, but for the list of them. */
function checksums(): ReadonlyMap<string, string> {
  const names = readdirSync(OUT).filter((name) => !["SHA256SUMS", "managers"].includes(name));
  return new Map(names.map((name) => [name, sha256(readFileSync(join(OUT, name)))]));
}

function programOf({ name, program }: Target): string {
  return join(BINARIES, name, program);
}

function repositoryOf(given: string | undefined): string {
  if (given !== undefined && /^[\w-]{1,39}\/[\w.-]{1,100}$/.test(given)) return given;
  return stop("Give --repository OWNER/NAME: the repository on GitHub that the release is for");
}

function git(...words: readonly string[]): string | null {
  try {
    return execFileSync("git", words, { cwd: ROOT, encoding: "utf8" }).trim();
  } catch {
    return null;
  }
}

function say(text: string): void {
  console.error(text);
}

function stop(message: string): never {
  console.error(`error: ${message}`);
  process.exit(2);
}
