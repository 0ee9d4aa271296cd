/** `aim diff --watch`: the difference again whenever a file changes, on a server that stays, with a history that is replayed only when it changes. */

import { type FSWatcher, watch } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { AimError, UsageError } from "../core/error.ts";
import type { Snapshot } from "../core/snapshot.ts";
import type { Server } from "../runtimes/runtime.ts";
import { compared, type Shown } from "./diff.ts";
import { globIn } from "./files/read_sources.ts";
import { hearing, note, type Project } from "./project.ts";
import { knowDump, replayHistory, snapshotSchema } from "./scratch/snapshot.ts";
import { hasEnded, WarmSchema } from "./scratch/warm_schema.ts";
import { startServer, targetOf } from "./serve.ts";
import { readSources, type Sources } from "./sources.ts";

/** What is told. */
export interface Watching {
  /** The difference, and how many milliseconds it took from the first change on. */
  readonly outcome: (outcome: Shown, ms: number) => void;
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
      if (!(error instanceof AimError)) throw error;
      // What is wrong with a file is nothing to the server, unless it took it along.
      if (!(error instanceof UsageError) || hasEnded(error)) await kept.stop();
      watching.refused(error);
    }
    // Progress is for the first time, notes are those of each time.
    current = { ...project, emit: () => {}, notes: new Set() };
    await changes.next(signal);
  }
}

/** A server, the end of the history that was replayed on it, and the schema as it was loaded last. */
export class KeptServer implements AsyncDisposable {
  #server: Server | null = null;
  #target = "";
  #seen = "";
  #history: { readonly key: string; readonly end: Snapshot } | null = null;
  readonly #schema = new WarmSchema();
  /** What the user was told when the server was started, and when the history was replayed. */
  #told = { start: new Set<string>(), history: new Set<string>() };

  /** What `diff` says; null when nothing is other than the last time. */
  async diff(project: Project): Promise<Shown | null> {
    const sources = await readSources(project);
    const seen = JSON.stringify(sources);
    if (seen === this.#seen) return null;
    this.#seen = "";
    const server = await this.#started(project, sources);
    const end = await this.#endOf(project, server, sources);
    const wanted = await this.#schema.snapshot(project, server, sources);
    const outcome = await compared(project, { server, end, wanted });
    this.#seen = seen;
    return outcome;
  }

  /** What the history leaves, replayed where it is not that of the last time. */
  async #endOf(project: Project, server: Server, sources: Sources): Promise<Snapshot> {
    const isDump = knowDump(project, sources.schema);
    const key = JSON.stringify([sources.files, sources.before, sources.settings, isDump]);
    if (this.#history?.key !== key) {
      const listening = hearing(project);
      knowDump(listening, sources.schema);
      await this.#schema.forget();
      this.#history = null;
      try {
        const replayed = await replayHistory(
          listening,
          server,
          { ...sources, remember: false },
          null,
        );
        await replayed.database[Symbol.asyncDispose]();
        this.#history = { key, end: replayed.snapshot };
      } catch (error) {
        // Of a schema and a history that do not load, the schema is told first.
        if (!hasEnded(error)) await snapshotSchema(project, server, sourcesOfSchema(sources));
        throw error;
      }
      this.#told.history = listening.notes;
    }
    for (const text of this.#told.history) note(project, text);
    return this.#history.end;
  }

  /** The server that is there, unless the files ask for another: for one with more extensions. */
  async #started(project: Project, sources: Sources): Promise<Server> {
    const scripts = [...sources.before ?? [], ...sources.schema, ...sources.files]
      .map(({ text }) => text);
    const target = JSON.stringify(targetOf(project, scripts));
    if (this.#server === null || target !== this.#target) {
      await this.stop();
      this.#target = target;
      const listening = hearing(project);
      this.#server = await startServer(listening, sources);
      this.#told.start = listening.notes;
    }
    for (const text of this.#told.start) note(project, text);
    return this.#server;
  }

  /** Ends the server; the next comparison starts another. */
  async stop(): Promise<void> {
    const server = this.#server;
    [this.#server, this.#history] = [null, null];
    await this.#schema.forget();
    await server?.[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

function sourcesOfSchema({ schema, before }: Sources): Pick<Sources, "schema" | "before"> {
  return { schema, before };
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
