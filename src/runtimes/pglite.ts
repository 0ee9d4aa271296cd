/** Postgres inside this process, in a thread of its own: PGlite, started from a prepared cluster and rewound by memory images. */

import process from "node:process";
import { asset, type AssetGroup, hasAsset } from "../host/assets.ts";
import { PgliteDatabase } from "./pglite/database.ts";
import type { Origin, SentBytes, SentImage } from "./pglite/engine.ts";
import { archivesOf, packArchive } from "./pglite/extensions.ts";
import { imageAdvice, imageAssets, readImage } from "./pglite/image_asset.ts";
import { pgliteFiles, pgliteProgram, readCluster, readManifest } from "./pglite/parts.ts";
import { FILES, type Manifest, pgliteAssets, POSTGRES_VERSION } from "./pglite/recipe.ts";
import { RemoteSession } from "./pglite/remote_session.ts";
import { later } from "../core/later.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import type { Runtime, ScratchDatabase, Server, StandIn, Target, WarmUp } from "./runtime.ts";
import { type EngineThread, openThread, prepareThread } from "./worker/engine_thread.ts";

/** The embedded Postgres. `AIM_PGLITE_SNAPSHOT=off` starts a new backend for each state instead of rewinding one. */
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
    const lacking = await lackingIn(target);
    const standIns = new Set(
      lacking.length === 0 ? [] : target.standIns?.().map(({ name }) => name),
    );
    const missing = lacking.filter((name) => !standIns.has(name));
    if (missing.length === 0) return null;
    const names = missing.map((name) => `"${name}"`).join(", ");
    return `PGlite does not have the extension${missing.length > 1 ? "s" : ""} ${names}`;
  },

  prepare: ({ signal, limits = DEFAULT_LIMITS }) => {
    void pgliteProgram.begin();
    void pgliteFiles.begin();
    prepareThread("pglite", { limits, signal });
  },

  async start(target, { emit, signal, limits = DEFAULT_LIMITS }): Promise<Server> {
    signal.throwIfAborted();
    const thread = openThread("pglite", { limits, signal });
    try {
      if (!await hasAsset(pgliteAssets, FILES.manifest)) {
        emit({ type: "note", text: "Preparing the embedded Postgres, which is done once" });
      }
      const lacking = await lackingIn(target);
      const standIns = lacking.length === 0
        ? []
        : target.standIns?.().filter(({ name }) => lacking.includes(name)) ?? [];
      await Promise.all([giveParts(thread, target, standIns), thread.ready]);
      signal.throwIfAborted();
      const stateKey = stateKeyOf(target, { standIns, limits });
      return new PgliteServer(thread, { standIns: standIns.map(({ name }) => name), stateKey });
    } catch (error) {
      thread.stop();
      throw error;
    }
  },
};

const bootWarm = later(async () => (await import("./pglite/boot_warm.ts")).bootWarm);

/** The files of a warmed-up backend; for the script that embeds them. */
export function pgliteImageAssets(warmUp: WarmUp): AssetGroup {
  return imageAssets(warmUp, bootWarm);
}

class PgliteServer implements Server {
  readonly runtime = "pglite";
  readonly version = POSTGRES_VERSION;
  readonly standIns: readonly string[];
  readonly stateKey?: string;
  readonly #thread: EngineThread;
  readonly #session: RemoteSession;
  #pristine = true;
  #current: ScratchDatabase | null = null;

  constructor(
    thread: EngineThread,
    { standIns, stateKey }: {
      readonly standIns: readonly string[];
      readonly stateKey: string | null;
    },
  ) {
    this.standIns = standIns;
    if (stateKey !== null) this.stateKey = stateKey;
    this.#thread = thread;
    this.#session = new RemoteSession(thread);
  }

  async create(): Promise<ScratchDatabase> {
    await this.#current?.[Symbol.asyncDispose]();
    if (!this.#pristine) await this.#thread.call("create", []);
    this.#pristine = false;
    return this.#current = new PgliteDatabase(this.#session);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#current?.[Symbol.asyncDispose]();
    this.#thread.stop();
  }
}

function majorOf(version: string): string | undefined {
  return version.split(".")[0];
}

async function lackingIn({ needs }: Target): Promise<readonly string[]> {
  if (needs.length === 0) return [];
  const { extensions } = await readManifest();
  return needs.filter((name) => !isAvailable(name, extensions));
}

function isAvailable(name: string, extensions: Manifest["extensions"]): boolean {
  return name === "plpgsql" || Object.hasOwn(extensions, name);
}

function originFor({ warmUp }: Target): Origin {
  if (process.env.AIM_PGLITE_SNAPSHOT === "off") return "boots";
  return warmUp === undefined ? "cluster" : "image";
}

/** All that decides how the memory of a backend is laid out; null where none begins with an image that other processes have. */
function stateKeyOf(
  target: Target,
  { standIns, limits }: { readonly standIns: readonly StandIn[]; readonly limits: Limits },
): string | null {
  const { warmUp, needs } = target;
  if (warmUp === undefined || originFor(target) !== "image") return null;
  const { key } = pgliteImageAssets(warmUp);
  return JSON.stringify([STATE, pgliteAssets.key, key, needs, standIns, limits.memory]);
}

/** Raise it when the bytes of a state are laid out in another way. */
const STATE = 1;

/** Reads what the backend is made from and hands it over piece by piece, while its thread starts: it can read nothing itself. */
async function giveParts(
  thread: EngineThread,
  target: Target,
  standIns: readonly StandIn[],
): Promise<void> {
  const from = originFor(target);
  thread.give("origin", from);
  const { warmUp, needs } = target;
  const wasm = pgliteProgram.take();
  const group = from === "image" && warmUp !== undefined ? pgliteImageAssets(warmUp) : null;
  // The engine makes room for it while its program is still being compiled.
  const memory = group === null
    ? readCluster().then((bytes) => give(thread, "cluster", bytes))
    : readImage(group).then((bytes) => {
      const whole: SentImage = { ...sent(bytes), advice: imageAdvice(group) };
      thread.give("image", whole, [whole.buffer]);
    });
  // Whoever waits for it hears of a failure.
  memory.catch(() => {});
  const files = pgliteFiles.take().then((bytes) => give(thread, "files", bytes));
  const { extensions, libraries, refused } = await readManifest();
  thread.give("rules", { libraries, refused });
  const archives = archivesOf(needs, extensions);
  const packed = await Promise.all([
    ...archives.map((name) => asset(pgliteAssets, FILES.archive(name)).then(sent)),
    ...standIns.map(({ files }) => sent(packArchive(standInFiles(files)))),
  ]);
  thread.give("archives", packed, packed.map(({ buffer }) => buffer));
  await Promise.all([wasm.then((module) => thread.give("wasm", module)), files, memory]);
}

function standInFiles(files: StandIn["files"]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(files).map(([name, text]) => [`share/postgresql/extension/${name}`, text]),
  );
}

function give(thread: EngineThread, name: string, bytes: Uint8Array<ArrayBuffer>): void {
  const value = sent(bytes);
  thread.give(name, value, [value.buffer]);
}

function sent({ buffer, byteOffset: start, length }: Uint8Array<ArrayBuffer>): SentBytes {
  return { buffer, start, length };
}
