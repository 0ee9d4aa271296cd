/** Postgres inside this process: PGlite, started from a prepared cluster and rewound by memory images. */

import process from "node:process";
import { zstdDecompressSync } from "node:zlib";
import { asset, type AssetGroup, hasAsset } from "../assets.ts";
import { UsageError } from "../errors.ts";
import { Backend, type BackendOptions } from "./pglite/backend.ts";
import { type FileTree, unpackTree } from "./pglite/data_directory.ts";
import { PgliteDatabase } from "./pglite/database.ts";
import { archivesOf, librariesOf, readArchive } from "./pglite/extensions.ts";
import { imageAssets, readImage } from "./pglite/image_asset.ts";
import { LibraryGate } from "./pglite/library_gate.ts";
import type { ModuleParts } from "./pglite/load_module.ts";
import { FILES, type Manifest, pgliteAssets, POSTGRES_VERSION } from "./pglite/recipe.ts";
import { shareMemory } from "./pglite/shared_memory.ts";
import { type Boot, BootStates, ImageStates, type States } from "./pglite/states.ts";
import { Watchdog } from "./pglite/watchdog.ts";
import { queryMessage } from "./pglite/wire.ts";
import type { Database, Runtime, Server, Target, WarmUp } from "./runtime.ts";

/**
 * The embedded Postgres. `AIM_PGLITE_SNAPSHOT=off` starts a new backend for each state instead of rewinding one;
 * `AIM_PGLITE_TIMEOUT` limits one statement or script, in seconds (0: no limit).
 */
export const pglite: Runtime = {
  name: "pglite",

  async refuses(target: Target): Promise<string | null> {
    if (target.dialect !== "postgres") return `PGlite does not speak ${target.dialect}`;
    const asked = target.anyVersion ? null : target.version;
    if (asked !== null && majorOf(asked) !== majorOf(POSTGRES_VERSION)) {
      return `PGlite is Postgres ${POSTGRES_VERSION}, not ${asked}`;
    }
    if (target.subscriptions === true) return "PGlite cannot make subscriptions";
    if (target.needs.length === 0) return null;
    const { extensions } = await readManifest();
    const missing = target.needs.filter((name) => !isAvailable(name, extensions));
    if (missing.length === 0) return null;
    const names = missing.map((name) => `"${name}"`).join(", ");
    return `PGlite does not have the extension${missing.length > 1 ? "s" : ""} ${names}`;
  },

  async start(target, { emit, signal }): Promise<Server> {
    signal.throwIfAborted();
    if (!await hasAsset(pgliteAssets, FILES.manifest)) {
      emit({ type: "note", text: "Preparing the embedded Postgres, which is done once" });
    }
    const limit = readLimit();
    const wasm = compile(await asset(pgliteAssets, FILES.wasm));
    if (process.env.AIM_PGLITE_SNAPSHOT === "off") {
      const files = await readFiles(wasm, target.needs);
      const boot: Boot = (tree) =>
        watched(limit, (watchdog) => bootBackend({ ...files, keepsLog: true, watchdog }, tree));
      return new PgliteServer(await BootStates.start(boot, await readCluster()), signal);
    }
    const backend = await watched(limit, async (watchdog) => {
      const backend = await warmBackend(target, wasm, watchdog);
      signal.throwIfAborted();
      return backend;
    });
    return new PgliteServer(new ImageStates(backend), signal);
  },
};

/** The files of a warmed-up backend; for the script that embeds them. */
export function pgliteImageAssets(warmUp: WarmUp): AssetGroup {
  return imageAssets(warmUp, async () => {
    const wasm = compile(await asset(pgliteAssets, FILES.wasm));
    const files = await readFiles(wasm, []);
    const tree = await readCluster();
    return watched(
      0,
      (watchdog) => bootWarm({ ...files, keepsLog: false, watchdog }, tree, warmUp),
    );
  });
}

type Options = Omit<BackendOptions, "libraries">;

/** Makes a backend under a watchdog of its own, which ends when that fails. */
async function watched(
  limit: number,
  make: (watchdog: Watchdog) => Promise<Backend>,
): Promise<Backend> {
  const watchdog = new Watchdog(limit);
  try {
    return await make(watchdog);
  } catch (error) {
    watchdog.stop();
    throw error;
  }
}

/** The quickest way to a backend: from the image, if there is one, which is unpacked while the rest is read. */
async function warmBackend(
  { warmUp, needs }: Target,
  wasm: Promise<WebAssembly.Module>,
  watchdog: Watchdog,
): Promise<Backend> {
  const image = warmUp === undefined ? null : readImage(pgliteImageAssets(warmUp), watchdog);
  // Whoever waits for it hears of a failure.
  image?.catch(() => {});
  const options = { ...await readFiles(wasm, needs), keepsLog: false, watchdog };
  if (image === null) return await bootBackend(options, await readCluster());
  const backend = await Backend.resume({ ...options, libraries: BUILT_IN_LIBRARIES }, image);
  loadLibraries(backend, librariesOf(options.extraFiles.keys()));
  return backend;
}

async function bootWarm(options: Options, tree: FileTree, warmUp: WarmUp): Promise<Backend> {
  const backend = await bootBackend(options, tree);
  await using database = new PgliteDatabase(new ImageStates(backend), new AbortController().signal);
  await warmUp.run(database);
  return backend;
}

async function bootBackend(options: Options, tree: FileTree): Promise<Backend> {
  const backend = await Backend.start({ ...options, libraries: BUILT_IN_LIBRARIES, tree });
  loadLibraries(backend, [...BUILT_IN_LIBRARIES, ...librariesOf(options.extraFiles.keys())]);
  return backend;
}

const BUILT_IN_LIBRARIES = ["plpgsql", "dict_snowball"];

class PgliteServer implements Server {
  readonly runtime = "pglite";
  readonly version = POSTGRES_VERSION;
  readonly #states: States;
  readonly #signal: AbortSignal;
  #pristine = true;
  #current: Database | null = null;

  constructor(states: States, signal: AbortSignal) {
    this.#states = states;
    this.#signal = signal;
  }

  async create(): Promise<Database> {
    await this.#current?.[Symbol.asyncDispose]();
    if (!this.#pristine) await this.#states.reset();
    this.#pristine = false;
    return this.#current = new PgliteDatabase(this.#states, this.#signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#current?.[Symbol.asyncDispose]();
    this.#states.stop();
  }
}

/** Seconds that one statement or script may take, unless the environment says otherwise. */
const DEFAULT_LIMIT = 120;

/** In milliseconds. */
function readLimit(): number {
  const text = process.env.AIM_PGLITE_TIMEOUT ?? "";
  const seconds = text === "" ? DEFAULT_LIMIT : Number(text);
  if (seconds >= 0) return seconds * 1000;
  throw new UsageError(`AIM_PGLITE_TIMEOUT must be a number of seconds, not "${text}"`);
}

function majorOf(version: string): string | undefined {
  return version.split(".")[0];
}

function isAvailable(name: string, extensions: Manifest["extensions"]): boolean {
  return name === "plpgsql" || Object.hasOwn(extensions, name);
}

/** A first load is cheap and without a trace in the catalog; done before the first image, it is part of all of them. */
function loadLibraries(backend: Backend, libraries: readonly string[]): void {
  for (const library of libraries) {
    const { error } = backend.send(queryMessage(`LOAD '${library}'`));
    if (error !== null) throw new Error(`Cannot load the library "${library}": ${error.M}`);
  }
}

async function readManifest(): Promise<Manifest> {
  return JSON.parse(new TextDecoder().decode(await asset(pgliteAssets, FILES.manifest)));
}

/** Compiling goes on in other threads while this one starts a thread of its own, which takes as long, and reads the rest. */
function compile(binary: Uint8Array<ArrayBuffer>): Promise<WebAssembly.Module> {
  const wasm = WebAssembly.compile(shareMemory(binary));
  // Whoever waits for it hears of a failure.
  wasm.catch(() => {});
  return wasm;
}

/** What a backend is made from. */
async function readFiles(wasm: Promise<WebAssembly.Module>, extensions: readonly string[]) {
  const manifest = await readManifest();
  const gate = new LibraryGate(new Set(manifest.libraries));
  const parts: ModuleParts = { wasm, files: await asset(pgliteAssets, FILES.files), gate };
  return {
    parts,
    extraFiles: await readExtensions(extensions, manifest),
    refused: manifest.refused,
  };
}

async function readCluster(): Promise<FileTree> {
  return unpackTree(zstdDecompressSync(await asset(pgliteAssets, FILES.cluster)));
}

async function readExtensions(names: readonly string[], manifest: Manifest) {
  const files = new Map<string, Uint8Array>();
  for (const archive of archivesOf(names, manifest.extensions)) {
    const bytes = await asset(pgliteAssets, FILES.archive(archive));
    for (const [path, content] of readArchive(bytes)) files.set(`/pglite/${path}`, content);
  }
  return files;
}
