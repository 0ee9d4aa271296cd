/** `aim diff --watch`: the difference again whenever a file changes, on a server that stays, with a history that is replayed only when it changes. */

import { type FSWatcher, watch } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { AimError } from "../core/error.ts";
import type { DiffOutcome } from "../core/outcome.ts";
import type { Snapshot } from "../core/snapshot.ts";
import type { Server } from "../runtimes/runtime.ts";
import { differenceFindings } from "./findings.ts";
import { globIn } from "./files/read_sources.ts";
import { differenceIn } from "./plan/difference.ts";
import type { Project } from "./project.ts";
import { replayHistory, snapshotSchema } from "./scratch/snapshot.ts";
import { startServer, targetOf } from "./serve.ts";
import { readSources, type Sources } from "./sources.ts";

/** What is told. */
export interface Watching {
  /** The difference, and how many milliseconds it took from the first change on. */
  readonly outcome: (outcome: DiffOutcome, ms: number) => void;
  /** What is wrong with the files; the next change is waited for. */
  readonly refused: (error: AimError) => void;
}

/** Compares until the signal ends it; throws its reason. */
export async function watchDiff(project: Project, watching: Watching): Promise<never> {
  const { signal } = project;
  await using kept = new KeptServer();
  using changes = new Changes(await foldersOf(project));
  let current = project;
  for (;;) {
    const begun = performance.now();
    try {
      const outcome = await kept.diff(current);
      if (outcome !== null) watching.outcome(outcome, performance.now() - begun);
    } catch (error) {
      signal.throwIfAborted();
      await kept.stop();
      if (!(error instanceof AimError)) throw error;
      watching.refused(error);
    }
    // Progress is for the first time, notes are those of each time.
    current = { ...project, emit: () => {}, notes: new Set() };
    await changes.next(signal);
  }
}

/** A server, and the end of the history that was replayed on it. */
class KeptServer implements AsyncDisposable {
  #server: Server | null = null;
  #target = "";
  #seen = "";
  #history: { readonly key: string; readonly end: Snapshot } | null = null;

  /** The difference; null when nothing is other than the last time. */
  async diff(project: Project): Promise<DiffOutcome | null> {
    const sources = await readSources(project);
    const seen = JSON.stringify(sources);
    if (seen === this.#seen) return null;
    this.#seen = "";
    const server = await this.#started(project, sources);
    const key = JSON.stringify([sources.files, sources.before, sources.settings]);
    if (this.#history?.key !== key) {
      const replayed = await replayHistory(project, server, sources, null);
      await replayed.database[Symbol.asyncDispose]();
      this.#history = { key, end: replayed.snapshot };
    }
    const { schema, before } = sources;
    const { snapshot } = await snapshotSchema(project, server, { schema, before });
    const { changes, text, reordered } = differenceIn(project, this.#history.end, snapshot);
    this.#seen = seen;
    return {
      outcome: changes.length === 0 ? "in-sync" : "differs",
      changes,
      text,
      columnOrderOnly: changes.length === 0 && reordered.length > 0,
      reordered,
      findings: differenceFindings(project, sources, changes),
      runtime: server.runtime,
      version: server.version,
      notes: [...project.notes],
    };
  }

  /** The server that is there, unless the files ask for another: for one with more extensions. */
  async #started(project: Project, sources: Sources): Promise<Server> {
    const scripts = [...sources.before ?? [], ...sources.schema, ...sources.files]
      .map(({ text }) => text);
    const target = JSON.stringify(targetOf(project, scripts));
    if (this.#server !== null && target === this.#target) return this.#server;
    await this.stop();
    this.#target = target;
    return this.#server = await startServer(project, sources);
  }

  /** Ends the server; the next comparison starts another. */
  async stop(): Promise<void> {
    const server = this.#server;
    [this.#server, this.#history] = [null, null];
    await server?.[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** Milliseconds without a change after which files are read: editors write in several steps. */
const QUIET = 25;

/** Changes of files in folders. */
class Changes implements Disposable {
  readonly #watchers: readonly FSWatcher[];
  #wake: (() => void) | null = null;
  #hasChanged = false;

  constructor(folders: readonly { readonly path: string; readonly isDeep: boolean }[]) {
    const changed = () => {
      this.#hasChanged = true;
      this.#wake?.();
    };
    this.#watchers = folders.map(({ path, isDeep }) => {
      const watcher = watch(path, { recursive: isDeep }, changed);
      watcher.on("error", changed);
      return watcher;
    });
  }

  /** Waits for a change, and until there is none for a moment. Throws the signal's reason. */
  async next(signal: AbortSignal): Promise<void> {
    while (!this.#hasChanged) await this.#wait(signal, null);
    while (this.#hasChanged) {
      this.#hasChanged = false;
      await this.#wait(signal, QUIET);
    }
  }

  #wait(signal: AbortSignal, ms: number | null): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = () => reject(signal.reason);
      const timer = ms === null ? null : setTimeout(() => this.#wake?.(), ms);
      this.#wake = () => {
        this.#wake = null;
        if (timer !== null) clearTimeout(timer);
        signal.removeEventListener("abort", abort);
        resolve();
      };
      if (signal.aborted) abort();
      else signal.addEventListener("abort", abort, { once: true });
    });
  }

  [Symbol.dispose](): void {
    for (const watcher of this.#watchers) watcher.close();
  }
}

/** The folders that hold the files of a project: of a file the one that it lies in, since editors put another in its place. */
async function foldersOf({ config }: Project) {
  const paths = [...config.schema, ...config.before, config.migrations].filter((one) =>
    one !== "-"
  );
  const found = await Promise.all(paths.map(async (path) => {
    const glob = await globIn(path);
    if (glob !== null) return { path: glob.root, isDeep: true };
    const isFolder = (await stat(path).catch(() => null))?.isDirectory() === true;
    return isFolder ? { path, isDeep: true } : { path: dirname(path), isDeep: false };
  }));
  return found.filter(({ path }, at) => found.findIndex((one) => one.path === path) === at);
}
