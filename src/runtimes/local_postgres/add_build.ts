/** Fetches a build of Postgres into aim's cache: downloaded, checked against its hash, unpacked beside its place and moved there. */

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import type { Emit } from "../../core/event.ts";
import { SetupError } from "../../core/error.ts";
import type { Variables } from "../../host/user_dirs.ts";
import { readArchive } from "../pglite/extensions.ts";
import type { Build } from "./builds.ts";
import { addedFolder } from "./find_server.ts";
import { type Registry, registryInForce } from "./registry.ts";

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
  const known = await versionIn(place);
  if (known === build.version) return place;
  const archive = await download(build, options);
  const folder = dirname(place);
  await mkdir(folder, { recursive: true, mode: 0o755 });
  await removeAbandoned(folder);
  const made = await mkdtemp(join(folder, ADDING));
  try {
    await unpack(archive, made, options.signal);
    await writeFile(join(made, VERSION_FILE), `${build.version}\n`, { mode: 0o644 });
    await chmod(made, 0o755);
    await moveTo(made, place);
  } finally {
    await rm(made, { recursive: true, force: true });
  }
  return place;
}

/** Removes a fetched build; false when it is not there. */
export async function removeBuild(major: number, variables: Variables): Promise<boolean> {
  const place = join(addedFolder(variables), `postgres-${major}`);
  if (await versionIn(place) === null && !await exists(place)) return false;
  await rm(place, { recursive: true, force: true });
  return true;
}

const ADDING = ".adding-";
const VERSION_FILE = "package-version";

async function versionIn(folder: string): Promise<string | null> {
  try {
    return (await readFile(join(folder, VERSION_FILE), "utf8")).trim();
  } catch {
    return null;
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(() => true, () => false);
}

/** A run that was killed cannot remove what it began. */
async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(ADDING)) continue;
    const path = join(folder, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > ABANDONED) await rm(path, { recursive: true, force: true });
  }
}

/** Milliseconds after which nobody adds it any more. */
const ABANDONED = 3_600_000;

async function moveTo(made: string, place: string): Promise<void> {
  if (await exists(place)) await rm(place, { recursive: true, force: true });
  try {
    await rename(made, place);
  } catch (error) {
    // Another process was quicker.
    if (!await exists(place)) throw error;
  }
}

async function download(build: Build, options: AddOptions): Promise<Uint8Array<ArrayBuffer>> {
  const { signal, variables } = options;
  const registry = registryInForce(variables);
  const file = `${build.package.split("/").at(-1)}-${build.version}.tgz`;
  const address = `${registry.address}${build.package}/-/${file}`;
  const stalled = new AbortController();
  const response = await request(address, registry, AbortSignal.any([signal, stalled.signal]));
  const bytes = await readBody(response, build, { ...options, stalled });
  const hash = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
  if (hash === build.integrity) return bytes;
  throw new SetupError(
    `Cannot use ${file} of ${registry.address}: it is not the file that aim knows`,
    { code: "runtime-add", hint: "Nothing was kept; ask whoever runs the registry" },
  );
}

async function request(
  address: string,
  registry: Registry,
  signal: AbortSignal,
): Promise<Response> {
  const { authorization } = registry;
  try {
    const response = await fetch(address, {
      signal,
      ...(authorization === null ? {} : { headers: { authorization } }),
    });
    if (response.ok && response.body !== null) return response;
    await response.body?.cancel();
    throw new Error(`it answers ${response.status} ${response.statusText}`.trim());
  } catch (error) {
    signal.throwIfAborted();
    throw new SetupError(
      `Cannot fetch ${address}: ${error instanceof Error ? error.message : String(error)}`,
      {
        code: "runtime-add",
        hint:
          "The registry is that of npm_config_registry or ~/.npmrc, a proxy that of HTTPS_PROXY",
      },
    );
  }
}

async function readBody(
  response: Response,
  build: Build,
  { emit, signal, stalled }: AddOptions & { readonly stalled: AbortController },
): Promise<Uint8Array<ArrayBuffer>> {
  const total = Number(response.headers.get("content-length")) || build.bytes;
  const parts: Uint8Array[] = [];
  let size = 0;
  const give = () => stalled.abort(new Error("it stopped sending"));
  let timer = setTimeout(give, PATIENCE);
  try {
    for await (const part of response.body ?? []) {
      clearTimeout(timer);
      timer = setTimeout(give, PATIENCE);
      parts.push(part);
      size += part.length;
      if (size > MOST) throw new Error("it sends more than any build has");
      const text = `fetching Postgres ${build.major}, ${megabytes(total)} MB`;
      emit({ type: "progress", stage: "start", done: Math.min(size, total), total, text });
    }
  } catch (error) {
    signal.throwIfAborted();
    throw new SetupError(
      `Cannot fetch ${build.package}: ${error instanceof Error ? error.message : String(error)}`,
      { code: "runtime-add", hint: "Try again" },
    );
  } finally {
    clearTimeout(timer);
  }
  return new Uint8Array(Buffer.concat(parts, size));
}

/** Milliseconds without a byte. */
const PATIENCE = 30_000;

/** Bytes. */
const MOST = 256 * 1024 ** 2;

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1e6);
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
    await makeFolder(dirname(target));
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
    await makeFolder(dirname(join(folder, from)));
    await symlink(relative(dirname(from), to), join(folder, from));
  }
}

/** `target` is a link to `source`; both begin with `native/`. */
interface Link {
  readonly source: string;
  readonly target: string;
}

/** The server's user must be able to enter. */
async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o755 });
}

/** A path below `native/`; null for any other and for one that leads out. */
function inNative(path: string): string | null {
  const name = /^native\/(.+)$/.exec(path)?.[1] ?? null;
  return name === null || name.split("/").some((part) => part === ".." || part === "")
    ? null
    : name;
}
