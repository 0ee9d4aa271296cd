/** Fetches a build of Postgres into aim's cache: downloaded, checked against its hash, unpacked beside its place and moved there. */

import { chmod, symlink, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import type { Emit } from "../../core/event.ts";
import { SetupError } from "../../core/error.ts";
import { makeSharedFolder } from "../../host/shared_folder.ts";
import type { Variables } from "../../host/user_dirs.ts";
import { addAt, addedVersion, removeAt } from "../added.ts";
import { download } from "../download.ts";
import { readArchive } from "../pglite/extensions.ts";
import type { Build } from "./builds.ts";
import { addedFolder } from "./find_server.ts";
import { registryInForce } from "./registry.ts";

/** What an addition is done with. */
export interface AddOptions {
  readonly variables: Variables;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/**
 * Fetches a build; what is there already stays. Gives the folder.
 * @throws {SetupError} when the registry does not give it, or gives something else.
 */
export async function addBuild(build: Build, options: AddOptions): Promise<string> {
  const place = join(addedFolder(options.variables), `postgres-${build.major}`);
  if (await addedVersion(place) === build.version) return place;
  const archive = await downloadBuild(build, options);
  await addAt(place, build.version, (folder) => unpack(archive, folder, options.signal));
  return place;
}

/** Removes a fetched build; false when it is not there. */
export function removeBuild(major: number, variables: Variables): Promise<boolean> {
  return removeAt(join(addedFolder(variables), `postgres-${major}`));
}

async function downloadBuild(
  build: Build,
  options: AddOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { address, authorization } = registryInForce(options.variables);
  const file = `${build.package.split("/").at(-1)}-${build.version}.tgz`;
  return await download({
    address: `${address}${build.package}/-/${file}`,
    file,
    source: address,
    what: `Postgres ${build.major}`,
    authorization,
    bytes: build.bytes,
    hash: { algorithm: "sha512", base64: build.integrity.replace("sha512-", "") },
    hint: "The registry is that of npm_config_registry or ~/.npmrc, a proxy that of HTTPS_PROXY",
  }, options);
}

async function unpack(
  archive: Uint8Array,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const files = readArchive(archive);
  for (const [path, content] of files) {
    signal.throwIfAborted();
    const name = inNative(path.replace(/^package\//, ""));
    if (name === null) continue;
    const target = join(folder, name);
    await makeSharedFolder(dirname(target));
    const mode = name.startsWith("bin/") ? 0o755 : 0o644;
    await writeFile(target, content, { mode });
    await chmod(target, mode);
  }
  const links = files.get("package/native/pg-symlinks.json");
  if (links === undefined) throw new SetupError("Cannot unpack the build: its links are missing");
  for (const { source, target } of JSON.parse(new TextDecoder().decode(links)) as readonly Link[]) {
    const [from, to] = [inNative(target), inNative(source)];
    if (from === null || to === null) {
      throw new SetupError("Cannot unpack the build: a link leads out");
    }
    await makeSharedFolder(dirname(join(folder, from)));
    await symlink(relative(dirname(from), to), join(folder, from));
  }
}

/** `target` is a link to `source`; both begin with `native/`. */
interface Link {
  readonly source: string;
  readonly target: string;
}

/** A path below `native/`; null for any other and for one that leads out. */
function inNative(path: string): string | null {
  const name = /^native\/(.+)$/.exec(path)?.[1] ?? null;
  return name === null || name.split("/").some((part) => part === ".." || part === "")
    ? null
    : name;
}
