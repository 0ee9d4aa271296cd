/** The packages for npm: one a platform with the program, and one that starts it. */

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { npmSuffix, type Target } from "./targets.ts";

/** What all packages of a release share. */
export interface NpmRelease {
  /** `@owner/aim`. */
  readonly name: string;
  readonly version: string;
  /** owner/name on GitHub; npm compares it with where a package was built. */
  readonly repository: string;
}

/** The manifest of the package that starts the program. No script runs when it is installed. */
export function wrapperManifest(release: NpmRelease, targets: readonly Target[]): object {
  return {
    ...shared(release, release.name),
    description: "Writes and proves SQL migrations",
    keywords: ["sql", "migrations", "postgres", "sqlite", "schema", "diff"],
    bin: { aim: "bin/aim.cjs" },
    files: ["bin"],
    engines: { node: ">=16" },
    optionalDependencies: Object.fromEntries(
      targets.map((target) => [platformName(release, target), release.version]),
    ),
  };
}

/** The manifest of the package of one platform. */
export function platformManifest(release: NpmRelease, target: Target): object {
  const { os, cpu, libc } = target.npm;
  return {
    ...shared(release, platformName(release, target)),
    description: `The program of ${release.name} for ${target.name}`,
    os: [os],
    cpu: [cpu],
    ...(libc ? { libc: [libc] } : {}),
    files: [target.program],
    preferUnplugged: true,
  };
}

/** The package of a platform. */
function platformName({ name }: NpmRelease, target: Target): string {
  return `${name}-${npmSuffix(target)}`;
}

function shared({ version, repository }: NpmRelease, name: string) {
  return {
    name,
    version,
    license: "MIT",
    homepage: `https://github.com/${repository}`,
    repository: { type: "git", url: `git+https://github.com/${repository}.git` },
    publishConfig: { access: "public", provenance: true },
  };
}

/** Packs the package of a platform around its program; gives the tarball's name. Pack on Linux or a mac: Windows loses the right to run it. */
export function packPlatform(
  release: NpmRelease,
  target: Target,
  from: { readonly program: string; readonly root: string },
  folders: { readonly work: string; readonly into: string },
): string {
  const folder = join(folders.work, `npm-${target.name}`);
  mkdirSync(folder, { recursive: true });
  cpSync(from.program, join(folder, target.program));
  cpSync(join(from.root, "LICENSE"), join(folder, "LICENSE"));
  return npmPack(folder, platformManifest(release, target), folders.into);
}

/** Packs the package that starts the program; gives the tarball's name. */
export function packWrapper(
  release: NpmRelease,
  targets: readonly Target[],
  root: string,
  folders: { readonly work: string; readonly into: string },
): string {
  const folder = join(folders.work, "npm-wrapper");
  cpSync(join(root, "npm"), folder, { recursive: true });
  cpSync(join(root, "LICENSE"), join(folder, "LICENSE"));
  return npmPack(folder, wrapperManifest(release, targets), folders.into);
}

function npmPack(folder: string, manifest: object, into: string): string {
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest, null, 2) + "\n");
  const text = execFileSync("npm", [
    "pack",
    "--json",
    "--ignore-scripts",
    "--pack-destination",
    into,
  ], {
    cwd: folder,
    encoding: "utf8",
    shell: false,
  });
  // npm 12 gives an object by package, those before it a list.
  const [packed] = Object.values<{ filename: string }>(JSON.parse(text));
  if (packed === undefined) throw new Error(`Cannot pack ${folder}: npm says nothing`);
  return packed.filename;
}
