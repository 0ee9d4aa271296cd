/** The embedded Postgres in a thread of its own: started from what the main thread sends, called by it. */

import { type EngineStart, type Operations, Transfer } from "../worker/serve.ts";
import type { BackendOptions, Image } from "./backend.ts";
import { bootBackend, resumeBackend } from "./boot.ts";
import { Cancellation } from "./cancellation.ts";
import { unpackTree } from "./data_directory.ts";
import { readArchive } from "./extensions.ts";
import { damagedImage, unpackImage } from "./image_file.ts";
import { LibraryGate } from "./library_gate.ts";
import { MemoryBudget } from "./memory_budget.ts";
import type { Manifest } from "./recipe.ts";
import { LocalSession } from "./session.ts";
import { BootStates, ImageStates, type States } from "./states.ts";

/** `image`: a warmed-up backend; `cluster`: a prepared data directory; `boots`: the same, and a new backend for each state. */
export type Origin = "image" | "cluster" | "boots";

/** What the manifest says of libraries and functions: `Manifest`. */
type Rules = Pick<Manifest, "libraries" | "refused">;

/** Bytes that moved here. Views on buffers would be sent much later than the buffers. */
export interface SentBytes {
  readonly buffer: ArrayBuffer;
  readonly start: number;
  readonly length: number;
}

/** Starts it. Parts: the `origin`, `rules`, `wasm`, `files`, `archives` of extensions, and the `image` or `cluster`. */
export async function start(start: EngineStart): Promise<Operations> {
  // What takes long to load is loaded while the rest is still being read.
  const loading = import("@electric-sql/pglite");
  loading.catch(() => {});
  const from = await start.part("origin") as Origin;
  const wasm = start.part("wasm") as Promise<WebAssembly.Module>;
  const { libraries, refused } = await start.part("rules") as Rules;
  const options: Options = {
    parts: {
      wasm,
      files: bytesOf(await start.part("files")),
      gate: new LibraryGate(new Set(libraries)),
    },
    refused,
    extraFiles: filesOf(await start.part("archives") as readonly SentBytes[]),
    cancellation: new Cancellation(start),
    budget: new MemoryBudget(start.memory),
    keepsLog: from === "boots",
  };
  return operations(await statesFrom(from, options, start), start);
}

/** The image of a warmed-up backend, and what to do when it is damaged. */
export interface SentImage extends SentBytes {
  readonly advice: string;
}

function readImage(sent: SentImage): Image {
  try {
    return unpackImage(bytesOf(sent));
  } catch (error) {
    throw damagedImage(error instanceof Error ? error.message : String(error), sent.advice);
  }
}

type Options = Omit<BackendOptions, "libraries">;

async function statesFrom(
  from: Origin,
  options: Options,
  start: EngineStart,
): Promise<States> {
  if (from === "image") {
    const image = start.part("image").then((part) => readImage(part as SentImage));
    image.catch(() => {});
    return new ImageStates(await resumeBackend(options, image), await image);
  }
  const cluster = unpackTree(bytesOf(await start.part("cluster")));
  if (from === "cluster") return new ImageStates(await bootBackend(options, cluster));
  return await BootStates.start((tree) => bootBackend(options, tree), cluster);
}

function operations(states: States, start: EngineStart): Operations {
  const session = new LocalSession(states, start.enter);
  const saved = new Map<number, unknown>();
  let last = 0;
  const forget = (id: number) => {
    const state = saved.get(id);
    if (saved.delete(id)) states.forget?.(state);
  };
  return {
    create: () => {
      for (const id of [...saved.keys()]) forget(id);
      return states.reset();
    },
    run: (statements: readonly string[], copyData: string | null) =>
      session.run(statements, copyData),
    ask: async (sql: string) => {
      const { buffer } = (await session.ask(sql)).bytes;
      return new Transfer(buffer, [buffer]);
    },
    relay: (messages: ArrayBuffer) => {
      start.enter(0);
      const { buffer } = session.exchange(new Uint8Array(messages));
      return new Transfer(buffer, [buffer]);
    },
    exchange: (message: ArrayBuffer, mailbox: SharedArrayBuffer) =>
      post(mailbox, () => session.exchange(new Uint8Array(message))),
    save: async () => {
      saved.set(++last, await session.save());
      return last;
    },
    load: (id: number) => session.load(saved.get(id)),
    forget,
    write: () => {
      const bytes = session.write();
      return bytes === null ? null : new Transfer(sent(bytes), [bytes.buffer]);
    },
    read: (sent: SentBytes) => session.read(bytesOf(sent)),
  };
}

/** Puts an answer where the main thread waits for it. */
function post(mailbox: SharedArrayBuffer, answer: () => Uint8Array): void {
  const length = new Int32Array(mailbox, 0, 1);
  let size = FAILED;
  try {
    const bytes = answer();
    if (bytes.length <= mailbox.byteLength - 4) {
      new Uint8Array(mailbox, 4).set(bytes);
      size = bytes.length;
    }
  } finally {
    Atomics.store(length, 0, size);
    Atomics.notify(length, 0);
  }
}

const FAILED = -2;

function sent({ buffer, byteOffset: start, length }: Uint8Array<ArrayBuffer>): SentBytes {
  return { buffer, start, length };
}

function bytesOf(part: unknown): Uint8Array<ArrayBuffer> {
  const { buffer, start, length } = part as SentBytes;
  return new Uint8Array(buffer, start, length);
}

function filesOf(archives: readonly SentBytes[]): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const archive of archives) {
    for (const [path, content] of readArchive(bytesOf(archive))) {
      files.set(`/pglite/${path}`, content);
    }
  }
  return files;
}
